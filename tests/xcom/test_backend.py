"""Large XComs are files of a lake, whatever the run is called."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest
from airflow.providers.common.compat.sdk import ObjectStoragePath
from airflow.providers.common.io.xcom import backend as airflows_own

from airflow_provider_adls.xcom import files
from airflow_provider_adls.xcom.backend import ADLSGen1XComBackend
from airflow_provider_adls.xcom.compat import BaseXCom

RUN_IDS = [
    "r",
    "scheduled__2026-11-29T00:00:00+00:00",
    "manual__2026-11-29T00:00:00.123456+00:00_x7Yz",
    "asset_triggered__2026-11-29T00:00:00+00:00_a1",
    "backfill__2026-11-29T00:00:00+00:00",
    "a run [1] 100% #2? é/ü",
]

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


@pytest.fixture
def root(connect, account):
    """A path of the test's account; its connection's id is new, for Airflow keeps file systems by it."""
    return ObjectStoragePath(f"adl://{connect(f'conn_{account}')}@{account}/xcom")


@pytest.fixture
def configure(monkeypatch):
    """Sets settings of XComs, which are read once, for this test."""
    caches = [files._folder, files.threshold, files.suffix_of]
    # Airflow's own backend, whose files are read too, keeps its settings as well.
    caches += [
        member
        for name, member in vars(airflows_own).items()
        if name.startswith("_get_") and hasattr(member, "cache_clear")
    ]

    def set_them(**settings: object) -> None:
        for name, to in settings.items():
            monkeypatch.setenv(f"AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_{name}".upper(), str(to))
        for cache in caches:
            cache.cache_clear()

    monkeypatch.delenv("AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", raising=False)
    set_them()
    yield set_them
    for cache in caches:
        cache.cache_clear()


WHERE = {"key": "k", "task_id": "t", "dag_id": "d", "run_id": "r", "map_index": -1}


def row(stored):
    return SimpleNamespace(value=stored, key="k")


def path(stored):
    return json.loads(stored) if isinstance(stored, bytes) else stored


@pytest.mark.parametrize("compression", ["", "gzip"])
def test_any_place(configure, root, compression):
    """A large value is stored, replaced, read and shown, whatever its run, task and key are."""
    configure(path=root, threshold=500, compression=compression)
    backend, small, large = ADLSGen1XComBackend, {"n": 1}, {"rows": ["é" * 100] * 10}
    kept = []
    for place in PLACES:
        where = WHERE | {"task_id": "group.t"} | place
        for value in (small, large):
            stored = backend.serialize_value(value, **where)
            assert backend.deserialize_value(row(stored)) == value
            assert str(path(stored)).startswith("adl://") == (value is large)
        # Set again by another try, it is the same file with the new value.
        again = backend.serialize_value(large | {"again": True}, **where)
        assert path(again) == path(stored)
        assert backend.deserialize_value(row(stored)) == large | {"again": True}
        # The page shows the URL, and reads nothing.
        assert backend.orm_deserialize_value(row(stored)) == path(stored)
        kept.append(path(stored))

    found = root.fs.find(str(root).partition("://")[2].partition("@")[2])
    assert sorted(url.rpartition("@")[2] for url in kept) == found
    assert all(url.endswith(".json.gz" if compression else ".json") for url in kept)
    assert any("/d/scheduled__2026-11-29T00%3A00%3A00+00%3A00/group.t/12/" in url for url in kept)


def test_texts_that_read_like_urls(configure, root):
    """A text that reads like the URL of such a file is a value, and its file is deleted with it."""
    configure(path=root, threshold=500)
    for text in (f"{root}/no/file", f"{root}/../other", str(root), "adl://[/x"):
        stored = ADLSGen1XComBackend.serialize_value(text, **WHERE)
        assert ADLSGen1XComBackend.deserialize_value(row(stored)) == text
        ADLSGen1XComBackend.purge(row(path(stored)))


def test_files_of_airflows_own_backend(configure, root):
    """What the backend of common.io has stored is read and purged, by a connection of another id too."""
    configure(path=root, threshold=500)
    value = {"old": "x" * 1000}
    old = airflows_own.XComObjectStorageBackend.serialize_value(value, **WHERE | {"run_id": "by hand"})
    renamed = path(old).replace("//", "//renamed_", 1)
    stored = json.dumps(renamed).encode() if isinstance(old, bytes) else renamed
    assert ADLSGen1XComBackend.deserialize_value(row(old)) == value
    assert ADLSGen1XComBackend.deserialize_value(row(stored)) == value
    ADLSGen1XComBackend.purge(row(path(old)))
    with pytest.raises(FileNotFoundError):
        ADLSGen1XComBackend.deserialize_value(row(stored))


def test_without_a_folder(configure):
    """Without a folder every value stays in the database, also one that reads like a URL."""
    for value in ("adl://lake/xcom/d/r/t/k.json", "x" * 10_000):
        stored = ADLSGen1XComBackend.serialize_value(value, **WHERE)
        assert ADLSGen1XComBackend.deserialize_value(row(stored)) == value
        ADLSGen1XComBackend.purge(row(stored))
    configure(threshold=0)
    with pytest.raises(ValueError, match="xcom_objectstorage_path is not set"):
        ADLSGen1XComBackend.serialize_value("x", **WHERE)


def test_a_value_is_a_file(configure, root):
    """A value of the threshold's size is a file, which is read, purged, and missed by its name."""
    configure(path=root, threshold=10)
    assert ADLSGen1XComBackend.serialize_value("x" * 7, **WHERE) == BaseXCom.serialize_value("x" * 7)
    stored = ADLSGen1XComBackend.serialize_value("x" * 8, **WHERE)
    file = f"{root}/d/r/t/k.json"
    assert BaseXCom.deserialize_value(row(stored)) == file
    assert ADLSGen1XComBackend.deserialize_value(row(stored)) == "x" * 8
    assert ADLSGen1XComBackend.orm_deserialize_value(row(stored)) == file
    for _ in range(2):
        ADLSGen1XComBackend.purge(row(file))
    with pytest.raises(FileNotFoundError, match=r"d/r/t/k\.json, and this file does not exist any more"):
        ADLSGen1XComBackend.deserialize_value(row(stored))


def test_names_of_files(configure, root):
    """Map index, run and key are part of a file's name, percent-encoded; a long one ends in its digest."""
    configure(path=root, threshold=0, compression="gzip")

    def name(**where):
        stored = ADLSGen1XComBackend.serialize_value(1, **WHERE | where)
        assert ADLSGen1XComBackend.deserialize_value(row(stored)) == 1
        return BaseXCom.deserialize_value(row(stored)).removeprefix(f"{root}/")

    assert name(map_index=3, run_id="a:+[1] %é") == "d/a%3A+%5B1%5D %25%C3%A9/t/3/k.json.gz"
    assert len({name(key="é" * 511 + end) for end in "éè"}) == 2
    assert re.fullmatch(r"d/r/NO_TASK_ID/[0-9a-f-]{36}\.json\.gz", name(task_id=None))
    configure(compression="zipp")
    with pytest.raises(ValueError, match=r"xcom_objectstorage_compression = zipp: must be one of .*gzip"):
        name()
