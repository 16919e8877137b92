"""Triggers of assets: each file that arrives becomes part of an event, at least once.

On Airflow 3.3 what was told is kept in the asset's state, where it outlives the triggerer: it is written when
Airflow has the events in its database, and never before. On 3.1 and 3.2 there is no such place, and after a
restart all that is there is told again. Airflow 2 has no watchers.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Hashable, Iterator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import TriggerEvent

from airflow_provider_adls.model.paths import parse
from airflow_provider_adls.waiting.seen import Store, Told, identities

if TYPE_CHECKING:
    from airflow_provider_adls.waiting.conditions import Found, Item

try:
    from airflow.triggers.base import BaseEventTrigger
except ImportError:
    # Airflow 2, where nothing watches assets.
    from airflow.triggers.base import BaseTrigger as BaseEventTrigger  # type: ignore[assignment]

    HAS_WATCHERS = False
else:
    HAS_WATCHERS = True

try:
    from airflow.triggers.shared_stream import SharedStreamProducer
except ImportError:
    # Before 3.3, which alone says when an event is safe.
    SharedStreamProducer = object  # type: ignore[assignment,misc]


class EventTrigger(BaseEventTrigger):
    """A trigger that an asset's watcher may have, too.

    For a watcher it never ends. An event tells of what came since the last look, oldest first, a batch at a
    time: ``{"status": "success", "path": …, "files": [{"path": …, "length": …, "modified": …}, …]}``. Path,
    length and time of modification are what a file is known by: one that is written anew is told again.
    What is there when the watcher is new is told too. Failures are logged, and looked past.
    """

    #: Airflow takes an event trigger's task out of its queue; of ours, many belong to tasks.
    supports_triggerer_queue = True

    path: str
    batch_size: int
    asset_state_store: Any = None

    def looks(self, *, patient: bool = False) -> AsyncGenerator[Found, None]:
        """What each look finds."""
        raise NotImplementedError

    def named(self, path: str) -> str:
        """A path of the account in the form that this one was asked in."""
        raise NotImplementedError

    @property
    def is_watching(self) -> bool:
        """Whether it belongs to an asset and not to a task."""
        return HAS_WATCHERS and self.trigger_id is not None and self.task_instance is None

    async def watch(self) -> AsyncGenerator[TriggerEvent, None]:
        """Events of what comes, for an Airflow that keeps nothing."""
        told = Told([])
        async with aclosing(self.looks(patient=True)) as looks:
            async for found in looks:
                for event in self._events(await told.news(found.items)):
                    yield event
                    await asyncio.sleep(0)

    def shared_stream_key(self) -> Hashable | None:
        """What Airflow 3.3 asks first: one that watches has a stream for itself, whose events it confirms."""
        if self.is_watching and self.asset_state_store is not None:
            return json.dumps(self.serialize())
        return None

    @classmethod
    def create_shared_stream_producer(cls, kwargs: dict[str, Any]) -> Any:
        """Who looks for the watcher, and hears what became of its events."""
        return _Looks(cls(**kwargs))

    async def filter_shared_stream(self, shared_stream: AsyncIterator[_Look]) -> AsyncIterator[TriggerEvent]:
        """Events of what comes, each look's before the next look."""
        told = Told([Store(accessor, self._key()) for accessor in _accessors(self.asset_state_store)])
        await told.load()
        async for look in shared_stream:
            for event in self._events(await told.news(look.items)):
                yield event
                await asyncio.sleep(0)
            look.settle = _saving(told, look.items)

    def _events(self, news: list[Item]) -> Iterator[TriggerEvent]:
        """Each made when it is its turn: all of them would take the event loop half a second for 100,000."""
        for start in range(0, len(news), self.batch_size):
            files = [self._told(item) for item in news[start : start + self.batch_size]]
            yield TriggerEvent({"status": "success", "path": self.path, "files": files})  # type: ignore[no-untyped-call] # Airflow's has no types

    def _told(self, item: Item) -> dict[str, Any]:
        told: dict[str, Any] = {"path": self.named(item.path), "length": item.length}
        if item.modified:
            modified = datetime.fromtimestamp(item.modified / 1000, UTC)
            told["modified"] = modified.isoformat(timespec="milliseconds")
        if item.files is not None:
            told["files"] = item.files
        return told

    def _key(self) -> str:
        """Name of what this watcher has told, in its assets' states: the same while it waits for the same."""
        classpath, arguments = self.serialize()
        for name in ("poke_interval", "exponential_backoff", "max_wait", "silent_fail", "batch_size"):
            del arguments[name]
        arguments["path"] = parse(self.path).url()
        text = json.dumps([classpath, arguments], sort_keys=True)
        return f"adls_gen1/{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class _Look:
    """What one look found, and what is to be done once all its events are safe."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.settle: Callable[[], Awaitable[None]] | None = None


class _Looks(SharedStreamProducer):
    """The looks of one watcher, as a stream whose events Airflow confirms."""

    def __init__(self, trigger: EventTrigger) -> None:
        self._trigger = trigger

    async def open_stream(self) -> AsyncIterator[tuple[_Look, _Look]]:
        """A look whenever something is different."""
        before: set[tuple[object, ...]] | None = None
        async with aclosing(self._trigger.looks(patient=True)) as looks:
            async for found in looks:
                items = await identities(found.items)
                if items != before:
                    look = _Look(found.items)
                    yield look, look
                before = items

    async def advance(self, batch: Sequence[Any]) -> None:
        """Keep in mind what was told, now that Airflow has it."""
        for item in batch:
            if item.outcome.is_clean and item.broker_payload.settle:
                await item.broker_payload.settle()


def _saving(told: Told, items: list[Item]) -> Callable[[], Awaitable[None]]:
    async def save() -> None:
        await told.save(items)

    return save


def _accessors(states: Any) -> list[Any]:
    """Where each asset of a watcher keeps its state."""
    # There is one at most for nearly all of them.
    return [*states._by_name.values(), *states._by_uri.values()]  # noqa: SLF001 - Airflow has no public one
