"""Storage accounts in the emulator's own interface: status, files, reset."""

from __future__ import annotations

import pytest

TREE = "/emulator/storage-accounts/gen2/tree"


@pytest.fixture
def files(own_browser):
    """Return a browser at an emulator whose storage account has some files."""
    own_browser.emulator.create_storage_account("gen2", ["raw", "curated"])
    headers = own_browser.bearer("https://storage.azure.com/")
    for name in ("dir/a", "dir/b", "scheduled__2026-11-29T00%3A00%3A00%2B00%3A00"):
        path = f"/dfs/gen2/raw/{name}"
        made = own_browser.send("PUT", f"{path}?resource=file", headers=headers)
        assert made.status_code == 201
    append = own_browser.send(
        "PATCH", "/dfs/gen2/raw/dir/a?action=append&position=0&flush=true", data=b"abc", headers=headers
    )
    assert append.status_code == 202
    return own_browser


def test_status_names_accounts_and_containers(files):
    """The status has the storage accounts, each with its containers, beside those of Gen1."""
    status = files.send("GET", "/emulator/status").json()
    assert status["accounts"] == ["lake"]
    assert status["storage_accounts"] == {"gen2": ["curated", "raw"]}


def test_an_account_is_looked_at_from_its_containers_down(files):
    """An account's root has its containers; below are directories and files with size, rights and owner."""
    root = files.send("GET", TREE).json()
    assert [entry["name"] for entry in root["entries"]] == ["curated", "raw"]
    assert {entry["type"] for entry in root["entries"]} == {"DIRECTORY"}
    raw = files.send("GET", TREE, params={"path": "/raw", "limit": "1"}).json()
    assert ([entry["name"] for entry in raw["entries"]], raw["next"]) == (["dir"], "dir")
    (file,) = files.send("GET", TREE, params={"path": "/raw", "after": "dir"}).json()["entries"]
    assert file["name"] == "scheduled__2026-11-29T00:00:00+00:00"
    below = files.send("GET", TREE, params={"path": "/raw/dir"}).json()["entries"]
    assert [(entry["name"], entry["length"], entry["permission"]) for entry in below] == [
        ("a", 3, "640"),
        ("b", 0, "640"),
    ]


@pytest.mark.parametrize(
    ("account", "path", "status", "field"),
    [
        ("none", "/", 404, "account"),
        ("lake", "/", 404, "account"),
        ("gen2", "/none", 404, "path"),
        ("gen2", "/raw/none", 404, "path"),
        ("gen2", "/raw/dir/a", 400, "path"),
    ],
)
def test_what_is_not_there_is_named(files, account, path, status, field):
    """An account, container or directory that does not exist is named in the answer."""
    tree = f"/emulator/storage-accounts/{account}/tree"
    answer = files.send("GET", tree, params={"path": path})
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)


@pytest.mark.parametrize("accounts", [None, ["gen2"]])
def test_a_reset_leaves_empty_containers(files, accounts):
    """A reset deletes the files of a storage account; its containers and keys stay."""
    before = files.emulator.storage_accounts
    files.emulator.reset(accounts)
    assert files.emulator.storage_accounts == before
    assert files.send("GET", TREE, params={"path": "/raw"}).json()["entries"] == []
    assert files.send("GET", "/emulator/status").json()["storage_accounts"]["gen2"] == ["curated", "raw"]
