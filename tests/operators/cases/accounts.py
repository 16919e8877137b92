"""Arguments of the operators for accounts."""

from airflow_provider_adls.operators.account_encryption import ADLSGen1EnableKeyVaultOperator
from airflow_provider_adls.operators.account_queries import (
    ADLSGen1CheckAccountNameOperator,
    ADLSGen1GetAccountOperator,
    ADLSGen1ListAccountsOperator,
    ADLSGen1LocationCapabilityOperator,
    ADLSGen1LocationUsagesOperator,
)
from airflow_provider_adls.operators.account_rules import (
    ADLSGen1SetFirewallRulesOperator,
    ADLSGen1SetTrustedIdProvidersOperator,
    ADLSGen1SetVirtualNetworkRulesOperator,
)
from airflow_provider_adls.operators.accounts import (
    ADLSGen1CreateAccountOperator,
    ADLSGen1DeleteAccountOperator,
    ADLSGen1UpdateAccountOperator,
)

PROVIDERS = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers"
VAULT = f"{PROVIDERS}/Microsoft.KeyVault/vaults/keys"
SUBNET = f"{PROVIDERS}/Microsoft.Network/virtualNetworks/net/subnets/one"
PROVIDER = "https://sts.windows.net/9d5b43a0-804c-4c82-8791-36aca2f72342"

RIGHT = {
    ADLSGen1CreateAccountOperator: {
        "account_name": "lake",
        "location": "eastus2",
        "encryption": "UserManaged",
        "key_vault_id": VAULT,
        "key_name": "key",
        "key_version": "1",
    },
    ADLSGen1UpdateAccountOperator: {"account_name": "lake", "tags": {"team": "sales"}},
    ADLSGen1DeleteAccountOperator: {"account_name": "lake"},
    ADLSGen1GetAccountOperator: {"account_name": "lake"},
    ADLSGen1ListAccountsOperator: {"resource_group": "rg"},
    ADLSGen1CheckAccountNameOperator: {"account_name": "lake", "location": "eastus2"},
    ADLSGen1LocationCapabilityOperator: {"location": "eastus2"},
    ADLSGen1LocationUsagesOperator: {"location": "eastus2"},
    ADLSGen1EnableKeyVaultOperator: {"account_name": "lake"},
    ADLSGen1SetFirewallRulesOperator: {
        "account_name": "lake",
        "firewall_rules": {"office": "203.0.113.0/24"},
    },
    ADLSGen1SetVirtualNetworkRulesOperator: {
        "account_name": "lake",
        "virtual_network_rules": {"workers": SUBNET},
    },
    ADLSGen1SetTrustedIdProvidersOperator: {
        "account_name": "lake",
        "trusted_id_providers": {"partner": PROVIDER},
    },
}
_SWITCH = ("on", 1)
WRONG = {
    "location": ("", 5, ["eastus2"]),
    "resource_group": ("", 5),
    "ensure_resource_group": _SWITCH,
    "tags": ({"team": 5}, {5: "team"}, ["team"], "team"),
    "tier": ("Free", 1),
    "sku": ("Free", 1),
    "default_group": ("", 5),
    "encryption": ("ServiceManaged", "Sometimes", True),
    "key_vault_id": ("", "keys", "https://keys.vault.azure.net", f"{VAULT}/keys/key", 5),
    "key_name": ("", 5),
    "key_version": ("", 5),
    "identity": ("UserAssigned", True),
    "firewall_rules": (
        {"office": "203.0.113.0/33"},
        {"office": "203.0.113.9-203.0.113.7"},
        {"office": ["203.0.113.7", "2001:db8::1"]},
        {"office": ["203.0.113.7"]},
        {"office": {"start": "203.0.113.7"}},
        {"office": "headquarters"},
        {"office": 5},
        {"a/b": "203.0.113.7"},
        {"": "203.0.113.7"},
        {"Office": "203.0.113.7", "office": "203.0.113.8"},
        ["203.0.113.7"],
    ),
    "virtual_network_rules": ({"workers": "one"}, {"workers": VAULT}, {"a#": SUBNET}, [SUBNET]),
    "trusted_id_providers": (
        {"partner": "partner"},
        {"partner": "http://sts.windows.net/x"},
        {"partner": "https://sts.windows.net/x y"},
        {"partner": f"{PROVIDER}?x=1"},
        {5: PROVIDER},
        PROVIDER,
    ),
    "firewall_enabled": _SWITCH,
    "allow_azure_ips": _SWITCH,
    "trusted_id_providers_enabled": _SWITCH,
    "enabled": _SWITCH,
    "purge": _SWITCH,
    "if_exists": ("replace", True),
    "wait_for_completion": ("false", 1),
    "deferrable": ("false", 1),
    "poll_interval": (0, -1, "5", True),
    "filter_by": ("", 5),
    "top": (0, -1, "5", True, 1.5),
}
RENDERED = {
    "tags": ["x"],
    "tier": "Free",
    "firewall_rules": {"office": "203.0.113"},
    "virtual_network_rules": {"workers": "one"},
    "trusted_id_providers": {"partner": "partner"},
}
