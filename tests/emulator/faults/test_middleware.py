"""Requests that fail as the rules say."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from airflow_provider_adls.emulator import Emulator
from tests.emulator.test_hostile import Line

LAKE = "https://datalake.azure.net/"
ARM = "https://management.core.windows.net/"
ACCOUNT = "/resourceGroups/rg/providers/Microsoft.DataLakeStore/accounts/lake"
APPEND = {"op": "APPEND", "append": "true"}
STATUS = {"op": "GETFILESTATUS"}


def record(emulator):
    """Operation, path, status and rule of each request to the file system."""
    return [(one.operation, one.path, one.status, one.fault) for one in emulator.requests(service="lake")]


def test_the_third_append_fails(emulator, ask, create):
    """The n-th request under a directory is answered with an error, and the others are done."""
    create("/raw/f")
    with emulator.fault(operation="APPEND", under="/raw", nth=3, status=503) as fault:
        statuses = [ask("POST", "/raw/f", b"x", **APPEND).status_code for _ in range(4)]
    assert statuses == [200, 200, 503, 200]
    assert (fault.matched, fault.fired) == (4, 1)
    assert ask("GET", "/raw/f", **STATUS).json()["FileStatus"]["length"] == 3
    assert record(emulator)[3] == ("APPEND", "/raw/f", 503, fault.id)
    assert emulator.requests(operation="APPEND", status=503)[0].principal == emulator.requests[0].principal


def test_an_error_is_the_file_system_s(emulator, ask):
    """An error has the service's headers and words, request id and time with them."""
    with emulator.fault(status=403):
        answer = ask("GET", "/raw/f", **STATUS)
    refused = answer.json()["RemoteException"]
    assert answer.headers["Status"] == "0x83090AA2"
    assert refused["exception"] == "AccessControlException"
    assert refused["message"].startswith("GETFILESTATUS failed with error 0x83090aa2 (Forbidden.")
    assert f"[{answer.headers['x-ms-request-id']}]" in refused["message"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"status": 400}, (400, "IllegalArgumentException", None)),
        ({"status": 401}, (401, "SecurityException", "is expired")),
        ({"status": 404}, (404, "FileNotFoundException", "File/Folder does not exist: /raw/f")),
        ({"status": 409}, (409, "FileAlreadyExistsException", "/raw/f exists already")),
        ({"status": 418}, (418, "IllegalArgumentException", None)),
        ({"retry_after": 7}, (429, "ThrottledException", None)),
        ({"status": 500}, (500, "RuntimeException", None)),
        ({"status": 503}, (503, "RuntimeException", "GETFILESTATUS failed: fault rule 1 of the emulator")),
        ({"error": "IOException"}, (400, "IOException", "83090a16")),
        ({"error": "BadOffsetException"}, (400, "BadOffsetException", "Invalid offset")),
        ({"error": "UnsupportedOperationException"}, (400, "UnsupportedOperationException", None)),
        (
            {"error": "IllegalArgumentException", "message": "why {operation}"},
            (400, "IllegalArg", "why GETFILES"),
        ),
        ({"error": "ThrottledException", "status": 503}, (503, "ThrottledException", None)),
    ],
)
def test_errors_of_the_file_system(emulator, ask, rule, expected):
    """A status has its usual error, and an error its usual status, unless the rule names another."""
    emulator.fault(**rule)
    answer = ask("GET", "/raw/f", **STATUS)
    refused = answer.json()["RemoteException"]
    status, exception, words = expected
    assert answer.status_code == status
    assert refused["exception"].startswith(exception)
    assert (words or "fault rule 1 of the emulator says so") in refused["message"]
    assert answer.headers.get("Retry-After") == ("7" if "retry_after" in rule else None)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


def test_the_extended_path_has_its_own_headers(emulator, own_browser):
    """An error of an operation at `/webhdfsext` names no version, as no answer there does."""
    emulator.fault(operation="GETFILEINFO", status=503)
    answer = own_browser.send(
        "GET", "/adls/lake/webhdfsext/f?op=GETFILEINFO", headers=own_browser.bearer(LAKE)
    )
    assert (answer.status_code, "x-ms-webhdfs-version" in answer.headers) == (503, False)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"status": 503}, (503, "ServiceUnavailable")),
        ({"status": 429, "retry_after": 3}, (429, "TooManyRequests")),
        ({"status": 418}, (418, "ImaTeapot")),
        ({"status": 499}, (499, "Error")),
        ({"error": "SubscriptionRequestsThrottled", "status": 429}, (429, "SubscriptionRequestsThrottled")),
        ({"status": 401}, (401, "ExpiredAuthenticationToken")),
        ({"status": 409, "message": "busy"}, (409, "Conflict")),
    ],
)
def test_errors_of_resource_manager(emulator, own_browser, rule, expected):
    """Resource Manager's errors have its form and headers."""
    emulator.fault(operation="accounts.get", account="lake", **rule)
    answer = own_browser.arm("GET", ACCOUNT)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == expected
    assert answer.headers["x-ms-request-id"]
    assert error["message"] == "busy" or "fault rule 1" in error["message"] or "expiry" in error["message"]
    assert answer.headers.get("Retry-After") == ("3" if "retry_after" in rule else None)
    assert emulator.requests(operation="accounts.get", account="lake", status=expected[0])[0].fault == 1


