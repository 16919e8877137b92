"""Compression on the way: names, content, sizes, and what cannot be decompressed."""

import gzip
import importlib.util
import random

import pytest

from airflow_provider_adls.lake.blocks import BLOCK
from airflow_provider_adls.model.errors import SourceChangedError
from airflow_provider_adls.transfer.compression import coded_name, transcoded
from airflow_provider_adls.transfer.lake import LakeStore
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator

try:
    import zstandard
except ImportError:
    zstandard = None

ZSTD = pytest.mark.skipif(zstandard is None, reason="zstandard is not installed")
OPEN = {".gz": gzip.decompress, ".zst": lambda data: zstandard.ZstdDecompressor().decompress(data, 2**24)}


def _zstd(data):
    return zstandard.compress(data) if zstandard else b""


@pytest.fixture
def folder(tmp_path):
    """Files of no byte, of exactly one block and of one byte more, one that is compressed, and odd names."""
    folder = tmp_path / "in"
    content = {
        "empty.csv": b"",
        "block.bin": random.Random(1).randbytes(1024) * (BLOCK // 1024),
        "more.bin": b"x" * (BLOCK + 1),
        "a/ä [1] %23.csv": b"1,2\n" * 1000,
        "done.csv.gz": gzip.compress(b"done", mtime=0),
    }
    for name, data in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder, content


@pytest.mark.parametrize(
    ("compression", "suffix"), [("gzip", ".gz"), pytest.param("zstd", ".zst", marks=ZSTD)]
)
def test_there_and_back(hook, folder, tmp_path, compression, suffix):
    """A tree is compressed into the lake and decompressed out of it; what is compressed already stays."""
    source, content = folder
    summary = hook.upload(str(source), "/raw", compression=compression)
    stored = {name[5:]: hook.filesystem.cat(name) for name in hook.filesystem.find("/raw")}
    plain = {name: data for name, data in content.items() if name != "done.csv.gz"}
    assert set(stored) == {f"{name}{suffix}" for name in plain} | {"done.csv.gz"}
    assert {name: OPEN[suffix](stored[f"{name}{suffix}"]) for name in plain} == plain
    assert summary["bytes"] == sum(map(len, stored.values())) < summary["source_bytes"]
    assert summary["source_bytes"] == sum(map(len, content.values()))
    back = hook.download("/raw", str(tmp_path / "out"), compression="decompress")
    found = {
        str(one.relative_to(tmp_path / "out")): one.read_bytes() for one in (tmp_path / "out").rglob("*.*")
    }
    assert found == plain | {"done.csv": b"done"}
    assert (back["bytes"], back["source_bytes"]) == (sum(map(len, found.values())), summary["bytes"])


def test_a_retry_gives_the_same_bytes(hook, folder):
    """Neither time nor name is part of a gzip file: a retry writes the same, or skips the file."""
    source, _ = folder
    hook.upload(str(source), "/one", compression="gzip", parallel=1)
    first = {name[5:]: hook.filesystem.cat(name) for name in hook.filesystem.find("/one")}
    (source / "more.bin").touch()
    hook.upload(str(source), "/two", compression="gzip")
    assert first == {name[5:]: hook.filesystem.cat(name) for name in hook.filesystem.find("/two")}
    assert first["a/ä [1] %23.csv.gz"][4:8] == b"\0" * 4
    again = hook.upload(str(source), "/one", compression="gzip", overwrite=False, if_exists="skip")
    assert (again["files"], again["skipped"]) == (0, 5)


def test_the_path_of_a_single_file(hook, folder):
    """A path that names the file itself stays as it is written; one below a directory gets the ending."""
    source, _ = folder
    hook.upload(str(source / "empty.csv"), "/a.csv.gz", compression="gzip")
    assert gzip.decompress(hook.filesystem.cat("/a.csv.gz")) == b""
    assert hook.upload(str(source / "empty.csv"), "/b/", compression="gzip")["paths"] == ["/b/empty.csv.gz"]
    hook.copy("/b/empty.csv.gz", "/c/", compression="decompress")
    assert hook.filesystem.cat("/c/empty.csv") == b""


def test_a_move(hook, folder):
    """A file is deleted once its compressed copy is verified; a preview names the copy."""
    source, _ = folder
    options = {"compression": "gzip", "delete_source": True}
    preview = hook.upload(str(source / "*.bin"), "/raw", preview=True, **options)
    assert preview["paths"] == ["/raw/block.bin.gz", "/raw/more.bin.gz"]
    assert hook.upload(str(source / "*.bin"), "/raw", **options)["deleted"] == 2
    assert not list(source.glob("*.bin"))


def test_names_that_would_be_one(hook, folder):
    """Two files whose copies would have one name are refused before anything is copied."""
    source, _ = folder
    (source / "done.csv").write_bytes(b"")
    with pytest.raises(ValueError, match=r"would both become /raw/done\.csv\.gz"):
        hook.upload(str(source), "/raw", compression="gzip")
    assert not hook.filesystem.exists("/raw")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gz", b"not gzip"),
        ("a.gz", b""),
        ("a.gz", gzip.compress(b"x" * 100)[:-9]),
        ("a.gz", gzip.compress(b"x") + b"rubbish"),
        pytest.param("a.zst", b"not zstd", marks=ZSTD),
        pytest.param("a.zst", _zstd(b"x" * 100)[:-3], marks=ZSTD),
    ],
)
def test_what_cannot_be_decompressed(hook, tmp_path, name, content):
    """A file that is not of the format, or ends in the middle, is named, and nothing appears in its place."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=rf"{name} cannot be decompressed: "):
        hook.upload(str(tmp_path / name), "/raw/a", compression="decompress")
    assert not hook.filesystem.exists("/raw/a")
    options = {"compression": "decompress", "ignore_failures": True}
    assert hook.upload(str(tmp_path / name), "/raw/a", **options)["failed"] == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gz", gzip.compress(b"12") + b"\0" * 9 + gzip.compress(b"34") + b"\0" * 512),
        pytest.param("a.zst", _zstd(b"12") + _zstd(b"34"), marks=ZSTD),
    ],
)
def test_several_members(hook, tmp_path, name, content):
    """Members and frames that follow each other are one content."""
    (tmp_path / name).write_bytes(content)
    hook.upload(str(tmp_path / name), "/raw/", compression="decompress")
    assert hook.filesystem.cat("/raw/a") == b"1234"


async def test_pieces_of_what_grows_are_bounded(tmp_path):
    """A small file that becomes a big one is decompressed piece by piece."""
    sizes = []

    class Source:
        def __init__(self, data):
            self.data, self.size = data, len(data)

        async def whole(self):
            return self.data

        async def verify(self):
            pass

    files = {"a.gz": gzip.compress(bytes(2**25)), "a.zst": _zstd(bytes(2**25))}
    for name, data in ((name, data) for name, data in files.items() if data):
        async with transcoded(Source(data), name, "decompress", sizes.append) as content:
            assert content.size == 2**25
            assert await content.read(2**25 - 2, 2) == [b"\0\0"]
        assert sizes.pop() == len(data)


async def test_a_source_that_changes(hook, tmp_path, monkeypatch):
    """A file that changes while it is compressed is an error, and no copy appears."""
    hook.filesystem.pipe("/a.bin", b"x" * (BLOCK + 1))
    store = LakeStore(hook.filesystem.client)
    file = await store.look("/a.bin")
    source = await store.source(file)
    hook.filesystem.pipe("/a.bin", b"y" * (BLOCK + 1))
    with pytest.raises(SourceChangedError):
        async with transcoded(source, "/a.bin", "gzip", lambda _: None):
            pass


@pytest.mark.parametrize(
    ("name", "compression", "expected"),
    [
        ("a.csv", None, "a.csv"),
        ("a.csv.gz", None, "a.csv.gz"),
        ("a.csv", "gzip", "a.csv.gz"),
        ("a.csv", "zstd", "a.csv.zst"),
        ("a.csv.gz", "zstd", "a.csv.gz"),
        ("a.csv.zst", "decompress", "a.csv"),
        ("a.csv", "decompress", "a.csv"),
    ],
)
def test_names(name, compression, expected):
    """A copy gets or loses the ending by what is done with it."""
    assert coded_name(name, compression) == expected


def test_without_the_package(monkeypatch):
    """Where zstandard is not installed, zstd is refused at parse, with the extra that brings it."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ValueError, match=r"argument 'compression': .*airflow-provider-adls\[zstd\]"):
        LocalToADLSGen1Operator(task_id="up", local_path="/a", remote_path="/a", compression="zstd")


def test_at_once(hook, folder, monkeypatch):
    """No more files than asked for are under way at one moment."""
    source, _ = folder
    under_way, most = 0, 0
    put = LakeStore.put

    async def counted(self, *arguments, **options):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return await put(self, *arguments, **options)
        finally:
            under_way -= 1

    monkeypatch.setattr(LakeStore, "put", counted)
    for options, expected in (
        ({"parallel": 1}, 1),
        ({"parallel": 2}, 2),
        ({"parallel": 2, "compression": "gzip"}, 2),
    ):
        most = 0
        hook.upload(str(source), "/raw", **options)
        assert 0 < most <= expected
