"""The storage accounts that an emulator is started with: `NAME`, or `NAME=CONTAINER,…`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.gen2.account import public_keys
from airflow_provider_adls.emulator.hosts import STORAGE_SUFFIXES
from airflow_provider_adls.model.paths import ACCOUNT_NAME

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.gen2.account import StorageAccount
    from airflow_provider_adls.emulator.gen2.accounts import StorageAccounts

#: Values of `Emulator(storage_accounts=…)`: `"NAME=CONTAINER,…"`, or containers by account.
Specifications = Iterable[str] | Mapping[str, Iterable[str]]
#: Names of containers that users make; `$web` and the like are the service's own.
CONTAINER_NAME = re.compile(r"(?=.{3,63}\Z)[a-z0-9]+(-[a-z0-9]+)*|\$(root|web|logs)")


class Wanted(NamedTuple):
    """An account to make, with its containers."""

    name: str
    containers: tuple[str, ...] = ()


def wanted(specifications: Specifications) -> tuple[Wanted, ...]:
    """Return the accounts that specifications name.

    :raises EmulatorError: for a name that no account or container can have.
    """
    if isinstance(specifications, Mapping):
        pairs = [(name, tuple(containers)) for name, containers in specifications.items()]
    else:
        pairs = [_parsed(text) for text in specifications]
    found: dict[str, tuple[str, ...]] = {}
    for name, containers in pairs:
        if not ACCOUNT_NAME.fullmatch(name):
            raise EmulatorError(f"storage account {name!r}: a name has 3 to 24 lower-case letters and digits")
        for container in containers:
            if not CONTAINER_NAME.fullmatch(container):
                raise EmulatorError(
                    f"container {container!r} of storage account {name}: a name has 3 to 63 lower-case"
                    " letters, digits and single hyphens between them"
                )
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), *containers)))
    return tuple(Wanted(name, containers) for name, containers in found.items())


def ensure(accounts: StorageAccounts, account: Wanted) -> StorageAccount:
    """Make an account and those of its containers that do not exist; its keys follow from its name."""
    made = accounts.find(account.name) or accounts.create(
        account.name,
        well_known.SUBSCRIPTION_ID,
        well_known.RESOURCE_GROUP,
        well_known.LOCATION,
        keys=public_keys(account.name),
    )
    for container in account.containers:
        accounts.file_systems.create_container(account.name, container, made.owner, {})
    return made


def ready(accounts: StorageAccounts, url: str) -> dict[str, dict[str, str]]:
    """Return keys and URLs of all accounts, by name, for the ready file.

    :param url: base URL of the path style ways in.
    """
    return {account.name: connection(account, url) for account in accounts.all()}


def connection(account: StorageAccount, url: str) -> dict[str, str]:
    """Return the keys of an account, and the URLs of its two faces."""
    faces = {f"{face}_url": f"{url}/{face}/{account.name}" for face in STORAGE_SUFFIXES.values()}
    return {"key1": account.keys[0], "key2": account.keys[1], **faces}


def _parsed(text: str) -> tuple[str, tuple[str, ...]]:
    name, _, containers = text.partition("=")
    return name.strip(), tuple(part.strip() for part in containers.split(",") if part.strip())
