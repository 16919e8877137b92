"""What the README says is so."""

import inspect
import json
import re
from importlib import import_module
from itertools import dropwhile, takewhile
from pathlib import Path

import airflow
import pytest
from airflow.providers.common.compat.sdk import AirflowOptionalProviderFeatureException

from airflow_provider_adls.connection_form import FIELDS, RELABELING
from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.provider_info import get_provider_info

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def rows(heading: str) -> list[list[str]]:
    """Cells of the first table after a heading, without its head."""
    lines = README.split(f"## {heading}\n", 1)[1].splitlines()
    table = takewhile(_is_row, dropwhile(lambda line: not _is_row(line), lines))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in list(table)[2:]]


def _is_row(line: str) -> bool:
    return line.startswith("|")


@pytest.fixture
def connected(connect, account):
    """The default connection leads to the emulator and a clean account."""
    connect()
    return account


def test_the_dag_parses():
    """The README's DAG is a DAG of three tasks in a row."""
    names: dict[str, object] = {}
    exec(blocks("python")[0], names)
    assert [names["folder"].downstream_task_ids, names["upload"].downstream_task_ids] == [
        {"upload"},
        {"list"},
    ]


def test_the_hook_reads_and_writes(connected, capsys):
    """The README's lines with the hook write a file and print it."""
    exec(blocks("python")[1], {})
    # Airflow 2.11 logs to the same place.
    assert capsys.readouterr().out.splitlines()[-1] == "['/raw/day.csv'] b'order,pieces\\n1,9\\n'"


def test_the_connections_are_read(monkeypatch, emulator, tmp_path):
    """Each connection that the README shows is one that the hook reads."""
    shown = re.findall(r"AIRFLOW_CONN_ADLS_GEN1_DEFAULT='(.*?)'$", README, re.DOTALL | re.MULTILINE)
    assert len(shown) == 2
    ready = tmp_path / "ready.json"
    ready.write_text(json.dumps(emulator.ready))
    monkeypatch.setenv("ADLS_GEN1_EMULATOR", str(ready))
    for text in shown:
        monkeypatch.setenv("AIRFLOW_CONN_ADLS_GEN1_DEFAULT", text)
        assert ADLSGen1Hook().settings.account_name == "mylake"


def test_the_table_of_the_connection_is_the_form():
    """The README's table names every field of the form by its label and key, and no other."""
    shown = [(label, re.sub(r"^extra |`", "", key)) for label, key, _ in rows("Connect")]
    form = [(label, key) for key, label in RELABELING.items()]
    assert shown == form + [(field.label, field.name) for field in FIELDS]


def test_the_emulators_identity_is_the_one_that_is_shown():
    """The README shows the tenant, client, secret and subscription that every emulator has."""
    assert [value.strip("`") for _, value in rows("The emulator")] == [
        well_known.TENANT_ID,
        well_known.CLIENT_ID,
        well_known.CLIENT_SECRET,
        well_known.SUBSCRIPTION_ID,
    ]


def test_every_mentioned_file_exists():
    """Every class and module in the README's table can be imported, where this Airflow has what it needs."""
    for what, where in rows("Contents"):
        try:
            module = import_module(where.strip("`"))
        except (AirflowOptionalProviderFeatureException, ImportError):
            assert airflow.__version__ < "3.3"
            continue
        for name in re.findall(r"`((?:ADLS|Emulator|auth)\w*|\w+Operator)`", what):
            assert hasattr(module, name), f"{name} is not in {where}"


def test_all_that_is_there_is_shown():
    """Every operator, sensor, transfer and trigger of provider info stands in the README's table."""
    info = get_provider_info()
    kinds = ("operators", "sensors", "triggers")
    modules = {name for kind in kinds for name in info[kind][0]["python-modules"]}
    modules |= {transfer["python-module"] for transfer in info["transfers"]}
    there = {
        (name, module)
        for module in modules
        for name, member in inspect.getmembers(import_module(module), inspect.isclass)
        if member.__module__ == module and not name.startswith("_") and not issubclass(member, Exception)
    }
    shown = {
        (name, where.strip("`")) for what, where in rows("Contents") for name in re.findall(r"`(\w+)`", what)
    }
    assert there - shown == set()
