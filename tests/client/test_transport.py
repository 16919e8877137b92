"""Requests that fail, and what becomes of them."""

from __future__ import annotations

import asyncio
import json

import pytest

from airflow_provider_adls.client import RetryPolicy, WebHdfsClient
from airflow_provider_adls.client.transport import Request
from airflow_provider_adls.gen1.errors import (
    AccessDeniedError,
    PathError,
    PathNotFoundError,
    ServiceError,
    ServiceFailureError,
    ServiceUnreachableError,
    ThrottledError,
    TokenRejectedError,
)
from airflow_provider_adls.gen1.operations import MAX_BODY
from tests.client.conftest import FAST
from tests.client.faults import Fault


def refusal(name: str, message: str = "because") -> bytes:
    return json.dumps({"RemoteException": {"exception": name, "message": message}}).encode()


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_what_passes_is_tried_again(client, faulty, way, status):
    """A read survives answers that pass."""
    await client.create("/f", b"content")
    way.plan(Fault("OPEN", status=status), Fault("OPEN", status=status, body=b"<html>busy</html>"))
    assert await faulty.read("/f") == b"content"
    assert way.operations() == ["OPEN"] * 3


@pytest.mark.parametrize("status", [501, 505])
async def test_what_does_not_pass_is_not_tried_again(faulty, way, status):
    """An answer that would always be the same ends the request."""
    way.plan(Fault("GETFILESTATUS", status=status))
    with pytest.raises(ServiceFailureError):
        await faulty.status("/")
    assert way.operations() == ["GETFILESTATUS"]


async def test_attempts_are_bounded(faulty, way):
    """After the policy's attempts the last error is raised."""
    way.plan(*[Fault("GETFILESTATUS", status=429, body=refusal("ThrottledException"))] * 9)
    with pytest.raises(ThrottledError, match="because"):
        await faulty.status("/")
    assert len(way.seen) == FAST.attempts


async def test_retry_after_beyond_the_policy_is_not_waited_for(faulty, way):
    """A wait that the policy's time does not hold is refused at once."""
    way.plan(Fault("GETFILESTATUS", status=429, headers={"Retry-After": "9999"}))
    with pytest.raises(ThrottledError):
        await faulty.status("/")
    assert len(way.seen) == 1


async def test_retry_after_is_obeyed(faulty, way, mocker):
    """The service's own wait takes the place of ours."""
    slept = mocker.patch("airflow_provider_adls.client.transport.asyncio.sleep", autospec=True)
    way.plan(Fault("GETFILESTATUS", status=503, headers={"Retry-After": "7"}))
    await faulty.status("/")
    assert [call.args[0] for call in slept.call_args_list] == [7.0]


async def test_rejected_token_is_dropped_once(faulty, way, credential):
    """A 401 makes the credential forget the token and sign in again."""
    way.plan(Fault("GETFILESTATUS", status=401))
    assert (await faulty.status("/")).is_directory
    assert (len(credential.asked), len(credential.invalidated)) == (2, 1)
    first, second = (seen.headers["Authorization"] for seen in way.seen)
    assert first == f"Bearer {credential.invalidated[0]}"
    assert first != second


async def test_token_that_is_rejected_again(faulty, way):
    """A second 401 is told, and shows no token."""
    way.plan(Fault("GETFILESTATUS", status=401), Fault("GETFILESTATUS", status=401))
    with pytest.raises(TokenRejectedError) as caught:
        await faulty.status("/")
    assert len(way.seen) == 2
    for seen in way.seen:
        assert seen.headers["Authorization"].removeprefix("Bearer ") not in repr(caught.value)


