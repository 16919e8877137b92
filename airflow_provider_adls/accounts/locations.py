"""What a region offers, and whether a name is free: questions that concern no account yet."""

from __future__ import annotations

from typing import Any

from airflow_provider_adls.accounts.client import AccountClientMixin
from airflow_provider_adls.accounts.description import word
from airflow_provider_adls.accounts.errors import translated_errors
from airflow_provider_adls.model.errors import InvalidRequestError
from airflow_provider_adls.model.paths import account_name

_USAGES = "/subscriptions/{subscription}/providers/Microsoft.DataLakeStore/locations/{location}/usages"
_API_VERSION = "2016-11-01"


class LocationsMixin(AccountClientMixin):
    """The hook's methods for regions. Errors are those of `gen1.errors`."""

    def check_name(self, name: str, location: str) -> dict[str, Any]:
        """Return whether an account can be called so; names are unique in the world.

        :returns: ``name``, whether it is ``available``, and if not the ``reason`` and a ``message``.
        """
        short = account_name(name)
        with translated_errors("accounts.check_name_availability", short):
            answer = self.get_account_client().accounts.check_name_availability(_short(location), short)
        return {
            "name": short,
            "available": bool(answer.name_available),
            "reason": answer.reason,
            "message": answer.message,
        }

    def location_capability(self, location: str) -> dict[str, Any]:
        """Return what the subscription may have in a region.

        :returns: location, subscription_id, its state, max_account_count, account_count, migration_state.
        :raises InvalidRequestError: if the service is not offered there.
        """
        short = _short(location)
        with translated_errors("locations.get_capability", ""):
            answer = self.get_account_client().locations.get_capability(short)
        if answer is None:
            raise InvalidRequestError(
                f"the service knows no location {location!r}", operation="locations.get_capability"
            )
        return {
            "location": short,
            "subscription_id": answer.subscription_id,
            "state": word(answer.state),
            "max_account_count": answer.max_account_count,
            "account_count": answer.account_count,
            "migration_state": answer.migration_state,
        }

    def location_usages(self, location: str) -> list[dict[str, Any]]:
        """Return how much of its quotas the subscription uses in a region.

        The SDK's 0.5.0 lacks the call, which is in the service's specification
        (azure-rest-api-specs, datalake-store/resource-manager, 2016-11-01, `Locations_GetUsage`).

        :returns: name, current_value, limit and unit of each quota.
        """
        from msrest import ServiceClient
        from msrestazure.azure_exceptions import CloudError

        sdk = self.get_account_client()
        client = ServiceClient(sdk.config.credentials, sdk.config)
        url = client.format_url(_USAGES, subscription=sdk.config.subscription_id, location=_short(location))
        with translated_errors("locations.get_usage", ""):
            answer = client.send(client.get(url, {"api-version": _API_VERSION}), stream=False)  # type: ignore[no-untyped-call]
            if answer.status_code != 200:
                raise CloudError(answer)
        return [
            {
                "name": usage["name"]["value"],
                "current_value": usage.get("currentValue"),
                "limit": usage.get("limit"),
                "unit": usage.get("unit"),
            }
            for usage in answer.json()["value"]
        ]


def _short(location: str) -> str:
    """Return a region without blanks, as paths hold it: East US 2 is eastus2."""
    return location.replace(" ", "").lower()
