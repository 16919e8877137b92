"""The record of requests."""

from __future__ import annotations

import logging

from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.record import RequestLog, note

LAKE = "https://datalake.azure.net/"


def test_each_service_is_recorded(own_browser):
    """A record has service, operation, account, path, status and principal, once the answer is sent."""
    emulator = own_browser.emulator
    headers = own_browser.bearer(LAKE)
    own_browser.lake("PUT", "lake", "/a%20b", params={"op": "mkdirs"}, headers=headers)
    own_browser.arm("GET", "/resourceGroups/rg/providers/Microsoft.DataLakeStore/accounts/lake")
    records = emulator.requests
    assert [(r.service, r.method, r.operation, r.account, r.status) for r in records] == [
        ("login", "POST", "token", None, 200),
        ("lake", "PUT", "MKDIRS", "lake", 200),
        ("login", "POST", "token", None, 200),
        ("arm", "GET", "accounts.get", "lake", 200),
    ]
    assert records[1].path == "/a b"
    assert len({record.principal for record in records}) == 1
    emulator.clear_requests()
    assert emulator.requests == []


def test_refused_requests_are_recorded(own_browser):
    """A request without a token is recorded with operation and status, and without a principal."""
    own_browser.lake("GET", "lake", "/x", params={"op": "OPEN"}, headers={})
    (record,) = own_browser.emulator.requests
    assert (record.service, record.account, record.status, record.principal) == ("lake", "lake", 401, None)
    assert (record.operation, record.path) == ("OPEN", "/x")


def test_streamed_answers_are_recorded_once(own_browser):
    """An answer that is streamed is in the record before its content, and once."""
    headers = own_browser.bearer(LAKE)
    create = {"op": "CREATE", "write": "true"}
    own_browser.lake("PUT", "lake", "/f", params=create, data=b"x" * 100_000, headers=headers)
    own_browser.emulator.clear_requests()
    own_browser.lake("GET", "lake", "/f", params={"op": "OPEN", "read": "true"}, headers=headers)
    assert [(r.operation, r.status) for r in own_browser.emulator.requests] == [("OPEN", 200)]


def test_notes_outside_a_request_are_nobodys():
    """A note outside of a request has no effect."""
    log = RequestLog(Clock())
    note(operation="OPEN")
    log.end(200)
    assert log.records() == []


def test_requests_are_numbered_and_timed(browse):
    """Numbers go on after the record is cleared, and a request that waits is recorded with its wait."""
    with Emulator(accounts=("lake",)) as emulator, browse(emulator) as browser:
        headers = browser.bearer(LAKE)
        emulator.clear_requests()
        for _ in range(2):
            browser.lake("GET", "lake", "/", params={"op": "LISTSTATUS"}, headers=headers)
        assert [record.number for record in emulator.requests] == [2, 3]
        assert all(0 < record.ms < 60_000 for record in emulator.requests)


def test_a_line_is_logged_where_it_is_wanted(own_browser, caplog):
    """The logger of requests has a line for each at DEBUG, and none above it; no line holds a secret."""
    headers = own_browser.bearer(LAKE)
    assert caplog.messages == []
    with caplog.at_level(logging.DEBUG, "airflow_provider_adls.emulator.requests"):
        secret = own_browser.emulator.client_secret
        own_browser.sign_in(LAKE)
        create = {"op": "CREATE", "write": "true", "leaseid": "a-lease"}
        own_browser.lake("PUT", "lake", "/a b", params=create, data=b"content", headers=headers)
    first, second = caplog.messages
    assert first.split()[1:6] == [
        "200",
        "login",
        "token",
        "-",
        f"/{own_browser.emulator.tenant_id}/oauth2/token",
    ]
    assert second.split()[1:6] == ["201", "lake", "CREATE", "lake", r"/a\x20b"]
    for hidden in (secret, headers["Authorization"].split()[1], "a-lease", "content"):
        assert hidden not in caplog.text
