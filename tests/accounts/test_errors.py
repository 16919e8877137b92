"""Errors of the Resource Manager's SDK as errors of ours."""

import pytest
from msrestazure.azure_exceptions import CloudError

from airflow_provider_adls.accounts.msrest_errors import translated_msrest_errors
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    RequestError,
    ServiceError,
    ServiceUnreachableError,
    SignInError,
)

OTHER = "55555555-5555-4555-8555-555555555555"


def test_no_right(connect, emulator, account):
    """A principal that may not use the Resource Manager gets an error with code and request id."""
    emulator.add_principal(OTHER, "good~Secret.0123456789")
    connect(login=OTHER, password="good~Secret.0123456789")
    with pytest.raises(AccessDeniedError) as caught:
        ADLSGen1Hook().get_account(account)
    assert (caught.value.operation, caught.value.status) == ("accounts.get", 403)
    assert isinstance(caught.value.__cause__, CloudError)


def test_conflict(hook, emulator, account):
    """A conflict with another operation is not reported as an existing account."""
    with emulator.faults.add(operation="accounts.update", status=409), pytest.raises(ServiceError) as caught:
        hook.update_account(account, tags={})
    assert type(caught.value) is ServiceError
    assert caught.value.status == 409


def test_no_answer(hook, account, monkeypatch):
    """Where nobody listens, the error is that the service is unreachable."""
    client = hook.get_account_client()
    client.config.base_url = client._client.config.base_url = "https://127.0.0.1:9"
    client.config.retry_policy.retries = 0
    with (
        pytest.raises(ServiceUnreachableError, match=r"accounts\.get in account") as caught,
        translated_msrest_errors("accounts.get", account),
    ):
        client.accounts.get("rg", account)
    assert caught.value.account == account
    said = str(caught.value)
    assert "Connection refused. What to do: check the cloud, resource_manager and proxy" in said
    assert "Max retries exceeded" not in said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"status": 500}, r"too many 500 error responses\. What to do: .* try again later"),
        ({"status": 429}, r"HTTP 429, TooManyRequests, .*\. What to do: the service throttles this client"),
        ({"status": 401}, r"HTTP 401, .*\. What to do: .* resource_manager_audience"),
        ({"status": 200, "body": "<html>"}, r"not the Resource Manager's: .* What to do: the reply did not"),
    ],
)
def test_what_to_do(connect, emulator, account, rule, said):
    """Trouble of the Resource Manager, or another server in its place, is reported with what to do."""
    connect(subscription_id=emulator.subscription_id, retries=0)
    with (
        emulator.fault(operation="accounts.get", account=account, **rule),
        pytest.raises(RequestError, match=rf"accounts\.get in account {account}: .*{said}"),
    ):
        ADLSGen1Hook().get_account(account)


def test_no_token(connect, emulator, account):
    """A failed sign-in is raised as itself."""
    connect(login=emulator.client_id, password="wrong~Secret.0123456789")
    with pytest.raises(SignInError):
        ADLSGen1Hook().get_account(account)
