"""Transfers that are killed and tried again, and copies that are read back."""

from __future__ import annotations

import asyncio
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from fsspec.asyn import sync

from airflow_provider_adls.client import dfs_staging
from airflow_provider_adls.client.dfs_staging import OffsetStaging
from airflow_provider_adls.client.webhdfs_staging import SegmentStaging
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.lake import downloads, hidden, uploads
from airflow_provider_adls.lake.blocks import BLOCK, at_once
from airflow_provider_adls.lake.sources import LakeSource, LocalSource
from airflow_provider_adls.model.errors import AccessDeniedError, ContentMismatchError, SourceChangedError
from airflow_provider_adls.model.paths import is_unfinished

#: 21 blocks.
SIZE = 20 * BLOCK + 5
KINDS = pytest.mark.parametrize(
    "kind", ["same", "changed", pytest.param("not asked for", marks=pytest.mark.long)]
)


@pytest.fixture
def killed(monkeypatch):
    """Names a writer that is dead, and lets it leave what it has written."""

    async def leave(_):
        pass

    @contextmanager
    def killed():
        dead = subprocess.Popen(["true"])
        dead.wait()
        prefix = f".{hidden._machine()}{dead.pid:08x}00000001"
        with monkeypatch.context() as patch, pytest.raises(AccessDeniedError):  # noqa: PT012
            patch.setattr(hidden, "_own_prefix", lambda _: prefix)
            patch.setattr(uploads.Staged, "discard", leave)
            patch.setattr(Path, "unlink", lambda _path, **_: None)
            yield

    monkeypatch.setattr(dfs_staging, "FLUSHED", 4 * BLOCK)
    # Fewer parts at once leave more of the file whole.
    monkeypatch.setattr(at_once, "__defaults__", (8,))
    return killed


@pytest.fixture
def late(service):
    """A fault that comes when parts of the file are whole: Gen1 has an APPEND for every second block."""
    return {"operation": "APPEND", "nth": 8 if service == "gen1" else 15, "status": 403}


