"""`list_part`: the manifest of a part of a transfer, written piece by piece while both sides are listed.

A part's index is a ledger with a line for each piece. A retry goes on after the last place of the last line;
pieces that no line names, of a task that was killed or overtaken, count for nothing.
"""

from __future__ import annotations

import uuid
from collections import deque
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.lake.blocks import at_once
from airflow_provider_adls.transfer.differences import differences
from airflow_provider_adls.transfer.ledger import Ledger, read_ledger

if TYPE_CHECKING:
    from airflow_provider_adls.transfer.differences import Difference, Line
    from airflow_provider_adls.transfer.specification import Specification
    from airflow_provider_adls.transfer.state import TransferState
    from airflow_provider_adls.transfer.stores import End

_PARTS = "parts.json"
#: Pages of a directory in which subdirectories are looked for, to share the listing out.
_PAGES = 50
#: Places after which a piece ends, even if little is to be done.
_PLACES = 100_000
#: Characters of the places in a piece.
_CHARACTERS = 4 * 2**20
_COUNTS = ("files", "bytes", "alike", "extra", "target")


async def plan_parts(state: TransferState, source: End, specification: Specification) -> int:
    """Share the source's directories out to tasks that list them, and return the number of tasks.

    The first part is the tree without the directories of the others: files above these, and whatever appears
    later.

    :raises FileNotFoundError: if the source is missing.
    :raises NotADirectoryError: if it is a file.
    """
    held = await state.read_json(_PARTS)
    if held is None:
        shared = await _share_out(source, specification.list_tasks - 1)
        held = await state.make_json(_PARTS, [[""], *shared])
    return len(held)


async def _share_out(source: End, most: int) -> list[list[str]]:
    """Return groups of places of directories, in which no place is below another."""
    await require_directory(source)
    if not most:
        return []
    level, leaves = [""], list[str]()
    # The root is the first part's.
    while level == [""] or (level and len(level) + len(leaves) < most):
        below: dict[str, list[str]] = {}

        async def look(place: str, below: dict[str, list[str]] = below) -> None:
            below[place] = await _directories(source, place)

        await at_once(look, level)
        leaves += [place for place in level if place and not below[place]]
        level = [child for place in level for child in below[place]][: 16 * most]
    found = [*leaves, *level]
    return [found[number::most] for number in range(min(most, len(found)))]


async def _directories(source: End, place: str) -> list[str]:
    found: list[str] = []
    pages = source.store.pages(source.store.join(source.path, place))
    async with aclosing(pages):
        number = 0
        async for page in pages:
            found += [entry.name for entry in page if entry.is_directory]
            number += 1
            if number == _PAGES:
                break
    return [f"{place}/{name}" if place else name for name in found]


async def require_directory(end: End) -> None:
    """Raise unless a directory exists at the root of an end.

    :raises FileNotFoundError: if nothing does.
    :raises NotADirectoryError: if a file does.
    """
    pages = end.store.pages(end.path)
    async with aclosing(pages):
        async for _ in pages:
            return


async def read_parts(state: TransferState) -> list[list[str]]:
    """Return the places of the directories that each part has; nothing before they were planned."""
    return await state.read_json(_PARTS) or []


async def part_places(state: TransferState, number: int) -> tuple[list[str], set[str]]:
    """Return the places that a part has, and those below them that others have.

    :raises ValueError: if the transfer has no such part.
    """
    parts = await read_parts(state)
    if number >= len(parts):
        raise ValueError(f"the transfer in {state.folder} has {len(parts)} parts, and no part {number}")
    return parts[number], {place for part in parts[1:] for place in part} if number == 0 else set()


