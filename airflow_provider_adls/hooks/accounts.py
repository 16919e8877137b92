"""Accounts, through the Resource Manager: get, create, update, delete, each waited for."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from airflow_provider_adls.gen1.errors import (
    AccountNotFoundError,
    InvalidRequestError,
    PathExistsError,
    ServiceFailureError,
)
from airflow_provider_adls.gen1.paths import account_name
from airflow_provider_adls.hooks.resource_manager import known_account, translated_errors

if TYPE_CHECKING:
    from azure.mgmt.datalake.store import DataLakeStoreAccountManagementClient
    from azure.mgmt.datalake.store.models import DataLakeStoreAccount

    from airflow_provider_adls.hooks.connection_settings import ConnectionSettings

IfExists: TypeAlias = Literal["fail", "skip", "update"]
#: Tiers of azure-mgmt-datalake-store 0.5.0, `TierType`.
TIERS = (
    "Consumption",
    "Commitment_1TB",
    "Commitment_10TB",
    "Commitment_100TB",
    "Commitment_500TB",
    "Commitment_1PB",
    "Commitment_5PB",
)
#: Whether files are encrypted, and then by whose keys (azure-mgmt-datalake-store 0.5.0).
ENCRYPTIONS = ("Disabled", "ServiceManaged")
#: States of an account that something is still being done to (`DataLakeStoreAccountStatus`).
_PASSING = frozenset({"Creating", "Running", "Patching", "Resuming", "Undeleting"})
#: Seconds between two looks at such an account, and until it is given up.
_LOOK_EVERY = 2.0
_GIVE_UP_AFTER = 900.0


class AccountsMixin:
    """The hook's methods for accounts.

    Where no resource group is given, the connection's is taken. Errors are those of `gen1.errors`.
    """

    @property
    @abstractmethod
    def settings(self) -> ConnectionSettings:
        """What the connection says, checked."""
        ...

    @abstractmethod
    def get_account_client(self) -> DataLakeStoreAccountManagementClient:
        """The SDK's client for accounts, signed in."""
        ...

    def get_account(self, name: str, resource_group: str | None = None) -> DataLakeStoreAccount:
        """An account as the Resource Manager describes it.

        :param name: short or full name of the account.
        :raises AccountNotFoundError: if there is none in this resource group.
        """
        short = account_name(name)
        group = self._resource_group(resource_group)
        return known_account(self.get_account_client(), group, short)

    def create_account(
        self,
        name: str,
        location: str,
        resource_group: str | None = None,
        *,
        tags: Mapping[str, str] | None = None,
        tier: str | None = None,
        default_group: str | None = None,
        encryption: str | None = None,
        if_exists: IfExists = "fail",
        wait_for_completion: bool = True,
    ) -> dict[str, Any]:
        """Create an account.

        :param name: short name, 3 to 24 lower-case letters and digits.
        :param location: Azure region, `eastus2` for instance.
        :param tags: the resource's tags.
        :param tier: commitment tier from next month on, one of `TIERS`.
        :param default_group: object id of the group that owns new files and directories.
        :param encryption: one of `ENCRYPTIONS`; None leaves it to the service, which encrypts.
        :param if_exists: what to do with an account that is there: fail, skip it, or update its tags,
            tier and default group to what is given.
        :param wait_for_completion: whether to return only when the account can be used.
        :returns: `describe_account` of it, and whether it was ``created`` now.
        :raises PathExistsError: if it exists and may not.
        :raises InvalidRequestError: if it is to be updated to another location.
        """
        from azure.mgmt.datalake.store import models

        short = account_name(name)
        group = self._resource_group(resource_group)
        if existing := self._existing(short, group):
            return self._take_existing(
                existing, location, if_exists, tags=tags, tier=tier, default_group=default_group
            )
        parameters = models.CreateDataLakeStoreAccountParameters(
            location=location,
            tags=dict(tags) if tags else None,
            new_tier=tier,
            default_group=default_group,
            **_encryption(encryption),
        )
        with translated_errors("accounts.create", short):
            poller = self.get_account_client().accounts.create(
                group, short, parameters, polling=wait_for_completion
            )
            account = poller.result()
        return {**describe_account(account), "created": True}

    def update_account(
        self,
        name: str,
        resource_group: str | None = None,
        *,
        tags: Mapping[str, str] | None = None,
        tier: str | None = None,
        default_group: str | None = None,
    ) -> dict[str, Any]:
        """Change an account; what is None stays as it is, and tags are replaced as a whole.

        :returns: `describe_account` of it.
        :raises AccountNotFoundError: if there is none in this resource group.
        """
        from azure.mgmt.datalake.store import models

        short = account_name(name)
        group = self._resource_group(resource_group)
        parameters = models.UpdateDataLakeStoreAccountParameters(
            tags=None if tags is None else dict(tags), new_tier=tier, default_group=default_group
        )
        with translated_errors("accounts.update", short):
            account = self.get_account_client().accounts.update(group, short, parameters).result()
        return describe_account(account)

    def delete_account(
        self, name: str, resource_group: str | None = None, *, ignore_if_missing: bool = True
    ) -> dict[str, Any]:
        """Delete an account and all that is in it.

        :returns: its ``name``, and whether it was ``deleted`` now.
        :raises AccountNotFoundError: if there is none and that is not to be ignored.
        """
        short = account_name(name)
        group = self._resource_group(resource_group)
        if not self._existing(short, group):
            if ignore_if_missing:
                return {"name": short, "deleted": False}
            raise AccountNotFoundError(
                f"there is no such account in resource group {group}",
                operation="accounts.delete",
                account=short,
            )
        with translated_errors("accounts.delete", short):
            self.get_account_client().accounts.delete(group, short).wait()
        return {"name": short, "deleted": True}

    def _take_existing(
        self,
        account: DataLakeStoreAccount,
        location: str,
        if_exists: IfExists,
        **changes: Any,
    ) -> dict[str, Any]:
        """What `create_account` does where the account is there already."""
        described = describe_account(account)
        if if_exists == "fail":
            raise PathExistsError(
                f"the account exists already, in resource group {described['resource_group']};"
                " if_exists may be skip or update",
                operation="accounts.create",
                account=described["name"],
            )
        if if_exists == "update" and _region(account.location) != _region(location):
            raise InvalidRequestError(
                f"the account is in {account.location} and cannot move to {location}",
                operation="accounts.update",
                account=described["name"],
            )
        # An earlier try of the same task may have been stopped while the account was being made.
        described = self._when_ready(account)
        wanted = {key: value for key, value in changes.items() if value is not None}
        if if_exists == "update" and wanted:
            described = self.update_account(described["name"], described["resource_group"], **wanted)
        return {**described, "created": False}

    def _when_ready(self, account: DataLakeStoreAccount) -> dict[str, Any]:
        """The account's description once nothing is being done to it."""
        described = describe_account(account)
        deadline = time.monotonic() + _GIVE_UP_AFTER
        while described["provisioning_state"] in _PASSING:
            if time.monotonic() > deadline:
                raise ServiceFailureError(
                    f"the account is still {described['provisioning_state']} after {_GIVE_UP_AFTER:.0f} s",
                    operation="accounts.get",
                    account=described["name"],
                )
            time.sleep(_LOOK_EVERY)
            described = describe_account(self.get_account(described["name"], described["resource_group"]))
        return described

    def _existing(self, short: str, group: str) -> DataLakeStoreAccount | None:
        try:
            with translated_errors("accounts.get", short):
                return self.get_account_client().accounts.get(group, short)
        except AccountNotFoundError:
            return None

    def _resource_group(self, given: str | None) -> str:
        return given or self.settings.required("resource_group", "find the account")


