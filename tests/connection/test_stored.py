"""Connections by id, and why the environment's cannot be read."""

from __future__ import annotations

import json

import pytest
from airflow.providers.common.compat.sdk import AirflowNotFoundException, BaseHook

from airflow_provider_adls.connection.stored import ConnectionNotFoundError, error_of_event
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import ConnectionFieldError

CLIENT = "77777777-7777-4777-8777-777777777777"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"conn_type": "adls_gen1", "password": "hush-hush"', "not JSON: .*, line 1, column 51"),
        ("{'conn_type': 'adls_gen1', 'password': 'hush-hush'}", "not JSON: .*, line 1, column 2"),
        (json.dumps({"tenant_id": "x", "password": "hush-hush"}), "no key 'tenant_id'; what .* is in extra"),
        (json.dumps({"port": "hush-hush"}), "port is a number"),
        pytest.param(f'{{"extra": {"[" * 100_000}"hush"', "nested too deeply", id="deep"),
        (f"adls-gen1://{CLIENT}:hush/hush?d#e@f@/?tenant_id=x", "every part is percent-encoded"),
    ],
)
def test_a_variable_that_airflow_cannot_read(monkeypatch, text, why):
    """Where Airflow would report a missing connection, the error says what is wrong, without a value."""
    monkeypatch.setenv("AIRFLOW_CONN_MY_LAKE", text)
    with pytest.raises(ConnectionFieldError, match=rf"AIRFLOW_CONN_MY_LAKE: .*{why}") as caught:
        ADLSGen1Hook("my_lake").filesystem.ls("/")
    assert "hush" not in str(caught.value)
    assert ADLSGen1Hook("my_lake").test_connection() == (False, str(caught.value))


def test_no_connection(monkeypatch):
    """Where there is none, the error is Airflow's and ours, and says what to do."""
    monkeypatch.delenv("AIRFLOW_CONN_NO_SUCH_LAKE", raising=False)
    with pytest.raises(
        AirflowNotFoundException, match=r"no_such_lake.*set AIRFLOW_CONN_NO_SUCH_LAKE"
    ) as caught:
        ADLSGen1Hook("no_such_lake").filesystem.ls("/")
    assert type(caught.value) is ConnectionNotFoundError
    assert isinstance(caught.value, ConnectionFieldError)


@pytest.mark.parametrize("name", ["ConnectionNotFoundError", "AirflowNotFoundException"])
def test_no_connection_in_the_triggerer(name):
    """What a trigger's event names is raised as the class that a worker raises."""
    assert type(error_of_event(name, "there is none")) is ConnectionNotFoundError


def test_a_hook_that_gets_it_elsewhere(hook):
    """A subclass of the hook may have its own way to get a connection, as hooks of Airflow's may."""

    class Elsewhere(ADLSGen1Hook):
        @classmethod
        def get_connection(cls, conn_id):
            return BaseHook.get_connection("adls_gen1_default")

    assert hook.settings == Elsewhere("no_such_lake").settings
