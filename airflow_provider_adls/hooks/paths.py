"""`PlacesMixin`: finds the account and the client of a path that is given to the hook."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.glob import is_glob
from airflow_provider_adls.lake.matches import find_matches
from airflow_provider_adls.lake.places import Place, ordered
from airflow_provider_adls.lake.selection import choose_files, find_chosen
from airflow_provider_adls.model.paths import Location, parse
from airflow_provider_adls.model.times import ALWAYS, Period

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem


class PlacesMixin:
    """Finds the places of paths, URLs and globs."""

    adls_gen1_conn_id: str

    @abstractmethod
    def filesystem_of(self, account: str | None = None) -> ADLSGen1FileSystem:
        """Return the file system of an account; None for the hook's own."""
        ...

    def with_connection(self, conn_id: str | None) -> Self:
        """Return a hook of another connection; None for this one."""
        if conn_id is None or conn_id == self.adls_gen1_conn_id:
            return self
        return type(self)(conn_id)  # type: ignore[call-arg] # a subclass that is mixed in takes the connection id first

    def place(self, path: str) -> Place:
        """Return the place of a path in the hook's account, or of a URL in any.

        :raises PathError: for anything else.
        """
        location = parse(path)
        prefix = Location(location.account, "").url()
        return Place(self.filesystem_of(location.account).client, prefix, location.path)

    def _selected(self, path: str | Iterable[str], period: Period = ALWAYS) -> list[Place]:
        """Return the places of a path, a glob or a list of paths, which are taken literally.

        :param period: when files were modified that are chosen; with a bound a glob matches no directory.
        :raises PathError: for a directory, where a period chooses.
        :returns: each place once, by account, and a directory before its content. Only matches of a glob are
            known to exist.
        """
        if isinstance(path, str) and is_glob((place := self.place(path)).path):
            if period:
                return ordered(run(find_chosen(place, period)))
            return ordered(place._replace(path=match) for match in run(find_matches(place.view, place.path)))
        places = ordered(self.place(one) for one in ([path] if isinstance(path, str) else path))
        return run(choose_files(places, period)) if period else places
