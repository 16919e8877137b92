"""Who signs in: options, the environment, and connections of Airflow's."""

from __future__ import annotations

import os
import sys

import click
import pytest

from airflow_provider_adls.commands.sign_in import AZURE, Session, stored, variable_of
from airflow_provider_adls.connection_form import FIELDS

SECRET = "good~Secret.0123456789"
CLIENT = "77777777-7777-4777-8777-777777777777"


def test_every_field_has_a_variable(environment):
    """What a connection can say, the environment can say too, by the field's name."""
    variables = {variable_of(field.name): f"value of {field.name}" for field in FIELDS}
    extra = stored(variables, {}).extra
    assert extra == {field.name: f"value of {field.name}" for field in FIELDS}
    connection = stored({"ADLS_GEN1_CLIENT_ID": "a", "ADLS_GEN1_CLIENT_SECRET": SECRET}, {})
    assert (connection.login, connection.password) == ("a", SECRET)
    assert SECRET not in repr(connection)


def test_the_names_of_azure_identity(environment):
    """Its names are read behind ours and behind options, and not for the emulator."""
    variables = {name: f"from {name}" for name in AZURE.values()}
    connection = stored(variables, {})
    assert connection.login == "from AZURE_CLIENT_ID"
    assert connection.password == "from AZURE_CLIENT_SECRET"
    assert connection.extra["tenant_id"] == "from AZURE_TENANT_ID"
    assert stored({**variables, "ADLS_GEN1_CLIENT_ID": "ours"}, {}).login == "ours"
    assert stored(variables, {"client_id": "option"}).login == "option"
    assert stored({**variables, "ADLS_GEN1_CLOUD": "emulator"}, {}).login is None


def test_a_certificate_without_a_secret(environment):
    """A certificate's file alone says how to sign in, as in azure-identity."""
    variables = {"AZURE_CLIENT_CERTIFICATE_PATH": "/etc/etl.pem"}
    assert stored(variables, {}).extra["auth_method"] == "client_certificate"
    assert "auth_method" not in stored({**variables, "AZURE_CLIENT_SECRET": SECRET}, {}).extra


def test_nobody_to_sign_in_as(run, monkeypatch):
    """What is missing is named in the words of the command line, all at once: status 2."""
    monkeypatch.delenv("ADLS_GEN1_CLOUD")
    monkeypatch.setenv("AZURE_CLIENT_ID", CLIENT)
    ended = run("ls")
    assert (ended.status, ended.out) == (2, "")
    assert "no identity to sign in as: set AZURE_TENANT_ID, AZURE_CLIENT_SECRET; or" in ended.err
    assert "--conn-id" in ended.err
    assert "--cloud emulator" in ended.err


def test_fields_that_are_wrong(run, monkeypatch):
    """A malformed or missing value is said with what to set."""
    for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.setenv(f"ADLS_GEN1_{name}", CLIENT)
    ended = run("ls", "--cloud", "moon")
    assert ended.status == 2
    assert "Set ADLS_GEN1_CLOUD or give --cloud." in ended.err
    for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"ADLS_GEN1_{name}")
    monkeypatch.delenv("ADLS_GEN1_ACCOUNT_NAME")
    ended = run("ls")
    assert ended.status == 2
    assert "Set ADLS_GEN1_ACCOUNT_NAME or give --account." in ended.err
    monkeypatch.setenv("ADLS_GEN1_RETRIES", "many")
    ended = run("ls")
    assert ended.err.endswith("Set ADLS_GEN1_RETRIES.\n")


def test_an_account_by_option(run, done, lake, account, monkeypatch):
    """--account names the account of paths that name none."""
    monkeypatch.delenv("ADLS_GEN1_ACCOUNT_NAME")
    lake.pipe_file("/day.csv", b"1")
    assert done("ls", "--account", account).out == "/day.csv\n"
    ended = run("ls", "--account", "no such")
    assert ended.status == 2


def test_an_account_that_is_not_there(run):
    """An account that nobody has is status 3."""
    assert run("ls", "--account", "nosuchaccount").status == 3


def test_a_refused_secret(run, emulator, monkeypatch):
    """A refused sign-in is status 6, and the secret is in no message."""
    emulator.add_principal(CLIENT, SECRET)
    monkeypatch.setenv("ADLS_GEN1_CLIENT_ID", CLIENT)
    monkeypatch.setenv("ADLS_GEN1_CLIENT_SECRET", wrong := "wrong~Secret.0123456789")
    ended = run("ls")
    assert (ended.status, ended.out) == (6, "")
    assert wrong not in ended.err
    monkeypatch.setenv("ADLS_GEN1_CLIENT_SECRET", SECRET)
    ended = run("ls")
    assert ended.status == 5
    assert SECRET not in ended.err


