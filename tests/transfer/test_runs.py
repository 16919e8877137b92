"""Two runs of DAGs that work on one transfer at the same time."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from airflow_provider_adls.transfer.lake import LakeStore
from airflow_provider_adls.transfer.ledger import OvertakenError
from airflow_provider_adls.transfer.manifest import plan_parts
from airflow_provider_adls.transfer.runs import DagRun, TransferInUseError, claim, read_runs, refuse_other
from airflow_provider_adls.transfer.shard_verify import read_verified
from airflow_provider_adls.transfer.state import TransferState
from airflow_provider_adls.transfer.stores import End
from tests.transfer.test_kills import EXTRA, FILES, MANIFEST, STEPS, WHAT, CountingClient, Transfer

FIRST = DagRun("nightly", "scheduled__2026-11-29T00:00:00+00:00")
SECOND = DagRun("nightly", "manual__2026-11-29T10:00:00+00:00")


class PausedClient(CountingClient):
    """A client that waits before one of its calls, or before the answer to it."""

    def __init__(self, client, nth=None, *, is_sent=False) -> None:
        super().__init__(client, nth, is_sent=is_sent)
        self.paused, self.resumed = asyncio.Event(), asyncio.Event()

    async def counted(self, call):
        """Do a call, and wait where that is due."""
        is_mine = self.calls == self._nth
        if is_mine and not self._is_sent:
            await self._pause()
        try:
            return await call()
        finally:
            if is_mine and self._is_sent:
                await self._pause()

    async def _pause(self) -> None:
        self.paused.set()
        await self.resumed.wait()


@pytest.fixture
def client(hook):
    """The client of a lake with a tree."""
    hook.filesystem.pipe({f"/s/{name}": name.encode() for name in FILES})
    hook.filesystem.makedirs("/s/empty")
    return hook.filesystem.client


async def new_transfer(client, name):
    """Return a transfer to a directory that has what is to be deleted."""
    transfer = Transfer(client, name)
    for place in EXTRA:
        await client.create(f"{transfer.root}/{place}", b"old")
    return transfer


async def work(transfer, run, step, client=None):
    """Do the work of one task of a run, as its operator does."""
    client = client or transfer.client
    state = TransferState(client, transfer.folder)
    runs = await read_runs(state)
    if step == "begin":
        await WHAT.write(state)
        await plan_parts(state, End(LakeStore(client), "/s"), WHAT)
        while not await claim(state, run, runs[-1] if runs else None):
            runs = await read_runs(state)
    else:
        refuse_other(runs, run, transfer.folder)
        await transfer.do(step, client)


@pytest.mark.parametrize("pauses", [1, pytest.param(20, marks=pytest.mark.long)])
@pytest.mark.parametrize("step", STEPS)
async def test_a_run_that_is_overtaken_at_any_request_changes_nothing(client, step, pauses):
    """A run stands still at any request of any step; another one does it all; then the first one goes on.

    Its step ends or stops, its next one is refused, and what the second run has done stays right.
    """
    counting = PausedClient(client)
    whole = await new_transfer(client, "whole")
    for one in STEPS[: STEPS.index(step)]:
        await work(whole, FIRST, one)
    await work(whole, FIRST, step, counting)
    for nth in range(1, counting.calls + 1, 1 + counting.calls // (pauses + 1)):
        transfer = await new_transfer(client, f"{step}-{nth}")
        for one in STEPS[: STEPS.index(step)]:
            await work(transfer, FIRST, one)
        slow = PausedClient(client, nth, is_sent=nth % 2 == 0)
        first = asyncio.create_task(work(transfer, FIRST, step, slow))
        await slow.paused.wait()
        for one in STEPS:
            await work(transfer, SECOND, one)
        slow.resumed.set()
        (end,) = await asyncio.gather(first, return_exceptions=True)
        assert end is None or isinstance(end, OvertakenError | TransferInUseError), end
        if step != "begin":
            with pytest.raises(TransferInUseError, match="manual__2026-11-29T10:00:00"):
                await work(transfer, FIRST, step)
        await check(client, transfer)


async def check(client, transfer):
    """Hold that a transfer is complete: manifest, files and their contents, and that all is verified."""
    assert await transfer.manifest() == MANIFEST
    found = {}
    async for page in client.tree_pages(transfer.root):
        for path, status in page:
            if not status.is_directory:
                found[path.removeprefix(f"{transfer.root}/")] = await client.read(path)
    assert found == {name: name.encode() for name in FILES}
    assert (await read_verified(TransferState(client, transfer.folder), 0))["failed"] == 0


async def test_of_two_that_begin_at_once_one_has_the_transfer(client):
    """Runs that claim a transfer at the same time: one has it in the end, and the others stop."""
    transfer = await new_transfer(client, "both")
    runs = [DagRun("nightly", f"run+{number}") for number in range(4)]
    await asyncio.gather(*(work(transfer, run, "begin") for run in runs))
    held = await read_runs(TransferState(client, transfer.folder))
    assert Counter(held) == Counter(runs)
    outcomes = await asyncio.gather(*(work(transfer, run, "list") for run in runs), return_exceptions=True)
    assert [one is None for one in outcomes] == [run == held[-1] for run in runs]
    assert all(one is None or isinstance(one, TransferInUseError) for one in outcomes)


async def test_a_run_takes_its_transfer_back(client):
    """A run that begins anew has the transfer again; one that never began may do a single step."""
    transfer = await new_transfer(client, "back")
    for run in (FIRST, SECOND, FIRST):
        await work(transfer, run, "begin")
    await work(transfer, FIRST, "list")
    await work(transfer, DagRun("repair", "manual__1"), "pack")
    with pytest.raises(TransferInUseError, match=FIRST.run_id.replace("+", r"\+")):
        await work(transfer, SECOND, "copy")
    for name in EXTRA:
        await client.status(f"{transfer.root}/{name}")
