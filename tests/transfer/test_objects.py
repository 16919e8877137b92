"""Stores that fsspec has: those that show files as they grow, and those that show them whole."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import ClassVar

import pytest
from fsspec.asyn import sync
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from airflow_provider_adls.lake.trees import File
from airflow_provider_adls.model.errors import PathError, SourceChangedError
from airflow_provider_adls.model.operations import MAX_BODY
from airflow_provider_adls.transfer.objects import ObjectStore
from tests.lake.test_segments import Memory

SIZES = [0, 5, MAX_BODY, MAX_BODY + 1, 3 * MAX_BODY]


class Server(LocalFileSystem):
    """A file server, as SFTP's is: files grow in view, it renames, and does one thing after the other."""

    protocol = "server"
    cachable = False
    busy = False

    def mv(self, path1, path2, **_):
        Path(path1).replace(path2)

    def cat_file(self, path, start=None, end=None, **options):
        assert not self.busy
        self.busy = True
        try:
            return super().cat_file(path, start, end, **options)
        finally:
            self.busy = False


class Objects(MemoryFileSystem):
    """An object store with awkward keys."""

    cachable = False
    keys: ClassVar[dict[str, dict[str, object]]] = {}

    def ls(self, path, detail=True, **_):
        found = {}
        for name, info in self.keys.items():
            if name.startswith(f"{path}/"):
                first, slash, _ = name[len(path) + 1 :].partition("/")
                if not slash or name.endswith(f"/{first}/"):
                    found[name] = {"name": name, **info}
                else:
                    found[f"{path}/{first}"] = {"name": f"{path}/{first}", "type": "directory", "size": 0}
        return [*found.values()]

    def info(self, path, **_):
        return {"name": path, "type": "directory", "size": 0}


async def put(store, path, size, **options):
    source = Memory(os.urandom(size))
    moved = []
    assert await store.put(path, source, exclusive=False, modified=None, moved=moved.append) == size
    assert sum(moved) == size
    return source.data


@pytest.mark.parametrize("size", SIZES)
async def test_there_and_back(tmp_path, size):
    """A file is written and read in each size, and nothing is beside it."""
    store = ObjectStore(Server())
    content = await put(store, f"{tmp_path}/d/[1]* f", size)
    assert [path.name for path in (tmp_path / "d").iterdir()] == ["[1]* f"]
    assert (tmp_path / "d" / "[1]* f").read_bytes() == content
    source = await store.source(File("", f"{tmp_path}/d/[1]* f", size))
    assert source.size == size
    if size <= MAX_BODY:
        assert await source.whole() == content
    else:
        parts = await asyncio.gather(source.read(0, MAX_BODY), source.read(MAX_BODY, size - MAX_BODY))
        assert b"".join(b"".join(part) for part in parts) == content
    await source.verify()


@pytest.mark.parametrize("size", [5, 3 * MAX_BODY])
@pytest.mark.parametrize("broken", ["pipe_file", "open", "mv"])
async def test_a_failure_leaves_what_was_there(tmp_path, mocker, size, broken):
    """Whatever fails on a server, the old file stays, and no part of the new one does."""
    (tmp_path / "f").write_bytes(b"old")
    server = Server()
    mocker.patch.object(server, broken, side_effect=PermissionError("not yours"))
    if broken in ("pipe_file", "open") and (broken == "open") == (size == 5):
        # The other way of writing is taken for this size.
        return
    with pytest.raises(PermissionError):
        await put(ObjectStore(server), f"{tmp_path}/f", size)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("f", b"old")]


@pytest.mark.parametrize("filesystem", [Server, MemoryFileSystem])
async def test_a_source_that_fails_in_the_middle(tmp_path, filesystem):
    """Of a file whose source fails in the middle nothing comes into view."""
    source = Memory(bytes(3 * MAX_BODY))
    source.changed = True
    store = ObjectStore(filesystem())
    with pytest.raises(SourceChangedError):
        await store.put(f"{tmp_path}/f", source, exclusive=False, modified=None, moved=lambda _: None)
    assert await store.look(f"{tmp_path}/f") is None
    assert list(tmp_path.iterdir()) == []


