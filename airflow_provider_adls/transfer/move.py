"""Moves: a rename inside an account, and between two a copy whose source is deleted file by file.

A hidden note beside the destination says to the next try, and to another move of the same, that the
existing destination is this move's own. It holds a word of the one that began last, and what is moved, and is
removed at the end.
"""

from __future__ import annotations

import logging
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.lake.blocks import PARALLEL, at_once
from airflow_provider_adls.lake.hidden import hidden_files
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.notes import Note
from airflow_provider_adls.lake.observers import report
from airflow_provider_adls.lake.places import find_existing
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import (
    ADLSGen1Error,
    PathExistsError,
    PathNotFoundError,
    RequestError,
    SourceChangedError,
)
from airflow_provider_adls.transfer.lake import LakeStore
from airflow_provider_adls.transfer.options import Options
from airflow_provider_adls.transfer.run import transfer
from airflow_provider_adls.transfer.stores import End

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from airflow_provider_adls.lake.keep import Name
    from airflow_provider_adls.lake.places import Place
    from airflow_provider_adls.model.status import FileStatus

logger = logging.getLogger(__name__)


async def move(source: Place, target: Place, *, overwrite: bool, keep: tuple[Name, ...] = ()) -> None:
    """Move a file or directory to just this path.

    To another account each file is copied, and deleted when its copy exists and has its size. A move that was
    broken off goes on with the next try.

    :param overwrite: whether a file may replace a file; a directory replaces nothing.
    :param keep: attributes that files get from their sources in another account; a rename keeps all.
    :raises PathNotFoundError: if nothing exists at the source.
    :raises PathExistsError: if something exists at the destination, and is not replaced.
    :raises ValueError: for a directory into itself.
    """
    known = await source.client.status(source.path)
    inside = source.is_in(target)
    if inside and source.path == target.path:
        return
    _refuse_inside(source, target)
    # The service would move the source into an existing directory, which was not asked for.
    existing = await target.view.status(target.path)
    if existing and not await is_begun(source, target):
        _refuse_existing(source, known, target, existing, overwrite=overwrite)
    overwrite = overwrite and not known.is_directory
    if not inside:
        # A file's own lines would be two for each file of a glob.
        log = logger.info if known.is_directory else logger.debug
        await carry(source, target, overwrite=overwrite, keep=keep, log=log)
        return
    # The service makes no directories for a rename.
    await target.client.make_directories(paths.parent(target.path))
    await source.client.rename(source.path, target.path, overwrite=overwrite, known=known)
    report("read", source.account, source.path)
    report("written", target.account, target.path)


async def carry(
    source: Place,
    target: Place,
    *,
    overwrite: bool,
    keep: tuple[Name, ...] = (),
    log: Callable[..., object] = logger.debug,
) -> None:
    """Move a file or directory of one account to just this path of another.

    :param overwrite: whether files may replace files that are not there by the same move.
    :param log: takes lines on the progress, with %-arguments.
    :raises FileExistsError: if they may not, and another writer's is in the way.
    :raises FileNotFoundError: if nothing exists at the source, or not any more.
    """
    note = note_of(source, target)
    word = uuid.uuid4().hex.encode() + _moved(source.account, source.path)
    ends = End(LakeStore(source.client), source.path), End(LakeStore(target.client), target.path)

    async def go(*, overwrite: bool) -> None:
        options = Options(overwrite=overwrite, delete_source=True, delete_directories=True, keep=keep)
        try:
            await transfer(*ends, options, log, _report_nothing)
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


def _moved(account: str, path: str) -> bytes:
    return f" move {account} {path}".encode("utf-8", "surrogatepass")


def _report_nothing(_read: str, _written: str) -> None:
    """Do nothing: the floor below reports to lineage itself."""


class Moves(NamedTuple):
    """Several moves to one account, which are all checked before the first is made.

    :param moves: each source with its destination.
    :param left: those that no earlier call has made.
    :param target: the directory that they go to, or the destination of a single one.
    :param overwrite: whether files may replace files.
    """

    moves: dict[Place, Place]
    left: dict[Place, Place]
    target: Place
    overwrite: bool

    @classmethod
    async def planned(cls, sources: list[Place], target: Place, *, into: bool, overwrite: bool) -> Moves:
        """Return the moves of sources.

        :param into: whether the sources go below the target, and keep their names.
        :raises PathNotFoundError: for a source where nothing exists, nor at its destination.
        :raises PathExistsError: if something is in the way.
        :raises ValueError: if two would get one name, or a directory would go into itself.
        """
        moves = {
            source: target._replace(path=paths.join(target.path, paths.name(source.path))) if into else target
            for source in sources
        }
        _refuse_confusion(moves)
        known, existing = await find_existing(moves), await find_existing(moves.values())
        left = {}
        for source, new in moves.items():
            if source in known and not (source.is_in(new) and source.path == new.path):
                left[source] = new
                if new in existing and not await is_begun(source, new):
                    _refuse_existing(source, known[source], new, existing[new], overwrite=overwrite)
            elif new not in existing:
                # Says which part of the path is missing.
                await with_hints(source.client, source.client.status(source.path))
                raise PathNotFoundError("nothing exists there", path=source.path, account=source.account)
        return cls(moves, left, target, overwrite)

    async def make(self, origin: Place | None) -> None:
        """Make the moves that are still to be made, and remove the notes of those that were made before.

        :param origin: the glob that the sources match; None if they were given by their names.
        """

        async def move_one(source: Place) -> None:
            await move(source, self.left[source], overwrite=self.overwrite)

        async def forget(source: Place) -> None:
            await note_of(source, self.moves[source]).remove()

        await at_once(move_one, self.left, PARALLEL)
        made = [one for one in self.moves if one not in self.left and not one.is_in(self.target)]
        await at_once(forget, made, PARALLEL)
        if origin and not origin.is_in(self.target):
            # What an earlier try moved matches no more.
            await _forget_done(origin, self.target)


def _refuse_confusion(moves: Mapping[Place, Place]) -> None:
    taken: dict[Place, Place] = {}
    for source, new in moves.items():
        if source.path == "/":
            raise ValueError("the root of an account cannot be moved: move its contents, /*")
        if other := taken.get(new):
            raise ValueError(f"{other.name} and {source.name} would both become {new.name}")
        _refuse_inside(source, new)
        taken[new] = source


def _refuse_inside(source: Place, target: Place) -> None:
    if source.is_in(target) and target.path.startswith(f"{source.path}/"):
        raise ValueError(f"{source.name} cannot be moved into itself, to {target.name}")


def _refuse_existing(
    source: Place, known: FileStatus, target: Place, existing: FileStatus, *, overwrite: bool
) -> None:
    if existing.is_directory:
        message = (
            f"it is a directory: write {target.name}/ for {source.name} to go into it; nothing was moved"
        )
    elif not overwrite or known.is_directory:
        message = f"it exists and may not be overwritten by {source.name}; nothing was moved"
    else:
        return
    raise PathExistsError(message, path=target.path, account=target.account)


async def _forget_done(source: Place, target: Place) -> None:
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