def test_a_service_that_cannot_be_reached(run, closed_port, monkeypatch):
    """A service that does not answer is status 7: it may be worth another try."""
    monkeypatch.setenv("ADLS_GEN1_RETRIES", "0")
    assert run("ls", "--endpoint", f"https://127.0.0.1:{closed_port}").status == 7


def test_a_service_that_fails(run, fault, monkeypatch):
    """A service that is overloaded or fails is status 7 too."""
    monkeypatch.setenv("ADLS_GEN1_RETRIES", "0")
    fault(operation="LISTSTATUS", status=503)
    assert run("ls").status == 7


def test_secrets_have_no_options(run):
    """A secret on a command line would be seen by all who list processes."""
    assert run("ls", "--client-secret", SECRET).status == 2


@pytest.mark.parametrize("how", ["option", "variable"])
def test_a_connection_of_airflows(run, done, lake, connect, account, monkeypatch, how):
    """A connection is found by its id, of an option or the environment, and its account may be another."""
    lake.pipe_file("/day.csv", b"1")
    connect("my_lake")
    monkeypatch.delenv("ADLS_GEN1_CLOUD")
    monkeypatch.delenv("ADLS_GEN1_ACCOUNT_NAME")
    option = ("--conn-id", "my_lake") if how == "option" else ()
    if how == "variable":
        monkeypatch.setenv("ADLS_GEN1_CONN_ID", "my_lake")
    assert done("ls", *option).out == "/day.csv\n"
    assert run("ls", *option, "--account", "nosuchaccount").status == 3
    assert done("account", "show", account, *option, "--resource-group", "rg", "--json").records[0]["name"]


def test_a_connection_says_it_all(run, connect):
    """An option that the connection has too is refused beside it."""
    ended = run("ls", "--conn-id", connect(), "--cloud", "public")
    assert ended.status == 2
    assert "leave --cloud out" in ended.err


def test_a_connection_that_is_not_there(run):
    """It is named by its id."""
    ended = run("ls", "--conn-id", "no_such")
    assert ended.status != 0
    assert "no_such" in ended.err
    assert "Traceback" not in ended.err


def test_a_connection_without_airflow(run, connect, monkeypatch):
    """Where there is no Airflow, that is said."""
    monkeypatch.setitem(sys.modules, "airflow_provider_adls.hooks.adls_gen1", None)
    ended = run("ls", "--conn-id", connect())
    assert ended.status == 2
    assert "--conn-id needs Airflow" in ended.err


def test_options_come_before_the_variable(environment, monkeypatch):
    """An option of signing in means another way than the connection of the environment."""
    monkeypatch.setenv("ADLS_GEN1_CONN_ID", "my_lake")
    assert Session(None, None, {"cloud": None}).conn_id == "my_lake"
    assert Session(None, None, {"cloud": "emulator"}).conn_id is None
    assert Session(None, None, {"resource_group": "rg"}).conn_id == "my_lake"
    with pytest.raises(click.UsageError):
        Session("my_lake", None, {"cloud": "emulator"})


def test_secrets_of_a_session(environment, monkeypatch):
    """What the environment calls a secret is hidden before anything is read."""
    monkeypatch.setenv("AZURE_CLIENT_SECRET", SECRET)
    assert SECRET in Session(None, None, {}).secrets
    assert "HOME" in os.environ


def test_a_container(run, connect, adls_gen2_account, monkeypatch, tmp_path):
    """A container and a key lead to Gen2, the container by an option too; a URL names one as well."""
    (tmp_path / "a.csv").write_bytes(b"1")
    monkeypatch.setenv("ADLS_GEN1_AUTH_METHOD", "account_key")
    monkeypatch.setenv("ADLS_GEN1_CLIENT_SECRET", adls_gen2_account.key1)
    connect()
    signing_in = ("--cloud", "emulator", "--account", adls_gen2_account.name)
    option = ("--container", adls_gen2_account.container)
    assert run("put", *signing_in, *option, str(tmp_path / "a.csv"), "/raw/").status == 0
    monkeypatch.setenv("ADLS_GEN1_CONTAINER", adls_gen2_account.container)
    assert "/raw/a.csv" in run("ls", *signing_in, "/raw").out
    url = f"abfss://{adls_gen2_account.container}@{adls_gen2_account.name}.dfs.core.windows.net/raw"
    assert f"{url}/a.csv" in run("ls", *signing_in, url).out
