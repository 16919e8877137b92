"""Triggers as watchers of assets, run as Airflow's triggerer runs them."""

import asyncio

import pytest

from airflow_provider_adls.triggers.adls_gen1 import (
    ADLSGen1DirectorySizeTrigger,
    ADLSGen1PathTrigger,
    ADLSGen1UnchangedTrigger,
)
from airflow_provider_adls.waiting.conditions import Look, Match
from airflow_provider_adls.waiting.events import HAS_WATCHERS
from tests.waiting.test_seen import State

pytestmark = pytest.mark.skipif(not HAS_WATCHERS, reason="Airflow 2 has no watchers")

OTHER = "88888888-8888-4888-8888-888888888888"
SECRET = "the~Watchers.Secret.0123456789"
#: Seconds that anything may take, on a machine that does other things too.
PATIENCE = 120


def trigger(path="/in/*.csv", kind=ADLSGen1PathTrigger, **arguments):
    made = kind(path, **{"poke_interval": 0.05, **arguments})
    # What a triggerer gives each trigger; a task's gets its task instance too.
    made.trigger_id = 1
    return made


async def until(seen):
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not seen():  # noqa: ASYNC110 - it comes from the emulator's thread, or from Airflow
            await asyncio.sleep(0.02)


class Watching:
    """A watcher that runs, and the events that it has emitted so far."""

    def __init__(self, watcher):
        self.payloads = []
        self._task = asyncio.create_task(self._run(watcher))

    async def _run(self, watcher):
        async for event in watcher.run():
            self.payloads.append(event.payload)

    @property
    def files(self):
        return [file for payload in self.payloads for file in payload["files"]]

    @property
    def names(self):
        return [file["path"] for file in self.files]

    async def until(self, count):
        """Wait for so many files, and for what may come beyond them."""
        await until(lambda: len(self.files) >= count)
        await asyncio.sleep(0.3)
        return self

    async def kill(self):
        self._task.cancel()
        await asyncio.wait([self._task])


class Confirmed(Watching):
    """The same on Airflow 3.3, which says when it has the events.

    :param state: of the asset.
    :param safe: whether the events come to be safe.
    """

    def __init__(self, watcher, state, *, safe=True):
        context = pytest.importorskip("airflow.sdk.execution_time.context")
        streams = pytest.importorskip("airflow.triggers.shared_stream")
        watcher.asset_state_store = context.AssetStateStoreAccessors(inlets=[])
        watcher.asset_state_store._by_name["arrivals"] = state
        self._manager = streams.SharedStreamManager()
        self._safe = safe
        super().__init__(watcher)

    async def _run(self, watcher):
        key = watcher.shared_stream_key()
        assert key is not None
        stream = self._manager.subscribe(trigger_id=1, trigger=watcher, key=key)
        try:
            async for event in watcher.filter_shared_stream(stream):
                self.payloads.append(event.payload)
                number = self._manager.bind_pending_event(trigger_id=1, key=key)
                if self._safe:
                    asyncio.get_running_loop().call_later(0.02, self._manager.confirm_persisted, [number])
        finally:
            await self._manager.unsubscribe(1, key)
            await self._manager.stop_all()


@pytest.fixture
def put(hook):
    """A function that writes files."""

    async def put(*names, content=b"x"):
        await asyncio.to_thread(hook.filesystem.pipe, dict.fromkeys(names, content))

    return put


async def test_files_that_arrive(hook, put):
    """Each file is reported once, with path, length and time; one that is overwritten is reported again."""
    await put("/in/a.csv")
    watching = await Watching(trigger()).until(1)
    await put("/in/b.csv", "/in/c.txt", content=b"12")
    await watching.until(2)
    await put("/in/a.csv", content=b"123")
    await watching.until(3)
    await watching.kill()

    assert watching.names == ["/in/a.csv", "/in/b.csv", "/in/a.csv"]
    assert [file["length"] for file in watching.files] == [1, 2, 3]
    assert watching.payloads[0]["path"] == "/in/*.csv"
    modified = await asyncio.to_thread(hook.filesystem.modified, "/in/a.csv")
    assert modified.isoformat(timespec="milliseconds") == watching.files[2]["modified"]


async def test_a_burst(put):
    """Many files at once come in events of bounded size, the oldest first, each file in one of them."""
    names = [f"/in/{number:04}.csv" for number in range(1000)]
    for start in range(0, 1000, 100):
        await put(*names[start : start + 100])
    watching = await Watching(trigger(batch_size=300)).until(1000)
    await watching.kill()

    assert [len(payload["files"]) for payload in watching.payloads] == [300, 300, 300, 100]
    assert sorted(watching.names) == names
    assert sorted(watching.files, key=lambda file: (file["modified"], file["path"])) == watching.files


async def test_url_of_another_account(put, account):
    """Paths are reported in the form of the watched path."""
    await put("/in/a.csv")
    watching = await Watching(trigger(f"adl://{account}/in/*")).until(1)
    await watching.kill()
    assert watching.names == [f"adl://{account}.azuredatalakestore.net/in/a.csv"]


async def test_a_restart_without_a_store(put):
    """Without a store of states existing files are reported again after a restart, and none is lost."""
    await put("/in/a.csv")
    watching = await Watching(trigger()).until(1)
    await watching.kill()
    await put("/in/b.csv")
    again = await Watching(trigger()).until(2)
    await again.kill()
    assert again.names == ["/in/a.csv", "/in/b.csv"]


