"""A big answer's content goes from the connection into memory that is used again."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os

import pytest

from airflow_provider_adls.client import intake
from airflow_provider_adls.client.connections import Limits
from airflow_provider_adls.client.retry import RetryPolicy
from airflow_provider_adls.client.webhdfs import WebHdfsClient
from airflow_provider_adls.model.errors import LongAnswerError, ServiceFailureError, ServiceUnreachableError

LENGTH = 3 * intake.BUFFER + 17
CONTENT = os.urandom(LENGTH)
FAST = RetryPolicy(attempts=3, first_wait=0.001)


class Wire:
    """A server that answers one request after another with what it is given; it counts connections."""

    def __init__(self) -> None:
        self.answers: list[list[bytes]] = []
        self.connections = 0
        self.pause = 0.0
        self.closes = False
        self.serving: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.serving.add(asyncio.current_task())
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while self.answers:
                await reader.readuntil(b"\r\n\r\n")
                for piece in self.answers.pop(0):
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(self.pause)
                if self.closes:
                    break
            if not self.closes:
                await reader.read()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def head(length: int, more: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\n{more}Content-Length: {length}\r\n\r\n".encode()


@pytest.fixture
async def wire():
    """A server, not yet with answers."""
    wire = Wire()
    async with await asyncio.start_server(wire.serve, "127.0.0.1", 0) as server:
        wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield wire
    # A connection that is open when the loop ends is warned of.
    await asyncio.gather(*wire.serving)


@pytest.fixture
async def client(wire, credential):
    """A client of the server that gives up soon."""
    client = WebHdfsClient("lake", wire.url, credential, retry=FAST, limits=Limits(silence_seconds=0.3))
    yield client
    await client.close()


class Copy:
    """Takes what arrives, as a reader that keeps it must: by copying it."""

    def __init__(self) -> None:
        self.content = bytearray(LENGTH)
        self.most = 0

    async def take(self, piece: bytes | memoryview, offset: int) -> None:
        await asyncio.sleep(0)
        self.most = max(self.most, len(piece))
        self.content[offset : offset + len(piece)] = piece


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


@pytest.mark.parametrize("size", [LENGTH, intake.BUFFER, 70_001])
async def test_content_arrives_whole_over_one_connection(wire, client, size):
    """Three answers one after another are whole, whatever pieces they come in, and keep their connection."""
    wire.answers = [[head(LENGTH), *cut(CONTENT, size)] for _ in range(3)]
    for _ in range(3):
        copy = Copy()
        assert await client.read_into(copy.take, "/f", offset=0, length=LENGTH) == LENGTH
        assert bytes(copy.content) == CONTENT
        assert copy.most <= intake.BUFFER
    assert wire.connections == 1


async def test_the_head_with_a_part_of_the_content(wire, client):
    """What aiohttp had received before is not lost."""
    wire.answers = [[head(LENGTH) + CONTENT[:200_000], CONTENT[200_000:]], [head(2) + b"ok"]]
    copy = Copy()
    assert await client.read_into(copy.take, "/f", offset=0, length=LENGTH) == LENGTH
    assert bytes(copy.content) == CONTENT
    assert await client.read("/f", length=2) == b"ok"
    assert wire.connections == 1


async def test_chunks_and_small_answers_come_as_they_are(wire, client):
    """An answer whose length is unknown, and one that has arrived with its head, are whole."""
    chunk = f"{LENGTH:x}\r\n".encode() + CONTENT + b"\r\n0\r\n\r\n"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    wire.answers = [[chunked, chunk], [head(3) + b"abc"], [head(0)]]
    copy = Copy()
    assert await client.read_into(copy.take, "/f", offset=0, length=LENGTH) == LENGTH
    assert bytes(copy.content) == CONTENT
    small = Copy()
    assert await client.read_into(small.take, "/f", offset=0, length=5) == 3
    assert bytes(small.content[:3]) == b"abc"


async def test_an_answer_that_breaks_off_is_asked_for_again(wire, client):
    """Its content comes again from the beginning, and ends whole."""
    wire.closes = True
    wire.answers = [[head(LENGTH), CONTENT[:-5]], [head(LENGTH), CONTENT]]
    copy = Copy()
    assert await client.read_into(copy.take, "/f", offset=0, length=LENGTH) == LENGTH
    assert bytes(copy.content) == CONTENT
    assert wire.connections == 2


async def test_one_that_always_breaks_off(wire, client):
    """After the policy's attempts an error says how far it came."""
    wire.closes = True
    wire.answers = [[head(LENGTH), CONTENT[:-5]]] * 3
    with pytest.raises(ServiceUnreachableError, match=f"{LENGTH - 5} of {LENGTH} bytes have arrived"):
        await client.read_into(Copy().take, "/f", offset=0, length=LENGTH)


