"""What triggers share while they wait."""

import asyncio
import gc

import pytest

from airflow_provider_adls.auth.tokens import TOKENS
from airflow_provider_adls.connection.stored import ConnectionNotFoundError
from airflow_provider_adls.triggers import shared as module
from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1DirectorySizeTrigger, ADLSGen1PathTrigger
from airflow_provider_adls.triggers.shared import shared_lakes

CLIENT = "12121212-1212-4212-8212-121212121212"
#: Seconds that anything may take, on a machine that does other things too.
PATIENCE = 120


def trigger(path="/in/a.csv", kind=ADLSGen1PathTrigger, **arguments):
    return kind(path, **{"poke_interval": 0.05, **arguments})


async def ended(waiting):
    """The payload of a trigger's one event."""
    (event,) = [event async for event in waiting.run()]
    return event.payload


async def looks(emulator, more=3):
    """Wait for some more looks at the lake."""
    before = len(emulator.requests)
    async with asyncio.timeout(PATIENCE):
        while len(emulator.requests) < before + more:  # noqa: ASYNC110 - the emulator has a thread of its own
            await asyncio.sleep(0.01)


async def put(hook, name="/in/a.csv"):
    await asyncio.to_thread(hook.filesystem.pipe, name, b"x")


@pytest.fixture
def waiting(hook, emulator):
    """A function that begins a trigger, and waits until it has looked."""

    async def begin(made=None):
        task = asyncio.create_task(ended(made or trigger()))
        await looks(emulator)
        assert not task.done()
        return task

    return begin


@pytest.fixture
def renewing(monkeypatch):
    """Connections are read again at every look."""
    monkeypatch.setattr(module, "_RENEWAL", 0.0)


async def test_one_for_all(hook, account):
    """Triggers of one connection and account share a client, which goes with the last of them."""
    one, other = shared_lakes("adls_gen1_default"), shared_lakes("adls_gen1_default")
    views = await asyncio.gather(
        one.view(None), other.view(account), one.view(f"{account}.azuredatalakestore.net")
    )
    assert len({id(view.client) for view in views}) == 1
    del one, other, views
    gc.collect()
    assert not module._known().get()


async def test_a_token_that_expires(waiting, hook, emulator, account):
    """A token that ends while a trigger waits is renewed, and nobody notices."""
    task = await waiting()
    with emulator.fault(account=account, operation="GETFILESTATUS", expire_token=True, times=1) as fault:
        await looks(emulator)
    assert fault.fired == 1
    assert not task.done()
    await put(hook)
    assert (await task)["status"] == "success"


async def test_a_secret_that_is_rotated(connect, hook, emulator, waiting):
    """A trigger signs in by the new secret when the old one is refused."""
    await put(hook, "/in/b.csv")
    emulator.add_principal(CLIENT, "the~Old.Secret.0123456789", super_user=True)
    connect(login=CLIENT, password="the~Old.Secret.0123456789")
    task = await waiting()
    emulator.add_principal(CLIENT, "the~New.Secret.0123456789", super_user=True)
    connect(login=CLIENT, password="the~New.Secret.0123456789")
    TOKENS.clear()
    with emulator.fault(operation="GETFILESTATUS", expire_token=True, times=1):
        await looks(emulator)
    await put(hook)
    assert (await task)["status"] == "success"


@pytest.mark.parametrize(
    "failure", [{"status": 429}, {"status": 503}, {"drop": "before"}], ids=["throttled", "failing", "dropped"]
)
@pytest.mark.parametrize("path", ["/in/a.csv", "/in/*.csv"])
async def test_what_passes(waiting, hook, emulator, account, monkeypatch, failure, path):
    """However often the service fails, the trigger waits on."""
    monkeypatch.setattr("airflow_provider_adls.client.retry.RetryPolicy.wait", lambda *_: 0.0)
    task = await waiting(trigger(path))
    with emulator.fault(account=account, times=30, **failure) as fault:
        await looks(emulator, 20)
    assert fault.fired
    assert not task.done()
    await put(hook)
    assert (await task)["result"] == ["/in/a.csv"]


async def test_what_passes_is_said_once(waiting, hook, emulator, account, mocker):
    """However often the service fails in the same way, the log says it once, and once that it is over."""
    log = mocker.patch.object(ADLSGen1PathTrigger, "log")
    task = await waiting()
    with emulator.fault(account=account, error="ThrottledException", retry_after=3600) as fault:
        await looks(emulator, 10)
    assert fault.fired > 2
    await put(hook)
    await task
    said = [call.args[1].partition(",")[0] for call in log.info.call_args_list]
    assert said[:2] == ["/in/a.csv: 0 of 1 matches", "Could not look at path /in/a.csv"]
    assert said[2:] in (
        ["/in/a.csv: 1 of 1 matches"],
        ["/in/a.csv: 0 of 1 matches", "/in/a.csv: 1 of 1 matches"],
    )


