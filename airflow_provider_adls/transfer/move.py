"""Moves: a rename inside an account, and between two a copy whose source is deleted file by file.

A hidden note beside the destination says to the next try, and to another move of the same, that the
existing destination is this move's own. It holds a word of the one that began last, and what is moved, and is
removed at the end.
"""

from __future__ import annotations

import logging
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.hidden import hidden_files
from airflow_provider_adls.lake.notes import Note
from airflow_provider_adls.lake.observers import report
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import (
    ADLSGen1Error,
    PathExistsError,
    RequestError,
    SourceChangedError,
)
from airflow_provider_adls.transfer.lake import LakeStore
from airflow_provider_adls.transfer.plan import Options
from airflow_provider_adls.transfer.run import transfer
from airflow_provider_adls.transfer.stores import End

if TYPE_CHECKING:
    from airflow_provider_adls.lake.places import Place
    from airflow_provider_adls.model.status import FileStatus

logger = logging.getLogger(__name__)


async def move(source: Place, target: Place, *, overwrite: bool) -> None:
    """Move a file or directory to just this path.

    To another account each file is copied, and deleted when its copy exists and has its size. A move that was
    broken off goes on with the next try.

    :param overwrite: whether a file may replace a file; a directory replaces nothing.
    :raises PathNotFoundError: if nothing exists at the source.
    :raises PathExistsError: if something exists at the destination, and is not replaced.
    :raises ValueError: for a directory into itself.
    """
    known = await source.client.status(source.path)
    inside = source.is_in(target)
    if inside and source.path == target.path:
        return
    if inside and target.path.startswith(f"{source.path}/"):
        raise ValueError(f"{source.name} cannot be moved into itself, to {target.name}")
    try:
        await _refuse_replacing(target, known, overwrite=overwrite)
    except PathExistsError:
        if not await is_begun(source, target):
            raise
    overwrite = overwrite and not known.is_directory
    if not inside:
        await carry(source, target, overwrite=overwrite)
        return
    # The service makes no directories for a rename.
    await target.client.make_directories(paths.parent(target.path))
    await source.client.rename(source.path, target.path, overwrite=overwrite, known=known)
    report("read", source.account, source.path)
    report("written", target.account, target.path)


async def _refuse_replacing(target: Place, known: FileStatus, *, overwrite: bool) -> None:
    """Raise unless nothing exists at the destination, or a file that a file may replace.

    The service would move the source into an existing directory, which was not asked for.
    """
    existing = await target.view.status(target.path)
    if existing and (existing.is_directory or known.is_directory or not overwrite):
        raise PathExistsError(
            "it exists and is not replaced", operation="RENAME", path=target.path, account=target.account
        )


async def carry(source: Place, target: Place, *, overwrite: bool) -> None:
    """Move a file or directory of one account to just this path of another.

    :param overwrite: whether files may replace files that are not there by the same move.
    :raises FileExistsError: if they may not, and another writer's is in the way.
    :raises FileNotFoundError: if nothing exists at the source, or not any more.
    """
    note = note_of(source, target)
    word = uuid.uuid4().hex.encode() + _moved(source.account, source.path)
    ends = End(LakeStore(source.client), source.path), End(LakeStore(target.client), target.path)

    async def go(*, overwrite: bool) -> None:
        options = Options(overwrite=overwrite, delete_source=True, delete_directories=True)
        try:
            await transfer(*ends, options, logger.debug, _report_nothing)
        except (FileNotFoundError, SourceChangedError):
            if await source.view.status(source.path) is None:
                # Another that moved the same has come to the end, or the source was removed.
                await note.remove()
            raise

    begun = await note.write(word)
    try:
        await go(overwrite=overwrite or begun)
    except FileExistsError:
        if begun:
            raise
        if await note.read() == word:
            # Another writer made it meanwhile, and a note would say that it is this move's.
            await note.remove()
            raise
        # It exists by another that moves the same.
        await go(overwrite=True)
    except Exception:
        if not begun:
            with suppress(ADLSGen1Error):
                if await note.read() == word and await target.view.status(target.path) is None:
                    # A note would say that a file that others make there later is this move's.
                    await note.remove()
        raise
    await note.remove()


def note_of(source: Place, target: Place) -> Note:
    """Return the note of a move."""
    return Note(target, f"move {source.account} {source.path}")


async def is_begun(source: Place, target: Place) -> bool:
    """Return whether a move to another account was begun, so that an existing destination is its own."""
    return not source.is_in(target) and await target.view.status(note_of(source, target).path) is not None


async def forget_done(source: Place, target: Place) -> None:
    """Remove the notes of finished moves of one account from a directory of another.

    :param source: in the account that files were moved from.
    :param target: the directory. What cannot be read or removed in it stays.
    """
    about = _moved(source.account, "")
    client = target.client
    with suppress(RequestError):
        for status in await hidden_files(client, target.path):
            note = paths.join(target.path, status.name)
            if paths.is_kept(note) and about in (held := await client.read(note)):
                path = held.partition(about)[2].decode()
                if await source.view.status(path) is None:
                    await client.delete(note)


def _moved(account: str, path: str) -> bytes:
    return f" move {account} {path}".encode("utf-8", "surrogatepass")


def _report_nothing(_read: str, _written: str) -> None:
    """Do nothing: the floor below reports to lineage itself."""
