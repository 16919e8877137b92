"""A connection of cloud `emulator`: found by variable or ready file."""

import json
from pathlib import Path

import pytest
from airflow.providers.common.compat.sdk import Connection

from airflow_provider_adls.connection.emulator import VARIABLE, find_emulator
from airflow_provider_adls.connection.settings import parse_connection
from airflow_provider_adls.model.clouds import emulator_cloud
from airflow_provider_adls.model.errors import ConnectionFieldError


def settings(login=None, password=None, **extra):
    fields = {"cloud": "emulator", **extra}
    return parse_connection(
        Connection(conn_id="lake", login=login, password=password, extra=json.dumps(fields))
    )


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    folder = tmp_path / ".adls-gen1"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("how", ["by variable", "by default"])
def test_a_ready_file_fills_what_is_empty(how, home, emulator, monkeypatch):
    """The ready file gives URL, tenant, client, secret, subscription, resource group and CA file."""
    path = home / ("other.json" if how == "by variable" else "ready.json")
    path.write_text(json.dumps(emulator.ready))
    if how == "by variable":
        monkeypatch.setenv(VARIABLE, str(path))
    found = settings(account_name="lake")
    ready = {**emulator.ready, "url": found.cloud.authority, "proxy_url": emulator.proxy_url}
    del ready["storage_accounts"]
    assert found.cloud == emulator_cloud(emulator.url)
    assert ready == {
        "url": emulator.url,
        "proxy_url": emulator.proxy_url,
        "ca_file": found.ca_file,
        "tenant_id": found.tenant_id,
        "client_id": found.client_id,
        "client_secret": found.client_secret,
        "subscription_id": found.subscription_id,
        "resource_group": found.resource_group,
    }


def test_the_connection_s_own_fields_win(home, emulator):
    """What the connection says is not replaced."""
    (home / "ready.json").write_text(json.dumps(emulator.ready))
    other = "33333333-3333-4333-8333-333333333333"
    found = settings(login=other, password="own", tenant_id="own.example.com", subscription_id=other)
    assert (found.client_id, found.client_secret, found.tenant_id, found.subscription_id) == (
        other,
        "own",
        "own.example.com",
        other,
    )


def test_a_secret_goes_with_its_own_client(home, emulator):
    """The ready file's secret is not used for another client of the connection."""
    (home / "ready.json").write_text(json.dumps(emulator.ready))
    with pytest.raises(ConnectionFieldError) as caught:
        settings(login="33333333-3333-4333-8333-333333333333")
    assert caught.value.field == "password"


def test_by_url(home, emulator, monkeypatch):
    """A URL in the variable names the emulator; the connection has to say the rest."""
    monkeypatch.setenv(VARIABLE, emulator.url)
    assert find_emulator().cloud == emulator_cloud(emulator.url)
    with pytest.raises(ConnectionFieldError, match="tenant_id"):
        settings(login=emulator.client_id, password=emulator.client_secret)
    ready = emulator.ready
    found = settings(
        ready["client_id"], ready["client_secret"], tenant_id=ready["tenant_id"], ca_file=ready["ca_file"]
    )
    assert found.cloud.resource_manager == emulator.url


def test_no_emulator(home):
    """Where none is ready, the error says how to start one."""
    with pytest.raises(ConnectionFieldError, match="adls-gen1 emulator start") as caught:
        settings()
    assert str(home / "ready.json") in str(caught.value)
    assert caught.value.field == "cloud"


def test_an_emulator_that_has_ended(home, emulator, tmp_path):
    """A ready file whose emulator is gone with its certificates is an error that says how to start one."""
    (home / "ready.json").write_text(json.dumps(emulator.ready | {"ca_file": str(tmp_path / "ca.pem")}))
    with pytest.raises(ConnectionFieldError, match=r"has ended.*ca\.pem is gone.*adls-gen1 emulator start"):
        settings()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"url": 5}', '{"url": "ftp://x"}', "not json"])
def test_a_file_that_is_none(content, home):
    """A file that is not a ready file is named, and nothing of it shown."""
    (home / "ready.json").write_text(content)
    with pytest.raises(ConnectionFieldError, match=r"ready\.json") as caught:
        settings()
    assert caught.value.field == "cloud"


def test_a_folder_in_its_place(home, monkeypatch):
    """A ready file that cannot be read says why."""
    monkeypatch.setenv(VARIABLE, str(Path(home)))
    with pytest.raises(ConnectionFieldError, match="cannot be read: Is a directory"):
        settings()


def test_a_repr_hides_the_secret(home, emulator):
    """What was found shows no secret."""
    (home / "ready.json").write_text(json.dumps(emulator.ready))
    assert emulator.client_secret not in repr(find_emulator())
