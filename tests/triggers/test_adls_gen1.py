"""The path trigger, run on an event loop against the emulator."""

import asyncio
import importlib
import itertools
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from airflow_provider_adls.auth import ClientSecret
from airflow_provider_adls.auth.tokens import TOKENS
from airflow_provider_adls.hooks import adls_gen1
from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1PathTrigger, ADLSGen1UnchangedTrigger

OTHER = "66666666-6666-4666-8666-666666666666"
SECRET = "the~Other.Secret.0123456789"


async def events(trigger):
    """Payloads of all events of a trigger."""
    return [event.payload async for event in trigger.run()]


async def looked(emulator, times=1):
    """Wait until the files of an account were asked for so often."""
    while sum(request.service in ("lake", "dfs", "blob") for request in emulator.requests) < times:  # noqa: ASYNC110 - the emulator has a thread and a loop of its own
        await asyncio.sleep(0.01)


def found(path, *paths):
    """The event of a trigger that found something."""
    return [{"status": "success", "path": path, "result": list(paths)}]


def trigger(path, **arguments):
    return ADLSGen1PathTrigger(path, **{"poke_interval": 0.05, **arguments})


def test_it_is_made_again_from_what_it_serialises():
    """Class and arguments lead to an equal trigger, as after a restart of the triggerer."""
    made = ADLSGen1PathTrigger(
        "/a/*", "lake", "account", 5.0, True, 60.0, True, 7, min_age=timedelta(minutes=1)
    )
    classpath, arguments = made.serialize()
    module, _, name = classpath.rpartition(".")
    again = getattr(importlib.import_module(module), name)(**arguments)
    assert again.serialize() == made.serialize()
    assert list(arguments.values()) == ["/a/*", "lake", "account", 5.0, True, 60.0, True, 7, None, 60.0]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/in/b.csv", ["/in/b.csv"]),
        ("/in", ["/in"]),
        ("/in/*.csv", ["/in/a.csv", "/in/b.csv"]),
        ("/**/[ab].csv", ["/in/a.csv", "/in/b.csv"]),
        ("adl://{account}/in/a*", ["adl://{account}.azuredatalakestore.net/in/a.csv"]),
    ],
)
async def test_existing_paths(hook, account, path, names):
    """An existing path is found at the first look, in the form of the trigger's path."""
    for name in ("/in/b.csv", "/in/a.csv"):
        await asyncio.to_thread(hook.filesystem.pipe, name, b"x")
    path = path.format(account=account)
    assert found(path, *(name.format(account=account) for name in names)) == await events(trigger(path))


@pytest.mark.parametrize("path", ["/in/a.csv", "/in/*.csv"])
async def test_what_comes_later(hook, emulator, path):
    """It waits until a file comes, and ends with one event."""
    emulator.clear_requests()
    waiting = asyncio.create_task(events(trigger(path)))
    await looked(emulator, 3)
    assert not waiting.done()
    await asyncio.to_thread(hook.filesystem.pipe, "/in/a.csv", b"x")
    assert await waiting == found(path, "/in/a.csv")


