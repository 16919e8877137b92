"""The hook: from a stored connection to signed-in clients."""

import os
import time
from pathlib import Path

import certifi
import pytest
from airflow.providers.common.compat.sdk import BaseHook
from msrestazure.azure_active_directory import AADTokenCredentials

from airflow_provider_adls.hooks.adls_gen1 import USER_AGENT, ADLSGen1Hook
from airflow_provider_adls.model.errors import ConnectionFieldError, PathError

OTHER = "44444444-4444-4444-8444-444444444444"


def tokens(emulator):
    return [request for request in emulator.requests if request.service == "login"]


def test_nothing_is_read_before_it_is_needed(monkeypatch):
    """A hook of a connection that does not exist can be made, as happens when a DAG is parsed."""
    monkeypatch.delenv("AIRFLOW_CONN_ADLS_GEN1_DEFAULT", raising=False)
    assert ADLSGen1Hook().adls_gen1_conn_id == "adls_gen1_default"


def test_airflow_makes_it(hook):
    """Airflow's own way from a connection to its hook leads here."""
    made = BaseHook.get_hook("adls_gen1_default")
    assert (type(made), made.settings) == (ADLSGen1Hook, hook.settings)


def test_account_of_the_hook_wins(hook):
    """An account given to the hook, by its full name too, is used in place of the connection's."""
    assert ADLSGen1Hook(account_name="Other.azuredatalakestore.net").account_name == "other"


def test_account_that_cannot_be():
    """A wrong account name is refused at once."""
    with pytest.raises(PathError, match="is not an account name"):
        ADLSGen1Hook(account_name="no such")


def test_no_account(connect):
    """Without an account the error names the field."""
    connect(account_name="")
    with pytest.raises(ConnectionFieldError, match="account_name") as caught:
        _ = ADLSGen1Hook().filesystem
    assert caught.value.field == "account_name"


def test_no_subscription(connect, emulator):
    """Accounts are not managed without a subscription, and the error names the field."""
    connect(
        cloud="public",
        login=emulator.client_id,
        password=emulator.client_secret,
        tenant_id=emulator.tenant_id,
    )
    with pytest.raises(ConnectionFieldError) as caught:
        ADLSGen1Hook().get_account_client()
    assert caught.value.field == "subscription_id"


def test_no_endpoint(connect, emulator):
    """A cloud that never named a host for Gen1 needs the endpoint, and the error names the field."""
    connect(
        cloud="china",
        login=emulator.client_id,
        password=emulator.client_secret,
        tenant_id=emulator.tenant_id,
    )
    with pytest.raises(ConnectionFieldError) as caught:
        ADLSGen1Hook().get_conn()
    assert caught.value.field == "endpoint"


def test_endpoint_of_the_connection(connect, emulator, account):
    """An endpoint template stands in place of the cloud's own."""
    connect(endpoint="https://{account}.lake.example.com")
    assert ADLSGen1Hook().endpoint_of(account) == f"https://{account}.lake.example.com"


def test_credentials_are_kept(hook):
    """Both credentials are made once, and the Resource Manager's is msrestazure's kind."""
    assert hook.arm_credentials is hook.arm_credentials
    assert hook.filesystem_credentials is hook.filesystem_credentials
    assert isinstance(hook.arm_credentials, AADTokenCredentials)


def test_credentials_show_no_secret(hook, emulator):
    """Neither hook nor credentials show the secret in their repr."""
    shown = f"{hook!r} {hook.arm_credentials!r} {hook.filesystem_credentials!r} {hook.filesystem!r}"
    assert emulator.client_secret not in shown


def test_account_client(hook, account):
    """The SDK's client is signed in, at the cloud's Resource Manager, with our name in its user agent."""
    client = hook.get_account_client()
    assert client.accounts.get("rg", account).name == account
    assert USER_AGENT in client.config.user_agent


def test_account_client_trusts_the_ca_file_only(connect, emulator, tmp_path):
    """The CA file of the connection is what the Resource Manager's certificate is checked against."""
    other = tmp_path / "other.pem"
    other.write_bytes(Path(certifi.where()).read_bytes())
    connect(ca_file=str(other))
    right, said = ADLSGen1Hook().test_connection()
    assert not right
    assert "CA file" in said


def test_the_ca_file_goes_before_the_environment(hook, account, monkeypatch):
    """The connection's CA file counts for every service, whatever `REQUESTS_CA_BUNDLE` says."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    assert hook.test_connection()[0]
    assert hook.get_account(account).name == account
    assert hook.get_conn().ls("/") == hook.filesystem.ls("/") == []


def test_get_conn_is_the_sdk_s(hook):
    """The SDK's file system works at the connection's endpoint, over the connection's CA."""
    filesystem = hook.get_conn()
    with filesystem.open("/a b/ä.txt", "wb") as file:
        file.write(b"sdk")
    assert filesystem.ls("/a b") == ["a b/ä.txt"]
    assert hook.filesystem.cat("/a b/ä.txt") == b"sdk"


def test_filesystems_by_account(hook, account):
    """There is one file system per account, under either name."""
    assert hook.filesystem is hook.filesystem_of(f"{account}.azuredatalakestore.net")
    assert hook.filesystem_of("other") is not hook.filesystem


