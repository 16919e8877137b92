"""`Backend`: an open data folder, and the services over it."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.app import Dispatcher
from airflow_provider_adls.emulator.arm import definition
from airflow_provider_adls.emulator.arm.accounts import Accounts
from airflow_provider_adls.emulator.arm.errors import ArmError
from airflow_provider_adls.emulator.arm.groups import Groups
from airflow_provider_adls.emulator.arm.service import ResourceManager
from airflow_provider_adls.emulator.console import Page
from airflow_provider_adls.emulator.control import About, Control, Parts
from airflow_provider_adls.emulator.errors import ArgumentError, EmulatorError
from airflow_provider_adls.emulator.faults.middleware import Middleware, Services
from airflow_provider_adls.emulator.gen2 import start
from airflow_provider_adls.emulator.gen2.accounts import StorageAccounts
from airflow_provider_adls.emulator.gen2.faces import mounted
from airflow_provider_adls.emulator.gen2.service import StorageService
from airflow_provider_adls.emulator.gen2.sign_in.door import StorageDoor
from airflow_provider_adls.emulator.hosts import names_below
from airflow_provider_adls.emulator.identity.authority import Authority
from airflow_provider_adls.emulator.identity.tokens import Tokens, signing_key
from airflow_provider_adls.emulator.lake_service import LakeService
from airflow_provider_adls.emulator.origins import Origins
from airflow_provider_adls.emulator.store import StoreError, open_store
from airflow_provider_adls.emulator.tls import certificates
from airflow_provider_adls.emulator.webhdfs import Lake
from airflow_provider_adls.model.clouds import ACCOUNT_SUFFIX, LOOPBACK_HOSTS
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.model.paths import account_name

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.firewall import Network
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.faults import Faults
    from airflow_provider_adls.emulator.gen2.account import StorageAccount
    from airflow_provider_adls.emulator.hosts import Service
    from airflow_provider_adls.emulator.identity.directory import Directory
    from airflow_provider_adls.emulator.own_certificate import OwnCertificate
    from airflow_provider_adls.emulator.record import RequestLog


class Settings(NamedTuple):
    """The settings of an emulator that its services know.

    :param data: data folder; None for memory (keys and certificates are then in a temporary folder).
    :param host: host that it listens at, which the certificate names too.
    :param latency: seconds that each request waits.
    :param azure: networks that count as Azure's own.
    :param host_names: more names by which clients reach it.
    :param own_certificate: certificate of the user, for the names that it has.
    """

    data: Path | None
    host: str
    latency: float
    azure: tuple[Network, ...]
    host_names: tuple[str, ...]
    own_certificate: OwnCertificate | None = None


class Backend:
    """The services over one data folder, or over memory.

    :param urls: of the services, and of the proxy.
    :raises EmulatorError: if the folder cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        urls: tuple[str, str],
        clock: Clock,
        directory: Directory,
        log: RequestLog,
        faults: Faults,
    ) -> None:
        data, host, latency, azure, host_names, self.own_certificate = settings
        self._clock = clock
        self._log = log
        self._faults = faults
        with contextlib.ExitStack() as stack:
            names = frozenset(name.lower() for name in (host, socket.gethostname(), *host_names))
            certified = names.union(*map(names_below, names))
            try:
                self.store = open_store(data)
                stack.callback(self.store.close)
                folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="adls-gen1-")))
                self.certificates = certificates(folder, certified)
                key = signing_key(folder)
            except StoreError as error:
                raise EmulatorError(str(error)) from error
            except (OSError, ValueError) as error:
                raise EmulatorError(f"data folder {data} cannot be used: {error}") from error
            self.origins = Origins()
            self.lake = Lake(self.store, clock)
            self.accounts = Accounts(self.store.documents, self.lake, clock, azure)
            file_systems, faces = mounted(
                self.store,
                clock,
                lambda account, days: self.storage.change(account, retention_days=days),
            )
            self.storage = StorageAccounts(self.store.documents, file_systems, clock)
            self.groups = Groups(self.store.documents)
            self.ensure_group()
            about = About(
                *urls,
                ca_file=str(self.certificates.ca_file),
                data=str(data) if data else None,
                started=time.time(),
                hosts=names | LOOPBACK_HOSTS,
            )
            tokens = Tokens(key, directory, clock)
            services = Services(
                Authority(directory, tokens, clock),
                ResourceManager(self.accounts, self.groups, self.storage, tokens, directory.tenant_id),
                LakeService(self.lake, self.accounts, self.origins, tokens, clock),
                StorageService(
                    self.storage,
                    faces,
                    StorageDoor(directory, tokens, self.origins, file_systems.access_policy, clock),
                    directory.tenant_id,
                    clock,
                ),
            )
            self.dispatcher = Dispatcher(
                services,
                Control(Parts(about, self.lake, self.storage, log, clock, faults, self.reset)),
                Page(about.hosts),
                Middleware(faults, services, tokens, directory, clock, log),
                log,
                latency,
            )
            self._stack = stack.pop_all()

    def has_account(self, service: Service, name: str) -> bool:
        """Return whether a service has an account of this name."""
        return self.lake.has_account(name) if service == "lake" else self.storage.find(name) is not None

    def ensure_account(self, name: str) -> None:
        """Make an account, unless it exists: resource group `rg`, location `eastus2`.

        :raises PathError: for a name that no account can have.
        """
        place = (well_known.RESOURCE_GROUP, account_name(name))
        if self.accounts.exists(place[1]):
            return
        self.ensure_group()
        self.accounts.create(
            *place, definition.Definition(location=well_known.LOCATION), well_known.OBJECT_ID
        )
        self.accounts.get(*place)

    def ensure_storage_account(self, account: start.Wanted) -> StorageAccount:
        """Make a storage account and its containers where they do not exist, in resource group `rg`."""
        self.ensure_group()
        return start.ensure(self.storage, account)

    def remove_storage_account(self, name: str) -> None:
        """Delete a storage account with its files, if it exists."""
        if (account := self.storage.find(name)) is not None:
            self.storage.delete(account)

    def remove_account(self, name: str) -> None:
        """Delete an account of the resource group `rg` with its files, if it exists."""
        self.accounts.delete(well_known.RESOURCE_GROUP, account_name(name))

    def ensure_group(
        self, name: str = well_known.RESOURCE_GROUP, location: str = well_known.LOCATION
    ) -> None:
        """Make a resource group, unless it exists.

        :raises ArgumentError: for a name or location that it cannot have.
        """
        try:
            self.groups.ensure(well_known.SUBSCRIPTION_ID, name, definition.region(location))
        except ArmError as error:
            raise ArgumentError("resource group", str(error)) from None

    def reset(self, names: Iterable[str] | None = None) -> list[str]:
        """Empty accounts, and go back to the beginning: no fault rules, no requests, the machine's time.

        The containers of storage accounts stay, without files.

        :param names: of the accounts; None for all.
        :return: their short names.
        :raises ArgumentError: for a missing account; then nothing is changed.
        """
        there = [*self.lake.accounts(), *self.storage.names()]
        wanted = list(
            dict.fromkeys(there if names is None else [_known_account(name, there) for name in names])
        )
        for name in wanted:
            self.lake.empty_account(name)
            if self.storage.find(name) is not None:
                self.storage.file_systems.empty_account(name)
        self._faults.clear()
        self._log.clear()
        self._clock.reset()
        return wanted

    def close(self) -> None:
        """Close the store and remove temporary files."""
        self._stack.close()


def _known_account(name: object, there: list[str]) -> str:
    short = str(name).lower().removesuffix(f".{ACCOUNT_SUFFIX}")
    if short not in there:
        raise ArgumentError("accounts", f"account {name!r} does not exist")
    return short


def checked_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the short names of accounts to make.

    :raises EmulatorError: for one that no account can have.
    """
    try:
        return tuple(account_name(name) for name in names)
    except PathError as error:
        raise EmulatorError(str(error)) from error
