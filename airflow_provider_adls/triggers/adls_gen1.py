"""Triggers: what the triggerer waits for in the lake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from airflow_provider_adls.connection_form import DEFAULT_CONNECTION_ID
from airflow_provider_adls.filesystem.matches import find_matches
from airflow_provider_adls.gen1.paths import Location, parse
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.hooks.passing import is_passing

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem

#: Doublings of the poke interval, after which it grows no more: beyond any sensor's timeout.
_MOST_DOUBLINGS = 30


class ADLSGen1PathTrigger(BaseTrigger):
    """Waits until something is at a path, or a glob matches.

    It ends with one event. ``{"status": "success", "paths": [...]}`` names what is there, in the form of
    `path`, sorted. ``{"status": "error", "error": CLASS, "message": TEXT}`` names a failure that lasts, a
    missing right or a wrong secret for instance, by its class in `gen1.errors`. What passes, a throttle
    for instance, is logged and waited out.

    :param path: a path or a glob, absolute or a URL.
    :param adls_gen1_conn_id: id of the connection.
    :param account_name: account of a path that names none; None for the connection's.
    :param poke_interval: seconds between two looks.
    :param exponential_backoff: whether the interval doubles after each look.
    :param max_wait: seconds that the interval grows to at most; None for no limit.
    :param silent_fail: whether failures that last are waited out too.
    """

    def __init__(
        self,
        path: str,
        adls_gen1_conn_id: str = DEFAULT_CONNECTION_ID,
        account_name: str | None = None,
        poke_interval: float = 60.0,
        exponential_backoff: bool = False,  # noqa: FBT001, FBT002 - made again from its serialised form
        max_wait: float | None = None,
        silent_fail: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # Airflow's has no types
        self.path = path
        self.adls_gen1_conn_id = adls_gen1_conn_id
        self.account_name = account_name
        self.poke_interval = poke_interval
        self.exponential_backoff = exponential_backoff
        self.max_wait = max_wait
        self.silent_fail = silent_fail

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """The class and the arguments that it is made again from; no secret is among them."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "path": self.path,
                "adls_gen1_conn_id": self.adls_gen1_conn_id,
                "account_name": self.account_name,
                "poke_interval": self.poke_interval,
                "exponential_backoff": self.exponential_backoff,
                "max_wait": self.max_wait,
                "silent_fail": self.silent_fail,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and say how it ended."""
        try:
            event = {"status": "success", "paths": await self._wait()}
        except Exception as error:  # noqa: BLE001 - whatever it is, the task is told
            event = {"status": "error", "error": type(error).__name__, "message": str(error)}
        yield TriggerEvent(event)  # type: ignore[no-untyped-call] # as above

    async def _wait(self) -> list[str]:
        from asgiref.sync import sync_to_async

        # A connection is read, and a SDK imported, by calls that block.
        location, filesystem = await sync_to_async(self._open)()
        looks = 0
        try:
            while True:
                if found := await self._look(filesystem, location.path):
                    return [Location(location.account, path).url() for path in sorted(found)]
                await asyncio.sleep(self._interval(looks))
                looks += 1
        finally:
            await filesystem._close()  # noqa: SLF001 - fsspec has no public name for it

    def _open(self) -> tuple[Location, ADLSGen1FileSystem]:
        """Where to look, and by what file system."""
        hook = ADLSGen1Hook(self.adls_gen1_conn_id, account_name=self.account_name)
        location = parse(self.path)
        account = location.account or hook.account_name
        return location, hook.new_filesystem(account, hook.filesystem_credentials, asynchronous=True)

    async def _look(self, filesystem: ADLSGen1FileSystem, path: str) -> dict[str, Any]:
        """What is there; nothing either where that could not be found out and may be later."""
        try:
            return await find_matches(filesystem, path)
        except FileNotFoundError:
            self.log.info("Nothing is at %s yet", self.path)
        except Exception as error:
            if not (self.silent_fail or is_passing(error)):
                raise
            self.log.warning("It is not known what is at %s, looking again later: %s", self.path, error)
        return {}

    def _interval(self, looks: int) -> float:
        """Seconds until the next look.

        :param looks: number of the looks before the last.
        """
        if not self.exponential_backoff:
            return self.poke_interval
        interval = self.poke_interval * 2.0 ** min(looks, _MOST_DOUBLINGS)
        return interval if self.max_wait is None else min(interval, self.max_wait)