@pytest.mark.parametrize(
    ("rule", "status", "code", "error", "words"),
    [
        ({"status": 503}, 503, 90033, "temporarily_unavailable", "transient"),
        ({"retry_after": 1}, 429, 90055, "temporarily_unavailable", "too many"),
        ({"status": 400}, 400, 90023, "invalid_request", "isn't valid"),
        ({"error": "AADSTS7000222"}, 401, 7000222, "invalid_client", "app '{client}' are expired"),
        ({"error": "AADSTS700016"}, 400, 700016, "unauthorized_client", "'{client}' was not found"),
        ({"error": "AADSTS90002"}, 400, 90002, "invalid_request", "Tenant '{tenant}' not found"),
        ({"error": "AADSTS53003", "status": 401}, 401, 53003, "invalid_client", "fault rule 1"),
        (
            {"error": "AADSTS53003", "status": 400, "message": "Blocked."},
            400,
            53003,
            "invalid_request",
            "Blocked.",
        ),
    ],
)
def test_errors_of_the_authority(emulator, own_browser, rule, status, code, error, words):
    """The authority's errors have their AADSTS number and form."""
    emulator.fault(operation="token", **rule)
    answer = own_browser.sign_in(LAKE)
    said = answer.json()
    assert (answer.status_code, said["error_codes"], said["error"]) == (status, [code], error)
    assert said["error_description"].startswith(f"AADSTS{code}: ")
    assert words.format(client=emulator.client_id, tenant=emulator.tenant_id) in said["error_description"]
    assert emulator.client_secret not in answer.text


@pytest.mark.parametrize(
    ("body", "kind"), [("<html>busy</html>", "text/html"), ("busy ü", "text/plain"), ("", "text/plain")]
)
def test_pages_of_a_gateway(emulator, ask, body, kind):
    """An answer can be that of something in between, which knows nothing of the service."""
    emulator.fault(status=502, body=body)
    answer = ask("GET", "/f", **STATUS)
    assert (answer.status_code, answer.text) == (502, body)
    assert answer.headers["Content-Type"].startswith(kind)
    assert "x-ms-request-id" not in answer.headers


def test_a_network_that_answers_for_the_service(emulator, ask):
    """A page with status 200, as of a captive portal, replaces the service's answer."""
    emulator.fault(status=200, body="<html>Welcome to the hotel</html>", times=1)
    assert "hotel" in ask("GET", "/f", **STATUS).text
    assert ask("GET", "/f", **STATUS).status_code == 404


@pytest.mark.parametrize(("drop", "status", "length"), [("before", 0, 1), ("after", 200, 3)])
def test_a_dropped_connection(emulator, ask, create, drop, status, length):
    """The client gets no answer; the work is done with `after`, and not with `before`."""
    create("/f", b"x")
    with emulator.fault(operation="APPEND", drop=drop) as fault, pytest.raises(requests.ConnectionError):
        ask("POST", "/f", b"yz", **APPEND)
    assert fault.fired == 1
    assert ask("GET", "/f", **STATUS).json()["FileStatus"]["length"] == length
    assert ("APPEND", "/f", status, fault.id) in record(emulator)


@pytest.mark.parametrize("drop", ["before", "after"])
def test_reads_are_dropped_too(emulator, create, read, drop):
    """Of an answer that would be streamed not a byte comes, and the file can be read afterwards."""
    create("/f", b"x" * 1_000_000)
    with emulator.fault(drop=drop), pytest.raises(requests.ConnectionError):
        read("/f")
    assert len(read("/f").content) == 1_000_000


@pytest.mark.parametrize("size", [0, 1, 4 * 2**20])
@pytest.mark.parametrize("rule", [{"status": 503}, {"drop": "before"}])
def test_content_of_requests_that_fail(emulator, ask, create, rule, size):
    """However much a failing request sends, the next one is served."""
    with emulator.fault(operation="CREATE", **rule):
        try:
            assert create("/f", bytes(size)).status_code == 503
        except requests.ConnectionError:
            assert rule == {"drop": "before"}
    assert ask("GET", "/f", **STATUS).status_code == 404
    assert create("/f", bytes(size)).status_code == 201


@pytest.mark.parametrize("service", ["login", "arm"])
def test_the_other_services_drop_too(emulator, own_browser, service):
    """Sign-ins and account requests are dropped before or after as files' are."""
    headers = own_browser.bearer(ARM)
    asks = {
        "login": lambda: own_browser.sign_in(LAKE),
        "arm": lambda: own_browser.arm("DELETE", ACCOUNT, headers=headers),
    }
    for drop in ("before", "after"):
        with emulator.fault(service=service, drop=drop), pytest.raises(requests.ConnectionError):
            asks[service]()
    there = own_browser.arm("GET", ACCOUNT, headers=headers).status_code
    assert there == (200 if service == "login" else 404)


