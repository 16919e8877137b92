"""`verify_shard`: the target's directories listed anew, and compared with what a shard was to copy."""

from __future__ import annotations

import json
import time
from contextlib import aclosing
from itertools import groupby
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.blocks import at_once
from airflow_provider_adls.lake.trees import File
from airflow_provider_adls.transfer.ledger import Ledger, read_ledger
from airflow_provider_adls.transfer.options import PARALLEL
from airflow_provider_adls.transfer.shard_copy import ShardProgress, ledger_name, verified_name
from airflow_provider_adls.transfer.shards import read_shard
from airflow_provider_adls.transfer.sync import checksum

if TYPE_CHECKING:
    from airflow_provider_adls.transfer.differences import Line
    from airflow_provider_adls.transfer.specification import Specification
    from airflow_provider_adls.transfer.state import TransferState
    from airflow_provider_adls.transfer.stores import End

#: Directories with fewer files than these in a piece are not listed: each file is looked at.
_FEW = 3
_MISSING = "the destination does not have it"
_DIFFERS = "the copy differs from its source"


async def verify_shard(
    state: TransferState, source: End, target: End, specification: Specification, number: int
) -> dict[str, int]:
    """Compare the target with what the shard was to copy; note in its ledger what is to be copied again.

    :returns: numbers of ``files`` that are right, and that ``failed``: to be copied, or to be found here.
    :raises ValueError: if any failed, and failures are not ignored.
    """
    shard = await read_shard(state, number)
    path = state.path(ledger_name(number))
    progress = ShardProgress.of(await read_ledger(state.client, path))
    check = _Check(source, target, checksum=specification.checksum)
    for piece in shard:
        # A file that failed has a reason already.
        lines = [line for line in await state.read_lines(piece.name) if line[1] not in progress.failed]
        await check.lines(lines)
        # So that one piece is in memory while the next is read.
        del lines
    if check.wrong:
        ledger = await Ledger.take_over(state.client, path)
        line = {
            "upto": progress.upto,
            "files": -sum(line[0] == "copy" for line, _ in check.wrong),
            "bytes": -sum(line[2] for line, _ in check.wrong if line[0] == "copy"),
            "seconds": 0,
            "at": round(time.time(), 3),
            "failed": check.wrong,
        }
        await ledger.append(line)
        progress.add(line)
    result = {"files": check.files, "failed": len(progress.failed)}
    await state.write(verified_name(number), json.dumps(result).encode())
    if progress.failed and not specification.ignore_failures:
        place, (_, reason) = next(iter(progress.failed.items()))
        shown = target.store.shown(target.store.join(target.path, place))
        more = f" (and {len(progress.failed) - 1} more)" if len(progress.failed) > 1 else ""
        raise ValueError(
            f"{shown}{more}: {reason}; clear the task that copied shard {number}, and the tasks after it: it"
            " copies only these again. What the source no longer has, a new transfer_id leaves out"
        )
    return result


class _Check:
    def __init__(self, source: End, target: End, *, checksum: bool) -> None:
        self._source = source
        self._target = target
        self._checksum = checksum
        self.files = 0
        #: Files by place whose sources have changed since they were listed, as they are now.
        self._changed: dict[str, File] = {}
        #: Lines whose copy is missing or differs, each with the reason.
        self.wrong: list[tuple[Line, str]] = []

    async def lines(self, lines: list[Line]) -> None:
        """Check the files and directories of a piece."""
        self._changed.clear()
        by_directory = sorted(lines, key=lambda line: (line[1].rpartition("/")[0], line[1]))
        groups = [
            (directory, list(group))
            for directory, group in groupby(by_directory, key=lambda line: line[1].rpartition("/")[0])
        ]
        await at_once(self._directory, groups, PARALLEL)
        if self._checksum:
            known = {line[1] for line, _ in self.wrong}
            await at_once(
                self._content,
                [line for line in lines if line[0] == "copy" and line[1] not in known],
                PARALLEL,
            )

    async def _directory(self, group: tuple[str, list[Line]]) -> None:
        directory, lines = group
        wanted = {line[1].rpartition("/")[2]: line for line in lines}
        if len(wanted) >= _FEW:
            await self._list(directory, wanted)
        for line in wanted.values():
            await self._look(line)

    async def _list(self, directory: str, wanted: dict[str, Line]) -> None:
        """Check the files that pages of a directory have, and take them out of those that are wanted.

        A page without any of them is the last one: looking at each of the others then takes fewer requests.
        """
        store = self._target.store
        last = max(wanted)
        try:
            pages = store.pages(store.join(self._target.path, directory))
            async with aclosing(pages):
                async for page in pages:
                    found = [entry for entry in page if entry.name in wanted]
                    for entry in found:
                        line = wanted.pop(entry.name)
                        await self._judge(line, entry.size, is_directory=entry.is_directory)
                    if not wanted or not found or page[-1].name > last:
                        return
        except (FileNotFoundError, NotADirectoryError):
            return

    async def _look(self, line: Line) -> None:
        store = self._target.store
        path = store.join(self._target.path, line[1])
        try:
            file = await store.look(path)
        except IsADirectoryError:
            file = None
            if line[0] == "make":
                return
        if file is None and line[0] == "make" and not store.is_lake:
            # A store of objects has no empty directories.
            return
        if file is None:
            self.wrong.append((line, _MISSING))
        else:
            await self._judge(line, file.size, is_directory=False)

    async def _judge(self, line: Line, size: int, *, is_directory: bool) -> None:
        """Check what the target has at the place of a line."""
        if line[0] == "make" or is_directory:
            if line[0] == "copy" or not is_directory:
                self.wrong.append((line, _DIFFERS))
        elif size == line[2] or await self._has_size_of_source(line, size):
            self.files += 1
        else:
            self.wrong.append((line, _DIFFERS))

    async def _has_size_of_source(self, line: Line, size: int) -> bool:
        """Return whether a file has the size that its source has by now."""
        store = self._source.store
        try:
            now = await store.look(store.join(self._source.path, line[1]))
        except IsADirectoryError:
            return False
        if now is None or now.size != size:
            return False
        self._changed[line[1]] = now
        return True

    async def _content(self, line: Line) -> None:
        source, target, place = self._source, self._target, line[1]
        listed = File(place, source.store.join(source.path, place), line[2], line[3])
        here = self._changed.get(place, listed)
        there = await target.store.look(target.store.join(target.path, place))
        if there is None:
            self.files -= 1
            self.wrong.append((line, _MISSING))
        elif await checksum(source.store, here) != await checksum(target.store, there):
            self.files -= 1
            self.wrong.append((line, _DIFFERS))


async def read_verified(state: TransferState, number: int) -> dict[str, int] | None:
    """Return what the verification of a shard found; None if it was not verified."""
    found: dict[str, int] | None = await state.read_json(verified_name(number))
    return found
