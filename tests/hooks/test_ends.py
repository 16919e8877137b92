"""What a path or URL means, and stores of every kind as ends of transfers."""

import fsspec
import pytest

from airflow_provider_adls.hooks.ends import is_lake, lake_end, local_end, other_end
from airflow_provider_adls.model.errors import PathError


@pytest.fixture
def bucket():
    """A bucket in memory."""
    memory = fsspec.filesystem("memory")
    yield memory
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]


def test_places_of_a_lake():
    """A path and a URL of a lake are distinguished from those of other stores."""
    assert [is_lake(path) for path in ("/raw", "adl://lake/raw", "ADLS://lake/raw")] == [True] * 3
    assert is_lake("abfss://raw@lake.dfs.core.windows.net/a")
    # Airflow's form of an object store: a connection's id, and the container.
    assert not is_lake("abfss://my-conn@raw/a")
    assert [is_lake(path) for path in ("s3://bucket", "file:///raw", "/raw/s3://x")] == [False, False, True]


@pytest.mark.parametrize("url", ["/raw", "adl://lake/raw", "raw", "s3://", "no-such-scheme://bucket/raw"])
def test_urls_that_are_refused(url):
    """A path that is not a URL of another store is refused before anything is opened."""
    with pytest.raises(PathError):
        other_end(url)


@pytest.mark.parametrize(("url", "conn_id"), [("memory://b/raw", "id"), ("memory://id@b/raw", None)])
def test_a_connection_that_nothing_would_read(url, conn_id):
    """A connection of a scheme that Airflow has no file system for would not be read, and is refused."""
    with pytest.raises(PathError, match="Airflow has no file system for memory"):
        other_end(url, conn_id)


def test_names(hook, monkeypatch, tmp_path):
    """Each end is shown as people write it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert lake_end(hook, "/raw/").shown == "/raw"
    assert local_end("~/raw").shown == f"{tmp_path}/raw"
    assert other_end(f"file://{tmp_path}/raw").shown == f"{tmp_path}/raw"
    assert other_end("memory://b/raw").shown == "memory:///b/raw"


def test_memory_there_and_back(hook, bucket):
    """A store that fsspec has is copied from and to, by its URL; trees keep their shape."""
    big = bytes(range(256)) * 2**15 + b"1"
    bucket.pipe({"/b/raw/a/1.csv": b"1", "/b/raw/big": big, "/b/raw/empty.csv": b"", "/b/other": b""})
    summary = hook.import_objects("memory://b/raw", "/raw")
    assert (summary["files"], summary["bytes"], summary["path"]) == (3, len(big) + 1, "/raw")
    assert hook.list_paths("/raw", recursive=True) == ["/raw/a/1.csv", "/raw/big", "/raw/empty.csv"]
    assert hook.filesystem.cat("/raw/big") == big
    summary = hook.export_objects("/raw", "memory://b/back")
    assert summary["paths"] == [
        "memory:///b/back/a/1.csv",
        "memory:///b/back/big",
        "memory:///b/back/empty.csv",
    ]
    assert bucket.cat("/b/back/big") == big
    with pytest.raises(FileExistsError, match="memory:///b/back/big: it exists"):
        hook.export_objects("/raw/big", "memory://b/back/", overwrite=False)
    assert hook.export_objects("/raw/*", "memory://b/back", overwrite=False, if_exists="skip")["skipped"] == 3
    assert hook.import_objects("memory://b/back/*.csv", "/g", delete_source=True)["deleted"] == 1
    assert not bucket.exists("/b/back/empty.csv")


def test_nothing_in_a_store(hook, bucket):
    """What is not there is named by its URL."""
    for url in ("memory://b/nowhere", "memory://b/*.csv"):
        with pytest.raises(FileNotFoundError, match="memory:///b/"):
            hook.import_objects(url, "/raw")
        assert hook.import_objects(url, "/raw", ignore_if_missing=True)["files"] == 0


def test_files_of_this_machine_by_url(hook, tmp_path):
    """`file://` is this machine, with its ways: whole files, links, permissions."""
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "1#.csv").write_bytes(b"1")
    hook.import_objects(f"file://{tmp_path}", "/raw")
    hook.export_objects("/raw", f"file://{tmp_path}/back")
    assert (tmp_path / "back" / "a b" / "1#.csv").read_bytes() == b"1"