def test_a_delay(emulator, ask):
    """A request waits before it is done, and is done; its record is that of the service."""
    with emulator.fault(delay=0.2) as fault:
        began = time.monotonic()
        assert ask("PUT", "/d", op="MKDIRS").json() == {"boolean": True}
        assert time.monotonic() - began >= 0.2
    assert record(emulator) == [("MKDIRS", "/d", 200, fault.id)]


def test_a_delay_before_an_error(emulator, ask):
    """A rule that waits and answers does both; a wait of its own comes on top."""
    emulator.fault(delay=0.1)
    emulator.fault(delay=0.1, status=504)
    began = time.monotonic()
    assert ask("GET", "/", **STATUS).status_code == 504
    assert time.monotonic() - began >= 0.2


def test_a_client_that_does_not_wait(emulator, own_browser, create):
    """A client that gives up has sent its request all the same: it is done when the rule lets go."""
    bearer = own_browser.bearer(LAKE)["Authorization"]
    with emulator.fault(operation="MKDIRS", delay=3600) as fault:
        with Line(emulator) as line:
            head = (
                "PUT /adls/lake/webhdfs/v1/d?op=MKDIRS HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
            )
            line.send(f"{head}Authorization: {bearer}\r\n\r\n".encode())
            while not fault.fired:
                time.sleep(0.01)
        assert emulator.requests(operation="MKDIRS") == []
    deadline = time.monotonic() + 180
    while not emulator.requests(operation="MKDIRS") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [(one.status, one.fault) for one in emulator.requests(operation="MKDIRS")] == [(200, fault.id)]


def test_a_rule_that_is_removed_while_it_holds(emulator, own_browser):
    """A delayed request goes on to the service when the rule is removed, even if it would have failed."""
    headers = own_browser.bearer(LAKE)
    with ThreadPoolExecutor() as pool:
        with emulator.fault(operation="MKDIRS", delay=3600, status=503) as fault:
            asked = pool.submit(
                own_browser.lake, "PUT", "lake", "/d", params={"op": "MKDIRS"}, headers=headers
            )
            while not fault.fired:
                time.sleep(0.01)
        assert asked.result(timeout=180).status_code == 200


def test_an_emulator_that_stops_waits_for_no_rule(emulator, own_browser):
    """A request that a rule holds does not keep the emulator from stopping."""
    fault = emulator.fault(delay=3600)
    with Line(emulator) as line:
        line.send(b"GET /subscriptions HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while not fault.fired:
            time.sleep(0.01)
        began = time.monotonic()
        emulator.stop()
        assert time.monotonic() - began < 600
    fault.remove()
    emulator.start()


def test_a_token_ends_in_the_middle(emulator, own_browser, ask):
    """From a request on its token is refused as expired, and a new one is let in."""
    with emulator.fault(expire_token=True, service="lake", nth=2) as fault:
        answers = [ask("GET", "/", **STATUS) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 401, 401]
        assert "is expired" in answers[1].json()["RemoteException"]["message"]
        assert answers[1].headers["WWW-Authenticate"] == "Bearer"
        assert ask("GET", "/", headers=own_browser.bearer(LAKE), **STATUS).status_code == 200
        # Without a good token a request cannot lose it.
        assert (fault.matched, fault.fired) == (3, 1)
    assert ask("GET", "/", **STATUS).status_code == 200


def test_a_token_of_resource_manager_ends(emulator, own_browser):
    """Resource Manager answers an ended token as an expired one."""
    headers = own_browser.bearer(ARM)
    emulator.fault(expire_token=True, service="arm")
    answer = own_browser.arm("GET", ACCOUNT, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "ExpiredAuthenticationToken")


def test_a_token_refused_once(emulator, ask):
    """A 401 that comes once leaves the token good."""
    emulator.fault(status=401, times=1)
    assert [ask("GET", "/", **STATUS).status_code for _ in range(2)] == [401, 200]


def test_a_reset_removes_the_rules(emulator, ask):
    """After a reset nothing fails."""
    emulator.fault(status=503)
    emulator.reset()
    assert ask("GET", "/", **STATUS).status_code == 200
    assert len(emulator.faults) == 0


def test_rules_before_the_start(browse):
    """Rules can be there before the service is."""
    emulator = Emulator()
    emulator.fault(operation="token", status=503)
    with emulator, browse(emulator) as browser:
        assert browser.sign_in(LAKE).status_code == 503


def test_the_control_api_never_fails(emulator, own_browser):
    """Rules do not affect the control API, by which they are listed and removed."""
    emulator.fault(drop="before")
    (shown,) = own_browser.send("GET", "/emulator/faults").json()["faults"]
    assert own_browser.send("DELETE", f"/emulator/faults/{shown['id']}").status_code == 200