async def test_one_that_falls_silent(wire, client):
    """Silence in the middle ends the attempt."""
    wire.answers = [[head(LENGTH), CONTENT[:-5]]] * 3
    with pytest.raises(ServiceUnreachableError, match="Timeout on reading"):
        await client.read_into(Copy().take, "/f", offset=0, length=LENGTH)


async def test_one_that_trickles(wire, client, monkeypatch):
    """A service that sends byte by byte, each in time, is given up as too slow."""
    monkeypatch.setattr("airflow_provider_adls.client.answers.LEAST_RATE", 10_000_000)
    wire.pause = 0.1
    wire.answers = [[head(LENGTH), *cut(CONTENT, 1)[:30]]] * 3
    with pytest.raises(ServiceUnreachableError, match="comes too slowly"):
        await client.read_into(Copy().take, "/f", offset=0, length=LENGTH)


async def test_more_than_was_asked_for(wire, client):
    """An answer that says it is longer is refused before it is read, and never repeated."""
    wire.answers = [[head(LENGTH), CONTENT]]
    with pytest.raises(LongAnswerError, match="more than the 600000 bytes"):
        await client.read_into(Copy().take, "/f", offset=0, length=600_000)


async def test_bytes_after_the_end_reach_no_other_answer(wire, client):
    """What a server sends beyond an answer's length is not taken for a part of the next one."""
    wire.answers = [[head(LENGTH), CONTENT + b"stray"], [head(2) + b"ok"]]
    copy = Copy()
    assert await client.read_into(copy.take, "/f", offset=0, length=LENGTH) == LENGTH
    assert bytes(copy.content) == CONTENT
    await asyncio.sleep(0.05)
    assert await client.read("/f", length=2) == b"ok"


async def test_encoded_content_is_refused(wire, client):
    """Its length could not be checked."""
    wire.answers = [[head(LENGTH, "Content-Encoding: gzip\r\n"), CONTENT]]
    with pytest.raises(ServiceFailureError, match="encoded"):
        await client.read_into(Copy().take, "/f", offset=0, length=LENGTH)


async def test_the_reader_s_own_errors_are_not_the_connection_s(wire, client):
    """A full disk ends the request at once, and the connection, whose rest nobody reads."""

    async def take(piece: bytes | memoryview, offset: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    wire.answers = [[head(LENGTH), CONTENT], [head(2) + b"ok"]]
    with pytest.raises(OSError, match="No space left") as caught:
        await client.read_into(take, "/f", offset=0, length=LENGTH)
    assert caught.value.errno == errno.ENOSPC
    assert await client.read("/f", length=2) == b"ok"
    assert wire.connections == 2


async def test_a_cancelled_read_leaves_nothing(wire, client):
    """The connection of a read that is cancelled is closed, and its buffer can be used again."""
    wire.answers = [[head(LENGTH), CONTENT[:-5]], [head(LENGTH), CONTENT]]
    reading = asyncio.create_task(client.read_into(Copy().take, "/f", offset=0, length=LENGTH))
    await asyncio.sleep(0.1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    copy = Copy()
    assert await client.read_into(copy.take, "/f", offset=0, length=LENGTH) == LENGTH
    assert bytes(copy.content) == CONTENT
