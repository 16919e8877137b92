"""What Airflow reads of the provider, against Airflow's own schemas and readers."""

import importlib
import inspect
import json
import pkgutil
from importlib.metadata import entry_points, metadata
from pathlib import Path

import airflow
import jsonschema
import pytest
from airflow.providers.common.compat.sdk import BaseHook, BaseOperator
from airflow.triggers.base import BaseTrigger

import airflow_provider_adls
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
IS_AIRFLOW_3 = not airflow.__version__.startswith("2.")
#: Parts that name their modules by integration.
PYTHON_MODULES = ("hooks", "operators", "sensors", "triggers")


def schema(name):
    return json.loads((Path(airflow.__file__).parent / name).read_text())


def modules():
    kinds = (*PYTHON_MODULES, "bundles") if IS_AIRFLOW_3 else PYTHON_MODULES
    parts = [part for kind in kinds for part in INFO[kind]]
    return [
        *[name for part in parts for name in part["python-modules"]],
        *[transfer["python-module"] for transfer in INFO["transfers"]],
        *INFO["filesystems"],
        *[name.rpartition(".")[0] for name in INFO["logging"]],
        *[entry["classpath"].rpartition(".")[0] for entry in INFO["remote-logging"]],
    ]


def defined(package, base):
    """Modules below a package that define a class for users of a base of Airflow's."""
    found = set()
    root = importlib.import_module(f"{airflow_provider_adls.__name__}.{package}")
    for module in pkgutil.iter_modules(root.__path__, f"{root.__name__}."):
        classes = inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
        for name, one in classes:
            own = issubclass(one, base) and one.__module__ == module.name and "ADLSGen1" in name
            # What only others derive from does nothing by itself.
            does = getattr(one, "execute", None) is not BaseOperator.execute and not inspect.isabstract(one)
            if own and does:
                found.add(module.name)
    return found


def test_is_what_the_runtime_schema_describes():
    """Airflow's schema for installed providers accepts it."""
    jsonschema.validate(INFO, schema("provider_info.schema.json"))


STRICT = schema("provider.yaml.schema.json")


@pytest.mark.parametrize(
    "part",
    [
        # Airflow 2 knows the one by its older name alone.
        "asset-uris" if "asset-uris" in STRICT["properties"] else "dataset-uris",
        "config",
        "connection-types",
        "filesystems",
        "integrations",
        "logging",
        "transfers",
        # Older versions of Airflow do not know them.
        *[part for part in ("bundles", "remote-logging") if part in STRICT["properties"]],
        *PYTHON_MODULES,
    ],
)
def test_parts_are_what_the_stricter_schema_describes(part):
    """The schema of provider.yaml, which also looks into fields, accepts each part."""
    jsonschema.validate({part: INFO[part]}, {**STRICT, "required": []})


@pytest.mark.parametrize(
    ("package", "base"),
    [
        ("hooks", BaseHook),
        ("operators", BaseOperator),
        ("sensors", BaseOperator),
        ("transfers", BaseOperator),
        ("triggers", BaseTrigger),
    ],
)
def test_nothing_is_left_out(package, base):
    """Every module that has a hook, operator, sensor, transfer or trigger for users is named."""
    assert defined(package, base) == {name for name in modules() if f".{package}." in name}


def test_no_file_system_and_no_asset_is_left_out():
    """Every module that has a file system or a kind of assets is named, with functions that are there."""
    for package, function, named in (
        ("fs", "get_fs", INFO["filesystems"]),
        ("assets", "sanitize_uri", [one["handler"].rpartition(".")[0] for one in INFO["asset-uris"]]),
    ):
        root = importlib.import_module(f"{airflow_provider_adls.__name__}.{package}")
        there = [module.name for module in pkgutil.iter_modules(root.__path__, f"{root.__name__}.")]
        assert [name for name in there if hasattr(importlib.import_module(name), function)] == named
    assert INFO["dataset-uris"] == INFO["asset-uris"]
    for name in ("handler", "factory", "to_openlineage_converter"):
        module, _, function = INFO["asset-uris"][0][name].rpartition(".")
        assert callable(getattr(importlib.import_module(module), function))


# Airflow's commands take a busy machine a minute each, and its database as long.
@pytest.mark.timeout(900)
def test_airflow_shows_it(airflow_home):
    """Airflow's command line lists provider, hook, triggers and configuration."""
    shown = {
        "list": PACKAGE,
        "hooks": CONNECTION["hook-class-name"],
        "triggers": INFO["triggers"][0]["python-modules"][0],
        "configs": CONNECTION_TYPE,
    }
    for command, expected in shown.items():
        code, said = airflow_home.run("airflow", "providers", command, "--output", "json")
        assert code == 0, said
        assert expected in said


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
