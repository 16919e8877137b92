"""Lineage as OpenLineage's own client sends it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from airflow_provider_adls.operators.content import (
    ADLSGen1AppendToFileOperator,
    ADLSGen1ConcatenateOperator,
    ADLSGen1CreateFileOperator,
    ADLSGen1ReadFileOperator,
)
from airflow_provider_adls.operators.files import ADLSGen1ListOperator, ADLSGen1MoveOperator
from airflow_provider_adls.operators.sync import ADLSGen1SyncOperator
from airflow_provider_adls.operators.transform import ADLSGen1FileTransformOperator
from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator

DAGS = Path(__file__).parent / "dags"


def names(datasets) -> list[tuple[str, str]]:
    return [(dataset.namespace, dataset.name) for dataset in datasets]


@pytest.fixture
def namespace(account):
    return f"adl://{account}.azuredatalakestore.net"


def test_names_before_the_work(adls_gen1_connection, namespace, tmp_path, emulator, account):
    """On start both datasets are named, a glob by its directory, and nothing is asked of the lake."""
    task = ADLSGen1ToLocalOperator(task_id="t", remote_path="/raw/2026/*/day.csv", local_path=str(tmp_path))
    before = len(emulator.requests(account=account))

    lineage = task.get_openlineage_facets_on_start()

    assert names(lineage.inputs) == [(namespace, "raw/2026")]
    assert names(lineage.outputs) == [("file", str(tmp_path))]
    assert len(emulator.requests(account=account)) == before


def test_columns_and_size_after_it(hook, namespace, tmp_path, asked):
    """On completion a file has its columns on both sides, its size, and its name in a directory."""
    (tmp_path / "day.csv").write_text("order,pieces\n1,9\n")
    task = LocalToADLSGen1Operator(task_id="t", local_path=tmp_path / "day.csv", remote_path="/raw/")
    task.execute({})
    before = len(asked())

    lineage = task.get_openlineage_facets_on_complete(None)

    # The file is looked at once, and by fsspec once more as it is opened.
    assert asked()[before:] == ["GETFILESTATUS", "GETFILESTATUS", "OPEN"]
    (source,), (target,) = lineage.inputs, lineage.outputs
    assert names([source, target]) == [("file", f"{tmp_path}/day.csv"), (namespace, "raw/day.csv")]
    for dataset in (source, target):
        assert [field.name for field in dataset.facets["schema"].fields] == ["order", "pieces"]
    assert target.outputFacets["outputStatistics"].size == 17


def test_a_tree_has_its_directory(hook, namespace, tmp_path):
    """A directory of many files is one dataset, without columns."""
    (tmp_path / "out" / "a").mkdir(parents=True)
    (tmp_path / "out" / "a" / "day.csv").write_text("order\n1\n")
    task = LocalToADLSGen1Operator(task_id="t", local_path=tmp_path / "out", remote_path="/raw")
    task.execute({})

    lineage = task.get_openlineage_facets_on_complete(None)

    assert names(lineage.outputs) == [(namespace, "raw")]
    assert lineage.outputs[0].facets == {}


def test_other_stores_and_other_connections(connect, hook, namespace, emulator, tmp_path):
    """A destination has the account of its own connection, or the name that its store's files have."""
    connect("other", account_name="other")
    moves = {
        "/b": ("adl://other.azuredatalakestore.net", "b"),
        "adl://third/b": ("adl://third.azuredatalakestore.net", "b"),
        "s3://bucket/b": ("s3://bucket", "b"),
        f"file://{tmp_path}/b": ("file", f"{tmp_path}/b"),
    }
    for path, expected in moves.items():
        conn_id = "other" if path == "/b" else None
        task = ADLSGen1SyncOperator(
            task_id="t", source_path="/a", destination_path=path, destination_conn_id=conn_id
        )
        lineage = task.get_openlineage_facets_on_start()
        assert (names(lineage.inputs), names(lineage.outputs)) == ([(namespace, "a")], [expected])


