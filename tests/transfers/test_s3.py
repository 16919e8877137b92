"""Transfers from and to a server of S3, which the extra `servers` brings: skipped without it."""

import logging
import os
import re
from collections import Counter

import fsspec
import pytest

from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.transfers.adls_gen1_to_object_storage import ADLSGen1ToObjectStorageOperator
from airflow_provider_adls.transfers.object_storage_to_adls_gen1 import ObjectStorageToADLSGen1Operator

BLOCK = 4 * 2**20


@pytest.fixture(scope="module")
def server():
    """A server of S3 with an empty bucket: its file system, and its requests by method."""
    moto = pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    requests = Counter()
    app = server._server.app

    def counted(environment, begin):
        is_listing = "list-type" in environment.get("QUERY_STRING", "")
        requests["LIST" if is_listing else environment["REQUEST_METHOD"]] += 1
        return app(environment, begin)

    server._server.app = counted
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": "http://{}:{}".format(*server.get_host_and_port()),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }.items():
            patch.setenv(name, value)
        filesystem = fsspec.filesystem("s3")
        filesystem.mkdir("bucket")
        yield filesystem, requests
        filesystem.clear_instance_cache()
    server.stop()


@pytest.fixture
def s3(server):
    """The server's file system, with an empty bucket."""
    filesystem, requests = server
    requests.clear()
    yield filesystem
    filesystem.invalidate_cache()
    for key in filesystem.find("bucket"):
        filesystem.rm_file(key)
    filesystem.invalidate_cache()


@pytest.fixture
def requests(server):
    """Requests by method."""
    return server[1]


def fetch(source="s3://bucket/in", **arguments):
    task = ObjectStorageToADLSGen1Operator(task_id="in", source_path=source, remote_path="/raw", **arguments)
    return task.execute({})


def send(**arguments):
    task = ADLSGen1ToObjectStorageOperator(
        task_id="out", remote_path="/raw", destination_path="s3://bucket/out", **arguments
    )
    return task.execute({})


def copied(hook):
    """What came into the lake, by path."""
    return {path: hook.filesystem.cat_file(path) for path in hook.filesystem.find("/raw")}


def test_there_and_back(hook, s3):
    """A tree comes from a bucket and goes back; names with `[1]`, spaces, `%`, `#` and `é` stay the same."""
    names = ("day 1%.csv", "a/[1]*#.csv", "a/b/é?.csv", "empty", "+")
    content = {name: b"" if name == "empty" else name.encode() for name in names}
    s3.pipe({f"bucket/in/{name}": data for name, data in content.items()})

    assert fetch()["files"] == len(content)
    assert send()["files"] == len(content)
    assert hook.filesystem.cat("/raw/a/b/é?.csv") == "a/b/é?.csv".encode()
    s3.invalidate_cache()
    assert {path.removeprefix("bucket/out/"): s3.cat_file(path) for path in s3.find("bucket/out")} == content


@pytest.mark.parametrize("size", [BLOCK, 2 * BLOCK + 1])
def test_big_files(hook, s3, size):
    """A file of one block, and bigger ones, come and go whole."""
    data = os.urandom(size)
    s3.pipe_file("bucket/in", data)
    fetch()
    assert hook.filesystem.cat_file("/raw") == data
    send()
    assert s3.cat_file("bucket/out") == data


def test_requests(hook, s3, requests):
    """A small object costs one request, and a prefix one; nothing that the listing said is asked again."""
    s3.pipe({f"bucket/in/{day}/{part}": b"1" for day in range(3) for part in range(4)})
    requests.clear()
    fetch()
    assert requests["GET"] == 12
    # The source is looked at once: it might be an object.
    assert requests["HEAD"] <= 1
    # One for each prefix, and for the root when it is looked at.
    assert requests["LIST"] <= 6
    requests.clear()
    send()
    assert requests == {"PUT": 12}


def test_move(hook, s3):
    """Objects are deleted when their copies are whole; markers of folders stay."""
    s3.pipe({"bucket/in/": b"", "bucket/in/a/": b"", "bucket/in/a/1.csv": b"1", "bucket/in/2.csv": b"22"})
    assert fetch(delete_source=True)["deleted"] == 2
    assert copied(hook) == {"/raw/2.csv": b"22", "/raw/a/1.csv": b"1"}
    s3.invalidate_cache()
    assert s3.find("bucket") == ["bucket/in/", "bucket/in/a/"]


def test_an_object_that_grew(hook, s3, mocker):
    """An object that has more bytes than the listing said is not copied in part."""
    s3.pipe_file("bucket/in/1.csv", b"1")
    from airflow_provider_adls.transfer.object_content import ObjectSource

    whole = ObjectSource.whole

    async def grow(self):
        await self._calls.method("pipe_file", self._path, b"12")
        return await whole(self)

    mocker.patch.object(ObjectSource, "whole", grow)
    with pytest.raises(OSError, match=re.escape("s3://bucket/in/1.csv")):
        fetch()
    assert not hook.filesystem.exists("/raw/1.csv")


