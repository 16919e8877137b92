"""Moving files and directories, by renames inside an account and by copies between two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.running import each, find_existing, run
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.places import NAMED, Place, uppermost
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError
from airflow_provider_adls.model.paths import join, name

if TYPE_CHECKING:
    from airflow_provider_adls.model.status import FileStatus


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
        from airflow_provider_adls.transfer.move import forget_done, move, note_of

        places, target = self._selected(source), self.place(destination)
        several = not isinstance(source, str) or [place.path for place in places] != [self.place(source).path]
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

        async def work(place: Place) -> None:
            await move(place, target._replace(path=moves[place]), overwrite=overwrite)

        each(work, moves)
        each(
            lambda place: note_of(place, target._replace(path=all_moves[place])).remove(),
            [place for place in all_moves if place not in moves and not place.is_in(target)],
        )
        if several and isinstance(source, str) and not (origin := self.place(source)).is_in(target):
            # What was moved by an earlier try matches no more.
            run(forget_done(origin, target))
        where = next(iter(moves.values())) if len(moves) == 1 and not several else target.path
        return {"moved": len(moves), "path": target.named(where)}


def _refuse_confusion(moves: Mapping[Place, str], target: Place) -> None:
    taken: dict[str, Place] = {}
    for place, path in moves.items():
        if place.path == "/":
            raise ValueError("the root of an account cannot be moved: move what is in it, /*")
        if other := taken.get(path):
            raise ValueError(f"{other.name} and {place.name} would both become {target.named(path)}")
        if place.is_in(target) and path.startswith(f"{place.path}/"):
            raise ValueError(f"{place.name} cannot be moved into itself, to {target.named(path)}")
        taken[path] = place


def _left(moves: Mapping[Place, str], target: Place, *, overwrite: bool) -> dict[Place, str]:
    """Return the moves that are still to be made.

    :raises PathNotFoundError: if there is nothing to move, or to have been moved.
    :raises PathExistsError: if something is in the way.
    """
    from airflow_provider_adls.transfer.move import is_begun

    targets = find_existing(target._replace(path=path) for path in moves.values())
    sources = find_existing(moves)
    left = {}
    for place, path in moves.items():
        destination = target._replace(path=path)
        existing = targets.get(destination)
        if place in sources and not (place.is_in(target) and place.path == path):
            left[place] = path
            if existing and not run(is_begun(place, destination)):
                _refuse_replacing(place, sources[place], destination, existing, overwrite=overwrite)
        elif not existing:
            # Says which part of the path is missing.
            run(with_hints(place.client, place.client.status(place.path)))
            raise PathNotFoundError("nothing exists there", path=place.path, account=place.account)
    return left


def _refuse_replacing(
    place: Place, known: FileStatus, target: Place, existing: FileStatus, *, overwrite: bool
) -> None:
    if existing.is_directory:
        message = f"it is a directory: write {target.name}/ for {place.name} to go into it; nothing was moved"
    elif not overwrite or known.is_directory:
        message = f"it exists and may not be overwritten by {place.name}; nothing was moved"
    else:
        return
    raise PathExistsError(message, operation="RENAME", path=target.path, account=target.account)
