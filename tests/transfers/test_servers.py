"""Transfers from real servers of other kinds, which the extra `servers` brings: skipped without it."""

import contextlib
import http.server
import os
import socket
import threading
from functools import partial
from pathlib import Path

import fsspec
import pytest

from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.transfers.adls_gen1_to_object_storage import ADLSGen1ToObjectStorageOperator
from airflow_provider_adls.transfers.object_storage_to_adls_gen1 import ObjectStorageToADLSGen1Operator


@pytest.fixture
def folder(tmp_path):
    """What the servers serve: two files, one with a space and a percent sign in its name."""
    (tmp_path / "in" / "a").mkdir(parents=True)
    (tmp_path / "in" / "day 1%.csv").write_text("1")
    (tmp_path / "in" / "a" / "2.csv").write_bytes(b"22")
    return tmp_path


def fetch(source, **arguments):
    task = ObjectStorageToADLSGen1Operator(task_id="in", source_path=source, remote_path="/raw", **arguments)
    return task.execute({})


def send(destination):
    task = ADLSGen1ToObjectStorageOperator(task_id="out", remote_path="/raw", destination_path=destination)
    return task.execute({})


def sftp_session(paramiko, folder):
    """Return the class that serves a folder of this machine by SFTP."""

    class Session(paramiko.SFTPServerInterface):
        def _real(self, path):
            return Path(str(folder) + self.canonicalize(path))

        def _try(self, work):
            try:
                return work()
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno)

        def list_folder(self, path):
            def listed():
                with os.scandir(self._real(path)) as entries:
                    return [paramiko.SFTPAttributes.from_stat(one.stat(), one.name) for one in entries]

            return self._try(listed)

        def stat(self, path):
            return self._try(lambda: paramiko.SFTPAttributes.from_stat(self._real(path).stat()))

        lstat = stat

        def open(self, path, flags, attr):
            def opened():
                file = os.fdopen(
                    os.open(self._real(path), flags, 0o600), "wb" if flags & os.O_WRONLY else "rb"
                )
                handle = paramiko.SFTPHandle(flags)
                handle.readfile = handle.writefile = file
                return handle

            return self._try(opened)

        def mkdir(self, path, attr):
            return self._try(lambda: self._real(path).mkdir() or paramiko.SFTP_OK)

        def rename(self, old, new):
            return self._try(lambda: self._real(old).replace(self._real(new)) and 0)

        posix_rename = rename

        def remove(self, path):
            return self._try(lambda: self._real(path).unlink() or paramiko.SFTP_OK)

        def chattr(self, path, attr):
            return paramiko.SFTP_OK

    return Session


@pytest.fixture
def sftp(folder):
    """A server of SFTP, `host:port`, which serves the folder to `anna` with the password `word`."""
    paramiko = pytest.importorskip("paramiko")

    class Server(paramiko.ServerInterface):
        def check_auth_password(self, username, password):
            right = (username, password) == ("anna", "word")
            return paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED

        def check_channel_request(self, kind, chanid):
            return paramiko.OPEN_SUCCEEDED

    key = paramiko.ECDSAKey.generate()
    session = sftp_session(paramiko, folder)
    listener = socket.create_server(("127.0.0.1", 0))
    transports = []

    def serve():
        with contextlib.suppress(OSError):
            while True:
                transport = paramiko.Transport(listener.accept()[0])
                transports.append(transport)
                transport.add_server_key(key)
                transport.set_subsystem_handler("sftp", paramiko.SFTPServer, session)
                transport.start_server(server=Server())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()
    for transport in transports:
        transport.close()


def test_sftp(hook, folder, sftp):
    """A tree comes from a server of SFTP, and goes back to it; its URL names host, port and user."""
    assert fetch(f"sftp://anna:word@{sftp}/in")["files"] == 2
    assert hook.filesystem.cat("/raw/day 1%.csv") == b"1"
    assert send(f"sftp://anna:word@{sftp}/out")["files"] == 2
    assert (folder / "out" / "a" / "2.csv").read_bytes() == b"22"


@pytest.fixture
def smb(folder):
    """A server of SMB, `host:port`, which serves the folder as `share` to `anna` with the password `word`."""
    smbclient = pytest.importorskip("smbclient")
    smbserver = pytest.importorskip("impacket.smbserver")
    from impacket.ntlm import compute_lmhash, compute_nthash

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = smbserver.SimpleSMBServer(listenAddress="127.0.0.1", listenPort=port)
    server.addShare("share", str(folder))
    server.addCredential("anna", 0, compute_lmhash("word"), compute_nthash("word"))
    server.setSMB2Support(True)
    threading.Thread(target=server.start, daemon=True).start()
    yield f"127.0.0.1:{port}"
    smbclient.reset_connection_cache(fail_on_error=False)
    # It listens until the process ends: its stop closes the socket below its own loop.


def test_smb(hook, folder, smb):
    """A tree comes from a share of SMB; host, port, user and password are the URL's."""
    assert fetch(f"smb://anna:word@{smb}/share/in")["files"] == 2
    assert hook.filesystem.cat("/raw/day 1%.csv") == b"1"


@pytest.fixture
def gcs(monkeypatch):
    """A bucket of a server of Google Cloud Storage, with two objects."""
    pytest.importorskip("gcsfs")
    emulator = pytest.importorskip("gcp_storage_emulator.server")
    server = emulator.create_server("127.0.0.1", 0, in_memory=True, default_bucket="bucket")
    server.start()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://{}:{}".format(*server._api._httpd.server_address[:2]))
    fsspec.filesystem("gs", skip_instance_cache=True).pipe(
        {"bucket/in/day 1%.csv": b"1", "bucket/in/a/2.csv": b"22"}
    )
    yield "gs://bucket"
    server.stop()


def test_gcs(hook, gcs):
    """A prefix comes from a bucket of Google's, and goes back to it."""
    assert fetch(f"{gcs}/in")["files"] == 2
    assert hook.filesystem.cat("/raw/a/2.csv") == b"22"
    assert send(f"{gcs}/out")["files"] == 2
    assert fsspec.filesystem("gs").cat("bucket/out/day 1%.csv") == b"1"


def test_gcs_keys(hook, gcs):
    """A marker of a folder is a directory, and a key with an empty part an error, which lose nothing."""
    store = fsspec.filesystem("gs")
    store.pipe({"bucket/in/": b"", "bucket/in/a/": b"", "bucket/in/empty/": b""})
    assert fetch(f"{gcs}/in")["files"] == 2
    assert hook.filesystem.isdir("/raw/empty")
    store.pipe_file("bucket/in/a//lost?", b"1")
    with pytest.raises(PathError, match=r"in/a//lost\? has a name that no file can be given"):
        fetch(f"{gcs}/in")


@pytest.fixture
def web(folder):
    """A server of HTTP that serves the folder."""
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_http(hook, web):
    """A file comes from a web server."""
    assert fetch(f"{web}/in/a/2.csv")["bytes"] == 2
    assert hook.filesystem.cat("/raw") == b"22"


def test_http_of_a_name_that_is_encoded(hook, web):
    """A URL is given to the server as it is written."""
    assert fetch(f"{web}/in/day%201%25.csv")["bytes"] == 1
