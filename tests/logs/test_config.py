"""Airflow starts with logs in a lake, on each version, and finds what writes and reads them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import airflow
import pytest

from airflow_provider_adls.provider_info import get_provider_info

IS_AIRFLOW_3 = not airflow.__version__.startswith("2.")
LOGGING_CONFIG = "airflow_provider_adls.logs.config.LOGGING_CONFIG"
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


@pytest.mark.parametrize("folder", ["adl://lake/logs", "adl://lake.azuredatalakestore.net/logs"])
def test_logs_in_a_lake(folder):
    """The settings of the guide give the lake's logs, by the default connection."""
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


def test_options():
    """The connection's id, the deletion of local logs, and the file handler's options are taken."""
    given = {"remote_base_log_folder": "adl://lake/logs", "remote_log_conn_id": "mine"}

    by_option = found(**given, delete_local_logs="True")
    by_handler = found(**given, remote_task_handler_kwargs='{"delete_local_copy": true, "delay": true}')

    assert by_option["delete"] is by_handler["delete"] is True
    assert by_handler["delay"] is True
    assert by_option.get("conn_id", "mine") == "mine"


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("remote_base_log_folder", "adl://", "names no account"),
        ("remote_base_log_folder", "adl://l/logs", "is not an account name"),
        ("remote_task_handler_kwargs", '{"delete_locla_copy": true}', "has no option 'delete_locla_copy'"),
        ("remote_task_handler_kwargs", "[1]", "must be a JSON object"),
    ],
)
def test_settings_that_cannot_be_right(option, value, message):
    """What is misspelt ends Airflow at its start, with the option's name or its value."""
    done = start(**{"remote_base_log_folder": "adl://lake/logs", option: value})
    assert done.returncode != 0
    assert message in done.stderr


@pytest.mark.parametrize("options", [{"remote_logging": "False"}, {"remote_base_log_folder": "wasb-logs"}])
def test_other_logs_are_airflows(options):
    """Without remote logs, and with those of another provider, the configuration is Airflow's own."""
    program = """
        from airflow import settings
        settings.initialize()
        from airflow_provider_adls.logs import config
        from airflow.config_templates import airflow_local_settings as own
        assert config.LOGGING_CONFIG is own.DEFAULT_LOGGING_CONFIG
        print(own.REMOTE_LOGGING)
    """
    done = start(program, **options)
    if "remote_logging" in options:
        assert done.stdout.split()[-1] == "False"
    else:
        # That provider is not installed here.
        assert "microsoft" in done.stderr


@pytest.mark.skipif(not IS_AIRFLOW_3, reason="Airflow 2 reads no such entry")
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
