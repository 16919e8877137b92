"""Accounts, secrets, and what is handed on of a file system."""

from __future__ import annotations

import socket

import fsspec
import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.model.errors import AccountNotFoundError, ConnectionFieldError, PathError

SECRET = "hush~hush"
MADE_WITH_SECRET = {"tenant_id": "t", "client_id": "c", "client_secret": SECRET}


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
    with pytest.raises(ConnectionFieldError, match="no identity to sign in as"):
        ADLSGen1FileSystem("lake").ls("/")


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
    """Where the first segment is not an existing account, the error says that a slash may be missing."""
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