async def test_a_source_that_changes(tmp_path):
    """A file of a store that becomes another is noticed by whoever reads it."""
    (tmp_path / "f").write_bytes(b"12345")
    store = ObjectStore(Server())
    source = await store.source(File("", f"{tmp_path}/f", 5))
    (tmp_path / "f").write_bytes(b"123")
    for reading in (source.whole(), source.read(2, 3), source.verify()):
        with pytest.raises(SourceChangedError, match="/f was changed"):
            await reading
    (tmp_path / "f").unlink()
    with pytest.raises(SourceChangedError):
        await source.verify()


async def test_where_directories_are(tmp_path):
    """A server's directories are made and removed, and are not taken for files."""
    store = ObjectStore(Server())
    await store.make_directory(f"{tmp_path}/a/b")
    assert (tmp_path / "a" / "b").is_dir()
    with pytest.raises(IsADirectoryError, match="/a/b/ for a file to go into it"):
        await store.look(f"{tmp_path}/a/b")
    await store.remove_empty(f"{tmp_path}/a/b")
    await store.remove_empty(f"{tmp_path}")
    await store.remove(f"{tmp_path}/nowhere")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


async def places(filesystem, path):
    return [file.place async for batch in ObjectStore(filesystem).batches(path) for file in batch.files]


async def test_keys_that_are_no_paths():
    """The empty object that stands for a folder is a directory; a key that no file can have is refused."""
    objects = Objects()
    objects.keys = {"/b/a/": {"type": "file", "size": 0}, "/b/a/1": {"type": "file", "size": 1}}
    assert await places(objects, "/b") == ["a/1"]
    for key in ("/b/../1", "/b/a/"):
        objects.keys = {key: {"type": "file", "size": 1}}
        with pytest.raises(PathError, match="no file can be given"):
            await places(objects, "/b")


def test_equality():
    """Two stores are one if their file systems are."""
    assert ObjectStore(MemoryFileSystem()) == ObjectStore(MemoryFileSystem())
    assert hash(ObjectStore(MemoryFileSystem())) == hash(ObjectStore(MemoryFileSystem()))
    assert ObjectStore(MemoryFileSystem()) != ObjectStore(LocalFileSystem())


@pytest.mark.parametrize("size", SIZES)
def test_a_store_that_shows_files_whole(fs, size):
    """An asynchronous file system, as those of the clouds are, gets a file under its name, or nothing."""
    store = ObjectStore(fs)
    fs.pipe("/b/f", b"old")

    async def there_and_back():
        changed = Memory(bytes(3 * MAX_BODY))
        changed.changed = True
        with pytest.raises(SourceChangedError):
            await store.put("/b/f", changed, exclusive=False, modified=None, moved=lambda _: None)
        assert await fs._cat_file("/b/f") == b"old"
        content = await put(store, "/b/f", size)
        with pytest.raises(FileExistsError, match="it exists and may not be overwritten"):
            await store.put("/b/f", Memory(b"1"), exclusive=True, modified=None, moved=lambda _: None)
        source = await store.source(File("", "/b/f", size))
        assert [await source.read(0, min(size, 9)), source.size] == [[content[:9]], size]
        await store.make_directory("/b/d")
        await store.remove_empty("/b")
        assert await places(fs, "/b/") == ["f"]
        return content

    assert sync(fs.loop, there_and_back) == fs.cat_file("/b/f")
    assert fs.ls("/b", detail=False) == ["/b/f"]


class Slashed(MemoryFileSystem):
    """A store that names directories with a slash at their end, as fsspec's file system of SMB does."""

    cachable = False

    def ls(self, path, detail=True, **options):
        entries = super().ls(path, detail=True, **options)
        for one in entries:
            one["name"] += "/" if one["type"] == "directory" else ""
        return entries if detail else [one["name"] for one in entries]


def test_directories_with_a_slash():
    """A slash at the end of a directory's name is not part of the name."""
    store = Slashed()
    store.pipe({"/share/in/1.csv": b"1", "/share/in/a/b/2.csv": b"2"})
    try:
        assert asyncio.run(places(store, "/share/in")) == ["1.csv", "a/b/2.csv"]
    finally:
        store.store.clear()
        store.pseudo_dirs[:] = [""]
