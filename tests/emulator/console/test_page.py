"""The page at the emulator's root, as it is sent."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

FILES = {
    "/": "text/html; charset=utf-8",
    "/emulator/console.css": "text/css; charset=utf-8",
    "/emulator/console.js": "text/javascript; charset=utf-8",
}


@pytest.mark.parametrize("path", FILES)
def test_a_browser_may_do_little_with_it(browser, path):
    """Each file has its type, and headers that keep it from other origins and from code of any."""
    answer = browser.send("GET", path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, FILES[path])
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert [name for name in answer.headers if name.lower().startswith("access-control-")] == []


def test_it_needs_nobody_else(browser):
    """The page loads its own two files and nothing from elsewhere, and has no code or style in its markup."""
    loaded, inline = [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            loaded.extend(value for name, value in attributes if name in {"src", "href"})
            inline.extend(name for name, _ in attributes if name == "style" or name.startswith("on"))

    Reader().feed(browser.send("GET", "/").text)
    assert [url for url in loaded if not url.startswith("data:")] == [
        "/emulator/console.css",
        "/emulator/console.js",
    ]
    assert inline == []
    for path in FILES:
        assert re.findall(r"(?:https?:)?//[a-z][^\s'\"]*", browser.send("GET", path).text) in (
            [],
            ["http://www.w3.org/2000/svg"],
        )


def test_code_puts_no_markup_together(browser):
    """The page's code sets all names as text, and never as markup or code."""
    code = browser.send("GET", "/emulator/console.js").text
    for risky in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("):
        assert risky not in code


@pytest.mark.parametrize(
    "host", ["login.microsoftonline.com", "management.azure.com", "lake.azuredatalakestore.net"]
)
@pytest.mark.parametrize("path", FILES)
def test_the_clouds_hosts_have_no_such_page(browser, host, path):
    """By a host name of the cloud the page is not there, as it is not in the cloud."""
    answer = browser.send("GET", path, headers={"Host": host})
    assert answer.status_code >= 400
    assert "Content-Security-Policy" not in answer.headers


def test_a_name_that_leads_here_from_elsewhere_is_refused(browser):
    """A foreign name that leads to this machine (DNS rebinding) is refused."""
    host = f"attacker.example:{urlsplit(browser.emulator.url).port}"
    for path in (*FILES, "/emulator/accounts/lake/tree"):
        assert browser.send("GET", path, headers={"Host": host}).status_code == 403


def test_it_is_read_and_no_more(browser):
    """Other methods are refused with those that there are; HEAD has no content."""
    answer = browser.send("POST", "/", json={})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    head = browser.send("HEAD", "/")
    assert (head.status_code, head.content) == (200, b"")


def test_other_paths_are_none(browser):
    """No other file of this machine is served."""
    for path in (
        "/console.html",
        "/emulator/console.html",
        "/emulator/page.py",
        "/emulator/../console/page.py",
    ):
        assert browser.send("GET", path).status_code == 404
