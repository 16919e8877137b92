"""The comparison with other providers leaves out nothing that is here, and names nothing that is not."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from airflow.dag_processing.bundles.base import BaseDagBundle
from airflow.providers.common.compat.sdk import BaseOperator
from airflow.utils.log.file_task_handler import FileTaskHandler

from airflow_provider_adls.logs.remote import ADLSGen1RemoteLogIO
from airflow_provider_adls.provider_info import get_provider_info

DOCS = Path(__file__).parents[2] / "docs"
OURS = re.compile(r"`((?:ADLSGen1|LocalToADLSGen1|ObjectStorageToADLSGen1)\w*)`")


def there() -> dict[str, type]:
    """Classes for users, by name."""
    info = get_provider_info()
    parts = [part for kind in ("hooks", "operators", "sensors", "triggers") for part in info[kind]]
    modules = [name for part in parts for name in part["python-modules"]]
    modules += [transfer["python-module"] for transfer in info["transfers"]]
    modules += [name for part in info["bundles"] for name in part["python-modules"]]
    modules += [one.rpartition(".")[0] for one in info["logging"]]
    modules += [one["classpath"].rpartition(".")[0] for one in info["remote-logging"]]
    modules += ["airflow_provider_adls.xcom.backend", "airflow_provider_adls.policies.retry"]
    return {
        name: member
        for module in map(importlib.import_module, modules)
        for name, member in vars(module).items()
        if isinstance(member, type) and member.__module__ == module.__name__ and OURS.fullmatch(f"`{name}`")
    }


def named(page: str) -> set[str]:
    return set(OURS.findall((DOCS / page).read_text()))


def test_nothing_is_invented():
    """Each class of ours that the pages name is one."""
    assert named("compared.md") | named("from-the-official-hook.md") <= there().keys()


def test_nothing_is_left_out():
    """Each operator, sensor, transfer, bundle and kind of logs stands in the comparison."""
    kinds = (BaseOperator, BaseDagBundle, FileTaskHandler, ADLSGen1RemoteLogIO)
    ours = {name for name, member in there().items() if issubclass(member, kinds)}
    assert ours <= named("compared.md")


def test_tables_are_whole():
    """Each row of the comparison has all its columns."""
    rows = [line for line in (DOCS / "compared.md").read_text().splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {6}
