"""`SeenFiles`: what a watcher has reported already, in memory and in the state of its assets."""

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
    from airflow_provider_adls.waiting.conditions import Match

log = logging.getLogger(__name__)

#: Bytes of a digest. Two of 100,000 files share one in one of 10^9 directories.
_DIGEST = 8
#: Digests in one value of the store: 44 kB, below what Airflow warns of.
_PART = 4096
#: Matches after which others have a turn in the event loop.
_SLICE = 2000
#: Seconds between two attempts to read the store.
_RETRY = 10.0


class SeenFiles:
    """The matches that were reported.

    :param stores: stores that keep them; a match was reported if it is in all of them.
    """

    def __init__(self, stores: Sequence[SeenStore]) -> None:
        self._stores = stores
        self._keys: set[tuple[object, ...]] | None = None

    async def load(self) -> None:
        """Read the stores; nothing can be reported before."""
        for store in self._stores:
            while True:
                try:
                    await store.load()
                    break
                except Exception as error:  # noqa: BLE001 - Airflow's API may be away for a moment
                    log.warning("Could not read the asset's state, will try again: %s", error)
                    await asyncio.sleep(_RETRY)

    async def take_new(self, matches: list[Match]) -> list[Match]:
        """Return the matches that were not reported yet, oldest first, and count them as reported."""
        now, before = await version_keys(matches), self._keys
        if before is not None:
            new = [
                match async for part in _slices(matches) for match in part if match.version_key not in before
            ]
        elif self._stores:
            new = [
                match
                async for match, digest in _digests(matches)
                if any(digest not in store for store in self._stores)
            ]
        else:
            new = matches
        # A file that disappears is forgotten: if it comes back, it is new.
        self._keys = now
        return await _oldest_first(new)

    async def save(self, matches: list[Match]) -> None:
        """Keep the reported files.

        :param matches: all of the last look.
        """
        digests = [digest async for _, digest in _digests(matches)]
        for store in self._stores:
            try:
                await store.keep(digests)
            except Exception as error:  # noqa: BLE001 - it is written with the next change
                log.warning("Could not write the asset's state; a restart may repeat events: %s", error)


class SeenStore:
    """Digests in the state of an asset: parts that are added to, and an entry with their number.

    A kill between two writes loses some digests at worst, whose files are reported again.

    :param accessor: Airflow's `AssetStateStoreAccessor`.
    :param key: prefix of the names.
    """

    def __init__(self, accessor: Any, key: str) -> None:
        self._accessor = accessor
        self._key = key
        self._parts: list[list[bytes]] = []
        self._known: set[bytes] = set()
        self._unwritten: set[int] = set()
        #: Parts that the store holds.
        self._stored = 0

    def __contains__(self, digest: bytes) -> bool:
        return digest in self._known

    async def load(self) -> None:
        """Read all digests."""
        self._stored = await self._accessor.aget(self._key) or 0
        texts = [await self._accessor.aget(self._name(number)) or "" for number in range(self._stored)]
        self._parts = [_split(b64decode(text)) for text in texts]
        self._known = {digest for part in self._parts for digest in part}

    async def keep(self, digests: list[bytes]) -> None:
        """Keep these digests; where they are many, some of files that disappeared may stay."""
        new = [digest for digest in digests if digest not in self._known]
        stale = len(self._known) + len(new) - len(digests)
        if stale and (len(digests) <= _PART or stale > len(digests)):
            self._parts, self._known, new = [], set(), digests
        for digest in new:
            if not self._parts or len(self._parts[-1]) >= _PART:
                self._parts.append([])
            self._parts[-1].append(digest)
            self._unwritten.add(len(self._parts) - 1)
        self._known.update(new)
        await self._write()

    async def _write(self) -> None:
        for number in sorted(self._unwritten):
            if number < len(self._parts):
                text = b64encode(b"".join(self._parts[number])).decode()
                await self._accessor.aset(self._name(number), text)
        if self._stored != len(self._parts):
            await self._accessor.aset(self._key, len(self._parts))
        self._unwritten.clear()
        while self._stored > len(self._parts):
            self._stored -= 1
            await self._accessor.adelete(self._name(self._stored))
        self._stored = len(self._parts)

    def _name(self, number: int) -> str:
        return f"{self._key}/{number}"


def _split(joined: bytes) -> list[bytes]:
    return [joined[start : start + _DIGEST] for start in range(0, len(joined), _DIGEST)]


async def version_keys(matches: list[Match]) -> set[tuple[object, ...]]:
    """Return the keys of the matches; others have their turns meanwhile."""
    found: set[tuple[object, ...]] = set()
    async for part in _slices(matches):
        found.update(match.version_key for match in part)
    return found


async def _oldest_first(matches: list[Match]) -> list[Match]:
    """Sort as `sorted` would, which blocks the event loop for 300 ms with 100,000."""
    parts = [sorted(part, key=_age) async for part in _slices(matches)]
    merged = heapq.merge(*parts, key=_age)
    ordered: list[Match] = []
    while part := list(islice(merged, _SLICE)):
        ordered += part
        await asyncio.sleep(0)
    return ordered


def _age(match: Match) -> tuple[int, str]:
    return match.modified, match.path


async def _digests(matches: list[Match]) -> AsyncIterator[tuple[Match, bytes]]:
    async for part in _slices(matches):
        for match in part:
            text = "\0".join(map(str, match.version_key))
            yield match, hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()


async def _slices(matches: list[Match]) -> AsyncIterator[list[Match]]:
    for start in range(0, len(matches), _SLICE):
        yield matches[start : start + _SLICE]
        await asyncio.sleep(0)
