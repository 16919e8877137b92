"""What a watcher has reported, in an asset's state that is a dictionary."""

import asyncio
import json

import pytest

from airflow_provider_adls.waiting import seen as module
from airflow_provider_adls.waiting.conditions import Match
from airflow_provider_adls.waiting.seen import SeenFiles, SeenStore


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


def matches(*numbers):
    return [Match(f"/in/{number}.csv", number, 1000 + number) for number in numbers]


async def begun(*states):
    """One that has read what is kept, as after a restart of the triggerer."""
    seen = SeenFiles([SeenStore(state, "seen") for state in states])
    await seen.load()
    return seen


async def test_each_is_reported_once(state):
    """A file is reported once, and again when it is overwritten or comes back."""
    seen = await begun(state)
    assert await seen.take_new(matches(2, 1)) == matches(1, 2)
    assert await seen.take_new(matches(1, 2, 3)) == matches(3)
    anew = Match("/in/1.csv", 9, 2000)
    assert await seen.take_new([*matches(2, 3), anew]) == [anew]
    assert await seen.take_new([]) == []
    assert await seen.take_new(matches(2)) == matches(2)


async def test_a_restart(state):
    """After a restart, what was saved is not reported, and what was not saved is reported again."""
    seen = await begun(state)
    await seen.take_new(matches(1))
    await seen.save(matches(1))
    await seen.take_new(matches(1, 2))
    assert await (await begun(state)).take_new(matches(1, 2)) == matches(2)
    assert await (await begun()).take_new(matches(1, 2)) == matches(1, 2)


async def test_several_assets(state):
    """A watcher of two assets has reported what both of them hold."""
    other = State()
    seen = await begun(state, other)
    await seen.save(matches(1))
    other.values.clear()
    assert await (await begun(state, other)).take_new(matches(1)) == matches(1)


async def test_a_state_that_was_reached(state):
    """What has no time of its own is the same while it lasts, and new when it comes about again."""
    seen = await begun(state)
    reached = [Match("/in", 10, 0, 3)], [Match("/in", 20, 0, 4)]
    assert await seen.take_new(reached[0]) == reached[0]
    assert await seen.take_new(reached[1]) == []
    await seen.save(reached[1])
    assert await (await begun(state)).take_new(reached[0]) == []
    await seen.take_new([])
    await seen.save([])
    assert await (await begun(state)).take_new(reached[0]) == reached[0]


async def test_many(state):
    """Many are kept in values that Airflow does not warn of, and a few more rewrite one of them."""
    seen = await begun(state)
    many = matches(*range(10_000))
    await seen.save(many)
    assert max(map(len, state.values.values())) < 65_535
    state.written.clear()
    await seen.save([*many, *matches(10_000)])
    assert len(state.written) == 1
    assert await (await begun(state)).take_new(matches(*range(10_003))) == matches(10_001, 10_002)


async def test_others_have_their_turns(state, turns):
    """Of however many files, others in the event loop wait for a few thousand, and the order stays."""
    seen = await begun(state)
    many = matches(*reversed(range(20_000)))
    turns.count = 0
    assert await seen.take_new(many) == sorted(many, key=lambda item: item.modified)
    assert turns.count >= 40


async def test_what_is_gone_is_not_kept_for_ever(state):
    """When most files have disappeared, the state is made small again."""
    seen = await begun(state)
    await seen.save(matches(*range(20_000)))
    await seen.save(matches(7, 8))
    assert sum(map(len, state.values.values())) < 200
    assert await (await begun(state)).take_new(matches(7, 8, 9)) == matches(9)


@pytest.mark.parametrize("writes", range(4))
async def test_a_kill_between_two_writes(state, writes):
    """Whichever write is the last, nothing counts as reported that was not."""
    everything = matches(*range(9000))
    await (await begun(state)).save(everything[:5000])
    seen = await begun(state)
    state.written.clear()
    state.writes_left = writes
    if writes < 3:
        with pytest.raises(asyncio.CancelledError):
            await seen.save(everything)
    else:
        await seen.save(everything)
    state.writes_left = 10**6
    new = await (await begun(state)).take_new(everything)
    assert set(new) <= set(everything[5000:])
    assert bool(new) is (writes < 3)


async def test_a_state_that_cannot_be_written(state, caplog):
    """It is said, and written with the next."""
    seen = await begun(state)
    state.failing = True
    await seen.save(matches(1))
    assert "away" in caplog.text
    state.failing = False
    await seen.save(matches(1, 2))
    assert await (await begun(state)).take_new(matches(1, 2, 3)) == matches(3)


async def test_a_state_that_cannot_be_read(state, monkeypatch, caplog):
    """Nothing is reported before the state is read."""
    monkeypatch.setattr(module, "_RETRY", 0.01)
    await (await begun(state)).save(matches(1))
    state.failing = True
    waiting = asyncio.create_task(begun(state))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    state.failing = False
    assert await (await waiting).take_new(matches(1, 2)) == matches(2)
    assert "will try again" in caplog.text
