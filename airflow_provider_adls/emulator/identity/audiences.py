"""`ARM` and `LAKE`: the resources that tokens are issued for."""

from __future__ import annotations

import re

from airflow_provider_adls.emulator.hosts import STORAGE_SUFFIXES
from airflow_provider_adls.model.clouds import CLOUDS, DATALAKE_AUDIENCE


def plain(resource: str) -> str:
    """Return a resource in lower case without trailing slashes, which Azure AD ignores."""
    return resource.rstrip("/").lower()


#: Resource Manager's own names for itself, in the order in which it lists them in errors.
ARM_RESOURCES = (
    "https://management.core.windows.net/",
    "https://management.azure.com/",
    *(
        cloud.resource_manager_audience
        for cloud in CLOUDS.values()
        if cloud.resource_manager_audience != "https://management.core.windows.net/"
    ),
)
ARM = frozenset(plain(resource) for resource in ARM_RESOURCES)
LAKE = frozenset({plain(DATALAKE_AUDIENCE)})
#: Resource that a token for the files of storage accounts is issued for.
STORAGE_RESOURCE = "https://storage.azure.com/"
STORAGE = frozenset({plain(STORAGE_RESOURCE)})
_ACCOUNT = re.compile(rf"https://[a-z0-9]{{3,24}}\.({'|'.join(map(re.escape, STORAGE_SUFFIXES))})")


def of_storage(account: str) -> frozenset[str]:
    """Return the resources that a token for the files of an account may be for."""
    return STORAGE | {f"https://{account}.{suffix}" for suffix in STORAGE_SUFFIXES}


def is_known(resource: str) -> bool:
    """Return whether tokens are issued for a resource."""
    name = plain(resource)
    return name in ARM | LAKE | STORAGE or _ACCOUNT.fullmatch(name) is not None
