"""`TrackedConnector` and `forbid_repeats`: the one place of the client that uses private parts of aiohttp."""

from __future__ import annotations

import asyncio
import weakref
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from aiohttp.client_proto import ResponseHandler


class TrackedConnector(aiohttp.TCPConnector):
    """Knows all of its connections; aiohttp (3.14) forgets those that a request has broken off."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._transports: weakref.WeakSet[asyncio.Transport] = weakref.WeakSet()

    async def _create_connection(self, *request: Any) -> ResponseHandler:
        protocol = await super()._create_connection(*request)
        if isinstance(protocol.transport, asyncio.Transport):
            self._transports.add(protocol.transport)
        return protocol

    async def hang_up(self) -> None:
        """End all connections, without waiting for what the other end says to it."""
        for transport in tuple(self._transports):
            transport.abort()
        # A transport is gone a turn of the loop after it was aborted, and the socket below it another.
        for _ in range(3):
            await asyncio.sleep(0)


def forbid_repeats(session: aiohttp.ClientSession) -> None:
    """Have a session send no request twice.

    aiohttp sends PUT and DELETE again when a kept connection breaks off. A rename or a delete that was done
    already must be settled by looking, and aiohttp offers no other switch.
    """
    session._retry_connection = False  # noqa: SLF001 - aiohttp has no public switch