def test_files_by_operators(hook, namespace, account):
    """What writes, reads, moves, joins or transforms files says which."""
    moves = [
        (ADLSGen1CreateFileOperator(task_id="a", path="/a.csv", data="n\n1\n"), [], ["a.csv"]),
        (ADLSGen1AppendToFileOperator(task_id="b", path="/a.csv", data="2\n"), [], ["a.csv"]),
        (ADLSGen1ReadFileOperator(task_id="c", path="/a.csv"), ["a.csv"], []),
        (
            ADLSGen1MoveOperator(task_id="d", source_path="/a.csv", destination_path="/in/"),
            ["a.csv"],
            ["in/a.csv"],
        ),
        (
            ADLSGen1FileTransformOperator(
                task_id="e", source_path="/in/a.csv", destination_path="/b.csv", transform_script=["cp"]
            ),
            ["in/a.csv"],
            ["b.csv"],
        ),
        (
            ADLSGen1ConcatenateOperator(
                task_id="f", source_path=["/in/a.csv", "/b.csv"], destination_path="/all.csv"
            ),
            ["in/a.csv", "b.csv"],
            ["all.csv"],
        ),
    ]
    for task, read, written in moves:
        task.execute({})
        lineage = task.get_openlineage_facets_on_complete(None)
        assert names(lineage.inputs) == [(namespace, name) for name in read]
        assert names(lineage.outputs) == [(namespace, name) for name in written]
        for dataset in lineage.outputs:
            assert [field.name for field in dataset.facets["schema"].fields] == ["n"]


def test_a_preview_moves_nothing(hook, tmp_path):
    """What only says what it would do has no lineage."""
    task = ADLSGen1ToLocalOperator(task_id="t", remote_path="/a", local_path=str(tmp_path), preview=True)
    assert task.get_openlineage_facets_on_complete(None).inputs == []


def test_failures_are_not_lineage_s(connect, tmp_path):
    """A wrong secret, or a path that is none, leaves names or nothing, and no error."""
    connect(password="wrong~Secret.0123456789")
    task = ADLSGen1ToLocalOperator(task_id="t", remote_path="/a.csv", local_path=str(tmp_path))
    assert len(task.get_openlineage_facets_on_complete(None).inputs) == 1
    task.remote_path = "no path"
    assert task.get_openlineage_facets_on_failure(None).inputs == []


def test_an_operator_that_moves_nothing(hook):
    """It leaves its lineage to the reports of the file system to the collector."""
    lineage = ADLSGen1ListOperator(task_id="t", path="/").get_openlineage_facets_on_complete(None)
    assert (lineage.inputs, lineage.outputs) == ([], [])


# Airflow starts a process of its own for it, and on some versions parts of it anew for each task.
@pytest.mark.timeout(900)
def test_events_of_a_real_run(hook, namespace, airflow_home, tmp_path):
    """OpenLineage's client sends the datasets of two transfers, and of a task with the file system alone."""
    (tmp_path / "day.csv").write_text("order,pieces\n1,9\n")
    events = tmp_path / "events.jsonl"
    transport = {"type": "file", "log_file_path": str(events), "append": True}

    code, said = airflow_home.run(
        *("airflow", "dags", "test", "lineage", "--conf", json.dumps({"folder": str(tmp_path)})),
        AIRFLOW__CORE__DAGS_FOLDER=str(DAGS),
        AIRFLOW__OPENLINEAGE__TRANSPORT=json.dumps(transport),
        AIRFLOW__OPENLINEAGE__EXECUTION_TIMEOUT="60",
    )

    assert code == 0, said
    complete = {
        event["job"]["name"]: event
        for event in map(json.loads, events.read_text().splitlines())
        if event["eventType"] == "COMPLETE" and event["job"]["name"].startswith("lineage.")
    }
    moved = {
        name: [[(one["namespace"], one["name"]) for one in event[side]] for side in ("inputs", "outputs")]
        for name, event in complete.items()
    }
    # The test command runs all tasks in one process, so that their collector is one.
    inputs, outputs = moved.pop("lineage.transform")
    assert inputs[-1:] == [(namespace, "raw/lineage/day.csv")]
    assert outputs[-1:] == [(namespace, "curated/day.csv")]
    assert moved == {
        "lineage.upload": [[("file", f"{tmp_path}/day.csv")], [(namespace, "raw/lineage/day.csv")]],
        "lineage.download": [[(namespace, "curated")], [("file", f"{tmp_path}/back")]],
    }
    columns = complete["lineage.upload"]["outputs"][0]["facets"]["schema"]["fields"]
    assert [column["name"] for column in columns] == ["order", "pieces"]
