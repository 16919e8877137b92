"""`pack`: the pieces of a manifest shared out to shards of equal cost, each the work of one task."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.model.errors import PathNotFoundError
from airflow_provider_adls.transfer.manifest import read_indexes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from airflow_provider_adls.transfer.differences import Line
    from airflow_provider_adls.transfer.specification import Specification
    from airflow_provider_adls.transfer.state import TransferState

_FILE = "shards.json"
#: Most shards of a transfer: Airflow maps a task over 1,024 values at most.
MOST = 1_000
#: Bytes that take as long to copy as a small file does: two requests of 20 ms beside 50 MB a second.
FILE_COST = 2**20


class Piece(NamedTuple):
    """A piece of the manifest.

    :param name: of its file in the state.
    :param lines: number of its lines.
    """

    name: str
    lines: int
    files: int
    bytes: int

    @property
    def cost(self) -> int:
        """Bytes that take as long as the piece."""
        return self.lines * FILE_COST + self.bytes


def pack(pieces: list[Piece], most_files: int, most_bytes: int, most: int = MOST) -> list[list[Piece]]:
    """Return shards of about equal cost, the most expensive one first.

    Both bounds hold, unless one piece is beyond them or more than the most shards would be needed.

    :param most_files: files of a shard.
    :param most_bytes: bytes of a shard.
    """
    big = sum(piece.bytes > most_bytes for piece in pieces)
    files = sum(piece.lines for piece in pieces)
    size = sum(piece.bytes for piece in pieces if piece.bytes <= most_bytes)
    number = min(most, len(pieces), max(1, -(-files // most_files), big - (-size // most_bytes)))
    # The lightest shard first; its number decides between equals.
    heap: list[tuple[int, int]] = [(0, shard) for shard in range(number)]
    shards: list[list[Piece]] = [[] for _ in heap]
    held = [[0, 0] for _ in heap]
    for piece in sorted(pieces, key=lambda piece: (-piece.cost, piece.name)):
        cost, shard = heapq.heappop(heap)
        full = held[shard][0] + piece.lines > most_files or held[shard][1] + piece.bytes > most_bytes
        if full and shards[shard] and len(shards) < most:
            heapq.heappush(heap, (cost, shard))
            cost, shard = 0, len(shards)
            shards.append([])
            held.append([0, 0])
        shards[shard].append(piece)
        held[shard][0] += piece.lines
        held[shard][1] += piece.bytes
        heapq.heappush(heap, (cost + piece.cost, shard))
    # In the order of the manifest, in which a directory's files stand together.
    return sorted(
        (sorted(shard) for shard in shards if shard), key=lambda shard: -sum(piece.cost for piece in shard)
    )


async def pack_shards(state: TransferState, specification: Specification) -> int:
    """Write which pieces each shard has, and return the number of shards.

    :raises ValueError: if the manifest is not whole.
    """
    held = await state.read_json(_FILE)
    if held is None:
        pieces = [
            Piece(line["work"], line["lines"], line["files"], line["bytes"])
            for line in await read_indexes(state)
            if "work" in line
        ]
        held = await state.make_json(
            _FILE, pack(pieces, specification.shard_files, specification.shard_bytes) if pieces else []
        )
    return len(held)


async def read_shards(state: TransferState) -> list[list[Piece]]:
    """Return the pieces of each shard.

    :raises PathNotFoundError: if the shards are not packed yet.
    """
    held: list[list[Any]] | None = await state.read_json(_FILE)
    if held is None:
        raise PathNotFoundError(
            "the shards of the transfer are not packed yet",
            path=state.path(_FILE),
            account=state.client.account,
        )
    return [[Piece(*piece) for piece in shard] for shard in held]


async def read_shard(state: TransferState, number: int) -> list[Piece]:
    """Return the pieces of a shard.

    :raises PathNotFoundError: if the shards are not packed yet.
    :raises ValueError: if the transfer has no such shard.
    """
    shards = await read_shards(state)
    if number >= len(shards):
        raise ValueError(f"the transfer in {state.folder} has {len(shards)} shards, and no shard {number}")
    return shards[number]


async def shard_lines(
    state: TransferState, shard: list[Piece], skip: int = 0
) -> AsyncGenerator[tuple[int, Line], None]:
    """Yield the lines of a shard, each with its number from 0; one piece is in memory.

    :param skip: lines that are left out; a piece that is left out as a whole is not read.
    """
    number = 0
    for piece in shard:
        if number + piece.lines > skip:
            for offset, line in enumerate(await state.read_lines(piece.name)):
                if number + offset >= skip:
                    yield number + offset, line
        number += piece.lines
