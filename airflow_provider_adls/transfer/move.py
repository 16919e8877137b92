"""Moving to another account: a copy, whose source is deleted file by file as it is found whole.

A hidden note beside the destination tells who tries again, or moves the same at the same time, that what is
there is there by this move. It holds a word of whoever began last, and what is moved, and is removed at the
end.
"""

from __future__ import annotations

import logging
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.hidden import hidden_files
from airflow_provider_adls.model.errors import (
    ADLSGen1Error,
    PathExistsError,
    RequestError,
    SourceChangedError,
)
from airflow_provider_adls.model.paths import is_kept, join, kept_name, parent
from airflow_provider_adls.transfer.lake import LakeStore
from airflow_provider_adls.transfer.plan import Options
from airflow_provider_adls.transfer.run import transfer
from airflow_provider_adls.transfer.stores import End

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem.file_system import ADLSGen1FileSystem

logger = logging.getLogger(__name__)


def note_of(account: str | None, path: str, destination: str) -> str:
    """Path of the note of a move.

    :param account: short name of the source's account.
    """
    return join(parent(destination), kept_name(destination, f"move {account} {path}"))


async def carry(
    source: ADLSGen1FileSystem,
    path: str,
    target: ADLSGen1FileSystem,
    destination: str,
    *,
    overwrite: bool,
) -> None:
    """Move a file or directory of one account to just this path of another.

    :param source: of the one account, on the running event loop.
    :param target: of the other.
    :param overwrite: whether files may replace files that are not there by the same move.
    :raises FileExistsError: if they may not, and somebody else's is in the way.
    :raises FileNotFoundError: if nothing is at the source, or not any more.
    """
    note = _Note(target, note_of(source.account_name, path, destination), _moved(source.account_name, path))
    ends = End(LakeStore(source), path), End(LakeStore(target), destination)

    async def go(*, overwrite: bool) -> None:
        options = Options(overwrite=overwrite, delete_source=True, delete_directories=True)
        try:
            await transfer(*ends, options, logger.debug, _tell_nobody)
        except (FileNotFoundError, SourceChangedError):
            if not await source._exists(path):  # noqa: SLF001 - fsspec's name for what is awaited
                # Another who moved the same has come to the end, or the source was removed.
                await note.remove()
            raise

    begun = await note.write()
    try:
        await go(overwrite=overwrite or begun)
    except FileExistsError:
        if begun:
            raise
        if await note.is_mine():
            # Somebody else came there meanwhile, and a note would call what they made ours.
            await note.remove()
            raise
        # It is there by another who moves the same.
        await go(overwrite=True)
    except Exception:
        if not begun:
            with suppress(ADLSGen1Error):
                if await note.is_mine() and not await target._exists(destination):  # noqa: SLF001 - fsspec's name for what is awaited
                    # A note would call what somebody else makes there later ours.
                    await note.remove()
        raise
    await note.remove()


async def forget_done(source: ADLSGen1FileSystem, target: ADLSGen1FileSystem, directory: str) -> None:
    """Remove notes of moves that came to their end, but for the note's own, to what is in a directory.

    :param source: moves of its account are looked at.
    :param directory: path in the target's account. What cannot be looked at or removed in it stays.
    """
    about = _moved(source.account_name, "")
    client = target.client
    with suppress(RequestError):
        for status in await hidden_files(client, directory):
            note = join(directory, status.name)
            if is_kept(note) and about in (held := await client.read(note)):
                path = held.partition(about)[2].decode()
                if not await source._exists(path):  # noqa: SLF001 - fsspec's name for what is awaited
                    await client.delete(note)


def _moved(account: str | None, path: str) -> bytes:
    return f" move {account} {path}".encode("utf-8", "surrogatepass")


class _Note:
    def __init__(self, filesystem: ADLSGen1FileSystem, path: str, about: bytes) -> None:
        self._filesystem = filesystem
        self._path = path
        self._word = uuid.uuid4().hex.encode() + about

    async def write(self) -> bool:
        """Say that the move is under way.

        :returns: whether it was said before.
        """
        try:
            await self._filesystem._pipe_file(self._path, self._word, mode="create")  # noqa: SLF001 - fsspec's name for what is awaited
        except PathExistsError:
            await self._filesystem._pipe_file(self._path, self._word)  # noqa: SLF001 - fsspec's name for what is awaited
            return True
        except RequestError:
            # Whether it was made is not known of one whose answer was lost.
            if not await self.is_mine():
                raise
        return False

    async def is_mine(self) -> bool:
        """Whether nobody has moved the same since it was written."""
        try:
            return await self._filesystem.client.read(self._path) == self._word
        except FileNotFoundError:
            return False

    async def remove(self) -> None:
        """Forget it; two that move the same have one note."""
        await self._filesystem.client.delete(self._path)


def _tell_nobody(_read: str, _written: str) -> None:
    """The file system of a lake tells the lineage collector itself."""