async def test_files_that_stay_as_they_are(hook, emulator, monkeypatch):
    """It is logged when something has changed, and not that time goes by."""
    clock = SimpleNamespace(time=itertools.count().__next__)
    monkeypatch.setattr("airflow_provider_adls.triggers.waiting.time", clock)
    patient = ADLSGen1UnchangedTrigger("/in", poke_interval=0.01)
    lines = []
    monkeypatch.setattr(patient, "_write_line", lambda text, *, is_error: lines.append((text, is_error)))
    emulator.clear_requests()
    running = asyncio.create_task(events(patient))
    await looked(emulator, 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert lines == [("/in: 0 of 1 files, unchanged for 0 of 3600 s", False)]


async def test_a_missing_right_is_not_waited_for(connect, hook, emulator, account):
    """The first refusal ends it, with the error's class and text."""
    emulator.add_principal(OTHER, SECRET)
    connect(login=OTHER, password=SECRET)
    (event,) = await events(trigger("/in/a.csv"))
    assert (event["status"], event["error"]) == ("error", "AccessDeniedError")
    assert account in event["message"]
    assert SECRET not in str(event)


async def test_a_wrong_secret_is_not_waited_for(connect, emulator):
    """A refused sign-in ends it, and the event does not show the secret."""
    connect(login=emulator.client_id, password="wrong~Secret.0123456789")
    (event,) = await events(trigger("/in/a.csv"))
    assert (event["status"], event["error"]) == ("error", "SecretRejectedError")
    assert "wrong~Secret" not in str(event)


async def test_a_connection_that_is_wrong(connect):
    """What is wrong with the connection is said."""
    connect(tenant_id="contoso")
    (event,) = await events(trigger("/in/a.csv"))
    assert (event["status"], event["error"]) == ("error", "ConnectionFieldError")
    assert "'tenant_id'" in event["message"]


async def test_a_connection_that_is_missing(monkeypatch):
    """No connection at all is an event too."""
    monkeypatch.delenv("AIRFLOW_CONN_ADLS_GEN1_DEFAULT", raising=False)
    (event,) = await events(trigger("/in/a.csv", adls_gen1_conn_id="no_such_connection"))
    assert event["status"] == "error"
    assert "no_such_connection" in event["message"]


@pytest.mark.parametrize(
    "failure",
    [{"retry_after": 0}, {"status": 503}, {"drop": "before"}],
    ids=["throttled", "failing", "breaking off"],
)
async def test_what_passes_is_waited_out(hook, fault, monkeypatch, failure):
    """When the client's own tries are used up, the trigger looks again later."""
    await asyncio.to_thread(hook.filesystem.pipe, "/in/a.csv", b"x")
    monkeypatch.setattr("airflow_provider_adls.client.retry.RetryPolicy.wait", lambda *_: 0.0)
    failing = fault(operation="GETFILESTATUS", times=8, **failure)
    assert await events(trigger("/in/a.csv")) == found("/in/a.csv", "/in/a.csv")
    assert (failing.fired, failing.matched) == (8, 9)


async def test_a_trigger_that_is_cancelled(hook, emulator):
    """When the triggerer stops it, it ends without an event and leaves no connection open."""
    emulator.clear_requests()
    waiting = asyncio.create_task(events(trigger("/in/a.csv")))
    await looked(emulator)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_lasting_failures_are_waited_out_if_wished(connect, hook, emulator):
    """With `silent_fail` a right that is missing may still be given."""
    await asyncio.to_thread(hook.filesystem.pipe, "/in/a.csv", b"x")
    emulator.add_principal(OTHER, SECRET)
    connect(login=OTHER, password=SECRET)
    emulator.clear_requests()
    waiting = asyncio.create_task(events(trigger("/in/a.csv", silent_fail=True)))
    await looked(emulator, 3)
    assert not waiting.done()
    emulator.add_principal(OTHER, SECRET, super_user=True)
    assert await waiting == found("/in/a.csv", "/in/a.csv")


async def test_the_loop_goes_on(hook, monkeypatch):
    """What blocks, reading the connection and signing in, is not done on the loop's thread."""
    await asyncio.to_thread(hook.filesystem.pipe, "/in/a.csv", b"x")
    threads = []

    def watched(real):
        def call(*arguments):
            threads.append(threading.get_ident())
            return real(*arguments)

        return call

    monkeypatch.setattr(ClientSecret, "acquire", watched(ClientSecret.acquire))
    monkeypatch.setattr(adls_gen1, "read_settings", watched(adls_gen1.read_settings))
    TOKENS.clear()
    assert await events(trigger("/in/a.csv")) == found("/in/a.csv", "/in/a.csv")
    assert len(threads) == 2
    assert threading.get_ident() not in threads


async def test_many_wait_with_one_sign_in(hook, emulator):
    """Triggers of one connection share the token."""
    TOKENS.clear()
    emulator.clear_requests()
    waiting = [asyncio.create_task(events(trigger(f"/{number}.csv"))) for number in range(20)]
    await looked(emulator, 40)
    for number in range(20):
        await asyncio.to_thread(hook.filesystem.pipe, f"/{number}.csv", b"x")
    ended = await asyncio.gather(*waiting)
    assert [[f"/{number}.csv"] for number in range(20)] == [event["result"] for (event,) in ended]
    assert sum(request.service == "login" for request in emulator.requests) == 1


@pytest.mark.parametrize(
    ("arguments", "bounds"),
    [
        ({}, [(0.7, 7), (6.3, 7.7), (6.3, 7.7)]),
        ({"exponential_backoff": True}, [(3.5, 7), (7, 14), (14, 28)]),
        ({"exponential_backoff": True, "max_wait": 10}, [(3.5, 7), (7, 10), (10, 10)]),
        ({"poke_interval": 0}, [(0.05, 0.05)] * 3),
    ],
)
def test_intervals(arguments, bounds):
    """The interval is about the same, or doubles up to its bound, as Airflow's own do."""
    made = ADLSGen1PathTrigger("/a", **{"poke_interval": 7.0, **arguments})
    for _ in range(50):
        for looks, (least, most) in enumerate(bounds):
            assert least <= made.interval(looks) <= most


def test_intervals_of_who_is_refused():
    """Who watches for good, and is refused again and again, asks less and less often."""
    made = ADLSGen1PathTrigger("/a", poke_interval=10)
    assert 17 < made.interval(5, 1) < 23
    assert made.interval(5, 50) == 600
    assert 3000 < ADLSGen1PathTrigger("/a", poke_interval=3600).interval(5, 50) < 4000


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"path": "in/a.csv"}, "relative"),
        ({"path": "/in/a**.csv"}, "within a name"),
        ({"path": "/in/01:00/*"}, "colon"),
        ({"account_name": "no such"}, "account name"),
        ({"min_age": -1}, "'min_age'"),
        ({"max_wait": "long"}, "'max_wait'"),
        ({"batch_size": 0}, "'batch_size'"),
        ({"since": "yesterday"}, "'since'"),
        ({"min_size": 2, "max_size": 1}, "'min_size'"),
        ({"min_files": 2}, "'min_files'"),
    ],
)
def test_wrong_arguments(arguments, named):
    """What cannot be right is refused where it is written, by an error that a triggerer outlives."""
    with pytest.raises(TypeError, match=named):
        ADLSGen1PathTrigger(**{"path": "/a", **arguments})
