"""Transfers from and to other stores by operator."""

import threading
from types import SimpleNamespace

import fsspec
import pytest

from airflow_provider_adls.connection.stored import ConnectionNotFoundError
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.transfers.adls_gen1_to_object_storage import ADLSGen1ToObjectStorageOperator
from airflow_provider_adls.transfers.object_storage_to_adls_gen1 import ObjectStorageToADLSGen1Operator


@pytest.fixture
def bucket():
    """A bucket in memory, with a tree."""
    memory = fsspec.filesystem("memory")
    memory.pipe({"/b/2026/1.csv": b"1", "/b/2026/a/2.csv": b"22", "/b/2026/a/2.txt": b""})
    yield memory
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]


def run(operator, context=None, **arguments):
    """Render templates and execute, as Airflow does."""
    task = operator(task_id="task", **arguments)
    task.render_template_fields(context or {})
    return task.execute(context or {})


def test_there_and_back(hook, bucket):
    """A glob and a tree keep their shape, there and back; a second try ends as the first."""
    for _ in range(2):
        done = run(
            ObjectStorageToADLSGen1Operator,
            {"ds": "2026"},
            source_path="memory://b/{{ ds }}/**/*.csv",
            remote_path="/raw/{{ ds }}",
        )
        assert done["paths"] == ["/raw/2026/1.csv", "/raw/2026/a/2.csv"]
        done = run(ADLSGen1ToObjectStorageOperator, remote_path="/raw", destination_path="memory://b/out/")
        assert done["paths"] == ["memory:///b/out/2026/1.csv", "memory:///b/out/2026/a/2.csv"]


def test_this_machine(hook, tmp_path):
    """`file://` is a store too."""
    (tmp_path / "1.csv").write_text("1")
    run(ObjectStorageToADLSGen1Operator, source_path=f"file://{tmp_path}/1.csv", remote_path="/raw/")
    back = f"file://{tmp_path}/2.csv"
    run(ADLSGen1ToObjectStorageOperator, remote_path="/raw/1.csv", destination_path=back)
    assert (tmp_path / "2.csv").read_text() == "1"


def test_a_connection_that_is_not_there(hook, bucket):
    """A connection of a store that Airflow has no file system for is refused, and nothing is copied."""
    with pytest.raises(PathError, match="Airflow has no file system for memory"):
        run(
            ObjectStorageToADLSGen1Operator,
            source_path="memory://b/2026",
            source_conn_id="nowhere",
            remote_path="/raw",
        )
    assert not hook.filesystem.exists("/raw")


@pytest.mark.parametrize("source", ["memory://nowhere@b/2026", "memory://b/2026"])
def test_a_misspelt_connection_of_a_store(hook, bucket, monkeypatch, source):
    """A connection that does not exist is an error: the store's hook might sign in as the machine itself."""
    # No provider of another store is installed here: this is what one of them makes of the id.
    from airflow.providers.common.compat import sdk

    def path(url, conn_id=None):
        return SimpleNamespace(fs=bucket, conn_id=conn_id or "nowhere")

    monkeypatch.setattr(sdk, "ObjectStoragePath", path)
    conn_id = None if "@" in source else "nowhere"
    arguments = {"source_path": source, "source_conn_id": conn_id, "remote_path": "/raw"}
    with pytest.raises(ConnectionNotFoundError, match="connection 'nowhere' does not exist"):
        run(ObjectStorageToADLSGen1Operator, **arguments)
    assert not hook.filesystem.exists("/raw")


@pytest.fixture
def ftp(tmp_path):
    """Server, `host:port`, that a user `anna` with the password `word` writes to, and its folder."""
    servers = pytest.importorskip("pyftpdlib.servers")
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler

    class Handler(FTPHandler):
        authorizer = DummyAuthorizer()

    Handler.authorizer.add_user("anna", "word", str(tmp_path), perm="elradfmwMT")
    Handler.authorizer.add_anonymous(str(tmp_path))
    server = servers.FTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"timeout": 0.05, "handle_exit": False})
    thread.start()
    yield f"127.0.0.1:{server.address[1]}", tmp_path
    server.close_all()
    thread.join()


def test_ftp(hook, ftp):
    """Host, port, user and password of a URL reach the server; without a user it is anonymous."""
    server, folder = ftp
    (folder / "in").mkdir()
    (folder / "in" / "day 1.csv").write_text("1")
    done = run(ObjectStorageToADLSGen1Operator, source_path=f"ftp://{server}/in", remote_path="/raw")
    assert (done["files"], hook.list_paths("/raw")) == (1, ["/raw/day 1.csv"])
    run(
        ADLSGen1ToObjectStorageOperator,
        remote_path="/raw",
        destination_path=f"ftp://anna:word@{server}/out",
    )
    assert (folder / "out" / "day 1.csv").read_text() == "1"
