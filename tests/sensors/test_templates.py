"""Templates of sensors: what is rendered, and what is refused at parse because it would not be."""

from importlib import import_module

import pytest

from airflow_provider_adls.provider_info import get_provider_info
from airflow_provider_adls.sensors.accounts import ADLSGen1AccountStateSensor
from airflow_provider_adls.sensors.adls_gen1 import (
    ADLSGen1DirectorySizeSensor,
    ADLSGen1PathSensor,
    ADLSGen1UnchangedSensor,
    ADLSGen1UpdatedSensor,
)
from airflow_provider_adls.sensors.looking import LookingSensor

SENSORS = {
    ADLSGen1AccountStateSensor: {"account_name": "mylake"},
    ADLSGen1PathSensor: {"path": "/raw"},
    ADLSGen1UpdatedSensor: {"path": "/raw"},
    ADLSGen1UnchangedSensor: {"path": "/raw"},
    ADLSGen1DirectorySizeSensor: {"path": "/raw", "min_files": 1},
}


def rows(*, templated):
    return [
        pytest.param(kind, name, id=f"{kind.__name__}-{name}")
        for kind in SENSORS
        for name, argument in kind.argument_table.items()
        if argument.templated is templated
    ]


def test_every_sensor_has_its_arguments():
    """A sensor that this test does not know is noticed."""
    modules = [name for part in get_provider_info()["sensors"] for name in part["python-modules"]]
    members = [member for name in modules for member in vars(import_module(name)).values()]
    sensors = [one for one in members if isinstance(one, type) and issubclass(one, LookingSensor)]
    assert set(SENSORS) == {one for one in sensors if one.__module__ in modules}


@pytest.mark.parametrize(("kind", "name"), rows(templated=False))
@pytest.mark.parametrize("value", ["{{ params.n }}", ["/a", "{{ ds }}"], {"key": "{% if x %}"}])
def test_a_template_that_is_not_rendered(kind, name, value):
    """It is refused by the constructor and by `partial`, and not taken for a value."""
    with pytest.raises(ValueError, match=f"argument '{name}': is not templated"):
        kind(task_id="task", **{**SENSORS[kind], name: value})
    with pytest.raises(ValueError, match=f"argument '{name}': is not templated"):
        kind.partial(task_id="task", **{name: value})


@pytest.mark.parametrize(("kind", "name"), rows(templated=True))
def test_a_template_that_is_rendered(kind, name):
    """It is taken at parse, for numbers and flags too."""
    task = kind(task_id="task", **{**SENSORS[kind], name: "{{ params.n }}"})
    assert getattr(task, name) == "{{ params.n }}"
    assert name in task.template_fields
