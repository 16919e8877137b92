"""`service_of`: the service of a host name, for the Host header, the proxy and the certificate."""

from __future__ import annotations

from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from airflow_provider_adls.model.clouds import ACCOUNT_SUFFIX, CLOUDS

Service = Literal["login", "arm", "lake", "dfs", "blob"]
#: Host suffixes of storage accounts, by the face that they lead to.
STORAGE_SUFFIXES: dict[str, Literal["dfs", "blob"]] = {
    "dfs.core.windows.net": "dfs",
    "blob.core.windows.net": "blob",
}


class Target(NamedTuple):
    """The service and account of a request.

    :param service: which of them.
    :param account: account whose file system it is.
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
