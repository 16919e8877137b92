"""`PerLoop`: values that belong to one event loop and must not be used in another."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class PerLoop(Generic[T]):
    """One value for each event loop; values of loops that were closed are forgotten.

    Weak keys would not do: sessions and locks refer to their loop.
    """

    def __init__(self) -> None:
        self._values: dict[asyncio.AbstractEventLoop, T] = {}

    def get(self) -> T | None:
        """Return the running loop's value."""
        return self._values.get(asyncio.get_running_loop())

    def set(self, value: T) -> None:
        """Give the running loop a value."""
        for loop in [loop for loop in list(self._values) if loop.is_closed()]:
            self._values.pop(loop, None)
        self._values[asyncio.get_running_loop()] = value

    def pop(self) -> T | None:
        """Take the running loop's value away."""
        return self._values.pop(asyncio.get_running_loop(), None)

    def items(self) -> list[tuple[asyncio.AbstractEventLoop, T]]:
        """Return all loops and their values."""
        return list(self._values.items())
