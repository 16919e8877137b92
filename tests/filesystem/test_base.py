"""Accounts, secrets, and what is handed on of a file system."""

from __future__ import annotations

import asyncio
import copy
import gc
import json
import pickle
import socket
import subprocess
import sys
import textwrap
import threading
import weakref

import fsspec
import pytest
from fsspec import AbstractFileSystem

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.gen1.clouds import emulator_cloud
from airflow_provider_adls.gen1.errors import AccountNotFoundError, ConnectionFieldError, PathError

SECRET = "hush~hush"
MADE_WITH_SECRET = {"tenant_id": "t", "client_id": "c", "client_secret": SECRET}


class PlainCredential:
    """A credential that pickles."""

    def get_token(self, *scopes):
        raise NotImplementedError

    def __eq__(self, other):
        return isinstance(other, PlainCredential)

    def __hash__(self):
        return 1


def test_constructor_opens_nothing(mocker):
    """Making a file system resolves nothing, connects nowhere and signs in to nothing."""
    connect = mocker.patch.object(socket.socket, "connect", autospec=True)
    resolve = mocker.patch.object(socket, "getaddrinfo", autospec=True)
    ADLSGen1FileSystem("lake", **MADE_WITH_SECRET, ca_file="/missing.pem", skip_instance_cache=True)
    assert (connect.call_count, resolve.call_count) == (0, 0)


def test_unknown_option():
    """A misspelt option is named."""
    with pytest.raises(TypeError, match="'client_secrets'"):
        ADLSGen1FileSystem("lake", client_secrets=SECRET)


def test_account_name():
    """The own account is given by its short or full name, and by nothing else."""
    assert ADLSGen1FileSystem("Lake.azuredatalakestore.net").account_name == "lake"
    with pytest.raises(PathError, match="not an account name"):
        ADLSGen1FileSystem("no/account")


def test_no_credential():
    """A file system without a credential says so when it is first used."""
    with pytest.raises(ConnectionFieldError, match="nobody to sign in as"):
        ADLSGen1FileSystem("lake").ls("/")


def test_secret_is_nowhere():
    """The secret stands in no repr, option, token, attribute's text or JSON."""
    fs = ADLSGen1FileSystem("lake", **MADE_WITH_SECRET)
    assert SECRET not in repr(fs)
    assert SECRET not in str(fs.storage_options)
    assert SECRET not in fs.to_json()
    assert SECRET not in str(fs.to_dict())
    assert SECRET not in str(vars(fs))
    assert SECRET not in fs._fs_token


def test_pickle_of_a_secret():
    """A file system that was made with a secret is not pickled, and says what to do."""
    for fs in (
        ADLSGen1FileSystem("lake", **MADE_WITH_SECRET),
        ADLSGen1FileSystem("lake", credential=PlainCredential(), proxy=f"http://user:{SECRET}@proxy:1"),
    ):
        with pytest.raises(TypeError, match="would carry it") as caught:
            pickle.dumps(fs)
        assert SECRET not in str(caught.value)
        assert SECRET not in str(fs.storage_options)
        assert copy.deepcopy(fs) is fs


def test_pickle_of_a_credential():
    """A credential object goes with the pickle."""
    fs = ADLSGen1FileSystem("lake", credential=PlainCredential(), cloud="china", skip_instance_cache=True)
    again = pickle.loads(pickle.dumps(fs))
    assert (fs.account_name, fs._access) == (again.account_name, again._access)


def test_json():
    """JSON carries what it can: the reader adds who signs in."""
    cloud = "https://127.0.0.1:10443"
    fs = ADLSGen1FileSystem("lake", **MADE_WITH_SECRET, cloud=emulator_cloud(cloud), ca_file="/ca.pem")
    described = json.loads(fs.to_json())
    assert described == {
        "cls": "airflow_provider_adls.filesystem.file_system:ADLSGen1FileSystem",
        "protocol": "adl",
        "args": ["lake"],
        "tenant_id": "t",
        "client_id": "c",
        "cloud": cloud,
        "ca_file": "/ca.pem",
    }
    described |= {"client_secret": SECRET}
    again = AbstractFileSystem.from_dict(described)
    assert again._access.cloud == fs._access.cloud
    only = ADLSGen1FileSystem("lake", credential=PlainCredential())
    assert isinstance(AbstractFileSystem.from_json(only.to_json()), ADLSGen1FileSystem)


def test_instances():
    """The same options give the same instance, another secret gives another."""
    first = ADLSGen1FileSystem("lake", **MADE_WITH_SECRET)
    assert first is ADLSGen1FileSystem("lake", **MADE_WITH_SECRET)
    assert first is not ADLSGen1FileSystem("lake", **(MADE_WITH_SECRET | {"client_secret": "other"}))
    assert first.fsid == ADLSGen1FileSystem("lake", credential=PlainCredential()).fsid
    assert first.fsid != ADLSGen1FileSystem("other", credential=PlainCredential()).fsid


