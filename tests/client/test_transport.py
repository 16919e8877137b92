"""Requests that fail, and how they are retried or raised."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import re
import time
from functools import partial
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from airflow_provider_adls.client import Limits, RetryPolicy, WebHdfsClient, answers
from airflow_provider_adls.client.dialect import Request
from airflow_provider_adls.client.tokens import SCOPE
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    LongAnswerError,
    PathError,
    ServiceError,
    ServiceFailureError,
    ServiceUnreachableError,
    ThrottledError,
    TokenRejectedError,
)
from airflow_provider_adls.model.operations import MAX_BODY
from tests.client.canned import answer, canned
from tests.client.conftest import FAST
from tests.standin import dripping, endless, reply, stand_in


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_what_passes_is_tried_again(client, fault, asked, status):
    """A read survives answers that pass, the service's or a gateway's."""
    await client.create("/f", b"content")
    fault(operation="OPEN", status=status, times=1)
    fault(operation="OPEN", status=status, body="<html>busy</html>", times=1)
    assert await client.read("/f") == b"content"
    assert asked() == ["CREATE", *["OPEN"] * 3]


@pytest.mark.parametrize("status", [501, 505])
async def test_what_does_not_pass_is_not_tried_again(client, fault, asked, status):
    """An answer that would always be the same ends the request."""
    fault(operation="GETFILESTATUS", status=status)
    with pytest.raises(ServiceFailureError):
        await client.status("/")
    assert asked() == ["GETFILESTATUS"]


async def test_attempts_are_bounded(client, fault):
    """After the policy's attempts the last error is raised."""
    throttled = fault(operation="GETFILESTATUS", error="ThrottledException", message="because")
    with pytest.raises(ThrottledError, match="because"):
        await client.status("/")
    assert throttled.fired == FAST.attempts


async def test_retry_after_beyond_the_policy_is_not_waited_for(client, fault):
    """A wait that the policy's time does not hold is refused at once."""
    throttled = fault(operation="GETFILESTATUS", retry_after=9999)
    with pytest.raises(ThrottledError):
        await client.status("/")
    assert throttled.fired == 1


async def test_retry_after_is_obeyed(client, fault, mocker):
    """The service's own wait takes the place of ours."""
    # The module's own, since other loops of the process may sleep too.
    its = mocker.patch("airflow_provider_adls.client.transport.asyncio", wraps=asyncio)
    its.sleep = mocker.AsyncMock()
    # The lanes' own wait is shown beside them.
    mocker.patch.object(client.lanes, "throttled")
    fault(operation="GETFILESTATUS", status=503, retry_after=7, times=1)
    await client.status("/")
    assert [call.args[0] for call in its.sleep.call_args_list] == [7.0]


async def test_rejected_token_is_dropped_once(client, fault, credential):
    """A token that has ended makes the credential forget it and sign in again."""
    ended = fault(operation="GETFILESTATUS", expire_token=True, times=1)
    assert (await client.status("/")).is_directory
    assert ended.fired == 1
    first, second = credential.given
    assert credential.invalidated == [first]
    assert first != second


async def test_token_that_is_rejected_again(client, fault, credential):
    """A second 401 is raised, and shows no token."""
    rejected = fault(operation="GETFILESTATUS", status=401)
    with pytest.raises(TokenRejectedError) as caught:
        await client.status("/")
    assert rejected.fired == 2
    assert len(credential.given) == 2
    for token in credential.given:
        assert token not in repr(caught.value)


@pytest.fixture(params=["Gen1", "Gen2"])
def either(request, client, dfs_client, adls_gen1_fault):
    """A client of one of the services, and what lets its listings fail."""
    chosen = client if request.param == "Gen1" else dfs_client
    return chosen, partial(adls_gen1_fault, account=chosen.account, operation=chosen.listing)


async def test_a_token_that_ends_while_a_request_waits(either):
    """A token is renewed once more where the service throttled between two refusals."""
    client, fault = either
    for nth, rule in enumerate(({"expire_token": True}, {"status": 503}, {"expire_token": True}), 1):
        fault(nth=nth, **rule)
    assert [page async for page in client.pages("/")] == [[]]


