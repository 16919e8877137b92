"""`Disk`: short work with files of this machine, on the event loop while that is quick, else in threads."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from airflow_provider_adls.client.loops import PerLoop

T = TypeVar("T")
#: Seconds that a call may hold up the event loop.
QUICK = 0.001
#: Slow calls that quick ones have not made up for, after which calls are made in threads.
MOST_SLOW = 3.0
#: Seconds that one quick call makes up for.
_MADE_UP = 0.1
#: Seconds that say by one call that a folder is slow.
_STALLED = 0.05
#: Calls that are made in threads before a folder is tried on the event loop again.
_PAUSE = 200
#: Folders that are remembered.
_FOLDERS = 4096
#: Threads of an event loop, and calls that one takes at once when many wait.
_THREADS = 16
_BATCH = 16


class _Folder:
    """Measured speed of a folder.

    :param slow: slow calls that quick ones have not made up for.
    """

    __slots__ = ("first", "in_threads", "slow")

    def __init__(self) -> None:
        self.slow = 0.0
        #: Calls that are left to be made in threads.
        self.in_threads = 0
        #: The first call, while it is being made.
        self.first: asyncio.Future[Any] | None = None

    def took(self, seconds: float) -> None:
        """Count a call."""
        if seconds <= QUICK:
            self.slow = max(0.0, self.slow - _MADE_UP)
        else:
            self.slow += MOST_SLOW if seconds > _STALLED else 1
            if self.slow >= MOST_SLOW:
                self.slow, self.in_threads = MOST_SLOW - 1, _PAUSE


class Disk:
    """Does short work with files of this machine.

    Two changes of thread cost more than a local disk takes for a small file. A network file system can take
    any time, so that the first call is made in a thread, and measured there; a folder below one that is known
    begins as that one does.
    """

    def __init__(self) -> None:
        self._folders: dict[str, _Folder] = {}

    async def call(self, path: str, work: Callable[..., T], *arguments: Any) -> T:
        """Do work with a file, and return its result.

        :param path: the file, by whose folder it is decided where the work is done.
        """
        name = path[: path.rfind("/")]
        folder = self._folders.get(name)
        if folder is None:
            folder = self._known(name)
            if folder is None:
                return await self._first(name, work, arguments)
        if folder.first is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait({folder.first})
        if folder.in_threads:
            folder.in_threads -= 1
            return await in_thread(work, *arguments)
        began = time.perf_counter()
        try:
            return work(*arguments)
        finally:
            folder.took(time.perf_counter() - began)

    async def _first(self, name: str, work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        folder = self._remember(name, _Folder())
        seconds = 0.0

        def measured() -> T:
            nonlocal seconds
            began = time.perf_counter()
            try:
                return work(*arguments)
            finally:
                seconds = time.perf_counter() - began

        working = folder.first = _crew().call(measured, ())
        try:
            result: T = await _to_its_end(working)
            return result
        finally:
            folder.first = None
            folder.took(seconds)

    def _known(self, name: str) -> _Folder | None:
        """Return a new folder that is as one above it; None where none is known."""
        above = name
        while (cut := above.rfind("/")) > 0:
            above = above[:cut]
            if (known := self._folders.get(above)) is not None and known.first is None:
                folder = self._remember(name, _Folder())
                folder.slow, folder.in_threads = known.slow, known.in_threads
                return folder
        return None

    def _remember(self, name: str, folder: _Folder) -> _Folder:
        if len(self._folders) >= _FOLDERS:
            self._folders.clear()
        self._folders[name] = folder
        return folder


#: The files of this process.
DISK = Disk()
os.register_at_fork(after_in_child=DISK.__init__)  # type: ignore[misc] # what a parent's loop waits for is not known


async def in_thread(work: Callable[..., T], *arguments: Any) -> T:
    """Do work in a thread. If the caller is cancelled meanwhile, the cancellation waits for the work's end.

    A thread cannot be stopped, and would go on with a file that is closed, or that is another by then.
    """
    result: T = await _to_its_end(_crew().call(work, arguments))
    return result


async def _to_its_end(working: asyncio.Future[Any]) -> Any:
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        with contextlib.suppress(Exception):
            await working
        raise


class _Call(NamedTuple):
    future: asyncio.Future[Any]
    work: Callable[..., Any]
    arguments: tuple[Any, ...]


class _Crew:
    """Threads of one event loop. Of many calls that wait each takes several, for one change of thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._threads = ThreadPoolExecutor(_THREADS, "adls-disk")
        self._waiting: deque[_Call] = deque()
        self._busy = 0
        self._lock = threading.Lock()

    def call(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> asyncio.Future[Any]:
        """Have work done, and return its result to come."""
        future: asyncio.Future[Any] = self._loop.create_future()
        with self._lock:
            self._waiting.append(_Call(future, work, arguments))
            if self._busy == _THREADS:
                return future
            self._busy += 1
        self._threads.submit(self._serve)
        return future

    def _serve(self) -> None:
        while True:
            with self._lock:
                count = min(_BATCH, -(-len(self._waiting) // _THREADS))
                calls = [self._waiting.popleft() for _ in range(count)]
                if not calls:
                    self._busy -= 1
                    return
            done = [(call.future, *_outcome(call)) for call in calls]
            # A closed loop has no waiter.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(_settle, done)


def _outcome(call: _Call) -> tuple[Any, BaseException | None]:
    try:
        return call.work(*call.arguments), None
    except BaseException as error:  # noqa: BLE001 - it is raised again where the caller waits
        return None, error


def _settle(done: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
    for future, result, error in done:
        if future.done():
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)


@cache
def _crews() -> PerLoop[_Crew]:
    # Every process of Airflow loads the file system, and few of them use the client.
    from airflow_provider_adls.client.loops import PerLoop

    return PerLoop()


def _crew() -> _Crew:
    crew = _crews().get()
    if crew is None:
        _crews().set(crew := _Crew())
    return crew
