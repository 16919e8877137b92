"""`EventTrigger`, the base of triggers that watch for assets: each new file is reported at least once.

On Airflow 3.3 the asset's state keeps what was reported, across restarts of the triggerer: it is written when
Airflow has the events in its database, and never before. 3.1 and 3.2 have no such place, and after a restart
every file is reported again. Airflow 2 has no watchers.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Hashable, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import TriggerEvent

from airflow_provider_adls.waiting.conditions import describe
from airflow_provider_adls.waiting.seen import SeenFiles, SeenStore, version_keys
from airflow_provider_adls.waiting.several import Paths, url_of

if TYPE_CHECKING:
    from airflow_provider_adls.waiting.conditions import Look, Match

try:
    from airflow.triggers.base import BaseEventTrigger
except ImportError:
    # Airflow 2, which has no watchers.
    from airflow.triggers.base import BaseTrigger as BaseEventTrigger  # type: ignore[assignment] # it lacks the watch alone

    HAS_WATCHERS = False
else:
    HAS_WATCHERS = True

try:
    from airflow.triggers.shared_stream import SharedStreamProducer
except ImportError:
    # Before 3.3, the first to confirm events.
    SharedStreamProducer = object  # type: ignore[assignment,misc] # nothing makes one there


#: Arguments of a trigger that do not change what it reports.
_OF_THE_WAIT = (
    "poke_interval",
    "exponential_backoff",
    "max_wait",
    "silent_fail",
    "batch_size",
    "carried",
)


class EventTrigger(BaseEventTrigger):
    """Base of the triggers that an asset's watcher may use, too.

    For a watcher it never ends. An event holds the files that are new since the last look, oldest first, in
    batches: ``{"status": "success", "path": …, "files": [{"path": …, "length": …, "modified": …}, …]}``.
    Path, length and time of modification identify a file: one that is overwritten is reported again. Files
    that exist when the watcher is new are reported too. Failures are logged, and the watch goes on.
    """

    #: Without it Airflow would ignore the queue of a task, since watchers have none.
    supports_triggerer_queue = True

    path: Paths
    batch_size: int
    asset_state_store: Any = None

    def looks(self, *, patient: bool = False) -> AsyncGenerator[Look, None]:
        """Yield the result of each look."""
        raise NotImplementedError

    def named(self, path: str) -> str:
        """Return a path of the account in the form of the trigger's own path."""
        raise NotImplementedError

    @property
    def is_watching(self) -> bool:
        """Whether it belongs to an asset, not to a task."""
        return HAS_WATCHERS and self.trigger_id is not None and self.task_instance is None

    async def watch(self) -> AsyncGenerator[TriggerEvent, None]:
        """Yield events of new files, for an Airflow without a state of assets."""
        seen = SeenFiles([])
        async with aclosing(self.looks(patient=True)) as looks:
            async for look in looks:
                for event in self._events(await seen.take_new(look.matches)):
                    yield event
                    await asyncio.sleep(0)

    def shared_stream_key(self) -> Hashable | None:
        """Return the key of a stream of its own for a watcher, whose events Airflow 3.3 confirms."""
        if self.is_watching and self.asset_state_store is not None:
            return json.dumps(self.serialize())
        return None

    @classmethod
    def create_shared_stream_producer(cls, kwargs: dict[str, Any]) -> Any:
        """Return the producer of the looks, which hears of confirmed events."""
        return _LookProducer(cls(**kwargs))

    async def filter_shared_stream(
        self, shared_stream: AsyncIterator[_PendingLook]
    ) -> AsyncIterator[TriggerEvent]:
        """Yield events of new files, those of a look before the next look."""
        seen = SeenFiles(
            [SeenStore(accessor, self._key()) for accessor in _accessors(self.asset_state_store)]
        )
        await seen.load()
        async for look in shared_stream:
            for event in self._events(await seen.take_new(look.matches)):
                yield event
                await asyncio.sleep(0)
            look.settle = partial(seen.save, look.matches)

    def _events(self, new: list[Match]) -> Iterator[TriggerEvent]:
        """Yield events one by one: all at once would block the event loop for half a second with 100,000."""
        for start in range(0, len(new), self.batch_size):
            files = [describe(match, self.named) for match in new[start : start + self.batch_size]]
            yield TriggerEvent({"status": "success", "path": self.path, "files": files})  # type: ignore[no-untyped-call] # Airflow's has no types

    def _key(self) -> str:
        """Return the key in the states of its assets: the same while the condition is the same."""
        classpath, arguments = self.serialize()
        for name in _OF_THE_WAIT:
            del arguments[name]
        arguments["path"] = url_of(self.path)
        text = json.dumps([classpath, arguments], sort_keys=True)
        return f"adls_gen1/{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class _PendingLook:
    """The matches of a look, and what to do once Airflow has confirmed all their events."""

    def __init__(self, matches: list[Match]) -> None:
        self.matches = matches
        self.settle: Callable[[], Awaitable[None]] | None = None


class _LookProducer(SharedStreamProducer):
    """The looks of one watcher, as a stream whose events Airflow confirms."""

    def __init__(self, trigger: EventTrigger) -> None:
        self._trigger = trigger

    async def open_stream(self) -> AsyncIterator[tuple[_PendingLook, _PendingLook]]:
        """Yield a look whenever it differs from the last."""
        before: set[tuple[object, ...]] | None = None
        async with aclosing(self._trigger.looks(patient=True)) as looks:
            async for look in looks:
                keys = await version_keys(look.matches)
                if keys != before:
                    pending = _PendingLook(look.matches)
                    yield pending, pending
                before = keys

    async def advance(self, batch: Sequence[Any]) -> None:
        """Save the reported files, now that Airflow has the event."""
        for item in batch:
            if item.outcome.is_clean and item.broker_payload.settle:
                await item.broker_payload.settle()


def _accessors(states: Any) -> list[Any]:
    """Return the state of each asset of a watcher; nearly every watcher has one at most."""
    return [*states._by_name.values(), *states._by_uri.values()]  # noqa: SLF001 - Airflow has no public one
