from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import aiohttp
import pytest
from aiohttp import web

from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.gen2.account import StorageAccount, public_keys
from airflow_provider_adls.emulator.gen2.answers import refusal
from airflow_provider_adls.emulator.gen2.caller import KEY_HOLDER
from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.gen2.faces import mounted
from airflow_provider_adls.emulator.gen2.mount import asked
from airflow_provider_adls.emulator.store import open_store
from tests.emulator.listening import listening
from tests.fidelity.gen2.recordings import FILE, Run, load
from tests.fidelity.gen2.replay import NewAccount, replay

pytestmark = pytest.mark.skipif(
    not FILE.exists(),
    reason="the recordings of the real service are not beside the repository (shared/gen2)",
)


class StillClock(Clock):
    """A clock that stands still between the times that it is set to, as whole seconds of answers do."""

    def now(self) -> float:
        return self.moment

    def set(self, moment: float | datetime) -> None:
        self.moment = moment.timestamp() if isinstance(moment, datetime) else moment


@asynccontextmanager
async def served(clock: Clock) -> AsyncIterator[NewAccount]:
    """A server on a port that everybody may ask as the holder of the account's key."""
    store = open_store(None)
    accounts: dict[str, StorageAccount] = {}

    def keep(about: StorageAccount, days: int | None) -> None:
        accounts[about.name] = replace(about, retention_days=days)

    file_systems, faces = mounted(store, clock, keep)

    async def handle(request: web.Request) -> web.StreamResponse:
        _, face, name, *_ = request.raw_path.split("/")
        try:
            about = asked(request, face, f"/{face}/{name}")
            return await faces[face].handle(request, accounts[name], about, KEY_HOLDER)
        except StorageError as error:
            return refusal(request, face, error, clock)

    async def new_account(run: Run) -> dict[str, str]:
        name = f"account{len(accounts)}"
        file_systems.create_account(name)
        accounts[name] = StorageAccount(
            name,
            "",
            "rg",
            "eastus2",
            0,
            public_keys(name),
            retention_days=run.retention,
            container_retention_days=run.container_retention,
        )
        return {face: f"{address}/{face}/{name}" for face in faces}

    async with listening(handle) as address:
        yield new_account
    store.close()


async def test_the_emulator_agrees_with_the_recordings(capsys):
    """Every exchange that any server can agree with is answered as the real service answered it."""
    clock = StillClock()
    clock.set(0)
    async with served(clock) as new_account, aiohttp.ClientSession() as session:
        agreement = await replay(load(), session, new_account, clock)
    with capsys.disabled():
        print(f"\n{agreement}")
    assert not agreement.mismatches, "\n".join(agreement.mismatches)
    # Neither has an excuse crept in, nor an exchange been lost.
    assert (agreement.agreed, agreement.excused.total()) == (3379, 102)
