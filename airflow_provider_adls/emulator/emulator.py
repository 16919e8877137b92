"""`Emulator`: an emulator in this process, a context manager whose server runs in its own thread."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.backend import Backend, Settings, checked_names
from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.faults import Faults
from airflow_provider_adls.emulator.gen2 import start
from airflow_provider_adls.emulator.hosts import checked_host_names
from airflow_provider_adls.emulator.identity.directory import Directory
from airflow_provider_adls.emulator.own_certificate import own_certificate
from airflow_provider_adls.emulator.record import RequestLog
from airflow_provider_adls.emulator.request_list import Requests
from airflow_provider_adls.emulator.server import listen, serving, url
from airflow_provider_adls.emulator.thread import ServerThread

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.gen2.start import Specifications
    from airflow_provider_adls.emulator.principal import Principal, StorageRole


class _Running(NamedTuple):
    """The parts of a running emulator."""

    backend: Backend
    thread: ServerThread
    url: str
    proxy_url: str
    close: contextlib.ExitStack


class Emulator:
    """A Gen1 service on this machine, from `with` to the end of its block.

    :param accounts: accounts to make, in resource group `rg` at `eastus2`.
    :param storage_accounts: storage accounts (Gen2) to make there, each as `"NAME"` or
        `"NAME=CONTAINER,…"`, or as a mapping of names to containers.
    :param data: data folder, which outlives the emulator; None for memory.
    :param host: address to listen at; leave it at loopback, since the credentials are public.
    :param port: TLS port of the services; 0 takes a free one.
    :param proxy_port: port of the CONNECT proxy; 0 takes a free one.
    :param latency_ms: milliseconds that each request waits before it is looked at.
    :param azure_networks: networks, in CIDR notation, that are Azure's to firewalls which let Azure in.
    :param host_names: more names by which clients reach it, as other containers do: the certificate has
        them, and `NAME.dfs.HOST_NAME` and `NAME.blob.HOST_NAME` are a storage account's hosts.
    :raises EmulatorError: for an invalid account name or network.

    The well-known principal is super user of every account; :meth:`add_principal` adds others.
    :param certificate: file of a certificate of your own, PEM with its chain, for clients that ask for a
        name in it; all others get that of the emulator's authority.
    :param key: file of its private key, PEM, without a password.
    """

    tenant_id = well_known.TENANT_ID
    client_id = well_known.CLIENT_ID
    client_secret = well_known.CLIENT_SECRET
    subscription_id = well_known.SUBSCRIPTION_ID

    def __init__(
        self,
        accounts: Iterable[str] = (),
        storage_accounts: Specifications = (),
        data: Path | str | None = None,
        host: str = well_known.HOST,
        port: int = 0,
        proxy_port: int = 0,
        latency_ms: float = 0,
        azure_networks: Iterable[str] = (),
        host_names: Iterable[str] = (),
        certificate: Path | str | None = None,
        key: Path | str | None = None,
    ) -> None:
        if latency_ms < 0:
            raise EmulatorError(f"latency must be 0 ms or more, not {latency_ms}")
        self.clock = Clock()
        self._accounts = checked_names(accounts)
        self._storage_accounts = start.wanted(storage_accounts)
        self._ports = (port, proxy_port)
        try:
            azure = tuple(map(ipaddress.ip_network, azure_networks))
        except ValueError as error:
            raise EmulatorError(f"Azure network: {error}") from None
        folder = Path(data).expanduser().absolute() if data is not None else None
        own = own_certificate(certificate, key)
        names = checked_host_names(host_names)
        self._settings = Settings(folder, host, latency_ms / 1000, azure, names, own)
        self._directory = Directory()
        self._log = RequestLog(self.clock)
        #: Failures on demand: rules that say which requests fail, and how.
        self.faults = Faults()
        #: Adds such a rule: `with emulator.fault(operation="APPEND", nth=3, status=503): ...`.
        self.fault = self.faults.add
        self._running: _Running | None = None

    def start(self) -> None:
        """Start; it is reachable when this returns.

        :raises EmulatorError: if a port is taken or the data folder cannot be used.
        """
        if self._running is not None:
            raise EmulatorError("this emulator is running already")
        with contextlib.ExitStack() as stack:
            host = self._settings.host
            server, proxy = (stack.enter_context(listen(host, port)) for port in self._ports)
            urls = (
                url("https", host, server.getsockname()[1]),
                url("http", host, proxy.getsockname()[1]),
            )
            backend = Backend(self._settings, urls, self.clock, self._directory, self._log, self.faults)
            stack.callback(backend.close)
            for name in self._accounts:
                backend.ensure_account(name)
            for account in self._storage_accounts:
                backend.ensure_storage_account(account)
            thread = ServerThread(lambda: serving(backend, host, server, proxy))
            thread.start()
            stack.callback(thread.stop)
            self._running = _Running(backend, thread, *urls, stack.pop_all())

    def stop(self) -> None:
        """Stop, and wait for it; an emulator that does not run is left as it is."""
        running, self._running = self._running, None
        if running is not None:
            running.close.close()

    @property
    def url(self) -> str:
        """Base URL of the path style ways in, `https://127.0.0.1:10443` for instance."""
        return self._now.url

    @property
    def proxy_url(self) -> str:
        """URL of the CONNECT proxy, for `HTTPS_PROXY`."""
        return self._now.proxy_url

    @property
    def ca_file(self) -> str:
        """Path of the certificate, PEM, that clients must trust."""
        return str(self._now.backend.certificates.ca_file)

    @property
    def ready(self) -> dict[str, Any]:
        """Content of the ready file: all that a client needs to connect."""
        return {
            "url": self.url,
            "proxy_url": self.proxy_url,
            "ca_file": self.ca_file,
            "tenant_id": self.tenant_id,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "subscription_id": self.subscription_id,
            "resource_group": well_known.RESOURCE_GROUP,
            "storage_accounts": self.storage_accounts,
        }

    @property
    def storage_accounts(self) -> dict[str, dict[str, str]]:
        """The storage accounts by name, each with `key1`, `key2`, `dfs_url` and `blob_url`."""
        now = self._now
        return now.thread.call(lambda: start.ready(now.backend.storage, now.url))

    @property
    def requests(self) -> Requests:
        """The requests so far, oldest first: each is here before its answer is.

        Called, it gives some of them: `len(emulator.requests(operation="CREATE", under="/raw"))`.
        """
        return Requests(self._log.records())

    def clear_requests(self) -> None:
        """Forget the requests so far."""
        self._log.clear()

    def add_principal(
        self,
        client_id: str | None = None,
        client_secret: str | None = None,
        *,
        super_user: bool = False,
        secret_expires_on: float | None = None,
        groups: Iterable[str] = (),
        certificates: Iterable[str] = (),
        storage_role: StorageRole = "none",
    ) -> Principal:
        """Register another service principal, or change a known one; it lives as long as this object.

        :param client_id: None generates one, and the same for the secret: it then cannot sign in, and
            is good for naming in ACL entries.
        :param super_user: whether it is Owner of every account; others may not use Resource Manager.
        :param secret_expires_on: when its secret ends, in seconds since 1970 by :attr:`clock`.
        :param groups: object ids of the groups that it belongs to.
        :param certificates: certificates, PEM, whose keys sign in too.
        :param storage_role: its role for the data of storage accounts: `owner` (Storage Blob Data Owner, whom
            no ACL binds), `contributor`, `reader`, or `none`, to whom ACLs alone give rights.
        :raises ValueError: for a malformed certificate, or one without an RSA key.
        """
        return self._directory.add_principal(
            client_id,
            client_secret,
            super_user=super_user,
            secret_expires_on=secret_expires_on,
            groups=frozenset(groups),
            certificates=certificates,
            storage_role=storage_role,
        ).principal

    def create_account(self, name: str) -> None:
        """Make an account, unless it exists, without a request.

        :raises PathError: for a name that no account can have.
        """
        now = self._now
        now.thread.call(lambda: now.backend.ensure_account(name))

    def delete_account(self, name: str) -> None:
        """Delete an account of resource group `rg` with its files, if it exists."""
        now = self._now
        now.thread.call(lambda: now.backend.remove_account(name))

    def create_storage_account(self, name: str, containers: Iterable[str] = ()) -> dict[str, str]:
        """Make a storage account (Gen2) with containers, where they do not exist, without a request.

        :return: its `key1`, `key2`, `dfs_url` and `blob_url`.
        :raises EmulatorError: for a name that no account or container can have.
        """
        now = self._now
        (wanted,) = start.wanted({name: containers})
        account = now.thread.call(lambda: now.backend.ensure_storage_account(wanted))
        return start.connection(account, now.url)

    def delete_storage_account(self, name: str) -> None:
        """Delete a storage account with its files, if it exists."""
        now = self._now
        now.thread.call(lambda: now.backend.remove_storage_account(name))

    def create_resource_group(self, name: str, location: str = well_known.LOCATION) -> None:
        """Make a resource group, unless it exists, without a request; `rg` always exists.

        :raises ArgumentError: for an invalid name, or a location that is not an Azure region.
        """
        now = self._now
        now.thread.call(lambda: now.backend.ensure_group(name, location))

    def reset(self, accounts: Iterable[str] | None = None) -> None:
        """Empty accounts, remove the fault rules, forget the requests, and go back to the machine's time.

        :param accounts: their names, of both generations; None for all. Their properties and containers stay.
        :raises ArgumentError: for a missing account; then nothing is changed.
        """
        now = self._now
        now.thread.call(lambda: now.backend.reset(accounts))

    @property
    def _now(self) -> _Running:
        if self._running is None:
            raise EmulatorError("this emulator is not running: use it inside `with Emulator() as emulator:`")
        return self._running

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