@pytest.mark.parametrize("rule", [{}, {"body": "<html>Forbidden by the gateway</html>"}])
async def test_a_folder_that_is_closed(waiting, hook, emulator, account, rule):
    """A folder that is closed while a trigger waits ends it, with the error's class, and what to do."""
    task = await waiting(trigger("/in/**/*.csv"))
    with emulator.fault(account=account, operation="LISTSTATUS", status=403, **rule):
        event = await task
    assert (event["status"], event["error"], event["path"]) == ("error", "AccessDeniedError", "/in/**/*.csv")
    assert "LISTSTATUS /in" in event["message"]
    assert event["message"].count("What to do") == 1


async def test_an_account_that_is_deleted(waiting, emulator, account):
    """An account that is deleted while a trigger waits ends it: it would wait for ever."""
    task = await waiting()
    emulator.delete_account(account)
    try:
        event = await asyncio.wait_for(task, PATIENCE)
    finally:
        emulator.create_account(account)
    assert event["status"] == "error"
    assert account in event["message"]


async def test_a_connection_that_is_deleted(waiting, renewing, monkeypatch):
    """So does a connection."""
    task = await waiting()
    monkeypatch.delenv("AIRFLOW_CONN_ADLS_GEN1_DEFAULT")
    event = await asyncio.wait_for(task, PATIENCE)
    assert (event["status"], event["error"]) == ("error", ConnectionNotFoundError.__name__)


async def test_a_connection_that_is_changed(waiting, renewing, hook, emulator, connect):
    """What a connection says is followed while a trigger waits: here another account."""
    emulator.create_account("otherlake")
    task = await waiting()
    connect(account_name="otherlake")
    await asyncio.to_thread(hook.filesystem_of("otherlake").pipe, "/in/a.csv", b"x")
    try:
        assert (await asyncio.wait_for(task, PATIENCE))["result"] == ["/in/a.csv"]
    finally:
        emulator.delete_account("otherlake")


async def test_a_connection_that_cannot_be_read_again(waiting, renewing, hook, mocker):
    """As long as nobody says that it is gone, a connection stays as it was."""
    task = await waiting()
    mocker.patch.object(module, "_read", side_effect=OSError("the API server is away"))
    await asyncio.sleep(0.3)
    assert not task.done()
    await put(hook)
    assert (await task)["status"] == "success"


async def test_a_size_that_is_reached(waiting, hook):
    """A directory's trigger ends with its numbers."""
    task = await waiting(trigger("/in", kind=ADLSGen1DirectorySizeTrigger, min_files=2))
    await put(hook, "/in/a b%#+é.csv")
    await put(hook, f"/in/{'long' * 60}")
    assert (await task)["result"] == {"path": "/in", "files": 2, "bytes": 2}


@pytest.mark.parametrize("name", ["a b%#+é.csv", "[x]{y}.csv", "~tilde", "'\"quotes", "😀", "a" * 200])
async def test_odd_names(hook, name):
    """A name is found whatever it is made of, as a path and by a glob."""
    await put(hook, f"/in/{name}")
    assert (await ended(trigger(f"/in/{name}")))["result"] == [f"/in/{name}"]
    assert (await ended(trigger("/in/*")))["result"] == [f"/in/{name}"]


async def test_one_listing_for_all(hook, emulator, account):
    """Globs of one directory that are looked for at once are looked for in one listing, or two."""
    await put(hook)
    with emulator.fault(account=account, operation="LISTSTATUS", delay=0.5) as fault:
        events = await asyncio.gather(
            *(ended(trigger(f"/in/{'a' if one % 2 else '?'}*")) for one in range(20))
        )
    assert [event["result"] for event in events] == [["/in/a.csv"]] * 20
    # Who comes when the first has begun gathers for the second.
    assert fault.fired <= 2


async def test_a_listing_that_fails_for_all(hook, emulator, account):
    """Every waiter for a listing that is refused gets the error."""
    await put(hook)
    with emulator.fault(account=account, operation="LISTSTATUS", status=403):
        events = await asyncio.gather(*(ended(trigger(f"/in/{start}*")) for start in "abc"))
    assert {event["error"] for event in events} == {"AccessDeniedError"}


async def test_who_goes_while_a_listing_is_made(hook, emulator, account):
    """One that is cancelled takes nothing from the others of its listing."""
    await put(hook)
    with emulator.fault(account=account, operation="LISTSTATUS", delay=0.3, times=1):
        going, staying = (asyncio.create_task(ended(trigger(f"/in/{start}*"))) for start in "ba")
        await asyncio.sleep(0.2)
        going.cancel()
        assert (await staying)["result"] == ["/in/a.csv"]
    await asyncio.wait([going])
    assert going.cancelled()
