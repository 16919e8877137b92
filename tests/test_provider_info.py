"""What Airflow reads of the provider, against Airflow's own schemas and readers."""

import importlib
import json
from importlib.metadata import entry_points, metadata
from pathlib import Path

import airflow
import jsonschema
import pytest

from airflow_provider_adls.connection_form import CONNECTION_TYPE
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.provider_info import get_provider_info

try:
    from airflow.sdk.providers_manager_runtime import ProvidersManagerTaskRuntime as ProvidersManager
except ImportError:
    # Before Airflow 3.2 there is one for all.
    from airflow.providers_manager import ProvidersManager

INFO = get_provider_info()
CONNECTION = INFO["connection-types"][0]
PACKAGE = "airflow-provider-adls"
#: Parts that name their modules by integration.
PYTHON_MODULES = ("hooks", "operators", "sensors", "triggers")


def schema(name):
    return json.loads((Path(airflow.__file__).parent / name).read_text())


def modules():
    parts = [part for kind in PYTHON_MODULES for part in INFO[kind]]
    return [
        *[name for part in parts for name in part["python-modules"]],
        *[transfer["python-module"] for transfer in INFO["transfers"]],
        *INFO["filesystems"],
    ]


def test_is_what_the_runtime_schema_describes():
    """Airflow's schema for installed providers accepts it."""
    jsonschema.validate(INFO, schema("provider_info.schema.json"))


@pytest.mark.parametrize("part", ["connection-types", "integrations", "transfers", *PYTHON_MODULES])
def test_parts_are_what_the_stricter_schema_describes(part):
    """The schema of provider.yaml, which also looks into fields, accepts each part."""
    jsonschema.validate(INFO[part], schema("provider.yaml.schema.json")["properties"][part])


def test_names_the_distribution():
    """Package name and distribution are one, without which Airflow discovers no provider at all."""
    assert PACKAGE == INFO["package-name"] == metadata(PACKAGE)["Name"]


def test_entry_point_leads_to_it():
    """The entry point that Airflow looks for gives this metadata."""
    points = [point for point in entry_points(group="apache_airflow_provider") if point.dist.name == PACKAGE]
    assert [point.load()() for point in points] == [INFO]


@pytest.mark.parametrize("name", modules())
def test_modules_exist(name):
    """Every module that is named can be imported."""
    assert name == importlib.import_module(name).__name__


def test_integrations_are_declared():
    """Every integration that a part names is among the integrations."""
    declared = {integration["integration-name"] for integration in INFO["integrations"]}
    used = {part["integration-name"] for kind in PYTHON_MODULES for part in INFO[kind]} | {
        transfer[side]
        for transfer in INFO["transfers"]
        for side in ("source-integration-name", "target-integration-name")
    }
    assert used == declared


def test_airflow_lists_the_connection_type():
    """Airflow's provider manager has the hook for the connection type, with its name."""
    hook = ProvidersManager().hooks[CONNECTION_TYPE]
    assert (hook.hook_class_name, hook.hook_name, hook.connection_id_attribute_name) == (
        CONNECTION["hook-class-name"],
        CONNECTION["hook-name"],
        ADLSGen1Hook.conn_name_attr,
    )
