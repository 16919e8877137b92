"""`ServiceClient`: what the clients of both services have in common, above `Transport`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from airflow_provider_adls.client import settle
from airflow_provider_adls.client.ahead import read_ahead
from airflow_provider_adls.client.results import Advance
from airflow_provider_adls.model.errors import PathExistsError
from airflow_provider_adls.model.operations import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from airflow_provider_adls.client.ahead import Listed
    from airflow_provider_adls.client.connections import Connections
    from airflow_provider_adls.client.dialect import Dialect, Request, RequestLimits
    from airflow_provider_adls.client.interface import Take
    from airflow_provider_adls.client.lanes import Lanes
    from airflow_provider_adls.client.pieces import Content
    from airflow_provider_adls.client.results import Page
    from airflow_provider_adls.client.transport import Answer, Transport
    from airflow_provider_adls.model.errors import RequestError
    from airflow_provider_adls.model.status import FileStatus


class ServiceClient(ABC):
    """Connections, transport, and the verbs that are made of others; `DataLakeClient` documents them."""

    account: str
    #: The name of the account in a `Location`.
    lake: str
    endpoint: str
    #: Whether a tree is one listing.
    lists_trees = False
    keeps_permission = False
    #: The service's name for the operation that lists.
    listing: str
    _dialect: Dialect
    _connections: Connections
    _transport: Transport

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.account!r}, {self.endpoint!r})"

    @property
    def limits(self) -> RequestLimits:
        """Bounds of one request."""
        return self._dialect.limits

    @property
    def lanes(self) -> Lanes:
        """Lanes to the account, which all its clients in this process share."""
        return self._transport.lanes

    async def close(self) -> None:
        """Close the connections of the running event loop."""
        await self._connections.close()

    @abstractmethod
    async def status(self, path: str) -> FileStatus:
        """Return the status of a path."""
        ...

    @abstractmethod
    async def list_page(self, path: str, *, token: str = "", begin: str = "", limit: int = PAGE_SIZE) -> Page:
        """Return one page of a directory."""
        ...

    async def pages(
        self, path: str, *, limit: int = PAGE_SIZE, ahead: bool = True
    ) -> AsyncGenerator[list[FileStatus], None]:
        """Yield all of a directory, page by page."""
        page = await self.list_page(path, limit=limit)
        yield page.entries
        if page.continuation:
            advance = Advance(self.listing, path, self.account)
            request = partial(self._listed, path, limit)
            following = read_ahead(request, advance, page.continuation, ahead=ahead)
            async with aclosing(following) as pages:
                async for entries in pages:
                    yield entries

    @abstractmethod
    async def _listed(self, path: str, limit: int, token: str) -> Listed[list[FileStatus]]:
        """Return a page of a directory after the first, its entries still to be read."""
        ...

    @abstractmethod
    async def read_pieces(
        self, path: str, *, offset: int = 0, length: int | None = None, etag: str | None = None
    ) -> list[bytes]:
        """Return the bytes of a file in pieces."""
        ...

    @abstractmethod
    async def read_into(
        self, take: Take, path: str, *, offset: int, length: int, etag: str | None = None
    ) -> int:
        """Hand over bytes of a file as they arrive."""
        ...

    async def read(
        self, path: str, *, offset: int = 0, length: int | None = None, etag: str | None = None
    ) -> bytes:
        """Return the bytes of a file."""
        return b"".join(await self.read_pieces(path, offset=offset, length=length, etag=etag))

    async def _send_creation(self, request: Request) -> None:
        """Send the creation of a file; one that is not repeatable was to be the first."""
        lost_answer: RequestError | None = None

        async def look(error: RequestError) -> Answer | None:
            nonlocal lost_answer
            lost_answer = error
            return await settle.created(self, request.path, error)

        try:
            await self._transport.send(request, look)
        except PathExistsError:
            if lost_answer is None:
                raise
            # It may be this request's own, done after it was given up.
            raise lost_answer from None

    def _check_size(self, content: Content) -> None:
        if len(content) > self.limits.body:
            raise ValueError(f"one request carries at most {self.limits.body} bytes, not {len(content)}")

    def _error(
        self, request: Request, cls: type[RequestError], message: str, *, status: int | None = 200
    ) -> RequestError:
        return self._transport.subject(request).error(cls, message, status=status)


def check_sources(path: str, sources: Sequence[str]) -> None:
    """Raise for files that cannot be put together.

    :param path: their destination.
    :raises ValueError: for no sources, one that stands twice, or the destination among them.
    """
    if not sources:
        raise ValueError(
            f"there are no sources to be put together into {path}: it needs sources that all differ"
        )
    if len({*sources, path}) != len(sources) + 1:
        raise ValueError("concatenation needs sources that all differ, from the destination too")