@pytest.mark.parametrize("cut", [0, 1, MAX_BODY // 2, MAX_BODY - 1])
async def test_truncated_content_is_read_again(client, faulty, way, cut):
    """Content that breaks off is never taken for the whole."""
    content = bytes(range(256)) * (MAX_BODY // 256)
    await client.create("/f", content)
    way.plan(Fault("OPEN", forward=True, cut=cut))
    assert content == await faulty.read("/f")
    assert way.operations() == ["OPEN"] * 2


async def test_truncated_stream_is_an_error(client, faulty, way):
    """A stream that breaks off raises; it does not just end."""
    await client.create("/f", bytes(MAX_BODY))
    way.plan(Fault("OPEN", forward=True, cut=MAX_BODY // 2))
    with pytest.raises(ServiceUnreachableError, match="broke off"):
        _ = [chunk async for chunk in faulty.stream("/f")]


async def test_a_stream_s_beginning_is_tried_again(client, faulty, way):
    """A stream that has not begun may begin again."""
    await client.create("/f", b"content")
    way.plan(Fault("OPEN", status=503), Fault("OPEN"))
    assert [chunk async for chunk in faulty.stream("/f")] == [b"content"]


async def test_what_nobody_can_resolve_is_told(faulty, way, client):
    """A request that must not be repeated, and whose outcome nobody can look up, is sent once."""
    await client.create("/f")
    way.plan(Fault("DELETE", status=503))
    with pytest.raises(ServiceFailureError):
        await faulty._transport.send(Request("DELETE", "/f"))
    assert way.operations() == ["DELETE"]


async def test_content_of_unknown_length_is_no_content(credential):
    """An answer that ends with the connection could be cut anywhere, and is refused."""

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf of it")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(half, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = WebHdfsClient("lake", f"http://127.0.0.1:{port}", credential, retry=FAST)
        with pytest.raises(ServiceUnreachableError, match="does not say how long it is"):
            await client.read("/f")
        with pytest.raises(ServiceUnreachableError, match="does not say how long it is"):
            _ = [chunk async for chunk in client.stream("/f")]
        await client.close()


@pytest.mark.parametrize("forward", [False, True])
async def test_broken_connections_of_what_may_be_repeated(faulty, way, forward):
    """What leaves the same behind is sent again, whether or not it had arrived."""
    way.plan(*(Fault(name, forward=forward) for name in ("MKDIRS", "CREATE", "LISTSTATUS", "SETPERMISSION")))
    await faulty.make_directories("/d")
    await faulty.create("/d/f", b"1")
    await faulty.set_permission("/d/f", "700")
    assert [
        (entry.name, entry.length, entry.permission) for entry in (await faulty.list_page("/d")).entries
    ] == [("f", 1, "700")]


async def test_nobody_listens(credential, unused_tcp_port):
    """A service that is not there is told after the policy's attempts."""
    client = WebHdfsClient("lake", f"http://127.0.0.1:{unused_tcp_port}", credential, retry=FAST)
    with pytest.raises(ServiceUnreachableError, match=f"no connection to http://127.0.0.1:{unused_tcp_port}"):
        await client.status("/")
    await client.close()


async def test_silence_ends(credential):
    """A service that accepts and never answers is given up."""
    from airflow_provider_adls.client import Limits

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

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


@pytest.mark.parametrize(
    "body", [b"", b"<html>proxy</html>", b"[]", b'"text"', b'{"RemoteException": 5}', b"\xff\xfe", b"{}"]
)
async def test_errors_without_the_service_s_json(faulty, way, body):
    """An error of a proxy or load balancer goes by its status."""
    way.plan(Fault("GETFILESTATUS", status=403, body=body))
    with pytest.raises(AccessDeniedError, match="answered 403"):
        await faulty.status("/")


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[]", b"{}", b'{"FileStatus": {}}', b'{"FileStatus": {"type": "FILE"}}']
)
async def test_answers_that_are_none(faulty, way, body):
    """A success that does not hold what it should is the service's failure."""
    way.plan(Fault("GETFILESTATUS", status=200, body=body))
    with pytest.raises(ServiceFailureError, match="not what the operation gives"):
        await faulty.status("/")


async def test_redirects_are_not_followed(faulty, way):
    """The token goes nowhere but to the endpoint."""
    way.plan(Fault("GETFILESTATUS", status=307, headers={"Location": f"{way.url}/elsewhere?op=NONE"}))
    with pytest.raises(ServiceError):
        await faulty.status("/")
    assert way.operations() == ["GETFILESTATUS"]


async def test_url_is_quoted_once(faulty, way, account):
    """Path and query carry every character as itself, and the slashes of the path stay."""
    with pytest.raises(PathNotFoundError):
        await faulty.rename("/a b/%41+#?,é", "/x&y=z")
    assert way.seen[0].url.startswith(
        f"/adls/{account}/webhdfs/v1/a%20b/%2541%2B%23%3F%2C%C3%A9?op=GETFILESTATUS&"
    )


async def test_names_that_are_no_text(client):
    """A name that UTF-8 cannot carry is refused in words."""
    with pytest.raises(PathError, match="not Unicode"):
        await client.status("/\udcff")


async def test_requests_can_be_told_apart(faulty, way):
    """Each request has an id that ends with the number of attempts before it, and says who sends it."""
    way.plan(Fault("GETFILESTATUS", status=503))
    await faulty.status("/")
    assert [seen.headers["x-ms-client-request-id"].rpartition(".")[2] for seen in way.seen] == ["0", "1"]
    assert all(seen.headers["User-Agent"].startswith("airflow-provider-adls/") for seen in way.seen)


async def test_no_token_in_the_log(faulty, way, caplog):
    """What is logged of a failed attempt holds no token."""
    caplog.set_level("DEBUG")
    way.plan(Fault("GETFILESTATUS", status=503))
    await faulty.status("/")
    token = way.seen[0].headers["Authorization"].removeprefix("Bearer ")
    assert "GETFILESTATUS" in caplog.text
    assert token not in caplog.text
