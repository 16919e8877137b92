"""The actions of the control API."""

from __future__ import annotations

import os
import time

import pytest

import airflow_provider_adls
from airflow_provider_adls.emulator import ArgumentError, Emulator

LAKE = "https://datalake.azure.net/"
CREATE = {"op": "CREATE", "write": "true"}


def test_status_says_what_the_emulator_is_and_has(own_browser):
    """Whoever knows the URL learns version, ways in, certificate, accounts, time and process."""
    emulator = own_browser.emulator
    emulator.create_account("another")
    own_browser.lake("GET", "lake", "/", params={"op": "LISTSTATUS"})
    status = own_browser.send("GET", "/emulator/status").json()
    assert time.time() - 600 < status.pop("started") < status["time"] < time.time() + 600
    del status["time"]
    assert status == {
        "version": airflow_provider_adls.__version__,
        "url": emulator.url,
        "proxy_url": emulator.proxy_url,
        "ca_file": emulator.ca_file,
        "data": None,
        "accounts": ["another", "lake"],
        "storage_accounts": {},
        "pid": os.getpid(),
        "requests": 2,
        "faults": 0,
    }


def test_status_names_the_data_folder(tmp_path, browse):
    """The status of an emulator with a data folder names the folder."""
    with Emulator(data=tmp_path) as emulator, browse(emulator) as browser:
        assert browser.send("GET", "/emulator/status").json()["data"] == str(tmp_path)


@pytest.fixture
def asked(own_browser):
    """A browser at an emulator with two files and four requests."""
    headers = own_browser.bearer(LAKE)
    for path in ("/raw/a", "/raw/b c", "/d"):
        own_browser.lake("PUT", "lake", path, params=CREATE, headers=headers)
    return own_browser


@pytest.mark.parametrize(
    ("query", "count", "paths"),
    [
        ("", 4, [None, "/raw/a", "/raw/b c", "/d"]),
        ("?service=lake&operation=create&account=lake&under=/raw&status=201", 2, ["/raw/a", "/raw/b c"]),
        ("?path=/*&service=lake", 1, ["/d"]),
        ("?under=/raw&limit=1", 2, ["/raw/b c"]),
        ("?under=/raw&limit=100", 2, ["/raw/a", "/raw/b c"]),
        ("?limit=0", 4, []),
        ("?after=2", 2, ["/raw/b c", "/d"]),
        ("?after=4", 0, []),
        ("?service=&operation=&account=&path=&under=&principal=&status=404&limit=", 0, []),
    ],
)
def test_requests_are_counted_and_shown(asked, query, count, paths):
    """The answer counts the matching requests, and shows the last of them."""
    answer = asked.send("GET", f"/emulator/requests{query}").json()
    assert answer["count"] == count
    shown = [request["path"] if request["service"] == "lake" else None for request in answer["requests"]]
    assert shown == paths


def test_a_request_is_shown_whole(asked):
    """Of a request everything is shown that is known, and no token."""
    (shown,) = asked.send("GET", "/emulator/requests?path=/d").json()["requests"]
    (record,) = asked.emulator.requests(path="/d")
    assert shown == {
        "number": 4,
        "time": record.time,
        "service": "lake",
        "method": "PUT",
        "path": "/d",
        "operation": "CREATE",
        "account": "lake",
        "principal": record.principal.object_id,
        "client_id": asked.emulator.client_id,
        "status": 201,
        "fault": None,
        "ms": round(record.ms, 3),
    }


def test_requests_are_forgotten(asked):
    """Once forgotten, no request is counted."""
    assert asked.send("DELETE", "/emulator/requests").json() == {"count": 0, "requests": []}
    assert asked.emulator.requests == []


def test_the_clock_is_set_moved_and_set_back(own_browser):
    """A date or seconds set the clock, seconds move it, and it goes back to the machine's time."""
    clock = own_browser.emulator.clock
    for moment in ("2024-02-29T12:00:00Z", "2024-02-29T13:00:00+01:00", 1709208000):
        shown = own_browser.send("PUT", "/emulator/clock", json={"time": moment}).json()
        assert 0 <= shown["time"] - 1709208000 < 600
        assert shown["date"].startswith("2024-02-29T12:0")
        assert shown["offset"] == clock.offset
    shown = own_browser.send("PUT", "/emulator/clock", json={"move": 86400}).json()
    assert shown["date"].startswith("2024-03-01T12:0")
    assert own_browser.send("GET", "/emulator/clock").json()["offset"] == shown["offset"]
    assert own_browser.send("DELETE", "/emulator/clock").json()["offset"] == 0
    assert clock.offset == 0


