"""Resource groups, which accounts are made in: through azure-mgmt-resource, of the extra `[resource]`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.accounts.client import AccountClientMixin
from airflow_provider_adls.accounts.errors import strange_answer
from airflow_provider_adls.model.advice import (
    STRANGER,
    WAY_TO_MANAGEMENT,
    on_certificate,
    on_management,
    on_silence,
)
from airflow_provider_adls.model.errors import (
    RequestError,
    ServiceError,
    ServiceUnreachableError,
    error_class,
)

if TYPE_CHECKING:
    from azure.mgmt.resource.resources import ResourceManagementClient

    from airflow_provider_adls.auth import ResourceManagerCredential

_MISSING = "needs azure-mgmt-resource: pip install azure-mgmt-resource"


def check_resource_extra() -> None:
    """Raise unless resource groups can be made here.

    :raises ValueError: naming the extra that is missing.
    """
    try:
        found = find_spec("azure.mgmt.resource.resources")
    except ModuleNotFoundError:
        found = None
    if found is None:
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

        from airflow_provider_adls.accounts.sessions import bound_transport

        cloud, network = self.settings.cloud, self.settings.network
        retries: dict[str, Any] = {} if network.retries is None else {"retry_total": network.retries}
        return ResourceManagementClient(
            self.arm_credentials,
            self.settings.required("subscription_id", "manage resource groups"),
            cloud.resource_manager,
            credential_scopes=[f"{cloud.resource_manager_audience.rstrip('/')}/.default"],
            transport=bound_transport(cloud, network),
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
            _translated_errors("resource_groups.create_or_update", url),
        ):
            created = False
            try:
                found = client.resource_groups.get(group)
            except ResourceNotFoundError:
                found = client.resource_groups.create_or_update(group, parameters)
                created = True
            return {"name": found.name, "location": found.location, "created": created}


@contextmanager
def _translated_errors(operation: str, url: str) -> Iterator[None]:
    """Raise errors of `gen1.errors` where azure-core raises its own."""
    from azure.core.exceptions import AzureError, HttpResponseError

    try:
        yield
    except (json.JSONDecodeError, AttributeError, RecursionError) as error:
        # The SDK (26) takes any success for its own, and has no error for one that is not.
        unread = ServiceError(f"the answer is not the Resource Manager's: {error}", operation=operation)
        unread.advise(STRANGER)
        raise unread from error
    except HttpResponseError as error:
        code = error.error.code if error.error else None
        kind = error_class(error.status_code or 0, None)
        answered: RequestError = kind(
            (error.error.message if error.error else None) or error.message,
            operation=operation,
            status=error.status_code,
            request_id=getattr(error.response, "headers", {}).get("x-ms-request-id"),
            remote_exception=code,
        )
        answered.advise(on_management(kind, code))
        raise answered from error
    except AzureError as error:
        if strange := strange_answer(error.inner_exception, operation, ""):
            raise strange from error
        unanswered = ServiceUnreachableError(
            f"the Resource Manager did not answer: {error.message}", operation=operation
        )
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            unanswered.advise(on_certificate(str(error)))
        else:
            unanswered.advise(on_silence(url, WAY_TO_MANAGEMENT))
        raise unanswered from error
