"""Accounts, through the Resource Manager: get, list, create, update, delete, each waited for if wished."""

from __future__ import annotations

import datetime as dt
import logging
import time
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, cast

from airflow_provider_adls.accounts.locations import LocationsMixin, region
from airflow_provider_adls.accounts.parameters import AccountDefinition, AccountSettings
from airflow_provider_adls.accounts.plan import parse_rules
from airflow_provider_adls.accounts.resource_groups import ResourceGroupsMixin
from airflow_provider_adls.accounts.rules import (
    FIREWALL,
    ID_PROVIDERS,
    VIRTUAL_NETWORKS,
    AccountRulesMixin,
)
from airflow_provider_adls.accounts.states import FAILED, SUCCEEDED, is_transient, reached
from airflow_provider_adls.model.errors import (
    AccountNotFoundError,
    InvalidRequestError,
    PathExistsError,
    RequestError,
    ServiceFailureError,
)
from airflow_provider_adls.model.paths import account_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.accounts.service import Account

IfExists: TypeAlias = Literal["fail", "skip", "update"]
#: Seconds between two looks at an account that something is done to, and until it is given up.
_LOOK_EVERY = 2.0
_GIVE_UP_AFTER = 900.0
#: Largest difference between the service's clock and Airflow's.
_CLOCKS_DIFFER = dt.timedelta(minutes=1)

_log = logging.getLogger(__name__)