async def list_part(
    state: TransferState, source: End, target: End, specification: Specification, number: int
) -> dict[str, int]:
    """List a part of both trees, and write what is to be done; return the counts.

    :raises FileNotFoundError: if the source is missing, or goes missing meanwhile.
    """
    parted, stops = await part_places(state, number)
    index = await Ledger.take_over(state.client, state.path(_index(number)))
    writer = _Writer(state, index, specification, number)
    if any("done" in line for line in index.lines):
        return writer.counts
    places = deque(parted)
    await require_directory(source)
    while places:
        place = places.popleft()
        after = writer.position(place)
        if after is None:
            continue
        found = differences(source, target, specification, root=place, after=after, stops=stops)
        async with aclosing(found):
            async for one in found:
                await writer.add(one, place)
        await writer.flush(place, ended=True)
    # A source that went away while it was listed looks like one whose files were deleted.
    await require_directory(source)
    await index.append({"done": True})
    return writer.counts


def _index(number: int) -> str:
    return f"index/{number:04d}"


class _Writer:
    """Gathers what is to be done, and writes a piece when it is long enough."""

    def __init__(
        self, state: TransferState, index: Ledger, specification: Specification, number: int
    ) -> None:
        self._state = state
        self._index = index
        self._number = number
        self._most_files = specification.piece_files
        self._most_bytes = max(1, specification.shard_bytes // 5)
        # A writer's pieces have names of their own, so that none replaces another's.
        self._word = uuid.uuid4().hex[:8]
        self._sequence = 0
        self._listed = [line for line in index.lines if "after" in line]
        self.counts = dict.fromkeys(_COUNTS, 0)
        for line in self._listed:
            self._count(line)
        self._clear()

    def position(self, root: str) -> str | None:
        """Return the place in a root that was listed last, empty for none; None if all of it was."""
        lines = [line for line in self._listed if line["root"] == root]
        if any(line["ended"] for line in lines):
            return None
        return lines[-1]["after"] if lines else ""

    def _clear(self) -> None:
        self._work: list[Line] = []
        self._deletions: list[Line] = []
        self._places = 0
        self._characters = 0
        self._after = ""
        self._found = dict.fromkeys(_COUNTS, 0)

    def _count(self, line: dict[str, Any]) -> None:
        for name in _COUNTS:
            self.counts[name] += line[name]

    async def add(self, one: Difference, root: str) -> None:
        """Add what a place needs."""
        if self._work and self._found["bytes"] + one.bytes > self._most_bytes:
            await self.flush(root, ended=False)
        self._work += one.work
        self._deletions += one.deletions
        self._places += 1
        self._characters += len(one.place) * (len(one.work) + len(one.deletions))
        self._after = one.place
        for name, number in zip(
            _COUNTS, (_files(one.work), one.bytes, one.alike, one.extra, one.target), strict=True
        ):
            self._found[name] += number
        if (
            len(self._work) >= self._most_files
            or len(self._deletions) >= self._most_files
            or self._places >= _PLACES
            or self._characters >= _CHARACTERS
        ):
            await self.flush(root, ended=False)

    async def flush(self, root: str, *, ended: bool) -> None:
        """Write the piece, and then its line in the index."""
        names = {}
        for kind, lines in (("work", self._work), ("deletions", self._deletions)):
            if lines:
                names[kind] = f"pieces/{self._number:04d}/{self._sequence:06d}-{self._word}-{kind}.jsonl.gz"
                await self._state.write_lines(names[kind], lines)
        self._sequence += 1
        line: dict[str, Any] = {"root": root, "after": self._after, "ended": ended, "lines": len(self._work)}
        line |= names | self._found
        await self._index.append(line)
        self._count(line)
        self._clear()


def _files(lines: list[Line]) -> int:
    return sum(line[0] == "copy" for line in lines)


async def read_indexes(state: TransferState) -> list[dict[str, Any]]:
    """Return a line for each piece of the manifest, in order.

    :raises ValueError: if a part is not listed to its end.
    """
    found: list[dict[str, Any]] = []
    for number in range(len(await read_parts(state))):
        lines = await read_ledger(state.client, state.path(_index(number)))
        if not any("done" in line for line in lines):
            raise ValueError(f"part {number} of the transfer in {state.folder} is not listed to its end")
        found += [line for line in lines if "after" in line]
    return found
