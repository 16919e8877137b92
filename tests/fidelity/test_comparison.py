from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.fidelity.comparison import Answer, Identities, differences
from tests.fidelity.excuses import FOREIGN, REFUSED, ROOT, excuses
from tests.fidelity.recordings import Exchange, Run, exchange, runs

HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "status": "0x0",
    "date": "Fri, 26 May 2017 22:59:54 GMT",
    "x-ms-request-id": "c40ca08a-9893-495a-b031-231cc580ca66",
    "x-ms-webhdfs-version": "17.04.24.00",
}
STRANGER = "a0b3cb87-9ca9-4769-af48-e687823d8937"


def recorded(operation: str, path: str, body: Any, method: str = "GET", **changes: Any) -> Exchange:
    changes = {"status": 200, "headers": HEADERS, "query": {}} | changes
    return exchange(
        {
            "method": method,
            "path": f"/webhdfs/v1{path}",
            "request_headers": {},
            "request_body": "",
            "body": json.dumps(body),
            **changes,
            "query": {"OP": operation, **changes["query"]},
        }
    )


def status(name: str = "", **changes: Any) -> dict[str, Any]:
    return {"length": 3, "pathSuffix": name, "modificationTime": 5, "aclBit": False} | changes


def found(exchange: Exchange, body: Any, **changes: Any) -> list[str]:
    answer = Answer(exchange.status, dict(exchange.headers), json.dumps(body).encode())
    return differences(exchange, replace(answer, **changes), Identities.of(Run("a", 1, [exchange])))


def test_an_equal_answer_agrees():
    """Times may differ; nothing is found in an answer that is the same else."""
    exchange = recorded("GETFILESTATUS", "/d/f", {"FileStatus": status()})
    assert found(exchange, {"FileStatus": status(modificationTime=77)}) == []


@pytest.mark.parametrize(
    "body",
    [
        {"FileStatus": status(length=4)},
        {"FileStatus": status(modificationTime="5")},
        {"FileStatus": status(aclBit=True)},
        {"FileStatus": {key: status()[key] for key in reversed(status())}},
        {"FileStatus": {**status(), "extra": 1}},
        {"FileStatus": {"length": 3}},
        {"FileStatuses": {"FileStatus": [status()]}},
    ],
    ids=["value", "type", "bit", "order", "more", "less", "other"],
)
def test_a_different_body_is_found(body):
    """A value, its type, a key too many or too few, and the order of keys count."""
    assert len(found(recorded("GETFILESTATUS", "/d/f", {"FileStatus": status()}), body)) == 1


@pytest.mark.parametrize("name", ["content-type", "status", "x-ms-request-id", "x-ms-webhdfs-version"])
def test_a_missing_header_is_found(name):
    """Each header that counts is looked for."""
    exchange = recorded("GETFILESTATUS", "/d/f", {"FileStatus": status()})
    headers = {key: value for key, value in exchange.headers.items() if key != name}
    assert len(found(exchange, {"FileStatus": status()}, headers=headers)) == 1


def test_a_different_status_or_location_is_found():
    """The HTTP status counts, and path and parameters of a location, but not its host or their order."""
    location = {"location": "https://a.net/webhdfs/v1/d/f?op=CREATE&write=true"}
    exchange = recorded("CREATE", "/d/f", {}, "PUT", headers=HEADERS | location)
    moved = HEADERS | {"location": "http://127.0.0.1:1/adls/x/webhdfs/v1/d/f?write=true&op=CREATE"}
    assert found(exchange, {}, headers=moved) == []
    assert len(found(exchange, {}, headers=moved | {"location": "http://h/webhdfs/v1/d/g?op=CREATE"})) == 1
    assert len(found(exchange, {}, status=201)) == 1


def test_entries_for_strangers_are_left_out_and_own_ones_compared():
    """An inherited entry that no request named is not compared; the owner's entry is."""
    entries = ["user::rwx", f"user:{STRANGER}:rwx", "group::rwx", "mask::rwx", "other::---"]
    exchange = recorded("MSGETACLSTATUS", "/d/f", {"AclStatus": {"entries": entries}})
    assert found(exchange, {"AclStatus": {"entries": ["user::rwx", "group::rwx", "other::---"]}}) == []
    assert len(found(exchange, {"AclStatus": {"entries": ["user::r--", "group::rwx", "other::---"]}})) == 1


def test_excuses_follow_the_recording():
    """The root's listing, a refusal, and a file that no request made are excused; others are not."""
    run = Run(
        "a",
        1,
        [
            recorded("LISTSTATUS", "/", {"FileStatuses": {"FileStatus": [status("others")]}}),
            recorded("GETCONTENTSUMMARY", "/", {"ContentSummary": {}}),
            recorded("CREATE", "/d/f", {}, "PUT", status=201),
            recorded("LISTSTATUS", "/", {"FileStatuses": {"FileStatus": [status("d")]}}),
            recorded("SETOWNER", "/d/f", {}, "PUT", status=403),
            recorded("LISTSTATUS", "/d", {"FileStatuses": {"FileStatus": [status("f")]}}),
            recorded("LISTSTATUS", "/d", {"FileStatuses": {"FileStatus": [status("f"), status("g")]}}),
            recorded("DELETE", "/d/g", {"boolean": True}, "DELETE"),
            recorded("RENAME", "/d/f", {"boolean": True}, "PUT", query={"destination": "d/h"}),
            recorded("GETFILESTATUS", "/d/h", {"FileStatus": status()}),
        ],
    )
    assert excuses(run) == [ROOT, ROOT, None, None, REFUSED, None, FOREIGN, FOREIGN, None, None]


def test_runs_end_at_pauses_and_other_directories():
    """Ten minutes without a request, or another working directory, begin a new run; other paths do not."""
    at = [HEADERS | {"date": f"Fri, 26 May 2017 22:{minute}:00 GMT"} for minute in (10, 11, 30, 31)]
    one, other = "/azure_test_dir", "/azure_python_sdk_test_dir0b"
    exchanges = [
        recorded("GETFILESTATUS", path, {}, headers=headers)
        for path, headers in [
            ("/elsewhere/f", at[0]),
            (f"{one}/f", at[0]),
            ("/", at[1]),
            ("/elsewhere/f", at[1]),
            (one, at[1]),
            (one, at[2]),
            (other, at[3]),
        ]
    ]
    assert [len(run.exchanges) for run in runs("a", iter(exchanges))] == [5, 1, 1]
