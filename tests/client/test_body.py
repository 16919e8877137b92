"""Content on its way to the service."""

from __future__ import annotations

import asyncio

import pytest

from airflow_provider_adls.client.body import PIECE, Body, payload
from airflow_provider_adls.client.pieces import Pieces
from airflow_provider_adls.model.operations import MAX_BODY


class Wire:
    """Keeps what is written, as it was given, on a list that may be another wire's too."""

    def __init__(self, written: list[memoryview]) -> None:
        self._written = written

    async def write(self, chunk: memoryview) -> None:
        self._written.append(chunk)


@pytest.mark.parametrize("size", [PIECE + 1, 2 * PIECE, MAX_BODY - 1, MAX_BODY])
async def test_much_content_is_sent_as_it_lies_in_memory(size):
    """All of it is sent, in pieces, and each of them is a view of the content itself."""
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    written = []
    await Body(content).write(Wire(written))
    assert content == b"".join(written)
    assert -(-size // PIECE) == len(written)
    assert all(piece.obj is content for piece in written)


async def test_others_have_their_turn_between_two_pieces():
    """A connection that takes all at once does not keep the event loop for itself."""
    contents = [bytes(4 * PIECE), bytes(4 * PIECE + 1)]
    written = []
    await asyncio.gather(*(Body(content).write(Wire(written)) for content in contents))
    assert [*contents * 4, contents[1]] == [piece.obj for piece in written]


@pytest.mark.parametrize("content", [None, b"", b"x", bytes(PIECE)])
def test_little_content_goes_as_it_is(content):
    """What one piece holds is given to aiohttp as it is."""
    assert payload(content) is content


def test_its_size_is_known_before_it_is_sent():
    """A request says how long it is, as the service demands."""
    body = payload(bytes(PIECE + 1))
    assert isinstance(body, Body)
    assert (body.size, body.content_type) == (PIECE + 1, "application/octet-stream")


async def test_whoever_looks_at_a_request_finds_its_content():
    """The content can be read as text and as bytes, for which aiohttp's middlewares ask."""
    body = Body("Grüße".encode())
    assert body.decode() == "Grüße"
    assert await body.as_bytes() == "Grüße".encode()


async def test_content_that_is_read_while_it_is_sent():
    """It is read in pieces, in order, again for each attempt; what failed to be read is known."""
    content, asked = bytes(range(256)) * 3000, []

    async def read(offset, length):
        asked.append((offset, length))
        if len(asked) > 6:
            raise OSError("gone")
        return content[offset : offset + length]

    pieces = Pieces(len(content), read)
    body = payload(pieces)
    assert body.size == len(content)
    with pytest.raises(TypeError, match="while it is sent"):
        body.decode()
    for _ in range(2):
        written = []
        await body.write(Wire(written))
        assert b"".join(written) == content
    assert asked == [(0, PIECE), (PIECE, PIECE), (2 * PIECE, len(content) - 2 * PIECE)] * 2
    with pytest.raises(OSError, match="gone"):
        await body.write(Wire([]))
    assert str(pieces.failure) == "gone"
