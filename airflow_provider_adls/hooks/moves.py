"""Moving files and directories, by renames inside an account and by copies between two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from airflow_provider_adls.hooks.running import each, existing_paths, run
from airflow_provider_adls.lake.places import NAMED, Place, PlacesMixin, by_account, uppermost
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError
from airflow_provider_adls.model.paths import join, name


class MovesMixin(PlacesMixin):
    """The hook's method for moves. Errors are those of `gen1.errors`."""

    def move_paths(
        self, source: str | Iterable[str], destination: str, *, overwrite: bool = False, preview: bool = False
    ) -> dict[str, Any]:
        """Move a file or directory, all that a glob matches, or a list of paths.

        One path becomes ``destination``, or keeps its name below it where that ends with a slash; several
        always go below it. What has been moved by an earlier call is not missed.

        :param source: a path, a glob, or a list of paths, which are taken as they stand.
        :param overwrite: whether files may replace files; a directory replaces nothing. Whether anything
            is in the way is looked at before the first is moved.
        :param preview: whether nothing is moved, and the result says what would be.
        :returns: ``moved``, the number of paths that were moved now, and ``path``, where they are; of a
            preview ``preview``, and ``moves``, the first 100, each with ``source`` and ``destination``, too.
        :raises PathNotFoundError: for a path where nothing is, and nothing at its destination either. A glob
            may match nothing.
        :raises PathExistsError: if something is in the way.
        :raises ValueError: if two would get one name, or a directory would go into itself.
        """
        places, target = self._selected(source), self._place(destination)
        several = not isinstance(source, str) or [place.path for place in places] != [
            self._place(source).path
        ]
        into = several or destination.endswith("/") or target.path == "/"
        places = uppermost(places)
        moves = {place: join(target.path, name(place.path)) if into else target.path for place in places}
        _refuse_confusion(moves, target)
        all_moves, moves = moves, _left(moves, target, overwrite=overwrite)
        if preview:
            shown = [
                {"source": place.name, "destination": target.named(path)}
                for place, path in list(moves.items())[:NAMED]
            ]
            return {"preview": True, "moved": len(moves), "path": target.name, "moves": shown}
        for group in by_account(list(moves)):
            if group[0].filesystem is target.filesystem:
                _rename(group, moves, target, overwrite=overwrite)
            else:
                _carry(group, moves, target, overwrite=overwrite)
        for place, path in all_moves.items():
            if place not in moves and place.filesystem is not target.filesystem:
                with suppress(FileNotFoundError):
                    target.filesystem.rm_file(_note(place, path))
        if several and isinstance(source, str):
            # What was moved by an earlier try matches no more.
            _forget_done(self._place(source), target)
        where = next(iter(moves.values())) if len(moves) == 1 and not several else target.path
        return {"moved": len(moves), "path": target.named(where)}


def _refuse_confusion(moves: Mapping[Place, str], target: Place) -> None:
    taken: dict[str, Place] = {}
    for place, path in moves.items():
        if place.path == "/":
            raise ValueError("the root of an account cannot be moved: move what is in it, /*")
        if other := taken.get(path):
            raise ValueError(f"{other.name} and {place.name} would both become {target.named(path)}")
        if place.filesystem is target.filesystem and path.startswith(f"{place.path}/"):
            raise ValueError(f"{place.name} cannot be moved into itself, to {target.named(path)}")
        taken[path] = place


def _left(moves: Mapping[Place, str], target: Place, *, overwrite: bool) -> dict[Place, str]:
    """The moves that are still to be made.

    :raises PathNotFoundError: if there is nothing to move, or to have been moved.
    :raises PathExistsError: if something is in the way.
    """
    there = set(existing_paths(target.client, list(moves.values())))
    sources = {
        (group[0].account, path)
        for group in by_account(list(moves))
        for path in existing_paths(group[0].client, [place.path for place in group])
    }
    left = {}
    for place, path in moves.items():
        same = place.filesystem is target.filesystem and place.path == path
        if (place.account, place.path) in sources and not same:
            left[place] = path
            if path in there and not _begun(place, target, path):
                _refuse_replacing(place, target._replace(path=path), overwrite=overwrite)
        elif path not in there:
            # Says which part of the path is missing.
            place.filesystem.info(place.path)
            raise PathNotFoundError("nothing is there", path=place.path, account=place.account)
    return left


def _refuse_replacing(place: Place, target: Place, *, overwrite: bool) -> None:
    if target.filesystem.isdir(target.path):
        raise PathExistsError(
            f"a directory is there: write {target.name}/ for {place.name} to go into it; nothing was moved",
            operation="RENAME",
            path=target.path,
            account=target.filesystem.account_name,
        )
    if not overwrite or place.filesystem.isdir(place.path):
        raise PathExistsError(
            f"it exists and may not be overwritten by {place.name}; nothing was moved",
            operation="RENAME",
            path=target.path,
            account=target.filesystem.account_name,
        )


def _note(place: Place, path: str) -> str:
    """The note of a move to another account, beside its destination."""
    from airflow_provider_adls.transfer.move import note_of

    return note_of(place.filesystem.account_name, place.path, path)


def _begun(place: Place, target: Place, path: str) -> bool:
    """Whether what is at a destination is there by the same move, which was broken off."""
    return place.filesystem is not target.filesystem and target.filesystem.exists(_note(place, path))


def _rename(group: list[Place], moves: Mapping[Place, str], target: Place, *, overwrite: bool) -> None:
    """Move paths inside their account."""
    destinations = {place.path: moves[place] for place in group}

    async def move(path: str) -> None:
        await target.filesystem._mv_file(path, destinations[path], overwrite=overwrite)  # noqa: SLF001 - fsspec's asynchronous face

    each(move, destinations)


def _carry(group: list[Place], moves: Mapping[Place, str], target: Place, *, overwrite: bool) -> None:
    """Move paths of one account to another: each file is copied, and deleted when its copy is found whole."""
    from airflow_provider_adls.transfer.move import carry

    source = group[0].filesystem
    destinations = {place.path: moves[place] for place in group}

    async def move(path: str) -> None:
        await carry(source, path, target.filesystem, destinations[path], overwrite=overwrite)

    each(move, destinations)


def _forget_done(origin: Place, target: Place) -> None:
    """Remove the notes of moves by a glob that were killed at their very end."""
    from airflow_provider_adls.transfer.move import forget_done

    if origin.filesystem is not target.filesystem:
        run(forget_done(origin.filesystem, target.filesystem, target.path))
