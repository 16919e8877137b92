"""Many triggers in one triggerer: the service sees little of them."""

import asyncio
import gc
import json
import time

import pytest

from airflow_provider_adls.auth.tokens import TOKENS
from airflow_provider_adls.client import Limits
from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1PathTrigger
from airflow_provider_adls.triggers.shared import shared_lakes
from tests.triggers.loops import connections, watched

MANY = 1000


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """An emulator of its own, so that nobody else has connections to it, in a process's memory."""
    with Emulator(accounts=["mylake"]) as emulator:
        ready = tmp_path / "ready.json"
        ready.write_text(json.dumps(emulator.ready))
        monkeypatch.setenv("ADLS_GEN1_EMULATOR", str(ready))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        extra = {"cloud": "emulator", "account_name": "mylake"}
        monkeypatch.setenv(
            "AIRFLOW_CONN_ADLS_GEN1_DEFAULT", json.dumps({"conn_type": "adls_gen1", "extra": extra})
        )
        TOKENS.clear()
        yield emulator


async def ended(trigger):
    """The payload of a trigger's event."""
    (event,) = [event async for event in trigger.run()]
    return event.payload


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(lambda number: f"/in/{number:04}.csv", id="paths"),
        pytest.param(
            lambda number: f"/in/{number:04}.*", id="globs of one directory", marks=pytest.mark.long
        ),
    ],
)
async def test_many_wait(elsewhere, path, record_property):
    """1,000 triggers share a token request, listings and the client's connections."""
    lake = await shared_lakes("adls_gen1_default").view(None)
    await lake.client.make_directories("/in")
    del lake
    gc.collect()
    elsewhere.clear_requests()
    TOKENS.clear()
    async with watched(elsewhere.url) as watch:
        began = time.perf_counter()
        waiting = [
            asyncio.create_task(ended(ADLSGen1PathTrigger(path(number), poke_interval=5.0)))
            for number in range(MANY)
        ]
        await asyncio.sleep(12)
        shared = await shared_lakes("adls_gen1_default").view(None)
        for start in range(0, MANY, 20):
            await asyncio.gather(
                *(shared.client.create(f"/in/{number:04}.csv", b"x") for number in range(start, start + 20))
            )
        events = await asyncio.gather(*waiting)
    del shared
    requests = elsewhere.requests
    operations = [request.operation for request in requests if request.service == "lake"]
    for name, value in {
        "connections": watch.most_connections,
        "requests": len(operations),
        "listings": operations.count("LISTSTATUS"),
        "seconds": time.perf_counter() - began,
    }.items():
        record_property(name, round(value))
        print(name, round(value))

    assert [[f"/in/{number:04}.csv"] for number in range(MANY)] == [event["result"] for event in events]
    assert sum(request.service == "login" for request in requests) == 1
    assert watch.most_connections <= Limits().connections
    # Each directory once for all, and not once for each.
    assert operations.count("LISTSTATUS") < MANY


async def until(seen, seconds=120):
    """Wait until something is so; say whether it is."""
    end = time.monotonic() + seconds
    while not seen() and time.monotonic() < end:  # noqa: ASYNC110 - a closed socket sends no event
        await asyncio.sleep(0.02)
    return seen()


async def test_nothing_is_left(hook, emulator):
    """When the last trigger has ended, so have its connections."""
    await asyncio.to_thread(hook.filesystem.ls, "/")
    before = connections(emulator.url)
    waiting = [asyncio.create_task(ended(ADLSGen1PathTrigger(f"/{number}.csv"))) for number in range(50)]
    assert await until(lambda: connections(emulator.url) > before)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    # What a task was cancelled in, its traceback holds on to.
    del waiting, task
    assert await until(lambda: connections(emulator.url) <= before)


@pytest.mark.long
async def test_many_files(elsewhere):
    """A directory of very many files ends a trigger whose event names the first thousand."""
    lake = await shared_lakes("adls_gen1_default").view(None)
    for start in range(0, 10_000, 100):
        await asyncio.gather(
            *(lake.client.create(f"/big/{number:06}.csv", b"") for number in range(start, start + 100))
        )
    event = await ended(ADLSGen1PathTrigger("/big/**"))
    assert len(event["result"]) == 1000
    assert event["result"][:2] == ["/big", "/big/000000.csv"]
