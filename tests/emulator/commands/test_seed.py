"""`adls-gen1 emulator seed`."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from airflow_provider_adls.emulator import Emulator

PART = 4 * 1024 * 1024
#: The longest name of this machine's file systems, with the longest letters in a URL.
LONG = "😀" * 63


@pytest.fixture
def lake(tmp_path, browse):
    """An emulator with an account, a browser at it, and the options that name it."""
    ready_file = tmp_path / "ready.json"
    with Emulator(accounts=["mylake"]) as emulator, browse(emulator) as browser:
        ready_file.write_text(json.dumps(emulator.ready))
        yield emulator, browser, ("--ready-file", ready_file)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "tree"
    folder.mkdir()
    return folder


def tree(browser, account="mylake", path="/"):
    """Return the content of every file below a path, and None for every directory."""
    found = {}
    query = {"path": path, "limit": "1000"}
    for entry in browser.send("GET", f"/emulator/accounts/{account}/tree", params=query).json()["entries"]:
        below = f"{path.rstrip('/')}/{entry['name']}"
        if entry["type"] == "DIRECTORY":
            found |= {below: None, **tree(browser, account, below)}
        else:
            found[below] = opened(browser, account, below)
    return found


def opened(browser, account, path):
    return browser.lake("GET", account, quote(path), params={"op": "OPEN", "read": "true"}).content


def test_a_folder_is_copied(lake, command, folder):
    """Files of every size and name, and empty directories, are copied with their content."""
    _, browser, where = lake
    (folder / "empty" / "below").mkdir(parents=True)
    contents = {
        "none": b"",
        "a b/größe 100%.csv": b"x",
        "a b/#1?&+;=@.csv": b"y" * 1000,
        "limit": b"z" * PART,
        "over": bytes(range(256)) * (PART // 256) + b"!",
        "%2e%2e": b"not above",
        "x" * 255: b"long",
        # A name that takes 12 bytes of the URL for each letter.
        f"{LONG}/{LONG}": b"longer",
        ".hidden": b"too",
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    done = command("seed", "mylake", folder, "--path", "/raw/2026", *where)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Filled account mylake. Files: 9, directories: 5.\n"
    expected = {f"/raw/2026/{name}": content for name, content in contents.items()}
    directories = dict.fromkeys(
        ["/raw", *(f"/raw/2026{name}" for name in ("", "/empty", "/empty/below", "/a b", f"/{LONG}"))]
    )
    assert tree(browser) == expected | directories


def test_an_account_is_made(lake, command, folder):
    """A missing account is made as `start --account` makes it, and ARM knows it too."""
    _, browser, where = lake
    (folder / "f").write_text("x")
    done = command("seed", "another.azuredatalakestore.net", folder, *where)
    assert done.stdout == "Filled account another, which was made. Files: 1, directories: 0.\n"
    assert tree(browser, "another") == {"/f": b"x"}
    path = "/resourceGroups/rg/providers/Microsoft.DataLakeStore/accounts/another"
    properties = browser.arm("GET", path).json()["properties"]
    assert (properties["provisioningState"], properties["state"]) == ("Succeeded", "Active")
    assert command("seed", "mylake", folder, *where).returncode == 0


def test_it_may_be_said_again(lake, command, folder):
    """Files are overwritten and others left: a second time changes nothing but what changed here."""
    _, browser, where = lake
    (folder / "f").write_text("old and long")
    browser.lake("PUT", "mylake", "/other", params={"op": "CREATE", "write": "true"}, data=b"stays")
    assert command("seed", "mylake", folder, *where).returncode == 0
    (folder / "f").write_text("new")
    assert command("seed", "mylake", folder, *where).returncode == 0
    assert tree(browser) == {"/f": b"new", "/other": b"stays"}


def test_a_refusal_names_operation_and_path(lake, command, folder):
    """The service's words are passed on, with operation and path."""
    emulator, browser, where = lake
    browser.lake("PUT", "mylake", "/f", params={"op": "CREATE", "write": "true"}, data=b"stays")
    (folder / "f").mkdir()
    (folder / "f" / "below").write_text("x")
    done = command("seed", "mylake", folder, *where)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("adls-gen1: error: MKDIRS /f: HTTP ")
    assert done.stderr.count("\n") == 1
    assert tree(browser) == {"/f": b"stays"}
    emulator.faults.add(operation="CREATE", drop="before")
    (folder / "f" / "below").unlink()
    (folder / "f").rmdir()
    (folder / "g").write_text("x")
    done = command("seed", "mylake", folder, *where)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "went away in the middle" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("mylake", "nowhere"), 2, "folder nowhere does not exist"),
        (("My_Lake", "."), 2, "'My_Lake' is not an account name"),
        (("mylake", ".", "--path", "raw"), 2, "--path must begin with /"),
        (("mylake", __file__), 2, "is not a folder"),
        (("mylake", "."), 3, "no emulator runs"),
    ],
)
def test_wrong_arguments_are_refused(command, arguments, status, said, tmp_path, monkeypatch):
    """A wrong argument is named in one line."""
    monkeypatch.chdir(tmp_path)
    done = command("seed", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (status, "", 1)
    assert said in done.stderr


def test_a_folder_is_copied_into_a_container(lake, command, folder):
    """Files of every size and name go into a container, which is made if it is missing."""
    emulator, browser, where = lake
    emulator.create_storage_account("gen2")
    contents = {
        "none": b"",
        "a b/größe 100%.csv": b"x",
        "a b/scheduled__2026-11-29T00:00:00+00:00": b"y" * 1000,
        "over": bytes(range(256)) * (PART // 256) + b"!",
    }
    (folder / "empty" / "below").mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    for made in (", which was made", ""):
        done = command("seed", "gen2/raw", folder, "--path", "/in/it", *where)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"Filled container gen2/raw{made}. Files: 4, directories: 4.\n"
    headers = browser.bearer("https://storage.azure.com/")
    for name, content in contents.items():
        answer = browser.send("GET", f"/dfs/gen2/raw/in/it/{quote(name)}", headers=headers)
        assert (name, answer.content) == (name, content)
    listing = "/dfs/gen2/raw?resource=filesystem&recursive=true&directory=in/it/empty"
    assert [each["name"] for each in browser.send("GET", listing, headers=headers).json()["paths"]] == [
        "in/it/empty/below"
    ]


def test_a_storage_account_must_exist(lake, command, folder):
    """A container of an account that does not exist is refused, with what makes one."""
    _, _, where = lake
    done = command("seed", "none/raw", folder, *where)
    assert (done.returncode, "start --storage-account none" in done.stderr) == (2, True)
