"""`service_of`: the service of a host name, for the Host header, the proxy and the certificate."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.model.clouds import ACCOUNT_SUFFIX, CLOUDS

Service = Literal["login", "arm", "lake", "dfs", "blob"]
Face = Literal["dfs", "blob"]
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*")
#: Host suffixes of storage accounts, by the face that they lead to.
STORAGE_SUFFIXES: dict[str, Face] = {
    "dfs.core.windows.net": "dfs",
    "blob.core.windows.net": "blob",
}


class Target(NamedTuple):
    """The service and account of a request.

    :param prefix: part of the URL's path before the service's own path.
    """

    service: Service
    account: str = ""
    prefix: str = ""


def _hosts(urls: list[str]) -> frozenset[str]:
    return frozenset(urlsplit(url).hostname or "" for url in urls)


#: Authorities of all clouds, and the public cloud's older name, which adal still knows.
LOGIN_HOSTS = _hosts([cloud.authority for cloud in CLOUDS.values()]) | {"login.windows.net"}
ARM_HOSTS = _hosts([cloud.resource_manager for cloud in CLOUDS.values()])


def hostname(authority: str) -> str:
    """Return the host of a Host header or a CONNECT target, in lower case, without port or brackets."""
    host = authority.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def service_of(host: str) -> tuple[Service, str | None] | None:
    """Return the service of a host name, and its account if it names one; None for any other host."""
    if host in LOGIN_HOSTS:
        return "login", None
    if host in ARM_HOSTS:
        return "arm", None
    account, dot, suffix = host.partition(".")
    if dot and suffix == ACCOUNT_SUFFIX and account:
        return "lake", account
    if suffix in STORAGE_SUFFIXES and account:
        return STORAGE_SUFFIXES[suffix], account
    return None


def face_of(host: str) -> tuple[Face, str] | None:
    """Return face and account of a storage host below any name: `gen2.dfs.emulator`, `gen2.blob.localhost`.

    SDKs make the Blob host from the DFS host by its second label, so these are names that they can use.
    """
    account, _, rest = host.partition(".")
    label, dot, name = rest.partition(".")
    if not (account and dot and name):
        return None
    if label == "dfs":
        return "dfs", account
    if label == "blob":
        return "blob", account
    return None


def names_below(name: str) -> frozenset[str]:
    """Return a host name, and unless it is an address the names of storage accounts below it."""
    if is_address(name):
        return frozenset({name})
    return frozenset({name, *(f"*.{face}.{name}" for face in STORAGE_SUFFIXES.values())})


def is_address(host: str) -> bool:
    """Return whether a host is an IP address and not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def checked_host_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return host names in lower case.

    :raises EmulatorError: for one that cannot stand in a certificate.
    """
    found = tuple(name.strip().lower() for name in names)
    for name in found:
        if not (_HOST_NAME.fullmatch(name) or is_address(name)):
            raise EmulatorError(f"host name {name!r}: a name has labels of letters, digits and hyphens")
    return found
