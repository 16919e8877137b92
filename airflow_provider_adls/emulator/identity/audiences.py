"""The resources that tokens are issued for."""

from __future__ import annotations

from airflow_provider_adls.model.clouds import CLOUDS, DATALAKE_AUDIENCE


def plain(resource: str) -> str:
    """A resource without trailing slashes and case, which Azure AD does not tell apart."""
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