def test_registered(options):
    """Fsspec finds the file system under its protocol, in URLs too."""
    del options["skip_instance_cache"]
    account = options["account_name"]
    assert isinstance(fsspec.filesystem("adl", **options), ADLSGen1FileSystem)
    with fsspec.open(f"adl://{account}/raw/x.txt", "w", **options) as file:
        file.write("é")
    with fsspec.open(f"adl://{account}.azuredatalakestore.net/raw/x.txt", "r", **options) as file:
        assert file.read() == "é"
    ADLSGen1FileSystem.clear_instance_cache()


def test_urls(fs, account):
    """A path's URL has the account's full name, whichever form the path has."""
    url = f"adl://{account}.azuredatalakestore.net/raw/x"
    assert {url} == {fs.unstrip_protocol(name) for name in ("/raw/x", f"{account}/raw/x", url)}
    assert ["/a", f"{account}/b"] == fs._strip_protocol(["adl:///a/", f"adl://{account}/b"])
    assert fs._parent(url) == f"{account}.azuredatalakestore.net/raw"


def test_both_forms_are_one_place(fs, account):
    """What is written by one form is there by all, and results take the form that was asked."""
    fs.pipe("/raw/x", b"1")
    for root in ("", account, f"{account}.azuredatalakestore.net"):
        assert [f"{root}/raw/x"] == fs.find(f"{root}/raw") == fs.glob(f"{root}/raw/*")
        assert [f"{root}/raw/x"] == [one["name"] for one in fs.ls(f"{root}/raw/x")]
        assert fs.info(f"adl://{root}/raw/x")["name"] == f"{root}/raw/x"
        assert [f"{root}/raw"] == fs.ls(root or "/", detail=False)
    assert len(fs._clients) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda fs: fs.ls("raw/x"),
        lambda fs: fs.exists("raw/x"),
        lambda fs: fs.find("raw/x"),
        lambda fs: fs.cat("raw/x"),
        lambda fs: fs.pipe("raw/x", b"1"),
        lambda fs: fs.rm("raw/x"),
        lambda fs: fs.mkdir("adl://raw/x"),
        lambda fs: fs.mv("/y", "raw/x"),
        lambda fs: fs.open("raw/x"),
        lambda fs: fs.put(__file__, "raw/x"),
    ],
)
def test_missing_slash(fs, call):
    """Where a first segment is no account that exists, the slash that may be missing is told."""
    fs.pipe("/y", b"1")
    with pytest.raises(AccountNotFoundError, match="/raw/x may be meant") as caught:
        call(fs)
    assert str(caught.value).count("may be meant") == 1


def test_missing_slash_beside_a_local_path(fs, tmp_path, monkeypatch):
    """A relative path of this machine is not taken for the lake's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "local file").write_text("1")
    with pytest.raises(AccountNotFoundError, match=r"/raw/x may be meant"):
        fs.put_file("local file", "raw/x")


def test_own_account_that_is_missing(options):
    """A path with a slash gets no such advice."""
    fs = ADLSGen1FileSystem(**options | {"account_name": "nosuch"})
    with pytest.raises(AccountNotFoundError) as caught:
        fs.ls("/raw")
    assert "may be meant" not in str(caught.value)


def test_threads(fs):
    """Many threads share a file system, and its one client."""
    failures = []

    def work(number: int) -> None:
        try:
            fs.pipe(f"/t/{number}", str(number).encode())
            assert fs.cat(f"/t/{number}") == str(number).encode()
        except (OSError, AssertionError) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (len(fs.ls("/t")), len(fs._clients)) == (20, 1)


async def test_blocking_inside_an_event_loop(fs):
    """A blocking file system works where an event loop runs, as in a notebook."""
    fs.pipe("/x", b"1")
    assert fs.cat("/x") == b"1"


async def test_coroutines_of_a_running_loop(options):
    """With `asynchronous=True` the coroutines run on the caller's loop."""
    fs = ADLSGen1FileSystem(**options, asynchronous=True)
    await fs._pipe_file("/x", b"1")
    assert await asyncio.gather(*(fs._cat_file("/x") for _ in range(5))) == [b"1"] * 5
    await fs._close()


def test_loops_one_after_another(options):
    """An asynchronous file system serves event loop after event loop, and leaves nothing open."""
    fs = ADLSGen1FileSystem(**options, asynchronous=True)
    assert [asyncio.run(fs._exists("/x")) for _ in range(2)] == [False, False]


def test_fork(options):
    """A child of a fork makes its own file system; its parent's goes on working."""
    script = f"""
        import os
        from airflow_provider_adls.filesystem import ADLSGen1FileSystem
        options = {options | {"skip_instance_cache": False}!r}
        fs = ADLSGen1FileSystem(**options)
        fs.pipe("/x", b"1")
        child = os.fork()
        if not child:
            code = 1
            try:
                fs = ADLSGen1FileSystem(**options)
                code = 7 if fs.cat("/x") == b"1" else 2
            finally:
                os._exit(code)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), fs.cat("/x"))
    """
    process = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert process.stdout == "7 b'1'\n"


def test_dropped_file_systems(options):
    """File systems that are opened and dropped leave no connection and no object behind."""
    gone = []
    for _ in range(5):
        fs = ADLSGen1FileSystem(**options)
        fs.ls("/")
        gone.append(weakref.ref(fs))
    del fs
    gc.collect()
    assert [reference() for reference in gone] == [None] * 5
