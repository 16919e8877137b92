"""Airflow starts with logs in a lake, on each version, and finds what writes and reads them."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
import textwrap
from pathlib import Path

import airflow
import pytest

from airflow_provider_adls.logs import remote
from airflow_provider_adls.provider_info import get_provider_info

IS_AIRFLOW_3 = not airflow.__version__.startswith("2.")
LOGGING_CONFIG = "airflow_provider_adls.logs.config.LOGGING_CONFIG"
CONFIG = str(Path(remote.__file__).with_name("config.py"))
PROGRAM = """
    import json, logging
    from airflow import settings
    settings.initialize()
    from airflow_provider_adls.logs import config
    handler = next(one for one in logging.getLogger("airflow.task").handlers if one.name == "task")
    found = {"handler": type(handler).__name__, "delay": handler.delay}
    try:
        from airflow.sdk.log import load_remote_conn_id, load_remote_log_handler
        io = load_remote_log_handler()
        found["conn_id"] = load_remote_conn_id()
    except ImportError:
        io = getattr(handler, "io", None)
    found["io"] = type(io).__name__
    if io is not None:
        found["base"], found["delete"] = io.remote_base, io.delete_local_copy
    import os
    found["switch"] = os.environ["AIRFLOW__LOGGING__REMOTE_LOGGING"]
    print(json.dumps(found))
"""


def start(program=PROGRAM, **options):
    """Run a process of Airflow with options of the section `logging`."""
    options = {"logging_config_class": LOGGING_CONFIG, "remote_logging": "True"} | options
    variables = {f"AIRFLOW__LOGGING__{name.upper()}": value for name, value in options.items() if value}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        env=os.environ | variables,
        check=False,
    )


def found(**options):
    done = start(**options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def load(monkeypatch):
    """Loads the configuration in this process, as Airflow does at its start."""

    def load_it(**options):
        options = {"remote_logging": "True", "remote_base_log_folder": "adl://lake/logs"} | options
        for name, value in options.items():
            monkeypatch.setenv(f"AIRFLOW__LOGGING__{name.upper()}", value)
        return runpy.run_path(CONFIG)

    return load_it


def test_logs_in_a_lake():
    """The settings of the guide give the lake's logs, by the default connection."""
    folder = "adl://lake.azuredatalakestore.net/logs"
    expected = {
        "handler": "FileTaskHandler" if IS_AIRFLOW_3 else "ADLSGen1TaskHandler",
        "io": "ADLSGen1RemoteLogIO",
        "base": folder,
        "delete": False,
        "delay": False,
        "switch": "True",
    }
    if IS_AIRFLOW_3:
        expected["conn_id"] = "adls_gen1_default"
    assert found(remote_base_log_folder=folder) == expected


def test_options(load):
    """The connection's id, the deletion of local logs, and the file handler's options are taken."""
    assert load(delete_local_logs="True")["REMOTE_TASK_LOG"].delete_local_copy is True
    by_handler = found(
        remote_base_log_folder="adl://lake/logs",
        remote_log_conn_id="mine",
        remote_task_handler_kwargs='{"delete_local_copy": true, "delay": true}',
    )

    assert by_handler["delete"] is by_handler["delay"] is True
    assert by_handler.get("conn_id", "mine") == "mine"


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("remote_base_log_folder", "adl://", "names no account"),
        ("remote_base_log_folder", "adl://l/logs", "is not an account name"),
        ("remote_task_handler_kwargs", '{"delete_locla_copy": true}', "has no option 'delete_locla_copy'"),
        ("remote_task_handler_kwargs", "[1]", "must be a JSON object"),
    ],
)
def test_settings_that_cannot_be_right(load, option, value, message):
    """What is misspelt is an error with the option's name or its value."""
    with pytest.raises((TypeError, ValueError), match=message):
        load(**{option: value})


def test_a_wrong_setting_ends_airflow():
    """An error of the configuration ends Airflow at its start, and is shown."""
    done = start(remote_base_log_folder="adl://")
    assert done.returncode != 0
    assert "names no account" in done.stderr


def test_other_logs_are_airflows(load):
    """Without remote logs, and with those of another provider, the configuration is Airflow's own."""
    from airflow.config_templates import airflow_local_settings as own

    assert load(remote_logging="False")["LOGGING_CONFIG"] is own.DEFAULT_LOGGING_CONFIG
    # That provider is not installed here.
    assert "microsoft" in start(remote_base_log_folder="wasb-logs").stderr


@pytest.mark.parametrize("switch", ["True", None])
def test_the_switch_is_as_it_was(monkeypatch, switch):
    """The switch of remote logs is off only while Airflow's own configuration is imported."""
    from airflow_provider_adls.logs import config

    name = "AIRFLOW__LOGGING__REMOTE_LOGGING"
    if switch is None:
        monkeypatch.delenv(name, raising=False)
    else:
        monkeypatch.setenv(name, switch)
    assert "task" in config._without_remote_logs().DEFAULT_LOGGING_CONFIG["handlers"]
    assert os.environ.get(name) == switch


@pytest.mark.skipif(not IS_AIRFLOW_3, reason="Airflow 2 reads no such entry")
def test_core_refuses_the_scheme():
    """Airflow's own configuration fails on the scheme: the day it does not, the guide needs no class."""
    done = start(logging_config_class=None, remote_base_log_folder="adl://lake/logs")
    assert "Incorrect remote log configuration" in done.stderr


def test_provider_info_names_it():
    """Airflow 3.3 finds the class by the scheme, where it needs no configuration class."""
    pytest.importorskip("airflow.sdk.providers_manager_runtime")
    from airflow.providers_manager import ProvidersManager

    if not hasattr(ProvidersManager, "remote_logging_handler_by_scheme"):
        pytest.skip("Airflow 3.3 has it")
    info = ProvidersManager().remote_logging_handler_by_scheme("adl")

    assert info.classpath == "airflow_provider_adls.logs.remote.ADLSGen1RemoteLogIO"
    assert {"classpath": info.classpath, "scheme": "adl"} in get_provider_info()["remote-logging"]
