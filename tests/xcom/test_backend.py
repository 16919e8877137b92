"""Large XComs are files of a lake, whatever the run is called."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import pytest
from airflow.providers.common.compat.sdk import ObjectStoragePath

RUN_IDS = [
    "r",
    "scheduled__2026-11-29T00:00:00+00:00",
    "manual__2026-11-29T00:00:00.123456+00:00_x7Yz",
    "asset_triggered__2026-11-29T00:00:00+00:00_a1",
    "backfill__2026-11-29T00:00:00+00:00",
    "a run [1] 100% #2? é/ü",
]

SCRIPT = """
    import json, sys
    from types import SimpleNamespace
    from airflow.providers.common.io.xcom.backend import XComObjectStorageBackend
    from airflow_provider_adls.xcom.backend import ADLSGen1XComBackend as backend

    def row(stored):
        # 2.11 hands the backend the database's bytes, which hold the path as JSON.
        return SimpleNamespace(value=stored, key="return_value")

    def path(stored):
        return json.loads(stored) if isinstance(stored, bytes) else stored

    def is_file(stored):
        return str(path(stored)).startswith("adl://")

    small, large = {"n": 1}, {"rows": ["é" * 100] * 10}
    kept = []
    for place in json.loads(sys.argv[1]):
        where = dict(key="return_value", task_id="group.t", dag_id="d", run_id="r", map_index=-1) | place
        for value in (small, large):
            stored = backend.serialize_value(value, **where)
            assert backend.deserialize_value(row(stored)) == value, stored
            assert is_file(stored) == (value is large), stored
        # Set again by another try, it is the same file with the new value.
        again = backend.serialize_value(large | {"again": True}, **where)
        assert path(again) == path(stored), again
        assert backend.deserialize_value(row(stored)) == large | {"again": True}
        # The page shows the URL, and reads nothing.
        assert backend.orm_deserialize_value(row(stored)) == path(stored)
        kept.append(path(stored))

    deleted = backend.serialize_value(large, key="k", task_id="t", dag_id="d", run_id="deleted", map_index=-1)
    backend.purge(row(path(deleted)))
    backend.purge(row(path(deleted)))
    try:
        backend.deserialize_value(row(deleted))
    except FileNotFoundError as error:
        assert path(deleted) in str(error), error
    else:
        raise AssertionError("a lost value was read")

    # A text that reads like a URL of the folder is a value.
    base = kept[0].partition("/xcom/")[0] + "/xcom"
    where = dict(key="k", task_id="t", dag_id="d", run_id="texts", map_index=-1)
    for text in (f"{base}/no/file", f"{base}/../other", base, "adl://[/x"):
        stored = backend.serialize_value(text, **where)
        assert backend.deserialize_value(row(stored)) == text, stored
    backend.purge(row(path(backend.serialize_value(f"{base}/no/file", **where))))

    # What Airflow's own backend stored, with a connection of another id too, is read, and purged.
    old = XComObjectStorageBackend.serialize_value({"old": "x" * 1000}, **where | {"run_id": "by hand"})
    assert backend.deserialize_value(row(old)) == {"old": "x" * 1000}
    renamed = path(old).replace("//", "//renamed_", 1)
    stored = json.dumps(renamed).encode() if isinstance(old, bytes) else renamed
    assert backend.deserialize_value(row(stored)) == {"old": "x" * 1000}
    backend.purge(row(path(old)))
    print(json.dumps(kept))
"""
PLACES = [
    *({"run_id": run_id} for run_id in RUN_IDS),
    {"map_index": 0},
    {"map_index": 12, "run_id": "scheduled__2026-11-29T00:00:00+00:00"},
    {"key": "3"},
    {"key": "3/rows of [1] #2?"},
    {"key": "é" * 512},
    {"key": "é" * 511 + "è"},
    {"key": ".."},
    {"dag_id": "..", "run_id": ".", "task_id": "ä.b"},
]


def run_script(root, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    variables = {
        f"AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_{name}".upper(): to for name, to in settings.items()
    }
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH": str(root)} | variables,
        check=False,
    )


@pytest.fixture
def root(connect, account):
    """A path of the test's account; its connection's id is new, for Airflow keeps file systems by it."""
    return ObjectStoragePath(f"adl://{connect(f'conn_{account}')}@{account}/xcom")


@pytest.mark.parametrize("compression", [pytest.param("", marks=pytest.mark.long), "gzip"])
def test_any_place(root, account, compression):
    """A large value is stored, replaced, read, shown and purged, whatever its run, task and key are."""
    done = run_script(root, json.dumps(PLACES), threshold="500", compression=compression)
    assert done.returncode == 0, done.stderr
    urls = json.loads(done.stdout.splitlines()[-1])

    # Whatever else was stored was purged.
    found = root.fs.find(f"{account}/xcom")
    assert sorted(url.rpartition("@")[2] for url in urls) == found
    assert len(found) == len(PLACES)
    assert all(url.endswith(".json.gz" if compression else ".json") for url in urls)
    assert any("/d/scheduled__2026-11-29T00%3A00%3A00+00%3A00/group.t/12/" in url for url in urls)


def test_an_unknown_compression(root):
    """A compression that nothing can do is an error that names the setting and the choices."""
    done = run_script(root, json.dumps(PLACES), threshold="500", compression="zipp")
    assert done.returncode == 1
    assert "xcom_objectstorage_compression = zipp: must be one of " in done.stderr
    assert "gzip" in done.stderr