async def test_what_to_do_about_a_token_that_is_rejected_again(either):
    """A refusal after a renewal ends the request, and the error names the fields, the clock and the cache."""
    client, fault = either
    rejected = fault(status=401)
    with pytest.raises(TokenRejectedError, match=r"check tenant_id.*clocks differ.*cache.*sign in again"):
        await client.list_page("/")
    assert rejected.fired == 2


async def test_a_credential_that_gives_a_rejected_token_again(
    emulator, account, cloud, credential, adls_gen1_fault
):
    """The token of a cache that cannot forget is sent once more: a refusal that passes fails no request."""
    issued = credential.get_token(SCOPE)
    kept = SimpleNamespace(get_token=lambda *_: issued)
    client = WebHdfsClient(account, cloud.account_endpoint(account), kept, ca_file=emulator.ca_file)
    adls_gen1_fault(account=account, operation="GETFILESTATUS", status=401, times=1)
    assert (await client.status("/")).is_directory
    rejected = adls_gen1_fault(account=account, operation="GETFILESTATUS", status=401)
    with pytest.raises(TokenRejectedError, match="sign in again, or restart the worker"):
        await client.status("/")
    assert rejected.fired == 2
    await client.close()


@pytest.mark.parametrize("cut", [0, 1, MAX_BODY // 2, MAX_BODY - 1])
async def test_truncated_content_is_read_again(client, fault, cut):
    """Content that breaks off is never taken for the whole."""
    content = bytes(range(256)) * (MAX_BODY // 256)
    await client.create("/f", content)
    broken = fault(operation="OPEN", truncate=cut, times=1)
    assert content == await client.read("/f")
    assert (broken.fired, broken.matched) == (1, 2)


async def test_truncated_stream_is_an_error(client, fault):
    """A stream that breaks off raises; it does not just end."""
    await client.create("/f", bytes(MAX_BODY))
    fault(operation="OPEN", truncate=MAX_BODY // 2, times=1)
    with pytest.raises(ServiceUnreachableError, match="broke off"):
        _ = [chunk async for chunk in client.stream("/f")]


async def test_a_stream_s_beginning_is_tried_again(client, fault):
    """A stream that has not begun may begin again."""
    await client.create("/f", b"content")
    fault(operation="OPEN", status=503, times=1)
    fault(operation="OPEN", drop="before", times=1)
    assert [chunk async for chunk in client.stream("/f")] == [b"content"]


async def test_a_name_that_nobody_can_resolve(client, fault, asked):
    """A request that must not be repeated, and whose outcome nobody can look up, is sent once."""
    await client.create("/f")
    fault(operation="DELETE", status=503)
    with pytest.raises(ServiceFailureError):
        await client._transport.send(Request("DELETE", "/f"))
    assert asked() == ["CREATE", "DELETE"]


async def test_content_of_unknown_length(client_of):
    """An answer that ends with the connection could be cut anywhere, and is refused."""
    async with canned(b"HTTP/1.1 200 OK\r\n\r\nhalf of it") as (url, _):
        client = client_of(url)
        with pytest.raises(ServiceUnreachableError, match="does not say how long it is"):
            await client.read("/f")
        with pytest.raises(ServiceUnreachableError, match="does not say how long it is"):
            _ = [chunk async for chunk in client.stream("/f")]


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_broken_connections_of_what_may_be_repeated(client, fault, drop):
    """What leaves the same behind is sent again, whether or not it had arrived."""
    for operation in ("MKDIRS", "CREATE", "LISTSTATUS", "SETPERMISSION"):
        fault(operation=operation, drop=drop, times=1)
    await client.make_directories("/d")
    await client.create("/d/f", b"1")
    await client.set_permission("/d/f", "700")
    assert [
        (entry.name, entry.length, entry.permission) for entry in (await client.list_page("/d")).entries
    ] == [("f", 1, "700")]


async def test_nobody_listens(credential, closed_port):
    """A service that cannot be reached is an error after the policy's attempts."""
    client = WebHdfsClient("lake", f"http://127.0.0.1:{closed_port}", credential, retry=FAST)
    said = f"no connection to http://127.0.0.1:{closed_port}.*adls-gen1 emulator start"
    with pytest.raises(ServiceUnreachableError, match=said):
        await client.status("/")
    await client.close()


async def test_silence_ends(credential):
    """A service that accepts and never answers is given up."""
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        gone.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = WebHdfsClient(
            "lake",
            f"http://127.0.0.1:{port}",
            credential,
            retry=RetryPolicy(attempts=1),
            limits=Limits(silence_seconds=0.1),
        )
        with pytest.raises(ServiceUnreachableError, match="broke off"):
            await client.status("/")
        await client.close()
        await gone.wait()


@pytest.mark.parametrize(
    "body", [b"", b"<html>proxy</html>", b"[]", b'"text"', b'{"RemoteException": 5}', b"\xff\xfe", b"{}"]
)
async def test_errors_without_the_service_s_json(client_of, body):
    """An error of a proxy or load balancer goes by its status."""
    async with canned(answer(403, body)) as (url, _):
        with pytest.raises(AccessDeniedError, match="answered 403"):
            await client_of(url).status("/")


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[]", b"{}", b'{"FileStatus": {}}', b'{"FileStatus": {"type": "FILE"}}']
)
async def test_answers_that_are_none(client_of, body):
    """A success that does not hold what it should is the service's failure."""
    async with canned(answer(200, body)) as (url, _):
        with pytest.raises(ServiceFailureError, match=r"not what the operation gives.*check the URL"):
            await client_of(url).status("/")


async def test_redirects_are_not_followed(client_of):
    """The token goes nowhere but to the endpoint."""
    async with canned(answer(200)) as (elsewhere, led):
        there = f"Location: {elsewhere}/webhdfs/v1/?op=GETFILESTATUS\r\n"
        async with canned(answer(307, headers=there)) as (url, heads):
            with pytest.raises(ServiceError):
                await client_of(url).status("/")
    assert (len(heads), led) == (1, [])


async def test_url_is_quoted_once(client_of):
    """Path and query carry every character as itself, and the slashes of the path stay."""
    async with canned(answer(404)) as (url, heads):
        with pytest.raises(ServiceError):
            await client_of(url).rename("/a b/%41+#?,é", "/x&y=z")
    assert heads[0].startswith("GET /webhdfs/v1/a%20b/%2541%2B%23%3F%2C%C3%A9?op=GETFILESTATUS&")


async def test_names_that_are_no_text(client):
    """A name that UTF-8 cannot carry is refused in words."""
    with pytest.raises(PathError, match="not Unicode"):
        await client.status("/\udcff")


async def test_requests_have_ids_of_their_own(client_of):
    """Each request has an id that ends with the number of attempts before it, and says who sends it."""
    async with canned(answer(503), answer(404)) as (url, heads):
        with pytest.raises(ServiceError):
            await client_of(url).status("/")
    attempts = [re.search(r"x-ms-client-request-id: \S+\.(\d)\r\n", head)[1] for head in heads]
    assert attempts == ["0", "1"]
    assert all("\r\nUser-Agent: airflow-provider-adls/" in head for head in heads)


async def test_no_token_in_the_log(client, fault, credential, caplog):
    """What is logged of a failed attempt holds no token."""
    caplog.set_level("DEBUG")
    fault(operation="GETFILESTATUS", status=503, times=1)
    await client.status("/")
    (token,) = credential.given
    assert "GETFILESTATUS" in caplog.text
    assert token not in caplog.text


STATUS = {
    "length": 5,
    "pathSuffix": "f",
    "type": "FILE",
    "modificationTime": 1,
    "accessTime": 1,
    "permission": "770",
    "owner": "o",
    "group": "g",
}


@pytest.fixture
def hasty(credential):
    """Makes clients that wait 0.3 s for a byte, and try once."""
    clients = []

    def make(url, seconds=0.3):
        limits = Limits(silence_seconds=seconds)
        clients.append(WebHdfsClient("lake", url, credential, retry=RetryPolicy(attempts=1), limits=limits))
        return clients[-1]

    return make


@pytest.mark.parametrize("headers", [{"Content_Length": str(10**12)}, {}])
async def test_more_than_was_asked(hasty, headers):
    """At content beyond what was asked for a read ends by an error, and the connection is closed."""

    def script(request):
        if headers:
            return endless(b"x", **headers)
        return itertools.chain(
            [b"HTTP/1.1 200 .\r\nTransfer-Encoding: chunked\r\n\r\n"],
            itertools.repeat(b"10\r\n" + b"x" * 16 + b"\r\n"),
        )

    with stand_in(script) as server:
        client = hasty(server.url, 30)
        with pytest.raises(LongAnswerError, match="more than the 5 bytes"):
            await client.read("/f", length=5)
        with pytest.raises(LongAnswerError, match="more than the 7 bytes"):
            _ = [piece async for piece in client.stream("/f", length=7)]
        await client.close()
        assert server.sent < 64 * 1024 * 1024


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("status", [200, 404])
async def test_json_without_end(hasty, monkeypatch, status, packed):
    """Of an answer that is JSON, or an error, no more is read than its bound, unpacked or not."""
    monkeypatch.setattr(answers, "MAX_JSON", 1024 * 1024)
    piece = gzip.compress(bytes(64 * 1024 * 1024)) if packed else b" " * 65536
    headers = {"Content_Encoding": "gzip"} if packed else {}
    with stand_in(lambda _: endless(piece, status, **headers)) as server:
        client = hasty(server.url, 30)
        for call in (client.list_page("/"), client.status("/")):
            with pytest.raises(ServiceError, match="more than 1048576 bytes" if status == 200 else "404"):
                await call
        await client.close()
        assert server.sent < 64 * 1024 * 1024


async def test_packed_json(hasty):
    """JSON that comes packed, as it may, is unpacked."""
    body = gzip.compress(json.dumps({"FileStatus": STATUS}).encode())
    with stand_in(lambda _: reply(body, Content_Encoding="gzip")) as server:
        client = hasty(server.url)
        assert (await client.status("/f")).length == 5
        await client.close()
    assert b"Accept-Encoding: gzip, deflate\r\n" in server.requests[0]


async def test_packed_content(hasty):
    """Content that comes packed, though it was asked for as it is, is refused."""
    with stand_in(lambda _: reply(gzip.compress(b"x" * 100), Content_Encoding="gzip")) as server:
        client = hasty(server.url)
        with pytest.raises(ServiceFailureError, match=r"encoded \(gzip\)"):
            await client.read("/f", length=100)
        with pytest.raises(ServiceFailureError, match=r"encoded \(gzip\)"):
            _ = [piece async for piece in client.stream("/f")]
        await client.close()
    assert b"Accept-Encoding: identity\r\n" in server.requests[0]


@pytest.mark.parametrize("part", ["head", "json", "content"])
async def test_an_answer_that_drips(hasty, part, monkeypatch):
    """An answer that comes byte by byte ends: its head and JSON in all, content by its pace."""
    monkeypatch.setattr(answers, "LEAST_RATE", 1000)
    head = b"HTTP/1.1 200 .\r\nContent-Length: 100000\r\n\r\n"
    filling = b"X-Filling: x\r\n" * 500

    def script(_):
        if part == "head":
            return itertools.chain([head[:-2]], dripping(filling, 0.02))
        return itertools.chain([head], dripping(filling, 0.02))

    with stand_in(script) as server:
        client = hasty(server.url)
        with pytest.raises(ServiceUnreachableError, match="broke off before the answer's end"):
            await (client.read("/f", length=100_000) if part == "content" else client.status("/"))
        await client.close()


async def test_content_that_comes_slowly_but_well(hasty):
    """Content that takes longer than the silence, and comes at a fair pace, is read to its end."""
    content = bytes(range(256)) * 256

    def script(_):
        yield from reply(content)[:1]
        for start in range(0, len(content), 4096):
            time.sleep(0.05)
            yield content[start : start + 4096]

    with stand_in(script) as server:
        client = hasty(server.url)
        assert content == await client.read("/f", length=len(content))
        await client.close()


async def test_less_than_was_asked(hasty):
    """A service that answers with a part is asked for the rest, by read and by stream alike."""
    content = b"0123456789"

    def script(request):
        query = parse_qs(urlsplit(request.split()[1].decode()).query)
        start = int(query["offset"][0])
        return reply(content[start : start + min(4, int(query["length"][0]))])

    with stand_in(script) as server:
        client = hasty(server.url, 30)
        assert await client.read("/f", length=10) == content
        assert b"".join([piece async for piece in client.stream("/f", length=10)]) == content
        assert b"".join([piece async for piece in client.stream("/f", offset=2, length=5)]) == content[2:7]
        # It ends where the file does.
        assert b"".join([piece async for piece in client.stream("/f", length=99)]) == content
        await client.close()


@pytest.mark.parametrize(
    "body", [b"[" * 300_000, json.dumps({"FileStatus": {**STATUS, "msExpirationTime": 1e300}}).encode()]
)
async def test_answers_that_python_cannot_hold(hasty, body):
    """Brackets without end, and times beyond the calendar, are the service's failure."""
    with stand_in(lambda _: reply(body)) as server:
        client = hasty(server.url)
        with pytest.raises(ServiceFailureError):
            await client.status("/")
        await client.close()


@pytest.mark.parametrize("name", ["", ".", "..", None, "a/b", "a\0b"])
async def test_a_page_with_a_name_that_cannot_be(hasty, name):
    """A listing with a name that leads elsewhere is the service's failure, where the page is parsed."""
    page = {"FileStatuses": {"FileStatus": [STATUS, {**STATUS, "pathSuffix": name}]}}
    with stand_in(lambda _: reply(json.dumps(page).encode())) as server:
        client = hasty(server.url)
        with pytest.raises(ServiceFailureError):
            _ = [entries async for entries in client.pages("/d")]
        await client.close()


@pytest.mark.parametrize("tokens", [["again"], ["one", "two"]])
async def test_pages_that_do_not_advance(hasty, tokens):
    """A token that comes again ends a listing by an error."""
    given = itertools.cycle(tokens)

    def script(_):
        page = {"FileStatuses": {"FileStatus": [STATUS], "continuationToken": next(given)}}
        return reply(json.dumps(page).encode())

    with stand_in(script) as server:
        client = hasty(server.url)
        with pytest.raises(ServiceFailureError, match="does not advance"):
            _ = [entries async for entries in client.pages("/d")]
        await client.close()
        assert len(server.requests) <= len(tokens) + 1


async def test_a_redirect_names_both_servers(hasty):
    """The error for a redirect says who redirects, and where to."""
    with stand_in(lambda _: reply(b"", 307, Location="https://elsewhere.example/x?token=y")) as server:
        client = hasty(server.url)
        with pytest.raises(ServiceError) as caught:
            await client.create("/f", b"content")
        await client.close()
    assert f"{server.url} redirects to https://elsewhere.example, which" in str(caught.value)


async def test_the_object_id_of_who_lacks_a_right(client, fault, emulator):
    """An access error says the object id of the principal, which an ACL has to name."""
    fault(operation="GETFILESTATUS", error="AccessControlException")
    with pytest.raises(AccessDeniedError, match=r"signed in as object id [0-9a-f-]{36}") as caught:
        await client.status("/")
    assert caught.value.principal in str(caught.value)


async def test_plain_http_to_a_port_of_tls(hasty):
    """A connection that ends without a word, asked by plain http, may be one to a port of TLS."""
    with stand_in(lambda _: []) as server:
        client = hasty(server.url)
        with pytest.raises(ServiceUnreachableError, match="begins with https://"):
            await client.status("/")
        await client.close()


async def test_tls_to_a_plain_port(hasty):
    """A port without TLS is not taken for one with a wrong certificate."""
    with stand_in(lambda _: reply(b"", 400)) as server:
        client = hasty(server.url.replace("http:", "https:"))
        with pytest.raises(ServiceUnreachableError) as caught:
            await client.status("/")
        await client.close()
    assert "CA file" not in str(caught.value)
