"""Moves and transformations into the account of another connection, and the names of mapped tasks."""

from pathlib import Path

import pytest
from airflow.providers.common.compat.sdk import DAG

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.operators.accounts import ADLSGen1DeleteAccountOperator
from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator, ADLSGen1MoveOperator
from airflow_provider_adls.operators.transform import ADLSGen1FileTransformOperator
from airflow_provider_adls.sensors.adls_gen1 import ADLSGen1PathSensor


def shout(source, target):
    Path(target).write_bytes(Path(source).read_bytes().upper())


@pytest.fixture
def target(hook, connect, other_account):
    """A hook of a second connection, to another account; the first has two files."""
    hook.filesystem.pipe({"/in/a [1].csv": b"a", "/in/b.csv": b"b"})
    return ADLSGen1Hook(connect("other_lake", account_name=other_account))


@pytest.mark.parametrize("path", ["/in/*.csv", ["/in/a [1].csv", "/in/b.csv"]])
def test_a_move_to_another_connection(hook, target, path):
    """Files are copied to the other account and then deleted; a retry passes over them."""
    task = ADLSGen1MoveOperator(
        task_id="move", source_path=path, destination_path="/out/", destination_conn_id="other_lake"
    )
    assert task.execute({})["moved"] == 2
    assert target.filesystem.cat("/out/a [1].csv") == b"a"
    assert hook.filesystem.find("/in") == []
    if isinstance(path, list):
        assert task.execute({})["moved"] == 0


def test_a_transformation_into_another_connection(hook, target):
    """The new files appear in the other account, and the sources stay."""
    ADLSGen1FileTransformOperator(
        task_id="transform",
        source_path="/in",
        destination_path="/in",
        destination_conn_id="other_lake",
        python_callable=shout,
    ).execute({})
    assert target.filesystem.cat("/in/b.csv") == b"B"
    assert hook.filesystem.cat("/in/b.csv") == b"b"


@pytest.mark.parametrize(
    ("operator", "arguments", "label"),
    [
        (ADLSGen1DeleteOperator, {"path": ["/a", "/b"]}, "/a, /b"),
        (ADLSGen1MoveOperator, {"source_path": "/a", "destination_path": "/b/"}, "/a → /b/"),
        (ADLSGen1PathSensor, {"path": "/a/*"}, "/a/*"),
        (ADLSGen1DeleteOperator, {"path": f"/{'x' * 999}/1"}, f"…{'x' * 247}/1"),
        (ADLSGen1DeleteAccountOperator, {"account_name": "mylake"}, "mylake"),
    ],
)
def test_the_name_of_a_mapped_task(operator, arguments, label):
    """By default it is made of the paths, and no longer than Airflow keeps it; a DAG may say otherwise."""
    assert operator(task_id="task", **arguments).map_label == label
    with DAG("dag", schedule=None):
        mapped = operator.partial(task_id="mapped").expand(**{key: [one] for key, one in arguments.items()})
        named = operator.partial(task_id="named", map_index_template="{{ ti.map_index }}")
        named = named.expand(**{key: [one] for key, one in arguments.items()})
    assert mapped.map_index_template == "{{ task.map_label or ti.map_index }}"
    assert named.map_index_template == "{{ ti.map_index }}"
