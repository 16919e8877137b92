"""`delete_extraneous`: files of the target that the source does not have, deleted when all else is done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.blocks import at_once
from airflow_provider_adls.transfer.ledger import Ledger
from airflow_provider_adls.transfer.manifest import read_indexes, require_directory
from airflow_provider_adls.transfer.options import PARALLEL
from airflow_provider_adls.transfer.shard_verify import read_verified
from airflow_provider_adls.transfer.shards import read_shards

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.transfer.differences import Line
    from airflow_provider_adls.transfer.specification import Specification
    from airflow_provider_adls.transfer.state import TransferState
    from airflow_provider_adls.transfer.stores import End

LEDGER = "ledger/delete"


class TooManyDeletionsError(ValueError):
    """More would be deleted than the transfer may: nothing was."""


async def delete_extraneous(
    state: TransferState,
    source: End,
    target: End,
    specification: Specification,
    log: Callable[..., object],
) -> dict[str, int]:
    """Delete what only the target has, if every shard is verified; return the number of ``deleted`` files.

    Where a file could not be copied, nothing is deleted. A directory that the source has by now stays.

    :raises TooManyDeletionsError: if it is more than `max_deletes`.
    :raises ValueError: if a shard is not verified.
    :raises FileNotFoundError: if the source is missing: it looks like one whose files were all deleted.
    """
    if not specification.delete:
        return {"deleted": 0}
    shards = len(await read_shards(state))
    verified = [await read_verified(state, number) for number in range(shards)]
    if None in verified:
        raise ValueError(f"shard {verified.index(None)} is not verified: nothing was deleted")
    if failed := sum(found["failed"] for found in verified if found):
        log("nothing is deleted, for %d files could not be copied", failed)
        return {"deleted": 0}
    indexes = await read_indexes(state)
    _refuse_too_many(
        sum(line["extra"] for line in indexes),
        sum(line["target"] for line in indexes),
        specification.max_deletes,
    )
    await require_directory(source)
    ledger = await Ledger.take_over(state.client, state.path(LEDGER))
    done = {line["piece"] for line in ledger.lines if "piece" in line}
    deleted = sum(line["deleted"] for line in ledger.lines if "piece" in line)
    remove = _Removal(source, target)
    for name in [line["deletions"] for line in indexes if "deletions" in line]:
        if name in done:
            continue
        remove.files = 0
        await at_once(remove, await state.read_lines(name), PARALLEL)
        await ledger.append({"piece": name, "deleted": remove.files, "at": round(time.time(), 3)})
        deleted += remove.files
    return {"deleted": deleted}


def _refuse_too_many(files: int, target: int, most: float | None) -> None:
    if most is None:
        return
    allowed = int(most * target) if most < 1 else int(most)
    if files > allowed:
        raise TooManyDeletionsError(
            f"{files} of the {target} files of the destination would be deleted, and max_deletes allows"
            f" {allowed}: nothing was deleted"
        )


class _Removal:
    """Deletes files and directories that only the target has."""

    def __init__(self, source: End, target: End) -> None:
        self._source = source
        self._target = target
        self.files = 0

    async def __call__(self, line: Line) -> None:
        """Delete one, unless the source has it by now."""
        store, path = self._target.store, self._target.store.join(self._target.path, line[1])
        if await self._is_in_source(line[1]):
            return
        if line[0] == "tree":
            await store.remove_tree(path)
            self.files += line[2]
        else:
            await store.remove(path)
            self.files += 1

    async def _is_in_source(self, place: str) -> bool:
        store = self._source.store
        try:
            return await store.look(store.join(self._source.path, place)) is not None
        except IsADirectoryError:
            return True