def test_connection_test_signs_in_anew(hook, emulator, account):
    """A good connection: both sign-ins and the account answered, and no token was taken from a cache."""
    hook.filesystem.ls("/")
    hook.get_account(account)
    emulator.clear_requests()
    right, said = hook.test_connection()
    assert right, said
    assert said == (
        f"Resource Manager: signed in; account {account} in eastus2, resource group rg, answered."
        f" File system: signed in; Gen1 account {account} answered at {emulator.url}/adls/{account}."
    )
    assert len(tokens(emulator)) == 2


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"resource_group": ""}, "Resource Manager: signed in; account"),
        (
            {"resource_group": "", "account_name": ""},
            "File system: signed in; the connection has no account_name",
        ),
    ],
)
def test_connection_test_of_what_is_known(connect, extra, said):
    """What a connection leaves empty is not asked for, and the message says so."""
    connect(**extra)
    right, message = ADLSGen1Hook().test_connection()
    assert right, message
    assert said in message


def test_connection_test_without_subscription(connect, emulator, monkeypatch):
    """Without a subscription the Resource Manager gives a token and is asked for nothing."""
    monkeypatch.setenv("ADLS_GEN1_EMULATOR", emulator.url)
    connect(
        login=emulator.client_id,
        password=emulator.client_secret,
        tenant_id=emulator.tenant_id,
        ca_file=emulator.ca_file,
    )
    monkeypatch.setenv("ADLS_GEN1_EMULATOR", emulator.url)
    right, message = ADLSGen1Hook().test_connection()
    assert right, message
    assert "the connection has no subscription_id, which files do not need" in message


def test_connection_test_of_a_missing_account(connect):
    """Signed in, but no such account: each service says so in its own words, and the test fails."""
    connect(account_name="nosuchaccount")
    right, message = ADLSGen1Hook().test_connection()
    assert not right
    assert "Resource Manager failed: accounts.get in account nosuchaccount" in message
    assert "File system failed: " in message


def test_connection_test_of_an_account_elsewhere(connect):
    """Without a resource group the account is looked for in the subscription."""
    connect(account_name="nosuchaccount", resource_group="")
    right, message = ADLSGen1Hook().test_connection()
    assert not right
    assert "accounts.list in account nosuchaccount: it is not there. What to do: none of the" in message


def test_connection_test_with_a_wrong_secret(connect, emulator):
    """A wrong secret is said to be wrong for both, though a right one's token is in the cache."""
    connect()
    ADLSGen1Hook().filesystem.ls("/")
    wrong = "wrong~Secret.0123456789"
    connect(login=emulator.client_id, password=wrong)
    right, message = ADLSGen1Hook().test_connection()
    assert not right
    assert message.startswith("Resource Manager and File system failed: ")
    assert message.count("the client secret is not one of client") == 1
    assert wrong not in message


def test_connection_test_where_nobody_answers(connect, emulator):
    """A failure that keeps both from signing in is reported once, with what to do."""
    connect(authority="https://127.0.0.1:9", retries=0)
    right, message = ADLSGen1Hook().test_connection()
    assert not right
    assert message.startswith("Resource Manager and File system failed: sign-in failed: https://127.0.0.1:9")
    assert message.count("could not be reached") == message.count("adls-gen1 emulator start") == 1


def test_connection_test_with_a_secret_that_is_none(connect, emulator):
    """A placeholder in a field is reported as wrong, in a line that can be read, and not shown."""
    connect(login=emulator.client_id, password="Zq")
    right, message = ADLSGen1Hook().test_connection()
    assert not right
    assert "the client secret is not one of client" in message
    assert not {"Zq", "***"} & set(message.replace("'", " ").split())


def test_connection_test_with_an_expired_secret(connect, emulator):
    """A secret that has expired since the last sign-in fails the test."""
    emulator.add_principal(OTHER, "was~Good.0123456789", super_user=True)
    connect(login=OTHER, password="was~Good.0123456789")
    hook = ADLSGen1Hook()
    assert hook.test_connection()[0]
    emulator.add_principal(OTHER, "was~Good.0123456789", super_user=True, secret_expires_on=time.time() - 1)
    right, message = hook.test_connection()
    assert not right
    assert "has expired" in message


def test_connection_test_of_a_malformed_connection(connect):
    """A malformed field is what the test says, before anything is asked."""
    connect(tenant_id="contoso")
    right, message = ADLSGen1Hook().test_connection()
    assert (right, "'tenant_id'" in message) == (False, True)


def test_connection_test_of_a_random_id(hook, monkeypatch):
    """Airflow's connection test stores the connection under a random id, which the hook goes by."""
    stored = os.environ["AIRFLOW_CONN_ADLS_GEN1_DEFAULT"]
    monkeypatch.delenv("AIRFLOW_CONN_ADLS_GEN1_DEFAULT")
    monkeypatch.setenv("AIRFLOW_CONN_AIRFLOW_DB_TEST_CONN_X1", stored)
    right, message = BaseHook.get_hook("airflow_db_test_conn_x1").test_connection()
    assert right, message
