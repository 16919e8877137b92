"""`Walking`: fsspec's walk, by one listing of the tree where the service has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsspec.asyn import sync

from airflow_provider_adls.filesystem.base import Base
from airflow_provider_adls.filesystem.entries import entry
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathNotFoundError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from airflow_provider_adls.lake.places import Place
    from airflow_provider_adls.model.errors import RequestError

    Entries = dict[str, dict[str, Any]]
    #: Directories and files in each directory, by its name.
    Children = dict[str, tuple[Entries, Entries]]


class Walking(Base):
    """Walks trees."""

    async def _walk(
        self,
        path: str,
        maxdepth: int | None = None,
        topdown: bool = True,  # noqa: FBT001, FBT002 - fsspec's
        on_error: Any = "omit",
        *,
        detail: bool = False,
        **_: Any,
    ) -> AsyncGenerator[Any, None]:
        await self._read_connection()
        place = self._place(path)
        children = await self._children(place, maxdepth, on_error)
        if children:
            for level in _levels(place.name, children, topdown=topdown, detail=detail):
                yield level
        else:
            async for level in super()._walk(path, maxdepth, topdown, on_error, detail=detail):
                yield level

    def walk(
        self,
        path: str,
        maxdepth: int | None = None,
        topdown: bool = True,  # noqa: FBT001, FBT002 - fsspec's
        on_error: Any = "omit",
        *,
        detail: bool = False,
        **_: Any,
    ) -> Iterator[Any]:
        """Yield each directory of a tree, with the directories and the files in it.

        :param topdown: whether a directory comes before those in it, which its caller may then leave out.
        :param on_error: ``omit``, ``raise``, or a function that takes the error of a directory.
        :param detail: whether the entries are given, and not their names alone.
        """
        place = self._place(path)
        children = sync(self.loop, self._children, place, maxdepth, on_error)
        if children:
            yield from _levels(place.name, children, topdown=topdown, detail=detail)
        else:
            yield from super().walk(path, maxdepth, topdown, on_error, detail=detail)

    async def _children(self, place: Place, maxdepth: int | None, on_error: Any) -> Children | None:
        """Return the tree at a place; None for one that is to be listed directory by directory."""
        if maxdepth is not None or not place.client.lists_trees:
            return None

        def fail(_: str, error: RequestError) -> None:
            if callable(on_error):
                on_error(error)

        children: Children = {}
        limit = place.client.limits.page
        try:
            async for page in place.client.tree_pages(
                place.path, limit=limit, fail=None if on_error == "raise" else fail
            ):
                for path, status in page:
                    name = place.named(path)
                    here = children.setdefault(place.named(paths.parent(path)), ({}, {}))
                    here[0 if status.is_directory else 1][status.name] = entry(name, status)
        except PathNotFoundError:
            return None
        return children


def _levels(name: str, children: Children, *, topdown: bool, detail: bool) -> Iterator[Any]:
    """Yield a directory and those in it; who takes names out of it leaves out what is below them."""
    directories, files = children.get(name, ({}, {}))
    here: Any = dict(directories) if detail else list(directories)
    if topdown:
        yield name, here, files if detail else list(files)
    for below in list(here):
        if below in directories:
            yield from _levels(directories[below]["name"], children, topdown=topdown, detail=detail)
    if not topdown:
        yield name, here, files if detail else list(files)
