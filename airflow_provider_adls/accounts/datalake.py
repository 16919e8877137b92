"""`DataLakeAccounts`: Gen1 accounts, by azure-mgmt-datalake-store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.accounts import parameters
from airflow_provider_adls.accounts.datalake_description import describe_account, describe_settings, word
from airflow_provider_adls.accounts.description import describe_usage
from airflow_provider_adls.accounts.msrest_errors import translated_msrest_errors
from airflow_provider_adls.accounts.plan import RulesPlan, plan
from airflow_provider_adls.accounts.service import Account
from airflow_provider_adls.model.account_rules import AddressRange
from airflow_provider_adls.model.errors import InvalidRequestError, ServiceFailureError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from azure.mgmt.datalake.store import DataLakeStoreAccountManagementClient
    from msrest.paging import Paged

    from airflow_provider_adls.accounts.parameters import AccountDefinition, AccountSettings

_USAGES = "/subscriptions/{subscription}/providers/Microsoft.DataLakeStore/locations/{location}/usages"
_API_VERSION = "2016-11-01"
#: Arguments that Gen2 alone has.
_GEN2_ALONE = ("sku",)


class _Family(NamedTuple):
    """A family of rules.

    :param operations: the group of the SDK's operations for them.
    :param read: makes the value that is compared of one of the SDK's models.
    :param fields: a value as the arguments of the SDK's `create_or_update`.
    """

    operations: str
    read: Callable[[Any], Any]
    fields: Callable[[Any], tuple[Any, ...]]


_FAMILIES = {
    "firewall rule": _Family(
        "firewall_rules", lambda rule: AddressRange(rule.start_ip_address, rule.end_ip_address), tuple
    ),
    "virtual-network rule": _Family(
        "virtual_network_rules", lambda rule: rule.subnet_id, lambda value: (value,)
    ),
    "trusted id provider": _Family(
        "trusted_id_providers", lambda provider: provider.id_provider, lambda value: (value,)
    ),
}


class DataLakeAccounts:
    """Gen1 accounts; `AccountService` documents the methods.

    :param client: the SDK's, signed in.
    """

    def __init__(self, client: DataLakeStoreAccountManagementClient) -> None:
        self._client = client

    def errors(self, operation: str, account: str) -> AbstractContextManager[None]:
        """Raise errors of `model.errors` where the SDK raises its own."""
        return translated_msrest_errors(operation, account)

    def check(self, values: Mapping[str, Any], *, encryption: bool = False) -> None:
        """Refuse by name what only Gen2 has."""
        if given := [name for name in _GEN2_ALONE if values.get(name) is not None]:
            raise InvalidRequestError(
                f"{given[0]!r} is for storage accounts (Gen2), and the connection has no container: leave it"
                " out, or fill in the connection's field Container",
                operation="accounts.create",
            )
        if encryption:
            parameters.check_encryption(values)

    def refuse_existing(self, account: Account) -> None:
        """Refuse none: every existing account is one that could have been made."""

    def get(self, group: str, name: str) -> Account:
        """Return an account."""
        with self.errors("accounts.get", name):
            found = self._client.accounts.get(group, name)
        return Account(found, describe_account(found), describe_settings(found), found.creation_time)

    def list_accounts(
        self, group: str | None = None, *, filter_by: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the description of each account."""
        accounts = self._client.accounts
        with self.errors("accounts.list", ""):
            found = (
                accounts.list_by_resource_group(group, filter=filter_by)
                if group
                else accounts.list(filter=filter_by)
            )
            for account in _every(found):
                yield describe_account(account)

    def create(
        self, group: str, name: str, location: str, definition: AccountDefinition, *, wait: bool
    ) -> dict[str, Any]:
        """Create an account."""
        wanted = parameters.creation(location, **definition)
        with self.errors("accounts.create", name):
            return describe_account(self._client.accounts.create(group, name, wanted, polling=wait).result())

    def complete(self, group: str, name: str) -> None:
        """Add nothing: an account is all that there is."""

    def update(self, group: str, name: str, settings: AccountSettings, *, wait: bool) -> dict[str, Any]:
        """Change an account."""
        wanted = parameters.change(**settings)
        with self.errors("accounts.update", name):
            return describe_account(self._client.accounts.update(group, name, wanted, polling=wait).result())

    def delete(self, group: str, name: str, *, wait: bool) -> None:
        """Delete an account."""
        with self.errors("accounts.delete", name):
            self._client.accounts.delete(group, name, polling=wait).wait()

    def enable_key_vault(self, group: str, name: str) -> None:
        """Let an account use the key of the user's own."""
        with self.errors("accounts.enable_key_vault", name):
            self._client.accounts.enable_key_vault(group, name)

    def rules(self, group: str, account: Account, family: str) -> dict[str, Any]:
        """Return the rules of a family, by name."""
        operations, read, _ = _FAMILIES[family]
        name = account.described["name"]
        with self.errors(f"{operations}.list_by_account", name):
            listed = getattr(self._client, operations).list_by_account(group, name)
            return {rule.name: read(rule) for rule in listed}

    def plan(
        self, family: str, declared: Mapping[str, Any], present: Mapping[str, Any], *, purge: bool
    ) -> RulesPlan:
        """Compare rules by their names and values."""
        del family
        return plan(declared, present, purge=purge)

    def declare(
        self,
        group: str,
        account: Account,
        family: str,
        declared: Mapping[str, Any],
        planned: RulesPlan,
        switched: Mapping[str, bool],
    ) -> None:
        """Add and change rules, switch what differs, and remove rules last."""
        operations, _, fields = _FAMILIES[family]
        name, rules = account.described["name"], getattr(self._client, operations)
        for rule in (*planned.added, *planned.changed):
            with self.errors(f"{operations}.create_or_update", name):
                rules.create_or_update(group, name, rule, *fields(declared[rule]))
        if switched:
            settings: dict[str, Any] = {**switched}
            with self.errors("accounts.update", name):
                self._client.accounts.update(group, name, parameters.change(**settings)).wait()
        for rule in planned.removed:
            with self.errors(f"{operations}.delete", name):
                rules.delete(group, name, rule)

    def check_name(self, name: str, location: str) -> dict[str, Any]:
        """Return whether a name is free."""
        with self.errors("accounts.check_name_availability", name):
            answer = self._client.accounts.check_name_availability(location, name)
        return {
            "name": name,
            "available": bool(answer.name_available),
            "reason": answer.reason,
            "message": answer.message,
        }

    def location_capability(self, location: str) -> dict[str, Any]:
        """Return what the subscription may have in a region."""
        with self.errors("locations.get_capability", ""):
            answer = self._client.locations.get_capability(location)
        if answer is None:
            raise InvalidRequestError(
                f"the service knows no location {location!r}", operation="locations.get_capability"
            )
        return {
            "location": location,
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
        """
        from msrest import ServiceClient
        from msrestazure.azure_exceptions import CloudError

        config = self._client.config
        client = ServiceClient(config.credentials, config)
        url = client.format_url(_USAGES, subscription=config.subscription_id, location=location)
        with self.errors("locations.get_usage", ""):
            answer = client.send(client.get(url, {"api-version": _API_VERSION}), stream=False)  # type: ignore[no-untyped-call] # msrest has no types
            if answer.status_code != 200:
                raise CloudError(answer)
        return [describe_usage(usage) for usage in answer.json()["value"]]


def _every(paged: Paged) -> Iterator[Any]:
    """Yield all items of an SDK's list, page by page.

    :raises ServiceFailureError: if a page is linked to again, for then the list has no end.
    """
    links = set()
    link = None
    for item in paged:
        if paged.next_link != link:
            link = paged.next_link
            if link in links:
                raise ServiceFailureError(
                    "the list does not advance: a page names one before it as the next",
                    operation="accounts.list",
                )
            links.add(link)
        yield item
