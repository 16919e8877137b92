"""`read_ahead`: the pages of a listing, each next one requested before the entries of one are read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from airflow_provider_adls.client.results import Advance

T = TypeVar("T")


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A page that has arrived, its entries still to be read.

    :param continuation: token of the next page; empty where this is the last one.
    :param read: makes the page's entries, which takes about as long as the service takes to list them.
    """

    continuation: str
    read: Callable[[], T]


async def read_ahead(
    request: Callable[[str], Awaitable[Listed[T]]], advance: Advance, token: str, *, ahead: bool = True
) -> AsyncGenerator[T, None]:
    """Yield the pages of a listing from a token on.

    :param request: gets the page of a token.
    :param ahead: whether one page is requested before it is wanted.
    :raises ServiceFailureError: if the listing comes back to a page.
    """

    async def get(token: str) -> Listed[T]:
        return await request(token)

    following: asyncio.Task[Listed[T]] | None = None
    try:
        while token:
            listed = await (following or get(advance.to(token)))
            token, following = listed.continuation, None
            if token and ahead:
                following = asyncio.create_task(get(advance.to(token)))
                # Reading does not let the event loop send the request: this does.
                await asyncio.sleep(0)
            entries = listed.read()
            # What the entries were made of is freed before the caller makes more of them.
            del listed
            yield entries
    finally:
        if following is not None:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
