"""`StorageAccounts`: Gen2 accounts, by azure-mgmt-storage, of the extra `[gen2]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.accounts.azure_core_errors import translated_azure_core_errors
from airflow_provider_adls.accounts.description import describe_usage
from airflow_provider_adls.accounts.network import NetworkRules, plan_unnamed
from airflow_provider_adls.accounts.service import Account
from airflow_provider_adls.accounts.storage_description import described, settings_of
from airflow_provider_adls.model.advice import FLAT
from airflow_provider_adls.model.errors import ConnectionFieldError, InvalidRequestError
from airflow_provider_adls.model.extras import is_installed

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from airflow_provider_adls.accounts.parameters import AccountDefinition, AccountSettings
    from airflow_provider_adls.accounts.plan import RulesPlan

_TYPE = "Microsoft.Storage/storageAccounts"
_DEFAULT_SKU = "Standard_LRS"
#: Arguments that only Gen1 accounts have, each with its replacement.
_GEN1_ALONE = {
    "tier": "a storage account is paid by what is stored, without a commitment",
    "default_group": "a new entry's group is that of its directory: set it there",
    "trusted_id_providers": "only identities of the account's own tenant count",
    "trusted_id_providers_enabled": "only identities of the account's own tenant count",
    "filter_by": "storage accounts are listed without a filter: use top, or filter the result",
}
_ENCRYPTIONS = {
    "Disabled": "a storage account is always encrypted",
    "UserManaged": (
        "a key of your own can be used once the account's identity has the right to: create the account with"
        " identity='SystemAssigned', give it the right in the key vault, and then choose the key in the"
        " account's settings"
    ),
}


def check_gen2_extra(conn_id: str) -> None:
    """Raise unless storage accounts can be managed here.

    :raises ConnectionFieldError: naming the extra that is missing.
    """
    if not is_installed("azure.mgmt.storage"):
        raise ConnectionFieldError(
            f"connection {conn_id!r} has a container, and accounts of Gen2 need azure-mgmt-storage: pip"
            " install 'airflow-provider-adls[gen2]'",
            field="container",
        )


class StorageAccounts:
    """Accounts with hierarchical namespace; `AccountService` documents the methods.

    :param client: `StorageManagementClient` of the SDK, signed in.
    :param url: of the Resource Manager.
    :param container: container that an account has, and is made with.
    """

    def __init__(self, client: Any, url: str, container: str) -> None:
        self._client = client
        self._url = url
        self._container = container

    def errors(self, operation: str, account: str) -> AbstractContextManager[None]:
        """Raise errors of `model.errors` where the SDK raises its own."""
        return translated_azure_core_errors(operation, account, self._url)

    def check(self, values: Mapping[str, Any], *, encryption: bool = False) -> None:
        """Refuse by name what only Gen1 had."""
        for name, reason in _GEN1_ALONE.items():
            if values.get(name) is not None and values[name] != {}:
                raise _unsupported(name, reason)
        if encryption and (reason := _ENCRYPTIONS.get(str(values.get("encryption")), "")):
            raise _unsupported("encryption", f"{values['encryption']}: {reason}")

    def refuse_existing(self, account: Account) -> None:
        """Refuse an account without hierarchical namespace, which cannot get one by a request."""
        if not account.settings["hierarchical_namespace"]:
            raise InvalidRequestError(
                FLAT,
                operation="accounts.get",
                account=account.described["name"],
            )

    def get(self, group: str, name: str) -> Account:
        """Return an account."""
        with self.errors("accounts.get", name):
            found = self._client.storage_accounts.get_properties(group, name)
            return _account(found)

    def list_accounts(
        self, group: str | None = None, *, filter_by: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the description of each account with hierarchical namespace."""
        del filter_by
        accounts = self._client.storage_accounts
        with self.errors("accounts.list", ""):
            found = accounts.list_by_resource_group(group) if group else accounts.list()
            for model in found:
                account = _account(model)
                if account.settings["hierarchical_namespace"]:
                    yield account.described

    def create(
        self, group: str, name: str, location: str, definition: AccountDefinition, *, wait: bool
    ) -> dict[str, Any]:
        """Create an account with hierarchical namespace, closed to anonymous readers and old TLS."""
        sku = definition.get("sku") or _DEFAULT_SKU
        body: dict[str, Any] = {
            "sku": {"name": sku},
            "kind": "BlockBlobStorage" if sku.startswith("Premium") else "StorageV2",
            "location": location,
            "tags": dict(definition.get("tags") or {}),
            "properties": {
                "isHnsEnabled": True,
                "supportsHttpsTrafficOnly": True,
                "minimumTlsVersion": "TLS1_2",
                "allowBlobPublicAccess": False,
                "networkAcls": NetworkRules().with_definition(definition).body(),
            },
        }
        if definition.get("identity"):
            body["identity"] = {"type": definition["identity"]}
        with self.errors("accounts.create", name):
            poller = self._client.storage_accounts.begin_create(group, name, body, polling=wait)
            if wait:
                return _account(poller.result()).described
        # The answer to an account that is being made has no content.
        return {
            "id": None,
            "name": name,
            "resource_group": group,
            "location": location,
            "provisioning_state": "Creating",
            "state": None,
            "endpoint": None,
            "tags": body["tags"],
        }

    def complete(self, group: str, name: str) -> None:
        """Make the container of the connection, unless the account has it."""
        with self.errors("containers.create", name):
            self._client.blob_containers.create(group, name, self._container, {})

    def update(self, group: str, name: str, settings: AccountSettings, *, wait: bool) -> dict[str, Any]:
        """Change an account; the service does it at once."""
        del wait
        known = self.get(group, name)
        body: dict[str, Any] = {"properties": {}}
        if (tags := settings.get("tags")) is not None:
            body["tags"] = dict(tags)
        rules = NetworkRules.of(known.model).switched(settings)
        if rules != NetworkRules.of(known.model):
            body["properties"]["networkAcls"] = rules.body()
        if version := settings.get("key_version"):
            body["properties"]["encryption"] = _with_version(known, version)
        with self.errors("accounts.update", name):
            return _account(self._client.storage_accounts.update(group, name, body)).described

    def delete(self, group: str, name: str, *, wait: bool) -> None:
        """Delete an account; the service does it at once."""
        del wait
        with self.errors("accounts.delete", name):
            self._client.storage_accounts.delete(group, name)

    def enable_key_vault(self, group: str, name: str) -> None:
        """Refuse: the key of a storage account is chosen in its settings."""
        del group
        raise InvalidRequestError(
            "'enable_key_vault': a storage account uses a key of your own as soon as its settings name one",
            operation="accounts.enable_key_vault",
            account=name,
        )

    def rules(self, group: str, account: Account, family: str) -> dict[str, Any]:
        """Return the rules of a family; they have no names, so their values stand for them."""
        del group
        return NetworkRules.of(account.model).present(family)

    def plan(
        self, family: str, declared: Mapping[str, Any], present: Mapping[str, Any], *, purge: bool
    ) -> RulesPlan:
        """Compare rules by their values."""
        return plan_unnamed(family, declared, present, purge=purge)

    def declare(
        self,
        group: str,
        account: Account,
        family: str,
        declared: Mapping[str, Any],
        planned: RulesPlan,
        switched: Mapping[str, bool],
    ) -> None:
        """Replace the account's rules and switches by one request."""
        rules = NetworkRules.of(account.model)
        wanted = rules.changed(family, declared, planned).switched(switched)
        if wanted == rules:
            return
        name = account.described["name"]
        with self.errors("accounts.update", name):
            body: dict[str, Any] = {"properties": {"networkAcls": wanted.body()}}
            self._client.storage_accounts.update(group, name, body)

    def check_name(self, name: str, location: str) -> dict[str, Any]:
        """Return whether a name is free, in any region."""
        del location
        with self.errors("accounts.check_name_availability", name):
            answer = self._client.storage_accounts.check_name_availability({"name": name, "type": _TYPE})
            found = answer.as_dict()
        return {
            "name": name,
            "available": bool(found["nameAvailable"]),
            "reason": found.get("reason"),
            "message": found.get("message"),
        }

    def location_capability(self, location: str) -> dict[str, Any]:
        """Raise: Gen2 has no operation for a location's capability."""
        raise _unsupported(
            "location_capability",
            f"ask for the usages of {location}, which say how many accounts it may have",
        )

    def location_usages(self, location: str) -> list[dict[str, Any]]:
        """Return how many storage accounts the subscription has in a region, and may have."""
        with self.errors("locations.get_usage", ""):
            usages = self._client.usages.list_by_location(location)
            return [describe_usage(usage.as_dict()) for usage in usages]


def _account(model: Any) -> Account:
    json = model.as_dict()
    return Account(model, described(json), settings_of(json), model.creation_time)


def _with_version(account: Account, version: str) -> dict[str, Any]:
    encryption: dict[str, Any] = account.model.as_dict()["properties"].get("encryption") or {}
    if not (key := encryption.get("keyvaultproperties")):
        raise InvalidRequestError(
            "'key_version': the account is not encrypted by a key of the user's own",
            operation="accounts.update",
            account=account.described["name"],
        )
    return {**encryption, "keyvaultproperties": {**key, "keyversion": version}}


def _unsupported(name: str, reason: str) -> InvalidRequestError:
    return InvalidRequestError(
        f"{name!r} is for Gen1, and the connection has a container (Gen2): {reason}", operation="accounts"
    )
