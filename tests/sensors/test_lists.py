"""Sensors that wait for a list of paths: each of them has to be there."""

import asyncio

import pytest
from airflow.providers.common.compat.sdk import AirflowSensorTimeout, TaskDeferred

from airflow_provider_adls.sensors.adls_gen1 import (
    ADLSGen1DirectorySizeSensor,
    ADLSGen1PathSensor,
    ADLSGen1UnchangedSensor,
)
from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1PathTrigger
from airflow_provider_adls.waiting.several import url_of

LIST = ["/in/a[1].csv", "/in/b/*.csv", "/in/c d"]


def sensor(path=LIST, cls=ADLSGen1PathSensor, **arguments):
    return cls(task_id="wait", path=path, **{"poke_interval": 0, "timeout": 0, **arguments})


@pytest.fixture
def two(hook):
    """Two of three paths, and one whose name the first would match as a pattern."""
    for name in ("/in/a[1].csv", "/in/a1.csv", "/in/b/2.csv", "/in/b/1.csv"):
        hook.write_file(name, name)
    return hook


@pytest.mark.parametrize("deferrable", [False, True])
def test_all_of_them(two, deferrable):
    """The task ends when each path exists, and returns what each stands for, sorted and once."""
    two.make_directory("/in/c d")
    found = ["/in/a[1].csv", "/in/b/1.csv", "/in/b/2.csv", "/in/c d"]
    assert sensor([*LIST, "/in/b/1.csv"], deferrable=deferrable).execute({}) == found
    assert sensor(max_paths=2).execute({}) == found[:2]


def test_one_is_missing(two, mocker):
    """The wait goes on while one is missing, and the log names the first such path."""
    task = sensor()
    log = mocker.patch.object(task, "log_look")
    with pytest.raises(AirflowSensorTimeout):
        task.execute({})
    listed = "3 listed paths (first /in/a[1].csv)"
    missing = "2 of 3 paths, first missing /in/c d (0 of 1 matches)"
    assert log.call_args.args == (f"{listed}: {missing}",)


def test_deferred(two):
    """The triggerer waits for all of them, and the task returns the paths."""
    task = sensor(deferrable=True, timeout=60)
    with pytest.raises(TaskDeferred) as deferral:
        task.execute({})
    classpath, arguments = deferral.value.trigger.serialize()
    assert (classpath.rpartition(".")[2], arguments["path"]) == ("ADLSGen1PathTrigger", LIST)
    two.make_directory("/in/c d")

    async def event():
        return await anext(ADLSGen1PathTrigger(**arguments).run())

    payload = asyncio.run(event()).payload
    assert payload["status"] == "success"
    found = ["/in/a[1].csv", "/in/b/1.csv", "/in/b/2.csv", "/in/c d"]
    assert task.execute_complete({}, payload) == found


def test_unchanged(two):
    """Each upload of a list has to have ended."""
    done = sensor(["/in/a1.csv", "/in/b"], ADLSGen1UnchangedSensor, inactivity_period=0).execute({})
    assert done == ["/in/a1.csv", "/in/b/1.csv", "/in/b/2.csv"]
    with pytest.raises(AirflowSensorTimeout):
        sensor(["/in/b", "/in/c d"], ADLSGen1UnchangedSensor, inactivity_period=0).execute({})


@pytest.mark.parametrize(
    ("path", "match"),
    [
        ([], "'path': the list is empty"),
        (["/in/a", "raw"], "'path': path 'raw' is relative"),
        (["/in/a", "adl://other/b"], "'path': /in/a and adl://other/b are not in one account"),
        (["/in/a", 5], "'path': must be a string"),
    ],
)
def test_wrong_lists(path, match):
    """A list that cannot be waited for is refused at parse."""
    with pytest.raises(ValueError, match=match):
        sensor(path)


def test_one_directory():
    """A directory's size is that of one directory."""
    with pytest.raises(ValueError, match="'path': must be a string"):
        sensor(["/in"], ADLSGen1DirectorySizeSensor, min_files=1)


def test_key_of_a_watcher():
    """A list is the same, however its paths are written."""
    assert url_of(["/in/", "adl://lake.azuredatalakestore.net/in"]) == [
        url_of("/in"),
        url_of("adl://lake/in"),
    ]
