"""What a watcher has told already: in memory, and where its asset keeps its state."""

from __future__ import annotations

import asyncio
import hashlib
import heapq
import logging
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_adls.waiting.conditions import Item

log = logging.getLogger(__name__)

#: Bytes of a digest. That one of 100,000 files is taken for another one happens once in 10^9 directories.
_DIGEST = 8
#: Digests in one value of the store: 44 kB, below what Airflow warns of.
_PART = 4096
#: Items after which others have a turn in the event loop.
_SLICE = 2000
#: Seconds between two tries to read the store.
_RETRY = 10.0


class Told:
    """The items that were told.

    :param stores: where they are kept; an item was told if it is in all of them.
    """

    def __init__(self, stores: Sequence[Store]) -> None:
        self._stores = stores
        self._identities: set[tuple[object, ...]] | None = None

    async def load(self) -> None:
        """Read what is kept; until that is known nothing can be told."""
        for store in self._stores:
            while True:
                try:
                    await store.load()
                    break
                except Exception as error:  # noqa: BLE001 - Airflow's API may be away for a moment
                    log.warning("The asset's state could not be read, trying again: %s", error)
                    await asyncio.sleep(_RETRY)

    async def news(self, items: list[Item]) -> list[Item]:
        """Those of the items that were not told yet, oldest first; from now on they were."""
        now, before = await identities(items), self._identities
        if before is not None:
            news = [item async for part in _slices(items) for item in part if item.identity not in before]
        elif self._stores:
            news = [
                item
                async for item, digest in _digests(items)
                if any(digest not in store for store in self._stores)
            ]
        else:
            news = items
        # What is gone is forgotten: should it come back, it is new.
        self._identities = now
        return await _oldest_first(news)

    async def save(self, items: list[Item]) -> None:
        """Keep what was told.

        :param items: all that is there.
        """
        digests = [digest async for _, digest in _digests(items)]
        for store in self._stores:
            try:
                await store.keep(digests)
            except Exception as error:  # noqa: BLE001 - it is written with the next news
                log.warning("The asset's state could not be written; a restart may repeat events: %s", error)


class Store:
    """Digests in the state of an asset: parts that are added to, and an entry that says which they are.

    A kill between two writes leaves at worst something out, which is told again.

    :param accessor: Airflow's `AssetStateStoreAccessor`.
    :param key: prefix of the names.
    """

    def __init__(self, accessor: Any, key: str) -> None:
        self._accessor = accessor
        self._key = key
        self._generation = 0
        self._parts: list[list[bytes]] = [[]]
        self._known: set[bytes] = set()
        self._unwritten: set[int] = set()

    def __contains__(self, digest: bytes) -> bool:
        return digest in self._known

    async def load(self) -> None:
        """Read all digests."""
        entry = await self._accessor.aget(self._key) or {"generation": 0, "parts": 0}
        parts = []
        for number in range(entry["parts"]):
            text = await self._accessor.aget(self._name(entry["generation"], number)) or ""
            parts.append(_split(b64decode(text)))
        self._generation = entry["generation"]
        self._parts = parts or [[]]
        self._known = {digest for part in self._parts for digest in part}

    async def keep(self, digests: list[bytes]) -> None:
        """Keep these; where they are many, some that were kept before may stay."""
        known = set(digests)
        if len(self._parts) == 1 and len(digests) <= _PART:
            if known != self._known:
                self._parts, self._known = [digests], known
                self._unwritten.add(0)
        elif len(self._known | known) > 2 * len(digests) + _PART:
            await self._replace(digests)
        else:
            self._add([digest for digest in digests if digest not in self._known])
        if self._unwritten:
            await self._write()

    def _add(self, digests: list[bytes]) -> None:
        for digest in digests:
            if len(self._parts[-1]) >= _PART:
                self._parts.append([])
            self._parts[-1].append(digest)
            self._unwritten.add(len(self._parts) - 1)
        self._known.update(digests)

    async def _replace(self, digests: list[bytes]) -> None:
        """Begin anew, and take away what was there when that is safe."""
        before = [self._name(self._generation, number) for number in range(len(self._parts))]
        self._generation += 1
        self._known, self._parts = set(), [[]]
        self._unwritten = {0}
        self._add(digests)
        await self._write()
        for name in before:
            await self._accessor.adelete(name)

    async def _write(self) -> None:
        for number in sorted(self._unwritten):
            text = b64encode(b"".join(self._parts[number])).decode()
            await self._accessor.aset(self._name(self._generation, number), text)
        await self._accessor.aset(self._key, {"generation": self._generation, "parts": len(self._parts)})
        self._unwritten.clear()

    def _name(self, generation: int, number: int) -> str:
        return f"{self._key}/{generation}.{number}"


def _split(joined: bytes) -> list[bytes]:
    return [joined[start : start + _DIGEST] for start in range(0, len(joined), _DIGEST)]


async def identities(items: list[Item]) -> set[tuple[object, ...]]:
    """What the items are known by; others have their turns meanwhile."""
    found: set[tuple[object, ...]] = set()
    async for part in _slices(items):
        found.update(item.identity for item in part)
    return found


async def _oldest_first(items: list[Item]) -> list[Item]:
    """Sorted as `sorted` would, which takes 300 ms at once for 100,000."""
    parts = [sorted(part, key=_age) async for part in _slices(items)]
    merged = heapq.merge(*parts, key=_age)
    ordered: list[Item] = []
    while part := list(islice(merged, _SLICE)):
        ordered += part
        await asyncio.sleep(0)
    return ordered


def _age(item: Item) -> tuple[int, str]:
    return item.modified, item.path


async def _digests(items: list[Item]) -> AsyncIterator[tuple[Item, bytes]]:
    async for part in _slices(items):
        for item in part:
            text = "\0".join(map(str, item.identity))
            yield item, hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()


async def _slices(items: list[Item]) -> AsyncIterator[list[Item]]:
    for start in range(0, len(items), _SLICE):
        yield items[start : start + _SLICE]
        await asyncio.sleep(0)