class AccountsMixin(AccountRulesMixin, LocationsMixin, ResourceGroupsMixin):
    """The hook's methods for accounts.

    Where no resource group is given, the connection's is taken. With a container in the connection
    the accounts are storage accounts (Gen2). Errors are those of `model.errors`.
    """

    def get_account(self, name: str, resource_group: str | None = None) -> Any:
        """Return an account as the service's SDK describes it.

        :param name: short or full name of the account.
        :returns: `DataLakeStoreAccount` of azure-mgmt-datalake-store; for Gen2 `StorageAccount` of
            azure-mgmt-storage.
        :raises AccountNotFoundError: if there is none in this resource group.
        """
        return self._known(name, resource_group).model

    def describe(self, name: str, resource_group: str | None = None) -> dict[str, Any]:
        """Return the same as JSON, with all its settings.

        :returns: `Account.settings` of it.
        """
        return self._known(name, resource_group).settings

    def find_account(self, name: str, resource_group: str | None = None) -> dict[str, Any] | None:
        """Return the `Account.described` of an account, or None if there is none."""
        found = self._existing(account_name(name), self.group_or_own(resource_group))
        return found.described if found else None

    def list_accounts(
        self, resource_group: str | None = None, *, filter_by: str | None = None, top: int | None = None
    ) -> list[dict[str, Any]]:
        """Return the accounts that the connection's client may see.

        :param resource_group: resource group of the accounts; None for all of the subscription.
        :param filter_by: OData filter, such as ``name eq 'mylake'``.
        :param top: most accounts that are returned.
        :returns: `Account.described` of each.
        """
        service = self.account_service
        service.check({"filter_by": filter_by})
        return list(islice(service.list_accounts(resource_group, filter_by=filter_by), top))

    def create_account(
        self,
        name: str,
        location: str,
        resource_group: str | None = None,
        *,
        if_exists: IfExists = "fail",
        wait_for_completion: bool = True,
        own_since: dt.datetime | None = None,
        **definition: Unpack[AccountDefinition],
    ) -> dict[str, Any]:
        """Create an account.

        :param name: short name, 3 to 24 lower-case letters and digits.
        :param location: Azure region, `eastus2` for instance.
        :param if_exists: treatment of an existing account: fail, skip it, or update its settings to
            what is given, and add and change its rules.
        :param wait_for_completion: whether to return only when the account can be used.
        :param own_since: an account that was made since then was made by the caller, who was stopped half
            way; None if the caller comes for the first time.
        :param definition: its settings, see `AccountDefinition`.
        :returns: `Account.described` of it, and whether it was ``created`` now.
        :raises PathExistsError: if it exists and may not.
        :raises InvalidRequestError: if it is to be updated to another location or encryption.
        """
        short, group = account_name(name), self.group_or_own(resource_group)
        service = self.account_service
        service.check(definition, encryption=True)
        for family in (FIREWALL, VIRTUAL_NETWORKS, ID_PROVIDERS):
            parse_rules(cast("Mapping[str, Any]", definition.get(family.argument) or {}), family.parse)
        if existing := self._existing(short, group):
            service.refuse_existing(existing)
            if own_since and _is_own(existing, own_since):
                found = self._when_ready(existing.described) if wait_for_completion else existing.described
                return {**self._completed(found), "created": True}
            return self._take_existing(existing, location, if_exists, definition, wait=wait_for_completion)
        account = service.create(group, short, location, definition, wait=wait_for_completion)
        _log.info("Account %s: created in resource group %s", short, group)
        return {**self._completed(account), "created": True}

    def complete_account(self, name: str, resource_group: str | None = None) -> None:
        """Add to an account that was created and is ready what belongs to it: on Gen2 its container."""
        if self.settings.container:
            self.account_service.complete(self.group_or_own(resource_group), account_name(name))

    def update_account(
        self,
        name: str,
        resource_group: str | None = None,
        *,
        wait_for_completion: bool = True,
        **settings: Unpack[AccountSettings],
    ) -> dict[str, Any]:
        """Change an account; what is None stays as it is, and tags are replaced as a whole.

        :param settings: the changed settings, see `AccountSettings`.
        :returns: `Account.described` of it.
        :raises AccountNotFoundError: if there is none in this resource group.
        """
        short, group = account_name(name), self.group_or_own(resource_group)
        service = self.account_service
        service.check(settings)
        updated = service.update(group, short, settings, wait=wait_for_completion)
        _log.info("Account %s: updated in resource group %s", short, group)
        return updated

    def delete_account(
        self,
        name: str,
        resource_group: str | None = None,
        *,
        ignore_if_missing: bool = True,
        wait_for_completion: bool = True,
    ) -> dict[str, Any]:
        """Delete an account and all that is in it.

        :returns: its ``name``, and whether it was ``deleted`` now.
        :raises AccountNotFoundError: if there is none and that is not to be ignored.
        """
        short, group = account_name(name), self.group_or_own(resource_group)
        if not self._existing(short, group):
            if ignore_if_missing:
                return {"name": short, "deleted": False}
            raise AccountNotFoundError(
                f"the account does not exist in resource group {group}",
                operation="accounts.delete",
                account=short,
            )
        self.account_service.delete(group, short, wait=wait_for_completion)
        _log.info("Account %s: deleted from resource group %s", short, group)
        return {"name": short, "deleted": True}

    def enable_key_vault(self, name: str, resource_group: str | None = None) -> dict[str, Any]:
        """Let an account use the key of the user's own that it was made with.

        Its identity needs the right to, in the key vault, before.

        :returns: `Account.described` of it, and its ``encryption``, as `Account.settings` has it.
        """
        short, group = account_name(name), self.group_or_own(resource_group)
        self.account_service.enable_key_vault(group, short)
        account = self.known_account(short, group)
        return {**account.described, "encryption": account.settings["encryption"]}

    def _known(self, name: str, resource_group: str | None) -> Account:
        return self.known_account(account_name(name), self.group_or_own(resource_group))

    def _completed(self, described: dict[str, Any]) -> dict[str, Any]:
        """Return an account's description; an account that is ready gets what belongs to it."""
        if not is_transient(described):
            self.complete_account(described["name"], described["resource_group"])
        return described

    def _take_existing(
        self,
        account: Account,
        location: str,
        if_exists: IfExists,
        definition: AccountDefinition,
        *,
        wait: bool,
    ) -> dict[str, Any]:
        """Return the existing account as `create_account` does, or raise."""
        described = account.described
        if if_exists == "fail":
            raise PathExistsError(
                f"the account exists already, in resource group {described['resource_group']};"
                " if_exists may be skip or update",
                operation="accounts.create",
                account=described["name"],
            )
        if if_exists == "update":
            _check_changes(account, location, definition)
        # An earlier try of the same task may have been stopped while the account was being made.
        if is_transient(described):
            if not wait:
                return {**described, "created": False}
            described = self._when_ready(described)
        if if_exists == "update":
            described = self._apply(described, definition)
        return {**self._completed(described), "created": False}

    def _apply(self, described: dict[str, Any], definition: AccountDefinition) -> dict[str, Any]:
        """Give an account the settings and rules that are given."""
        name, group = described["name"], described["resource_group"]
        values: dict[str, Any] = {**definition}
        for rules, declare in (
            ("firewall_rules", self.set_firewall_rules),
            ("virtual_network_rules", self.set_virtual_network_rules),
            ("trusted_id_providers", self.set_trusted_id_providers),
        ):
            if declared := values.get(rules):
                declare(name, declared, group)
        wanted = {
            key: value
            for key, value in values.items()
            if key in AccountSettings.__annotations__ and value is not None
        }
        if not wanted:
            return described
        return self.update_account(name, group, **wanted)

    def _when_ready(self, described: dict[str, Any]) -> dict[str, Any]:
        """Return the account's description once nothing is being done to it.

        :raises AccountStateError: if what was done to it failed.
        :raises ServiceFailureError: if it takes too long.
        """
        deadline = time.monotonic() + _GIVE_UP_AFTER
        while is_transient(described):
            if time.monotonic() > deadline:
                raise ServiceFailureError(
                    f"the account is still {described['provisioning_state']} after {_GIVE_UP_AFTER:.0f} s",
                    operation="accounts.get",
                    account=described["name"],
                )
            time.sleep(_LOOK_EVERY)
            described = self.known_account(described["name"], described["resource_group"]).described
        reached(described["name"], described, (SUCCEEDED,), FAILED)
        return described

    def _existing(self, short: str, group: str) -> Account | None:
        """Return the account; None if it is not there, or not even its resource group."""
        try:
            return self.account_service.get(group, short)
        except AccountNotFoundError:
            return None
        except RequestError as error:
            if error.remote_exception != "ResourceGroupNotFound":
                raise
            return None


def _is_own(account: Account, since: dt.datetime) -> bool:
    """Return whether an account was made after a moment; one that is still being made has no time yet."""
    return account.created is None or account.created >= since - _CLOCKS_DIFFER


def _check_changes(account: Account, location: str, definition: AccountDefinition) -> None:
    """Refuse what no account can be updated to."""
    if region(account.described["location"]) != region(location):
        raise _unchangeable(
            account, f"the account is in {account.described['location']} and cannot move to {location}"
        )
    sku = definition.get("sku")
    if sku and sku != account.settings["sku"]:
        raise _unchangeable(account, f"the account's sku is {account.settings['sku']} and is left so")
    kind = definition.get("encryption")
    now = account.settings["encryption"]
    if kind and kind != now["kind"]:
        raise _unchangeable(account, f"the account's encryption is {now['kind']} and cannot become {kind}")
    for field in ("key_vault_id", "key_name"):
        wanted = definition.get(field)
        if wanted and str(wanted).lower() != str(now.get(field)).lower():
            raise _unchangeable(
                account, f"the account's {field} is {now.get(field)} and cannot become {wanted}"
            )


def _unchangeable(account: Account, message: str) -> InvalidRequestError:
    return InvalidRequestError(message, operation="accounts.update", account=account.described["name"])
