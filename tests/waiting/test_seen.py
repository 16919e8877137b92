"""What a watcher has told, in an asset's state that is a dictionary."""

import asyncio
import json

import pytest

from airflow_provider_adls.waiting import seen as module
from airflow_provider_adls.waiting.conditions import Item
from airflow_provider_adls.waiting.seen import Store, Told


class State:
    """The state of an asset, as Airflow's accessor gives it."""

    def __init__(self):
        self.values = {}
        self.failing = False
        self.written = []
        self.writes_left = 10**6

    async def aget(self, key, default=None):
        self._fail()
        return json.loads(self.values[key]) if key in self.values else default

    async def aset(self, key, value):
        self._fail()
        if len(self.written) == self.writes_left:
            raise asyncio.CancelledError
        self.written.append(key)
        self.values[key] = json.dumps(value)

    async def adelete(self, key):
        self._fail()
        self.values.pop(key, None)

    def _fail(self):
        if self.failing:
            raise ConnectionError("the API server is away")


@pytest.fixture
def state():
    return State()


def items(*numbers):
    return [Item(f"/in/{number}.csv", number, 1000 + number) for number in numbers]


async def begun(*states):
    """One that has read what is kept, as after a restart of the triggerer."""
    told = Told([Store(state, "told") for state in states])
    await told.load()
    return told


async def test_each_is_told_once(state):
    """What was told is no news; what is written anew, or comes back, is."""
    told = await begun(state)
    assert await told.news(items(2, 1)) == items(1, 2)
    assert await told.news(items(1, 2, 3)) == items(3)
    anew = Item("/in/1.csv", 9, 2000)
    assert await told.news([*items(2, 3), anew]) == [anew]
    assert await told.news([]) == []
    assert await told.news(items(2)) == items(2)


async def test_a_restart(state):
    """What was kept is no news after a restart; what was told and not kept is told again."""
    told = await begun(state)
    await told.news(items(1))
    await told.save(items(1))
    await told.news(items(1, 2))
    assert await (await begun(state)).news(items(1, 2)) == items(2)
    assert await (await begun()).news(items(1, 2)) == items(1, 2)


async def test_several_assets(state):
    """A watcher of two assets has told what both of them know."""
    other = State()
    told = await begun(state, other)
    await told.save(items(1))
    other.values.clear()
    assert await (await begun(state, other)).news(items(1)) == items(1)


async def test_a_state_that_was_reached(state):
    """What has no time of its own is the same while it lasts, and new when it comes about again."""
    told = await begun(state)
    reached = [Item("/in", 10, 0, 3)], [Item("/in", 20, 0, 4)]
    assert await told.news(reached[0]) == reached[0]
    assert await told.news(reached[1]) == []
    await told.save(reached[1])
    assert await (await begun(state)).news(reached[0]) == []
    await told.news([])
    await told.save([])
    assert await (await begun(state)).news(reached[0]) == reached[0]


async def test_many(state):
    """Many are kept in values that Airflow does not warn of, and a few more rewrite one of them."""
    told = await begun(state)
    many = items(*range(10_000))
    await told.save(many)
    assert max(map(len, state.values.values())) < 65_535
    state.written.clear()
    await told.save([*many, *items(10_000)])
    assert len(state.written) == 2
    assert await (await begun(state)).news(items(*range(10_003))) == items(10_001, 10_002)


async def test_others_have_their_turns(state, turns):
    """Of however many files, others in the event loop wait for a few thousand, and the order stays."""
    told = await begun(state)
    many = items(*reversed(range(20_000)))
    turns.count = 0
    assert await told.news(many) == sorted(many, key=lambda item: item.modified)
    assert turns.count >= 40


async def test_what_is_gone_is_not_kept_for_ever(state):
    """When most of what was told is gone, what is kept is made small again."""
    told = await begun(state)
    await told.save(items(*range(20_000)))
    await told.save(items(7, 8))
    assert sum(map(len, state.values.values())) < 200
    assert await (await begun(state)).news(items(7, 8, 9)) == items(9)


@pytest.mark.parametrize("writes", range(4))
async def test_a_kill_between_two_writes(state, writes):
    """Whatever write is the last, all that is taken for told after it was told."""
    everything = items(*range(9000))
    await (await begun(state)).save(everything[:5000])
    told = await begun(state)
    state.written.clear()
    state.writes_left = writes
    if writes < 3:
        with pytest.raises(asyncio.CancelledError):
            await told.save(everything)
    else:
        await told.save(everything)
    state.writes_left = 10**6
    news = await (await begun(state)).news(everything)
    assert set(news) <= set(everything[5000:])
    assert bool(news) is (writes < 3)


async def test_a_state_that_cannot_be_written(state, caplog):
    """It is said, and written with the next."""
    told = await begun(state)
    state.failing = True
    await told.save(items(1))
    assert "away" in caplog.text
    state.failing = False
    await told.save(items(1, 2))
    assert await (await begun(state)).news(items(1, 2, 3)) == items(3)


async def test_a_state_that_cannot_be_read(state, monkeypatch, caplog):
    """Nothing is told before it is known what was."""
    monkeypatch.setattr(module, "_RETRY", 0.01)
    await (await begun(state)).save(items(1))
    state.failing = True
    waiting = asyncio.create_task(begun(state))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    state.failing = False
    assert await (await waiting).news(items(1, 2)) == items(2)
    assert "trying again" in caplog.text
