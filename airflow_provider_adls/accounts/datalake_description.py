"""Gen1 accounts as small JSON objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.accounts.description import describe

if TYPE_CHECKING:
    from azure.mgmt.datalake.store.models import DataLakeStoreAccount, DataLakeStoreAccountBasic


def describe_account(account: DataLakeStoreAccount | DataLakeStoreAccountBasic) -> dict[str, Any]:
    """Return an account as `description.describe` does."""
    return describe(
        str(account.id),
        account.name,
        account.location,
        provisioning_state=word(account.provisioning_state),
        state=word(account.state),
        endpoint=account.endpoint,
        tags=account.tags,
    )


def describe_settings(account: DataLakeStoreAccount) -> dict[str, Any]:
    """Return the same with all that can be set of an account.

    :returns: `describe_account` of it, and account_id, created_at and modified_at (ISO 8601), tier,
        current_tier, default_group, identity (object id, or None), encryption (`describe_encryption`),
        firewall_enabled, allow_azure_ips, firewall_rules (``{name: [start, end]}``), virtual_network_rules
        (``{name: subnet id}``), trusted_id_providers_enabled, trusted_id_providers (``{name: URL}``).
    """
    return {
        **describe_account(account),
        "account_id": account.account_id,
        "created_at": account.creation_time.isoformat() if account.creation_time else None,
        "modified_at": account.last_modified_time.isoformat() if account.last_modified_time else None,
        "tier": word(account.new_tier),
        "current_tier": word(account.current_tier),
        "default_group": account.default_group,
        "identity": account.identity.principal_id if account.identity else None,
        "encryption": describe_encryption(account),
        "firewall_enabled": _is_on(account.firewall_state),
        "allow_azure_ips": _is_on(account.firewall_allow_azure_ips),
        "firewall_rules": {
            rule.name: [rule.start_ip_address, rule.end_ip_address] for rule in account.firewall_rules or ()
        },
        "virtual_network_rules": {rule.name: rule.subnet_id for rule in account.virtual_network_rules or ()},
        "trusted_id_providers_enabled": _is_on(account.trusted_id_provider_state),
        "trusted_id_providers": {
            provider.name: provider.id_provider for provider in account.trusted_id_providers or ()
        },
    }


def describe_encryption(account: DataLakeStoreAccount) -> dict[str, Any]:
    """Return whether and how an account's files are encrypted.

    :returns: ``kind``, ``ServiceManaged``, ``UserManaged`` or ``Disabled``; ``provisioning_state``; and for
        keys of the user's own key_vault_id, key_name and key_version.
    """
    if not _is_on(account.encryption_state):
        return {"kind": "Disabled"}
    config = account.encryption_config
    key = config.key_vault_meta_info if config else None
    described: dict[str, Any] = {
        "kind": word(config.type) if config else "ServiceManaged",
        "provisioning_state": word(account.encryption_provisioning_state),
    }
    if key:
        described |= {
            "key_vault_id": key.key_vault_resource_id,
            "key_name": key.encryption_key_name,
            "key_version": key.encryption_key_version,
        }
    return described


def word(value: Any) -> str | None:
    """Return the word behind one of the SDK's enumerations, which are strings with another `str()`."""
    return None if value is None else str(getattr(value, "value", value))


def _is_on(switch: Any) -> bool:
    return word(switch) == "Enabled"
