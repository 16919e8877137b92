"""The guard of the control API."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

STATUS = "/emulator/status"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "192.0.2.7", socket.gethostname()])
def test_names_of_its_own(browser, host):
    """Any address, and each name that the certificate has for this machine, leads to it."""
    port = urlsplit(browser.emulator.url).port
    assert browser.send("GET", STATUS, headers={"Host": f"{host}:{port}"}).status_code == 200


@pytest.mark.parametrize("host", ["attacker.example", "localhost.attacker.example", "127.0.0.1.nip.io", "x"])
def test_names_that_others_made(browser, host):
    """A page whose name was made to lead to this machine learns nothing."""
    answer = browser.send("GET", STATUS, headers={"Host": f"{host}:{urlsplit(browser.emulator.url).port}"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (403, "Host")


@pytest.mark.parametrize(
    "origin", ["https://attacker.example", "null", "http://127.0.0.1", "https://127.0.0.1:1"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_of_other_origins_change_nothing(browser, method, origin):
    """A request from a page of another origin is refused, whatever its path."""
    answer = browser.send(method, STATUS, json={}, headers={"Origin": origin})
    assert (answer.status_code, answer.json()["error"]["field"]) == (403, "Origin")


def test_its_own_page_may(browser):
    """A page of the emulator itself passes, and gets the error for the method."""
    assert browser.send("POST", STATUS, json={}, headers={"Origin": browser.emulator.url}).status_code == 405


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "x/json", ""])
def test_content_that_a_form_can_send_is_refused(browser, content_type):
    """Requests that a page can send without a preflight are refused."""
    answer = browser.send("POST", STATUS, data=b"{}", headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["error"]["field"]) == (415, "Content-Type")


def test_no_origin_is_granted_anything(browser):
    """A preflight request of a browser is refused."""
    answer = browser.send(
        "OPTIONS",
        STATUS,
        headers={"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"},
    )
    assert answer.status_code == 405
    assert [name for name in answer.headers if name.lower().startswith("access-control-")] == []