@pytest.fixture
def source(tmp_path):
    """A file of 21 blocks, all different."""
    path = tmp_path / "big"
    path.write_bytes(os.urandom(1021) * (SIZE // 1021) + b"x" * (SIZE % 1021))
    return path


def left(hook, path="/up"):
    """Return the hidden files of a directory."""
    fs = hook.filesystem
    page = sync(fs.loop, fs.client.list_page, path)
    return [entry.name for entry in page.entries if is_unfinished(entry.name)]


def written(asked, before):
    """Return how many requests carried a block since."""
    return sum(operation in ("CREATE", "APPEND") for operation in asked()[before:])


@KINDS
def test_an_upload_goes_on(hook, fault, late, asked, source, killed, kind):
    """A retry sends what the killed try did not; after a change of the source, all; nothing is left."""
    with killed(), fault(**late):
        hook.upload(source, "/up/big")
    assert left(hook)
    assert not hook.filesystem.exists("/up/big")
    if kind == "changed":
        os.utime(source, (1, 1))
    before = len(asked())
    summary = hook.upload(source, "/up/big", resume=kind != "not asked for")
    assert (summary["files"], summary["bytes"]) == (1, SIZE)
    assert hook.filesystem.cat("/up/big") == source.read_bytes()
    if kind == "same":
        assert written(asked, before) <= 21 - 4
    else:
        assert written(asked, before) >= 21
    assert left(hook) == []


def test_a_shard_goes_on(hook, fault, late, asked, source, killed):
    """A retry of a shard's task sends of a big file what the killed try did not, and removes what is left."""
    hook.upload(source, "/s/big")
    hook.filesystem.pipe_file("/s/one", b"1")
    state = {"state_path": "/state", "transfer_id": "scheduled__2026-11-29T00:00:00+00:00"}
    assert hook.begin_transfer(**state, source_path="/s", destination_path="/up") == 1
    hook.list_transfer(**state, part=0)
    assert hook.pack_transfer(**state) == 1
    # The ledger gets no line: the try is killed before.
    refused = {"path": "/state/**", "operation": "APPEND", "nth": 2, "status": 403}
    with killed(), fault(path="/up/**", **late), fault(**refused):
        hook.copy_shard(**state, shard=0)
    assert left(hook)
    before = len(asked())
    assert hook.copy_shard(**state, shard=0) == {"files": 2, "bytes": SIZE + 1, "failed": 0}
    assert hook.filesystem.cat("/up/big") == source.read_bytes()
    # The small file is a request, and the ledger two or more.
    assert written(asked, before) <= 21 - 4 + 4
    assert left(hook) == []


@KINDS
def test_a_download_goes_on(hook, fault, asked, source, tmp_path, killed, kind):
    """A retry fetches what the killed try did not; after a change of the source, all; nothing is left."""
    hook.upload(source, "/up/big")
    back = tmp_path / "back"
    with killed(), fault(operation="OPEN", nth=15, status=403):
        hook.download("/up/big", back / "big")
    assert [is_unfinished(path.name) for path in back.iterdir()] == [True]
    if kind == "changed":
        source.write_bytes(b"y" * SIZE)
        hook.upload(source, "/up/big")
    before = len(asked())
    hook.download("/up/big", back / "big", resume=kind != "not asked for")
    assert (back / "big").read_bytes() == source.read_bytes()
    opened = asked()[before:].count("OPEN")
    assert opened <= 21 - 4 if kind == "same" else opened >= 21
    assert [path.name for path in back.iterdir()] == ["big"]


def test_parts_outlive_other_transfers(hook, fault, late, asked, source, tmp_path, killed):
    """What one file's retry needs is kept by another transfer to the same directory."""
    with killed(), fault(**late):
        hook.upload(source, "/up/big")
    before = left(hook)
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "other").write_bytes(bytes(BLOCK + 1))
    hook.upload(tmp_path / "tree", "/up")
    assert left(hook) == before
    hook.upload(source, "/up/big", resume=True)
    assert left(hook) == []


def test_a_part_does_not_keep_a_directory(hook, fault, late, source, killed):
    """A directory that holds nothing but parts of dead writers counts as empty."""
    with killed(), fault(**late):
        hook.upload(source, "/up/big")
    hook.filesystem.rmdir("/up")
    assert not hook.filesystem.exists("/up")


@pytest.fixture
def flipped(monkeypatch):
    """Flips a bit of what is written: in the lake, or on this machine."""

    def flip(content):
        return bytes([content[0] ^ 1]) + content[1:] if content else content

    def in_lake():
        for staging in (SegmentStaging, OffsetStaging):
            write = staging.write

            async def wrong(self, offset, content, *, last=False, write=write):
                await write(self, offset, content if offset else flip(content), last=last)

            monkeypatch.setattr(staging, "write", wrong)

    def on_disk():
        write_at = downloads._write_at

        def wrong(file, pieces, offset):
            first, *rest = pieces
            write_at(file, [first if offset else flip(first), *rest], offset)

        monkeypatch.setattr(downloads, "_write_at", wrong)

    def on_the_wire():
        read_into, whole = LakeSource.read_into, LakeSource.whole
        done = []

        def once(content):
            done.append(1)
            return content if len(done) > 1 else flip(bytes(content))

        async def wrong(self, take, offset, length):
            await read_into(self, lambda piece, at: take(once(piece), at), offset, length)

        async def wrong_whole(self):
            return once(await whole(self))

        monkeypatch.setattr(LakeSource, "read_into", wrong)
        monkeypatch.setattr(LakeSource, "whole", wrong_whole)

    return {"in the lake": in_lake, "on disk": on_disk, "on the wire": on_the_wire}


@pytest.mark.parametrize("size", [0, 3, BLOCK, BLOCK + 1])
def test_content_is_verified(hook, tmp_path, size):
    """A copy that is right passes, up, down and across, whatever its size; nothing is left."""
    content = os.urandom(size)
    (tmp_path / "f").write_bytes(content)
    hook.upload(tmp_path / "f", "/up/f", verify="content")
    hook.copy("/up/f", "/up/g", verify="content")
    hook.download("/up/g", tmp_path / "back" / "f", verify="content")
    assert (tmp_path / "back" / "f").read_bytes() == content
    assert (left(hook), [path.name for path in (tmp_path / "back").iterdir()]) == ([], ["f"])


@pytest.mark.parametrize("size", [3, BLOCK + 1])
def test_an_upload_that_arrives_wrong(hook, tmp_path, flipped, size):
    """A copy of other content does not appear, and the file that was there stays."""
    hook.filesystem.pipe("/up/f", b"old")
    (tmp_path / "f").write_bytes(os.urandom(size))
    flipped["in the lake"]()
    with pytest.raises(ContentMismatchError, match="/up/f was read back"):
        hook.upload(tmp_path / "f", "/up/f", verify="content")
    assert (hook.filesystem.cat("/up/f"), left(hook)) == (b"old", [])


@pytest.mark.parametrize("where", ["on disk", "on the wire"])
@pytest.mark.parametrize("size", [3, BLOCK + 1])
def test_a_download_that_arrives_wrong(hook, tmp_path, flipped, size, where):
    """A copy of other content does not appear, whether the disk or an answer was wrong."""
    hook.filesystem.pipe("/up/f", os.urandom(size))
    (tmp_path / "f").write_bytes(b"old")
    flipped[where]()
    with pytest.raises(ContentMismatchError):
        hook.download("/up/f", tmp_path / "f", verify="content")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"f": b"old"}


