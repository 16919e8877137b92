"""`Place`: a path in an account, with the client of the account and the form that the caller wrote it in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.lake.blocks import PARALLEL, at_once
from airflow_provider_adls.lake.view import View
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.model.status import FileStatus

#: Paths that a result names; one that names all of a tree would be too big for an XCom.
NAMED = 100


class Place(NamedTuple):
    """A path in an account.

    :param client: of the account.
    :param prefix: text of the caller before a path: nothing for the own account, the account's name, or
        the URL of its root.
    :param path: absolute path in the account.
    """

    client: DataLakeClient
    prefix: str
    path: str

    @property
    def account(self) -> str:
        """The name of the account in a `Location`: its short name, or `container@account`."""
        return self.client.lake

    @property
    def view(self) -> View:
        """A view of the account."""
        return View(self.client, self.client.limits.page)

    @property
    def name(self) -> str:
        """The path in the form that the caller wrote."""
        return self.named(self.path)

    def named(self, path: str) -> str:
        """Return another path of the account in the same form."""
        bare = path == "/" and self.prefix and "://" not in self.prefix
        return self.prefix if bare else f"{self.prefix}{path}"

    def child(self, leaf: str) -> str:
        """Return the name of an entry of this directory."""
        return self.named(f"{'' if self.path == '/' else self.path}/{leaf}")

    def beside(self, leaf: str) -> Place:
        """Return the place of another name in the directory that holds this one."""
        return self._replace(path=paths.join(paths.parent(self.path), leaf))

    def is_in(self, other: Place) -> bool:
        """Return whether the two are in one account."""
        return same_lake(self.client, other.client)


def same_lake(one: DataLakeClient, other: DataLakeClient) -> bool:
    """Return whether two clients are of one account, however they sign in."""
    return (one.account, one.endpoint) == (other.account, other.endpoint)


def ordered(places: Iterable[Place]) -> list[Place]:
    """Return each place once, by account, and a directory before what it holds."""
    return sorted(set(places), key=lambda place: (place.prefix, place.path.split("/")))


def uppermost(places: list[Place]) -> list[Place]:
    """Return ordered places without those below another."""
    kept: list[Place] = []
    for place in places:
        above = kept[-1] if kept else None
        if not (
            above and above.prefix == place.prefix and place.path.startswith(f"{above.path.rstrip('/')}/")
        ):
            kept.append(place)
    return kept


def by_account(places: list[Place]) -> Iterator[list[Place]]:
    """Yield the ordered places of each account."""
    for _, group in groupby(places, key=lambda place: place.prefix):
        yield list(group)


async def find_existing(places: Iterable[Place]) -> dict[Place, FileStatus]:
    """Return those of the places at which something exists, in their order, each with its status."""
    found: dict[Place, FileStatus] = {}

    async def look(place: Place) -> None:
        with suppress(PathNotFoundError):
            found[place] = await place.client.status(place.path)

    places = list(places)
    await at_once(look, places, PARALLEL)
    return {place: found[place] for place in places if place in found}
