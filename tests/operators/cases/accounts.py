"""Arguments of the operators for accounts."""

from airflow_provider_adls.operators.accounts import (
    ADLSGen1CreateAccountOperator,
    ADLSGen1DeleteAccountOperator,
)

RIGHT = {
    ADLSGen1CreateAccountOperator: {"account_name": "lake", "location": "eastus2"},
    ADLSGen1DeleteAccountOperator: {"account_name": "lake"},
}
WRONG = {
    "location": ("", 5, ["eastus2"]),
    "resource_group": ("", 5),
    "tags": ({"team": 5}, {5: "team"}, ["team"], "team"),
    "tier": ("Free", 1),
    "default_group": ("", 5),
    "encryption": ("UserManaged", True),
    "if_exists": ("replace", True),
    "wait_for_completion": ("false", 1),
}
RENDERED = {"tags": ["x"], "tier": "Free"}