def test_markers_of_folders(hook, s3):
    """An empty object that stands for a folder becomes a directory, with other objects below it or none."""
    s3.pipe({"bucket/in/": b"", "bucket/in/a/": b"", "bucket/in/a/1.csv": b"1", "bucket/in/empty/": b""})
    assert fetch()["files"] == 1
    assert hook.filesystem.isdir("/raw/empty")
    assert hook.filesystem.find("/raw") == ["/raw/a/1.csv"]


@pytest.mark.parametrize("move", [False, True])
def test_keys_that_no_file_can_have(hook, s3, move):
    """A key with an empty part, or one of dots, is an error that names it, and stays in its bucket."""
    keys = ("a//b", "/b", "a/b/", "a//", "a/../b", "a/./b")
    s3.pipe({f"bucket/{number}/{key}": b"lost?" for number, key in enumerate(keys)})
    for number, key in enumerate(keys):
        s3.pipe_file(f"bucket/{number}/a/1.csv", b"1")
        source = f"s3://bucket/{number}"
        with pytest.raises(PathError, match=f"{source}/.* has a name that no file can be given"):
            fetch(source, delete_source=move)
        result = fetch(source, ignore_failures=True, ignore_if_missing=move)
        assert result["failed"] == 1, key
        assert copied(hook) == {"/raw/a/1.csv": b"1"}
        s3.invalidate_cache()
        assert f"bucket/{number}/{key}" in s3.find(f"bucket/{number}")


def test_a_key_that_is_a_prefix_too(hook, s3):
    """An object whose key is a prefix of others is an error that names it, and what is beside it is not."""
    s3.pipe({"bucket/in/foo": b"1", "bucket/in/foo/sub": b"2", "bucket/in/z": b"3"})
    with pytest.raises(ValueError, match="s3://bucket/in/foo would be a file, and a directory"):
        fetch()
    result = fetch(ignore_failures=True)
    assert result["failed"] == 1
    assert copied(hook) == {"/raw/foo/sub": b"2", "/raw/z": b"3"}


def test_a_prefix_of_others_in_the_target(hook, s3):
    """A sync with deletions deletes nothing where the target's object is a prefix of others, and names it."""
    hook.filesystem.pipe({"/raw/foo/1": b"1", "/raw/z": b"2"})
    s3.pipe({"bucket/out/foo": b"extra", "bucket/out/foo/1": b"1"})
    with pytest.raises(ValueError, match=r"s3://bucket/out/foo would be a file, .* the target has an object"):
        hook.sync("/raw", "s3://bucket/out", delete=True)
    result = hook.sync("/raw", "s3://bucket/out", delete=True, ignore_failures=True)
    assert (result["failed"], result["deleted"]) == (1, 0)
    s3.invalidate_cache()
    assert s3.find("bucket/out") == ["bucket/out/foo", "bucket/out/foo/1", "bucket/out/z"]


def test_missing_things(hook, s3):
    """A missing prefix is an error that names it, and a missing bucket an error of the store's."""
    with pytest.raises(FileNotFoundError, match="nothing is at s3://bucket/in"):
        fetch()
    hook.filesystem.pipe_file("/raw/1.csv", b"1")
    with pytest.raises(OSError, match="bucket"):
        ADLSGen1ToObjectStorageOperator(
            task_id="out", remote_path="/raw", destination_path="s3://no-bucket/out"
        ).execute({})


def test_many_tasks(hook, s3):
    """A transfer of many tasks goes from a bucket to a lake and back, and refuses what no file can be."""
    s3.pipe({f"bucket/in/{day} %/{part}": f"{day}{part}".encode() for day in range(3) for part in range(3)})

    def carry_out(name, source, destination):
        state = {"state_path": "/state", "transfer_id": name}
        hook.begin_transfer(**state, source_path=source, destination_path=destination, list_tasks=2)
        for part in range(2):
            hook.list_transfer(**state, part=part)
        for shard in range(hook.pack_transfer(**state)):
            hook.copy_shard(**state, shard=shard)
            hook.verify_shard(**state, shard=shard)

    carry_out("in", "s3://bucket/in", "/raw")
    carry_out("out", "/raw", "s3://bucket/out")
    s3.invalidate_cache()
    assert s3.cat_file("bucket/out/2 %/1") == b"21"
    assert len(s3.find("bucket/out")) == 9
    s3.pipe_file("bucket/in/1 %//lost?", b"1")
    with pytest.raises(PathError, match="lost"):
        carry_out("again", "s3://bucket/in", "/raw")
