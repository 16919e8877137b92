"""Tasks of a transfer that are killed at each of their requests, and then run again."""

from __future__ import annotations

import asyncio
import inspect
from collections import Counter

import pytest

from airflow_provider_adls.transfer.lake import LakeStore
from airflow_provider_adls.transfer.ledger import OvertakenError
from airflow_provider_adls.transfer.manifest import list_part, plan_parts, read_indexes
from airflow_provider_adls.transfer.shard_copy import copy_shard
from airflow_provider_adls.transfer.shard_delete import delete_extraneous
from airflow_provider_adls.transfer.shard_verify import verify_shard
from airflow_provider_adls.transfer.shards import pack_shards
from airflow_provider_adls.transfer.specification import Specification
from airflow_provider_adls.transfer.state import TransferState
from airflow_provider_adls.transfer.stores import End

WHAT = Specification("/s", "/t", mode="sync", delete=True, list_tasks=1, shard_files=20)
#: Four are one piece.
FILES = [*(f"a [1]/{n}%.csv" for n in range(5)), *(f"z/ü {n}.csv" for n in range(4))]
EXTRA = ["a [1]/old.csv", "gone/1.csv", "gone/2.csv"]


class Killed(BaseException):
    """The end of a process: no code of the transfer expects it."""


class CountingClient:
    """A client that counts its calls; a subclass says what happens to one of them.

    :param nth: the call; None for none.
    :param is_sent: whether the service has done it before that.
    """

    def __init__(self, client, nth=None, *, is_sent=False) -> None:
        self._client = client
        self._nth = nth
        self._is_sent = is_sent
        self.calls = 0

    def __getattr__(self, name):
        value = getattr(self._client, name)
        if not inspect.iscoroutinefunction(value):
            return value

        async def call(*arguments, **options):
            self.calls += 1
            return await self.counted(lambda: value(*arguments, **options))

        return call


class MortalClient(CountingClient):
    """A client whose process is killed at one of its calls; none reaches the service after it."""

    async def counted(self, call):
        """Do a call, or end."""
        if self._nth is not None and self.calls >= self._nth:
            if self._is_sent and self.calls == self._nth:
                await call()
            raise Killed
        return await call()


@pytest.fixture
def client(hook):
    """The client of a lake with a tree."""
    hook.filesystem.pipe({f"/s/{name}": name.encode() for name in FILES})
    hook.filesystem.makedirs("/s/empty")
    return hook.filesystem.client


@pytest.fixture
def created(emulator, account):
    """Returns how often each file of a destination was created."""

    def count(root):
        found = emulator.requests(service="lake", account=account, operation="CREATE")
        return Counter(one.path for one in found if one.status == 201 and one.path.startswith(f"{root}/"))

    return count


class Transfer:
    """A transfer with a state and a destination of its own.

    :param client: of the lake.
    :param name: the transfer's.
    """

    def __init__(self, client, name) -> None:
        self.client = client
        self.root = f"/t-{name}"
        self.folder = f"/state/{name}"

    async def do(self, step, client=None):
        """Do the work of one task, and return what it returns."""
        store = LakeStore(client or self.client)
        source, target = End(store, "/s"), End(store, self.root)
        state = TransferState(client or self.client, self.folder)
        if step == "begin":
            for name in EXTRA:
                await self.client.create(f"{self.root}/{name}", b"old")
            await WHAT.write(state)
            return await plan_parts(state, source, WHAT)
        if step == "list":
            return await list_part(state, source, target, WHAT, 0)
        if step == "pack":
            return await pack_shards(state, WHAT)
        if step == "copy":
            return await copy_shard(state, source, target, WHAT, 0, lambda *_: None)
        if step == "verify":
            return await verify_shard(state, source, target, WHAT, 0)
        return await delete_extraneous(state, source, target, WHAT, lambda *_: None)

    async def manifest(self):
        """Return all lines of the pieces that count."""
        state = TransferState(self.client, self.folder)
        found = []
        for index in await read_indexes(state):
            for kind in ("work", "deletions"):
                found += await state.read_lines(index[kind]) if kind in index else []
        return sorted((*line[:2],) for line in found)


MANIFEST = sorted(
    [*(("copy", name) for name in FILES), ("make", "empty"), ("file", EXTRA[0]), ("tree", "gone")]
)
#: Of many requests that are alike, one in so many is the last one.
EACH = {"list": 2, "copy": 7, "delete": 7}
STEPS = ("begin", "list", "pack", "copy", "verify", "delete")


async def begin(client, name, step):
    """Return a transfer in which all is done that comes before a step."""
    transfer = Transfer(client, name)
    for earlier in STEPS[: STEPS.index(step)]:
        await transfer.do(earlier)
    return transfer


@pytest.mark.parametrize("is_sent", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["list", "pack", "copy", "delete"])
async def test_a_task_that_is_killed_at_any_request_is_done_by_its_retry(client, created, step, is_sent):
    """Whichever request is a task's last one, its retry ends it: nothing is lost, named or deleted twice."""
    whole = await begin(client, "whole", step)
    counting = MortalClient(client)
    await whole.do(step, counting)
    assert counting.calls > 2
    for nth in range(1, counting.calls + 1, EACH.get(step, 1)):
        transfer = await begin(client, f"{step}-{nth}", step)
        with pytest.raises(Killed):
            await transfer.do(step, MortalClient(client, nth, is_sent=is_sent))
        result = await transfer.do(step)
        assert await transfer.manifest() == MANIFEST
        if step == "list":
            assert (result["files"], result["extra"], result["target"]) == (len(FILES), 3, 3)
        if step == "pack":
            assert result == 1
        if step == "copy":
            assert result == {
                "files": len(FILES),
                "bytes": sum(len(name.encode()) for name in FILES),
                "failed": 0,
            }
            assert max(created(transfer.root).values()) <= 2
        if step == "delete":
            assert result == {"deleted": 3}
            assert sorted([name async for name in _places(client, transfer.root)]) == sorted(
                [*FILES, "empty"]
            )


async def _places(client, root):
    async for page in client.tree_pages(root):
        for name, status in page:
            if not status.is_directory or name.endswith("/empty"):
                yield name[len(root) + 1 :]


@pytest.mark.parametrize("step", ["list", "copy"])
async def test_an_orphan_stops_beside_its_retry(client, created, step):
    """Two tries of a task that go on side by side: one ends it, the other one stops, and nothing is twice."""
    transfer = await begin(client, step, step)
    results = await asyncio.gather(*(transfer.do(step) for _ in range(3)), return_exceptions=True)
    done = [one for one in results if isinstance(one, dict)]
    assert [one["files"] for one in done] == [len(FILES)] * len(done)
    assert done
    assert all(isinstance(one, dict | OvertakenError) for one in results), results
    assert await transfer.manifest() == MANIFEST


async def test_two_that_pack_agree(client):
    """Two tries that pack at the same time make the same shards: the first one's."""
    transfer = await begin(client, "pack", "pack")
    assert await asyncio.gather(*(transfer.do("pack") for _ in range(3))) == [1, 1, 1]
