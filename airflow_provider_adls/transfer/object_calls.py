"""Calls of a file system of fsspec's that do not hold up the event loop.

File systems that are not made for many tasks at a time are asked one thing after the other.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.client.loops import PerLoop
from airflow_provider_adls.lake.disk import in_thread

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem


class Calls:
    """Calls of one file system."""

    def __init__(self, filesystem: AbstractFileSystem) -> None:
        self.filesystem = filesystem
        self._turns: PerLoop[asyncio.Lock] = PerLoop()

    async def method(self, name: str, *arguments: Any, **options: Any) -> Any:
        """Call a method by its name."""
        filesystem = self.filesystem
        if filesystem.async_impl and filesystem.loop is asyncio.get_running_loop():
            return await getattr(filesystem, f"_{name}")(*arguments, **options)
        return await self.blocking(getattr(filesystem, name), *arguments, **options)

    async def blocking(self, work: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Call what blocks, of the file system or of a file of it."""
        async with self._turn():
            return await in_thread(partial(work, *arguments, **options))

    async def info(self, path: str) -> dict[str, Any]:
        """Return what exists at a path now, past any cache."""
        self.filesystem.invalidate_cache(self.parent(path))
        info: dict[str, Any] = await self.method("info", path)
        return info

    def parent(self, path: str) -> str:
        """Return the directory that holds a path."""
        parent: str = self.filesystem._parent(path)  # noqa: SLF001 - fsspec's own word
        return parent

    @contextlib.asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self.filesystem.async_impl:
            yield
            return
        if (lock := self._turns.get()) is None:
            self._turns.set(lock := asyncio.Lock())
        async with lock:
            yield
