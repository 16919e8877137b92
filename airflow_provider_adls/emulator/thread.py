"""`ServerThread`: holds an asynchronous context open in a thread with its own event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

T = TypeVar("T")


class ServerThread:
    """Runs a server until it is stopped.

    :param serving: makes the context, inside the thread; entered at start, left at stop.
    """

    def __init__(self, serving: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self._serving = serving
        self._started: Future[None] = Future()
        # A program that forgets to stop its emulator must be able to end.
        self._thread = threading.Thread(target=self._run, name="adls-gen1-emulator", daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event

    def start(self) -> None:
        """Start the thread; on return the context is entered. Its exceptions are raised here."""
        self._thread.start()
        try:
            self._started.result()
        except BaseException:
            self._thread.join()
            raise

    def stop(self) -> None:
        """Leave the context and wait for the thread's end."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def call(self, function: Callable[[], T]) -> T:
        """Run a function between two requests, in the server's thread, and return its result."""

        async def run() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        try:
            async with self._serving():
                self._started.set_result(None)
                await self._stop.wait()
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)