def test_another_way_to_verify(hook, tmp_path):
    """A wrong value is refused by its name before anything is done."""
    (tmp_path / "f").write_bytes(b"1")
    with pytest.raises(ValueError, match="verify must be one of length, content, not 'md5'"):
        hook.upload(tmp_path / "f", "/up/f", verify="md5")
    with pytest.raises(ValueError, match="verify must be one of"):
        hook.filesystem.put(str(tmp_path / "f"), "/up/f", verify="md5")
    assert not hook.filesystem.exists("/up")


def test_a_shard_reads_its_copies_back(hook, flipped):
    """With verify="content" a copy of a shard that arrives wrong fails, and does not appear."""
    hook.filesystem.pipe("/s/f", b"123")
    state = {"state_path": "/state", "transfer_id": "1"}
    hook.begin_transfer(**state, source_path="/s", destination_path="/up", verify="content")
    hook.list_transfer(**state, part=0)
    hook.pack_transfer(**state)
    flipped["in the lake"]()
    with pytest.raises(OSError, match=r"/up/f was not copied: ContentMismatchError"):
        hook.copy_shard(**state, shard=0)
    assert not hook.filesystem.exists("/up/f")
    with pytest.raises(ValueError, match="verify must be one of length, content, not 'md5'"):
        hook.begin_transfer("/state", "2", source_path="/s", destination_path="/other", verify="md5")


def test_fsspec_takes_them(hook, tmp_path, flipped):
    """`put`, `get` and `cp` have the same options."""
    (tmp_path / "f").write_bytes(b"123")
    fs = hook.filesystem
    fs.put(str(tmp_path / "f"), "/up/f", verify="content", resume=True)
    fs.cp("/up/f", "/up/g", verify="content")
    fs.get("/up/g", str(tmp_path / "g"), verify="content", resume=True)
    assert (tmp_path / "g").read_bytes() == b"123"
    flipped["in the lake"]()
    for change in (
        lambda: fs.put(str(tmp_path), "/up/d", recursive=True, verify="content"),
        lambda: fs.put_file(str(tmp_path / "f"), "/up/f", verify="content"),
        lambda: fs.cp_file("/up/f", "/up/g", verify="content"),
    ):
        with pytest.raises(ContentMismatchError):
            change()


def test_a_local_source_that_changes_is_named(hook, tmp_path, monkeypatch):
    """A file that grows while it is uploaded is not uploaded, and the error names it."""
    (tmp_path / "f").write_bytes(bytes(3 * BLOCK))
    read = LocalSource._read

    def reading(self, offset, length):
        with (tmp_path / "f").open("ab") as file:
            file.write(b"1")
        return read(self, offset, length)

    monkeypatch.setattr(LocalSource, "_read", reading)
    with pytest.raises(SourceChangedError, match=str(tmp_path / "f")):
        hook.upload(tmp_path / "f", "/up/f")
    assert not hook.filesystem.exists("/up/f")
    assert not hook.filesystem.exists("/up") or left(hook) == []


@pytest.mark.parametrize("kind", ["down", "across"])
def test_a_source_of_the_lake_that_changes_is_named(hook, connect, tmp_path, monkeypatch, kind):
    """A file that is replaced while it is copied is not copied, and the error names it."""
    hook.filesystem.pipe("/up/f", bytes(3 * BLOCK))
    (tmp_path / "new").write_bytes(b"1" * (3 * BLOCK))
    other = ADLSGen1Hook(hook.adls_gen1_conn_id)
    read, read_into = LakeSource.read, LakeSource.read_into

    async def change(offset):
        if offset == BLOCK:
            await asyncio.to_thread(other.upload, tmp_path / "new", "/up/f")

    async def reading(self, offset, length):
        await change(offset)
        return await read(self, offset, length)

    async def reading_into(self, take, offset, length):
        await change(offset)
        await read_into(self, take, offset, length)

    monkeypatch.setattr(LakeSource, "read", reading)
    monkeypatch.setattr(LakeSource, "read_into", reading_into)
    with pytest.raises(SourceChangedError, match="/up/f"):
        hook.download("/up/f", tmp_path / "f") if kind == "down" else hook.copy("/up/f", "/over/f")
    assert not (tmp_path / "f").exists()
    assert not hook.filesystem.exists("/over/f")
