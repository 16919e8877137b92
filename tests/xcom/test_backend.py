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
        return stored.decode().strip('"') if isinstance(stored, bytes) else stored

    small, large = {"n": 1}, {"rows": ["é" * 100] * 10}
    kept = []
    for run_id in json.loads(sys.argv[1]):
        where = dict(key="return_value", task_id="group.t", dag_id="d", run_id=run_id, map_index=-1)
        for value in (small, large):
            stored = backend.serialize_value(value, **where)
            assert backend.deserialize_value(row(stored)) == value, stored
            assert ("adl://" in str(stored)) == (value is large), stored
        purged = backend.serialize_value(large, **where)
        backend.purge(row(path(purged)))
        kept.append(path(stored))
    # What Airflow's own backend stored before is read, and purged.
    old = XComObjectStorageBackend.serialize_value({"old": "x" * 1000}, **{**where, "run_id": "by hand"})
    assert backend.deserialize_value(row(old)) == {"old": "x" * 1000}
    backend.purge(row(path(old)))
    print(json.dumps(kept))
"""


@pytest.fixture
def root(connect, account):
    """A path of the test's account; its connection's id is new, for Airflow keeps file systems by it."""
    return ObjectStoragePath(f"adl://{connect(f'conn_{account}')}@{account}/xcom")


@pytest.mark.parametrize("compression", ["", "gzip"])
def test_any_run_id(root, account, compression):
    """A value is stored, read and purged whatever the run's id is, and a small one stays in the database."""
    environment = {
        "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH": str(root),
        "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD": "500",
        "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_COMPRESSION": compression,
    }
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), json.dumps(RUN_IDS)],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    urls = json.loads(done.stdout.splitlines()[-1])

    # Whatever else was stored was purged.
    found = root.fs.find(f"{account}/xcom")
    assert sorted(url.rpartition("@")[2] for url in urls) == found
    assert len(found) == len(RUN_IDS)
    assert all(url.endswith(".gz") == bool(compression) for url in urls)
    assert any("/d/scheduled__2026-11-29T00%3A00%3A00+00%3A00/group.t/" in url for url in urls)
