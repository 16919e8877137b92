"""What a path that is given to the hook means: an account's file system, and a path in it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.gen1.paths import Location, parse

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem

#: Paths that a result names; one that names all of a tree would be too big for an XCom.
NAMED = 100


class Place(NamedTuple):
    """A path in the file system of its account."""

    filesystem: ADLSGen1FileSystem
    account: str | None
    path: str

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
