"""Resource groups, which accounts are made in: through azure-mgmt-resource, of the extra `[resource]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.accounts.azure_core_errors import translated_azure_core_errors
from airflow_provider_adls.accounts.client import AccountClientMixin
from airflow_provider_adls.model.extras import is_installed

if TYPE_CHECKING:
    from azure.mgmt.resource.resources import ResourceManagementClient

    from airflow_provider_adls.auth import ResourceManagerCredential

_MISSING = "needs azure-mgmt-resource: pip install azure-mgmt-resource"


def check_resource_extra() -> None:
    """Raise unless resource groups can be made here.

    :raises ValueError: naming the extra that is missing.
    """
    if not is_installed("azure.mgmt.resource.resources"):
        raise ValueError(_MISSING)


class ResourceGroupsMixin(AccountClientMixin):
    """The hook's methods for resource groups."""

    @property
    def arm_credentials(self) -> ResourceManagerCredential:
        """Signs requests to the Resource Manager."""
        raise NotImplementedError

    def get_resource_client(self) -> ResourceManagementClient:
        """Return the client of azure-mgmt-resource, signed in to the connection's subscription.

        :raises ValueError: if the extra `[resource]` is not installed.
        """
        check_resource_extra()
        from azure.mgmt.resource.resources import ResourceManagementClient

        from airflow_provider_adls.accounts.sessions import bound_transport, quiet_log

        cloud, network = self.settings.cloud, self.settings.network
        retries: dict[str, Any] = {} if network.retries is None else {"retry_total": network.retries}
        return ResourceManagementClient(
            self.arm_credentials,
            self.settings.required("subscription_id", "manage resource groups"),
            cloud.resource_manager,
            credential_scopes=[f"{cloud.resource_manager_audience.rstrip('/')}/.default"],
            transport=bound_transport(cloud, network),
            http_logging_policy=quiet_log(),
            **retries,
        )

    def ensure_resource_group(
        self, location: str, name: str | None = None, *, tags: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Make a resource group, unless it is there; one that is there stays as it is.

        :param location: region of a group that is made.
        :param name: None for the connection's.
        :param tags: tags of a group that is made.
        :returns: ``name``, ``location``, and whether it was ``created`` now.
        """
        from azure.core.exceptions import ResourceNotFoundError

        group = self.group_or_own(name)
        parameters: Any = {"location": location, "tags": dict(tags or {})}
        url = self.settings.cloud.resource_manager
        with (
            self.get_resource_client() as client,
            translated_azure_core_errors("resource_groups.create_or_update", "", url),
        ):
            created = False
            try:
                found = client.resource_groups.get(group)
            except ResourceNotFoundError:
                found = client.resource_groups.create_or_update(group, parameters)
                created = True
            return {"name": found.name, "location": found.location, "created": created}
