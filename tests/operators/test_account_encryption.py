"""Operators for an account's encryption by a key of the user's own."""

import json
import uuid

import pytest

from airflow_provider_adls.model.errors import RequestError
from airflow_provider_adls.operators.account_encryption import ADLSGen1EnableKeyVaultOperator
from tests.operators.cases.accounts import VAULT


def test_enable(hook):
    """An account uses its key once it is enabled; a second time changes nothing."""
    name = f"new{uuid.uuid4().hex[:16]}"
    key = {"key_vault_id": VAULT, "key_name": "key", "key_version": "1"}
    hook.create_account(name, "eastus2", encryption="UserManaged", **key)
    try:
        for _ in range(2):
            result = ADLSGen1EnableKeyVaultOperator(task_id="task", account_name=name).execute({})
            assert result == json.loads(json.dumps(result))
            assert result["encryption"] == {
                "kind": "UserManaged",
                "provisioning_state": "Succeeded",
                **key,
            }
    finally:
        hook.delete_account(name)


def test_account_without_a_key(hook, account):
    """The service's refusal is raised."""
    with pytest.raises(RequestError, match=r"accounts\.enable_key_vault"):
        ADLSGen1EnableKeyVaultOperator(task_id="task", account_name=account).execute({})
