"""Answers that break off."""

from __future__ import annotations

import re

import pytest
import requests

from airflow_provider_adls.emulator import Emulator
from tests.emulator.test_hostile import ask as speak

LAKE = "https://datalake.azure.net/"
LENGTH = 1_000_000
CONTENT = bytes(range(250)) * (LENGTH // 250)


def answer_of(emulator, own_browser, target):
    """The whole answer as bytes: its head and the received part of its content."""
    token = own_browser.bearer(LAKE)["Authorization"].removeprefix("Bearer ")
    _, answer = speak(emulator, f"GET /adls/lake/webhdfs/v1{target}".encode(), token)
    head, _, content = answer.partition(b"\r\n\r\n")
    return head, content


def unchunked(content):
    """Content of the chunks that came, and whether their end did."""
    found = b""
    while match := re.match(rb"([0-9a-f]+)\r\n", content):
        size = int(match[1], 16)
        if not size:
            return found, True
        found += content[match.end() : match.end() + size]
        content = content[match.end() + size + 2 :]
    return found, False


@pytest.mark.parametrize("cut", [0, 1, 65_536, 262_144, LENGTH - 1, LENGTH, LENGTH + 1])
def test_a_stream_breaks_off(emulator, own_browser, create, cut):
    """Of a file just so many bytes come, and never the end of the chunks."""
    create("/f", CONTENT)
    emulator.fault(operation="OPEN", truncate=cut)
    head, content = answer_of(emulator, own_browser, "/f?op=OPEN&read=true")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert unchunked(content) == (CONTENT[:cut], False)
    assert emulator.requests(operation="OPEN")[0].status == 200


@pytest.mark.parametrize("cut", [0, 1, 20, 1000])
def test_an_answer_of_known_length_breaks_off(emulator, own_browser, create, cut):
    """Of a JSON answer fewer bytes come than its head promises, if only one."""
    create("/f")
    emulator.fault(operation="GETFILESTATUS", truncate=cut)
    head, content = answer_of(emulator, own_browser, "/f?op=GETFILESTATUS")
    promised = int(re.search(rb"Content-Length: (\d+)", head)[1])
    assert len(content) == min(cut, promised - 1)


def test_clients_notice(emulator, create, read, ask):
    """A client that checks is not given less for the whole, in whichever form the answer comes."""
    create("/f", CONTENT)
    emulator.fault(truncate=100)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        read("/f")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        ask("GET", "/", op="LISTSTATUS")


def test_errors_break_off_too(emulator, own_browser):
    """Errors of the service are truncated as other answers are."""
    emulator.fault(service="lake", truncate=10)
    head, content = answer_of(emulator, own_browser, "/missing?op=OPEN&read=true")
    assert (head.split()[1], content) == (b"404", b'{"RemoteEx')


def test_an_answer_without_content_has_nothing_to_lose(emulator, create, ask):
    """An answer without content comes whole, and the connection goes on."""
    with emulator.fault(operation="CREATE", truncate=5) as fault:
        for _ in range(50):
            assert create("/f").status_code == 201
        assert fault.fired == 50
    assert ask("GET", "/f", op="GETFILESTATUS").status_code == 200


def test_an_answer_to_head_has_nothing_to_lose(own_browser):
    """The answer to HEAD names a length without content, and its connection goes on."""
    headers = own_browser.bearer(LAKE)
    with own_browser.emulator.fault(service="lake", truncate=5) as fault:
        for _ in range(50):
            answer = own_browser.lake("HEAD", "lake", "/", params={"op": "GETFILESTATUS"}, headers=headers)
            assert (answer.status_code, answer.content) == (400, b"")
            assert int(answer.headers["Content-Length"]) > 0
        assert fault.fired == 50


def test_the_work_is_done(emulator, own_browser, ask):
    """A truncated answer is that of a request which was done."""
    emulator.fault(operation="MKDIRS", truncate=3)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        ask("PUT", "/d", op="MKDIRS")
    assert ask("GET", "/d", op="GETFILESTATUS").status_code == 200


def test_nothing_is_logged_as_a_failure_of_ours(emulator, create, read, caplog):
    """An answer that a rule breaks off is not logged as a failure, and leaves no file open."""
    create("/f", CONTENT)
    for rule in ({"truncate": 1000}, {"drop": "after"}, {"drop": "before"}):
        with emulator.fault(**rule), pytest.raises(requests.RequestException):
            read("/f")
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


def test_big_files_break_off_from_disk(tmp_path, browse):
    """A file in the data folder breaks off at the byte too, and is whole afterwards."""
    with Emulator(accounts=["lake"], data=tmp_path) as emulator, browse(emulator) as browser:
        headers = browser.bearer(LAKE)
        whole = bytes(4 * 2**20)
        create = {"op": "CREATE", "write": "true"}
        browser.lake("PUT", "lake", "/big", params=create, data=whole, headers=headers)
        for offset in range(len(whole), 4 * len(whole), len(whole)):
            append = {"op": "APPEND", "append": "true", "offset": str(offset)}
            browser.lake("POST", "lake", "/big", params=append, data=whole, headers=headers)
        read = {"op": "OPEN", "read": "true"}
        with emulator.fault(under="/", truncate=10_000_001):
            _, content = answer_of(emulator, browser, "/big?op=OPEN&read=true")
            assert (len(unchunked(content)[0]), unchunked(content)[1]) == (10_000_001, False)
        assert browser.lake("GET", "lake", "/big", params=read, headers=headers).content == whole * 4