def describe_account(account: DataLakeStoreAccount) -> dict[str, Any]:
    """An account as a small JSON object.

    :returns: id, name, resource_group, location, provisioning_state, state, endpoint, tags.
    """
    # /subscriptions/{subscription}/resourceGroups/{group}/providers/…
    parts = str(account.id).split("/")
    return {
        "id": account.id,
        "name": account.name,
        "resource_group": parts[4] if len(parts) > 4 else None,
        "location": account.location,
        "provisioning_state": _text(account.provisioning_state),
        "state": _text(account.state),
        "endpoint": account.endpoint,
        "tags": dict(account.tags or {}),
    }


def _text(value: Any) -> str | None:
    """The word behind one of the SDK's enumerations, which are strings with another `str()`."""
    return None if value is None else str(getattr(value, "value", value))


def _region(location: str) -> str:
    """A region without the spaces and capitals that the portal shows it with: East US 2 is eastus2."""
    return location.replace(" ", "").lower()


def _encryption(encryption: str | None) -> dict[str, Any]:
    """The creation parameters for a kind of encryption."""
    from azure.mgmt.datalake.store import models

    if encryption is None:
        return {}
    if encryption == "Disabled":
        return {"encryption_state": encryption}
    return {"encryption_state": "Enabled", "encryption_config": models.EncryptionConfig(type=encryption)}
