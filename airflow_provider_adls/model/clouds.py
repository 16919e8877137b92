"""`Cloud`: the endpoints of Azure's clouds, for sign-in, Resource Manager, and files on Gen1 and Gen2.

Authority, Resource Manager, audiences and suffixes are those of `msrestazure.azure_cloud` (a test compares).
Every cloud has Gen2. Only the public cloud ever named a host suffix for Gen1, so elsewhere the endpoint of
Gen1 is given by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from airflow_provider_adls.model.redaction import shown

#: Resource that a Gen1 file-system token is issued for, in every cloud.
DATALAKE_AUDIENCE = "https://datalake.azure.net/"
#: Resource that a token for files of storage accounts (Gen2) is issued for, in every cloud.
STORAGE_AUDIENCE = "https://storage.azure.com/"
ACCOUNT_SUFFIX = "azuredatalakestore.net"
#: Name of a cloud that is known by its endpoints alone.
CUSTOM = "custom"
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Cloud:
    """Endpoints of one cloud. URLs carry no trailing slash; audiences are kept as they are registered.

    :param name: the word that a connection uses for it.
    :param authority: base URL of Azure AD, before ``/{tenant}``.
    :param resource_manager: base URL of Azure Resource Manager.
    :param resource_manager_audience: resource that a Resource Manager token is issued for.
    :param endpoint: URL before ``/webhdfs/v1``, with ``{account}`` for the account's short
        name; None where this cloud never named one.
    :param datalake_audience: resource that a token for files on Gen1 is issued for.
    :param dfs_endpoint: URL before the container on Gen2, with ``{account}``; None where it is not
        known, as in a custom cloud.
    :param storage_audience: resource that a token for files on Gen2 is issued for.
    """

    name: str
    authority: str
    resource_manager: str
    resource_manager_audience: str
    endpoint: str | None = None
    datalake_audience: str = DATALAKE_AUDIENCE
    dfs_endpoint: str | None = None
    storage_audience: str = STORAGE_AUDIENCE

    def account_endpoint(self, account: str) -> str:
        """Return the URL of an account, without a trailing slash.

        :raises ValueError: if this cloud has no endpoint for Gen1.
        """
        if self.endpoint is None:
            raise ValueError(
                f"cloud {self.name!r} never had a host name for Gen1: give the endpoint,"
                " a URL that may hold {account}"
            )
        return self.endpoint.replace("{account}", account).rstrip("/")

    def storage_endpoint(self, account: str) -> str:
        """Return the URL of a storage account's DFS face, what stands before the container.

        :raises ValueError: if it is not known.
        """
        if self.dfs_endpoint is None:
            raise ValueError(
                f"cloud {self.name!r} does not name the host of its storage accounts: give the endpoint,"
                " a URL that may hold {account}"
            )
        return self.dfs_endpoint.replace("{account}", account).rstrip("/")

    @property
    def storage_suffix(self) -> str | None:
        """The domain after the face in host names of storage accounts, `core.windows.net` for instance.

        None where their URLs have another form, as at a gateway or an emulator.
        """
        host = (self.dfs_endpoint or "").removeprefix("https://{account}.dfs.")
        return None if host == (self.dfs_endpoint or "") or "/" in host else host

    def with_endpoint(self, endpoint: str | None) -> Cloud:
        """Return the same cloud with another endpoint of Gen1; None leaves it as it is."""
        return replace(self, endpoint=checked_url(endpoint, "endpoint")) if endpoint else self

    def with_dfs_endpoint(self, endpoint: str | None) -> Cloud:
        """Return the same cloud with another endpoint of Gen2; None leaves it as it is."""
        return replace(self, dfs_endpoint=checked_url(endpoint, "endpoint")) if endpoint else self


def _dfs(suffix: str) -> str:
    return f"https://{{account}}.dfs.{suffix}"


PUBLIC = Cloud(
    name="public",
    authority="https://login.microsoftonline.com",
    resource_manager="https://management.azure.com",
    resource_manager_audience="https://management.core.windows.net/",
    dfs_endpoint=_dfs("core.windows.net"),
    endpoint=f"https://{{account}}.{ACCOUNT_SUFFIX}",
)
CHINA = Cloud(
    name="china",
    authority="https://login.chinacloudapi.cn",
    resource_manager="https://management.chinacloudapi.cn",
    resource_manager_audience="https://management.core.chinacloudapi.cn/",
    dfs_endpoint=_dfs("core.chinacloudapi.cn"),
)
US_GOVERNMENT = Cloud(
    name="us_government",
    authority="https://login.microsoftonline.us",
    resource_manager="https://management.usgovcloudapi.net",
    resource_manager_audience="https://management.core.usgovcloudapi.net/",
    dfs_endpoint=_dfs("core.usgovcloudapi.net"),
)
GERMANY = Cloud(
    name="germany",
    authority="https://login.microsoftonline.de",
    resource_manager="https://management.microsoftazure.de",
    resource_manager_audience="https://management.core.cloudapi.de/",
    dfs_endpoint=_dfs("core.cloudapi.de"),
)
CLOUDS: dict[str, Cloud] = {cloud.name: cloud for cloud in (PUBLIC, CHINA, US_GOVERNMENT, GERMANY)}

#: End of the host names of storage accounts, on either face, in any of these clouds.
STORAGE_HOST = re.compile(
    rf"\.(dfs|blob)\.({'|'.join(re.escape(str(cloud.storage_suffix)) for cloud in CLOUDS.values())})\Z",
    re.IGNORECASE,
)


def emulator_cloud(url: str) -> Cloud:
    """Return the cloud that an emulator at this URL is, path style: one host serves all services."""
    base = checked_url(url, "emulator URL").rstrip("/")
    return replace(
        PUBLIC,
        name="emulator",
        authority=base,
        resource_manager=base,
        endpoint=f"{base}/adls/{{account}}",
        dfs_endpoint=f"{base}/dfs/{{account}}",
    )


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, spelled in one way."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return "a URL that cannot be read"
    host = parts.hostname or ""
    place = f"[{host}]" if ":" in host else host
    usual = (parts.scheme, port) in (("https", 443), ("http", 80))
    return f"{parts.scheme}://{place}" + ("" if usual or port is None else f":{port}")


def checked_url(url: str, name: str) -> str:
    """Return the URL, if it is an https one, or an http one to this machine.

    :param name: its name in the error.
    :raises ValueError: for anything else; a token must not travel in the clear.
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError as error:
        raise ValueError(f"{name} {shown(url)} is not a URL: {error}") from None
    if parts.scheme not in ("https", "http") or not host:
        raise ValueError(f"{name} {shown(url)} is not a URL: it must start with https:// and name a host")
    if parts.scheme == "http" and host not in LOOPBACK_HOSTS:
        raise ValueError(f"{name} {shown(url)} would send the token unencrypted: use https://")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(f"{name} must be a plain URL, without user, query or fragment")
    return url.strip()