async def test_a_restart(put):
    """With a store of states only files that arrived meanwhile are reported after a restart."""
    state = State()
    await put("/in/a.csv")
    watching = await Confirmed(trigger(), state).until(1)
    await until(lambda: len(state.values) == 2)
    await watching.kill()
    await put("/in/b.csv")
    again = await Confirmed(trigger(poke_interval=0.1), state).until(1)
    await put("/in/c.csv")
    await again.until(2)
    await again.kill()
    assert again.names == ["/in/b.csv", "/in/c.csv"]


async def test_a_kill_before_the_events_are_safe(put):
    """Files that Airflow had not stored when the triggerer was killed are reported again."""
    state = State()
    await put("/in/a.csv")
    watching = await Confirmed(trigger(), state, safe=False).until(1)
    await watching.kill()
    assert state.values == {}
    again = await Confirmed(trigger(), state).until(1)
    await again.kill()
    assert watching.names == again.names == ["/in/a.csv"]


async def test_another_watcher_of_the_asset(put):
    """Files that one watcher of an asset reported are new for another with another condition."""
    state = State()
    await put("/in/a.csv")
    await (await Confirmed(trigger(), state).until(1)).kill()
    other = await Confirmed(trigger("/in/a.*"), state).until(1)
    await other.kill()
    assert other.names == ["/in/a.csv"]


async def test_others_have_their_turns(turns):
    """Between two events of a look others in the event loop have a turn."""

    class Full(ADLSGen1PathTrigger):
        async def looks(self, *, patient=False):
            yield Look([Match(f"/in/{number}.csv", 1, number + 1) for number in range(50)], [], "50 matches")

    events = trigger(kind=Full, batch_size=1).watch()
    await anext(events)
    turns.count = 0
    assert len([event async for event in events]) == 49
    assert turns.count >= 49


async def test_refusals_are_outlived(connect, put, emulator, mocker):
    """A right that is missing is logged and never an event; the watcher goes on when it is given."""
    await put("/in/a.csv")
    emulator.add_principal(OTHER, SECRET)
    connect("watchers", login=OTHER, password=SECRET)
    watcher = trigger(adls_gen1_conn_id="watchers")
    said = mocker.spy(watcher, "log_change")
    watching = Watching(watcher)
    await until(lambda: said.called)
    assert watching.payloads == []
    assert "AccessDeniedError" in said.call_args.args[0]
    assert said.call_args.kwargs == {"key": "AccessDeniedError", "is_error": True}
    emulator.add_principal(OTHER, SECRET, super_user=True)
    await watching.until(1)
    await watching.kill()
    assert watching.names == ["/in/a.csv"]


async def test_uploads_that_end(put):
    """Who watches for uploads that end gets one event for all files, and the next when they settle anew."""
    await put("/in/a.csv", "/in/b.csv")
    kind = {"kind": ADLSGen1UnchangedTrigger, "inactivity_period": 0.5}
    watching = await Watching(trigger("/in", **kind)).until(1)
    await put("/in/c.csv")
    await watching.until(2)
    await watching.kill()
    found = [(file["path"], file["files"], file["length"]) for file in watching.files]
    assert found == [("/in", 2, 2), ("/in", 3, 3)]


async def test_a_directory_that_fills(put, hook, mocker):
    """Who watches for a size gets an event when it is reached, and again after the directory was emptied."""
    await put("/in/a.csv")
    watcher = trigger("/in", kind=ADLSGen1DirectorySizeTrigger, min_files=2)
    said = mocker.spy(watcher, "log_change")
    watching = Watching(watcher)
    await put("/in/b.csv")
    await watching.until(1)
    await put("/in/c.csv")
    await watching.until(1)
    await asyncio.to_thread(hook.filesystem.rm, "/in", recursive=True)
    await until(lambda: said.call_args.args == ("/in: no such directory",))
    await put("/in/a.csv", "/in/b.csv")
    await watching.until(2)
    await watching.kill()
    assert [file["path"] for file in watching.files] == ["/in", "/in"]
    assert "modified" not in watching.files[0]


def test_an_asset_takes_it():
    """Airflow takes the trigger for an asset's watcher, and a DAG with it can be stored and read again."""
    sdk = pytest.importorskip("airflow.sdk")
    try:
        from airflow.serialization.serialized_objects import DagSerialization
    except ImportError:
        # Airflow 3.1 calls it so.
        from airflow.serialization.serialized_objects import SerializedDAG as DagSerialization

    watcher = sdk.AssetWatcher(name="csv", trigger=ADLSGen1PathTrigger("/in/*.csv", min_age=60))
    with sdk.DAG("watched", schedule=[sdk.Asset("arrivals", watchers=[watcher])]) as dag:
        pass
    assert "ADLSGen1PathTrigger" in str(DagSerialization.to_dict(dag))


def test_a_trigger_of_a_task():
    """A trigger that belongs to a task, or to nobody, is not a watcher."""
    made = ADLSGen1PathTrigger("/in")
    assert not made.is_watching
    assert made.shared_stream_key() is None
    assert made.supports_triggerer_queue


async def test_a_template_of_a_watcher():
    """A watcher belongs to no run that could render a template: it fails, and does not watch another path."""
    with pytest.raises(ValueError, match=r"'/in/\{\{ ds \}\}/\*' is not rendered for a watcher"):
        await anext(trigger("/in/{{ ds }}/*").watch())
