"""What a path that is given to the hook means: an account's file system, and a path in it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.lake.glob import is_glob
from airflow_provider_adls.lake.matches import find_matches
from airflow_provider_adls.lake.view import View
from airflow_provider_adls.model.paths import Location, parse

if TYPE_CHECKING:
    from airflow_provider_adls.client import DataLakeClient
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem

#: Paths that a result names; one that names all of a tree would be too big for an XCom.
NAMED = 100


class Place(NamedTuple):
    """A path in the file system of its account."""

    filesystem: ADLSGen1FileSystem
    account: str | None
    path: str

    @property
    def client(self) -> DataLakeClient:
        """The client of the account."""
        return self.filesystem.client

    @property
    def view(self) -> View:
        """A view of the account."""
        return View(self.client)

    def named(self, path: str) -> str:
        """Another path of the account, in the form that this one was asked in."""
        return Location(self.account, path).url()

    @property
    def name(self) -> str:
        """The path in the form that it was asked in."""
        return self.named(self.path)


class PlacesMixin:
    """Finds the file system of a path."""

    @abstractmethod
    def filesystem_of(self, account: str | None = None) -> ADLSGen1FileSystem:
        """The file system of an account; None for the hook's own."""
        ...

    def _place(self, path: str) -> Place:
        location = parse(path)
        return Place(self.filesystem_of(location.account), location.account, location.path)

    def _selected(self, path: str | Iterable[str]) -> list[Place]:
        """What a path, a glob or a list of paths stands for; the paths of a list are taken as they stand.

        :returns: each place once, by account, and a directory before what it holds. That something is
            there is known of what a glob matches only.
        """
        if not isinstance(path, str):
            return ordered(self._place(one) for one in path)
        place = self._place(path)
        if not is_glob(place.path):
            return [place]
        # The floor below has no event loop to run it on.
        from airflow_provider_adls.hooks.running import run

        return ordered(place._replace(path=match) for match in run(find_matches(place.view, place.path)))


def ordered(places: Iterable[Place]) -> list[Place]:
    """Each place once, by account, and a directory before what it holds."""
    return sorted(set(places), key=lambda place: (place.account or "", place.path.split("/")))


def uppermost(places: list[Place]) -> list[Place]:
    """Ordered places without those below another."""
    kept: list[Place] = []
    for place in places:
        above = kept[-1] if kept else None
        if not (
            above and above.account == place.account and place.path.startswith(f"{above.path.rstrip('/')}/")
        ):
            kept.append(place)
    return kept


def by_account(places: list[Place]) -> Iterator[list[Place]]:
    """Ordered places of each account, for each of which there is one file system."""
    for _, group in groupby(places, key=lambda place: place.account):
        yield list(group)