def test_all_accounts_are_emptied(asked):
    """A reset leaves empty accounts, no requests and the machine's time."""
    emulator = asked.emulator
    emulator.create_account("another")
    emulator.clock.move(60)
    headers = asked.bearer(LAKE)
    asked.lake("PUT", "another", "/f", params=CREATE, headers=headers)
    asked.lake("DELETE", "another", "/f", params={"op": "DELETE"}, headers=headers)
    assert asked.send("POST", "/emulator/reset", json={}).json() == {"accounts": ["another", "lake"]}
    assert (emulator.requests, emulator.clock.offset) == ([], 0)
    for account in ("lake", "another"):
        listing = asked.lake("GET", account, "/", params={"op": "LISTSTATUS"}, headers=headers)
        assert listing.json()["FileStatuses"]["FileStatus"] == []
    deleted = {"op": "ENUMERATEDELETEDITEMS", "hint": "f"}
    found = asked.lake("GET", "another", "/", params=deleted, headers=headers)
    assert found.json()["trashDir"]["trashDirEntry"] == []


def test_named_accounts_are_emptied(asked):
    """Other accounts than the named ones keep their files; the root is as it was at first."""
    emulator = asked.emulator
    emulator.create_account("another")
    headers = asked.bearer(LAKE)
    root = asked.lake("GET", "another", "/", params={"op": "GETFILESTATUS"}, headers=headers).json()
    asked.lake("PUT", "another", "/f", params=CREATE, headers=headers)
    asked.lake("PUT", "another", "/", params={"op": "SETPERMISSION", "permission": "777"}, headers=headers)
    emulator.reset(["another.azuredatalakestore.net"])
    now = asked.lake("GET", "another", "/", params={"op": "GETFILESTATUS"}, headers=headers).json()
    for key in ("permission", "owner", "group"):
        assert now["FileStatus"][key] == root["FileStatus"][key]
    assert (
        asked.lake("GET", "another", "/f", params={"op": "GETFILESTATUS"}, headers=headers).status_code == 404
    )
    assert asked.lake("GET", "lake", "/d", params={"op": "GETFILESTATUS"}, headers=headers).status_code == 200


def test_a_reset_of_what_is_not_there_does_nothing(asked):
    """A missing account among others keeps all files, the requests and the time."""
    emulator = asked.emulator
    emulator.clock.move(60)
    before = emulator.requests
    for accounts in (["lake", "another"], ["lake", 5]):
        answer = asked.send("POST", "/emulator/reset", json={"accounts": accounts})
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, "accounts")
    with pytest.raises(ArgumentError, match="another"):
        emulator.reset(["lake", "another"])
    assert emulator.requests == before
    assert emulator.clock.offset > 0
    assert asked.lake("GET", "lake", "/d", params={"op": "GETFILESTATUS"}).status_code == 200


def test_a_reset_lasts(tmp_path, browse):
    """An emptied account is empty after a restart too."""
    with Emulator(accounts=["lake"], data=tmp_path) as emulator, browse(emulator) as browser:
        browser.lake("PUT", "lake", "/f", params=CREATE, data=bytes(100_000))
        emulator.reset()
    with Emulator(data=tmp_path) as emulator, browse(emulator) as browser:
        listing = browser.lake("GET", "lake", "/", params={"op": "LISTSTATUS"})
        assert listing.json()["FileStatuses"]["FileStatus"] == []
    assert [path for path in tmp_path.rglob("content/*/*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("method", "path", "content", "field"),
    [
        ("GET", "/status?x=1", None, "x"),
        ("GET", "/requests?operation=CREAT", None, "operation"),
        ("GET", "/requests?status=ok", None, "status"),
        ("GET", "/requests?status=20", None, "status"),
        ("GET", "/requests?limit=-1", None, "limit"),
        ("GET", "/requests?limit=1&limit=2", None, "limit"),
        ("GET", "/requests?pth=/x", None, "pth"),
        ("DELETE", "/requests?under=/raw", None, "under"),
        ("PUT", "/clock", {}, "time"),
        ("PUT", "/clock", {"time": 0, "move": 1}, "move"),
        ("PUT", "/clock", {"time": "noon"}, "time"),
        ("PUT", "/clock", {"time": "2026-01-01T12:00:00"}, "time"),
        ("PUT", "/clock", {"time": None}, "time"),
        ("PUT", "/clock", {"move": -1}, "move"),
        ("PUT", "/clock", {"offset": 1}, "offset"),
        ("PUT", "/clock", [], "content"),
        ("POST", "/reset", {"account": "lake"}, "account"),
        ("POST", "/reset", {"accounts": "lake"}, "accounts"),
    ],
)
def test_what_makes_no_sense_is_refused(own_browser, method, path, content, field):
    """The answer names the argument, and nothing was changed."""
    answer = own_browser.send(method, f"/emulator{path}", json=content)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
    assert answer.json()["error"]["message"]
    assert own_browser.emulator.clock.offset == 0


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b'{"time": NaN}'])
def test_content_that_is_not_json_is_refused(own_browser, content):
    """Malformed content of any kind is answered in JSON, with the reason."""
    headers = {"Content-Type": "application/json"}
    answer = own_browser.send("PUT", "/emulator/clock", data=content, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] in {"content", "time"}
