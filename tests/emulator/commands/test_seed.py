"""`adls-gen1 emulator seed`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from airflow_provider_adls.emulator import Emulator

PERSON = "6f3a1c52-8f0e-4d0b-9c54-1f0a7e2d9b31"
PART = 4 * 1024 * 1024
#: A name that takes 12,000 bytes in a URL.
LONG = "😀" * 1000
GUIDE = Path(__file__).parents[3] / "docs" / "emulator.md"


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
    """Content of every file below a path, and None for every directory."""
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


def entries(browser, path="/"):
    found = browser.send("GET", "/emulator/accounts/mylake/tree", params={"path": path}).json()["entries"]
    return {entry["name"]: entry for entry in found}


def test_a_folder_is_copied(lake, command, folder):
    """Files of every size and name, and empty directories, are there with their content."""
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
        ".hidden": b"too",
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    done = command("seed", "mylake", folder, "--path", "/raw/2026", *where)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Filled account mylake. Files: 8, directories: 4.\n"
    expected = {f"/raw/2026/{name}": content for name, content in contents.items()}
    directories = dict.fromkeys(
        ["/raw", *(f"/raw/2026{name}" for name in ("", "/empty", "/empty/below", "/a b"))]
    )
    assert tree(browser) == expected | directories


def test_an_account_is_made(lake, command, folder):
    """An account that there is not is made, as `start --account` makes it, and is there for ARM too."""
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


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_description_says_rights_and_expiry(lake, command, tmp_path, kind):
    """Rights, owners and expiry come from a description, and content from it or from this machine."""
    emulator, browser, where = lake
    (tmp_path / "files" / "sub").mkdir(parents=True)
    (tmp_path / "files" / "big.bin").write_bytes(b"x" * (PART + 1))
    (tmp_path / "files" / "sub" / "one").write_text("1")
    described = {
        "/raw": {"acl": f"default:user:{PERSON}:r-x", "permission": "1750"},
        "/raw/day.csv": {"content": "größe,pieces\n1,9\n", "permission": "640", "expires_in": 3600},
        "/raw/big.bin": {"source": "files/big.bin", "owner": PERSON, "expires": "2099-01-31T12:00:00Z"},
        "/copied": {"source": "files", "group": PERSON},
        "/empty.txt": {"content": ""},
        "/dir": None,
        f"/{LONG}": {"content": ""},
    }
    description = tmp_path / f"seed.{kind}"
    # JSON is YAML too.
    description.write_text(json.dumps(described, ensure_ascii=False), "utf-8")
    done = command("seed", "mylake", description, *where)
    assert (done.returncode, done.stderr) == (0, "")
    top, raw = entries(browser), entries(browser, "/raw")
    assert set(top) == {"raw", "copied", "empty.txt", "dir", LONG}
    assert (top["raw"]["permission"], top["copied"]["group"]) == ("1750", PERSON)
    assert f"default:user:{PERSON}:r-x" in top["raw"]["acl"]
    assert f"user:{PERSON}:r-x" in raw["day.csv"]["acl"]
    assert (raw["big.bin"]["owner"], raw["big.bin"]["expires"]) == (PERSON, 4_073_544_000_000)
    now = emulator.clock.now_ms()
    assert now + 3_500_000 < raw["day.csv"]["expires"] <= now + 3_600_000
    found = tree(browser)
    assert found["/raw/day.csv"].decode() == "größe,pieces\n1,9\n"
    assert (found["/raw/big.bin"], found["/copied/sub/one"]) == (b"x" * (PART + 1), b"1")
    assert (found["/empty.txt"], found["/dir"]) == (b"", None)


def test_the_guides_description_is_one(lake, command, tmp_path):
    """What the guide shows is read, and does what it says."""
    _, browser, where = lake
    (shown,) = re.findall(r"^```yaml\n(.*?)^```", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (tmp_path / "lake.yaml").write_text(shown)
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "orders.csv").write_text("order\n")
    done = command("seed", "mylake", tmp_path / "lake.yaml", *where)
    assert (done.returncode, done.stderr) == (0, "")
    assert tree(browser)["/raw/samples/orders.csv"] == b"order\n"
    assert entries(browser, "/raw")["day.csv"]["expires"]


def test_what_is_refused_is_told_with_its_path(lake, command, tmp_path):
    """The service's words are passed on, with operation and path."""
    emulator, browser, where = lake
    browser.lake("PUT", "mylake", "/f", params={"op": "CREATE", "write": "true"}, data=b"stays")
    (tmp_path / "seed.json").write_text('{"/f/below": {"content": "x"}}')
    done = command("seed", "mylake", tmp_path / "seed.json", *where)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("adls-gen1: error: CREATE /f/below: HTTP ")
    assert done.stderr.count("\n") == 1
    assert tree(browser) == {"/f": b"stays"}
    emulator.faults.add(operation="CREATE", drop="before")
    (tmp_path / "seed.json").write_text('{"/g": {"content": "x"}}')
    done = command("seed", "mylake", tmp_path / "seed.json", *where)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "went away in the middle" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("mylake", "nowhere"), 2, "there is no nowhere"),
        (("My_Lake", "."), 2, "'My_Lake' is not an account name"),
        (("mylake", ".", "--path", "raw"), 2, "--path must begin with /"),
        (("mylake", __file__), 2, "is neither a folder nor a description"),
        (("mylake", "."), 3, "no emulator runs"),
    ],
)
def test_wrong_arguments_are_told(command, arguments, status, said, tmp_path, monkeypatch):
    """What cannot be is named in one line."""
    monkeypatch.chdir(tmp_path)
    done = command("seed", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (status, "", 1)
    assert said in done.stderr
