"""`LocationsMixin`: the offer and the quotas of a region, and free names of accounts."""

from __future__ import annotations

from typing import Any

from airflow_provider_adls.accounts.client import AccountClientMixin
from airflow_provider_adls.model.paths import account_name


class LocationsMixin(AccountClientMixin):
    """The hook's methods for regions. Errors are those of `model.errors`."""

    def check_name(self, name: str, location: str) -> dict[str, Any]:
        """Return whether an account can be called so; names are unique in the world.

        :param location: Azure region, which counts on Gen1 alone.
        :returns: ``name``, whether it is ``available``, and if not the ``reason`` and a ``message``.
        """
        return self.account_service.check_name(account_name(name), region(location))

    def location_capability(self, location: str) -> dict[str, Any]:
        """Return what the subscription may have in a region.

        :returns: location, subscription_id, its state, max_account_count, account_count, migration_state.
        :raises InvalidRequestError: if the service is not offered there, or has no such question (Gen2).
        """
        return self.account_service.location_capability(region(location))

    def location_usages(self, location: str) -> list[dict[str, Any]]:
        """Return how much of its quotas the subscription uses in a region.

        :returns: name, current_value, limit and unit of each quota.
        """
        return self.account_service.location_usages(region(location))


def region(location: str) -> str:
    """Return the name of a region that the portal shows with spaces and capitals: East US 2 is eastus2."""
    return location.replace(" ", "").lower()
