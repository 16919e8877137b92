"""The account trigger, run on an event loop against the emulator."""

import asyncio
import importlib
import threading
import uuid

import pytest

from airflow_provider_adls.auth import ClientSecret
from airflow_provider_adls.auth.tokens import TOKENS
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.triggers.accounts import ADLSGen1AccountStateTrigger

OTHER = "33333333-3333-4333-8333-333333333333"
SECRET = "the~Account.Secret.0123456789"


@pytest.fixture
def name(hook):
    """Name of an account that is not there."""
    name = f"new{uuid.uuid4().hex[:16]}"
    yield name
    hook.delete_account(name)


def trigger(name, **arguments):
    return ADLSGen1AccountStateTrigger(name, **{"poke_interval": 0.05, **arguments})


async def events(trigger):
    """Payloads of all events of a trigger."""
    return [event.payload async for event in trigger.run()]


async def looked(emulator, times=1):
    """Wait until the account was asked for so often."""
    while sum(request.operation == "accounts.get" for request in emulator.requests) < times:  # noqa: ASYNC110 - the emulator has a thread and a loop of its own
        await asyncio.sleep(0.01)


def test_it_is_made_again_from_what_it_serialises():
    """Class and arguments lead to an equal trigger, as after a restart of the triggerer."""
    made = ADLSGen1AccountStateTrigger(
        "mylake", "rg", ["Deleted"], ["Failed"], "lake", 5.0, True, 60.0, True, {}
    )
    classpath, arguments = made.serialize()
    module, _, name = classpath.rpartition(".")
    again = getattr(importlib.import_module(module), name)(**arguments)
    assert again.serialize() == made.serialize()
    assert list(arguments.values()) == [
        "mylake",
        "rg",
        ["Deleted"],
        ["Failed"],
        "lake",
        5.0,
        True,
        60.0,
        True,
        {},
    ]


async def test_an_account_that_can_be_used(hook, account):
    """What is as it should be ends it at the first look, with the account."""
    (event,) = await events(trigger(account))
    assert event["status"] == "success"
    assert event["account"] == await asyncio.to_thread(hook.find_account, account)


async def test_an_account_that_is_being_made(hook, name):
    """It looks until the account is made."""
    await asyncio.to_thread(hook.create_account, name, "eastus2", wait_for_completion=False)
    (event,) = await events(trigger(name, failure_states=["Failed", "Canceled", "Deleted"]))
    assert event["account"]["provisioning_state"] == "Succeeded"


async def test_an_account_that_comes_later(hook, name, emulator):
    """An account that is not there may still come."""
    emulator.clear_requests()
    waiting = asyncio.create_task(events(trigger(name, target_states=["Active"])))
    await looked(emulator, 2)
    assert not waiting.done()
    await asyncio.to_thread(hook.create_account, name, "eastus2")
    (event,) = await waiting
    assert (event["status"], event["account"]["name"]) == ("success", name)


async def test_an_account_that_goes(hook, name, emulator):
    """One that was there, and is not any more, counts as deleted."""
    await asyncio.to_thread(hook.create_account, name, "eastus2")
    emulator.clear_requests()
    waiting = asyncio.create_task(events(trigger(name, target_states=["Deleted"])))
    await looked(emulator, 2)
    await asyncio.to_thread(hook.delete_account, name)
    assert await waiting == [{"status": "success", "account": None}]


async def test_a_state_that_is_a_failure(hook, name):
    """A state that there is no way out of ends it, with that state."""
    (event,) = await events(trigger(name, failure_states=["Deleted"]))
    assert (event["status"], event["error"]) == ("error", "AccountStateError")
    assert "the account is Deleted; expected Succeeded" in event["message"]
    assert name in event["message"]


@pytest.mark.parametrize("status", [429, 503])
async def test_what_passes_is_waited_out(connect, account, emulator, status, mocker):
    """A throttle, or a service that fails, is looked past, and the log says so once."""
    log = mocker.patch.object(ADLSGen1AccountStateTrigger, "log")
    connect(retries=0)
    with emulator.faults.add(operation="accounts.get", account=account, times=3, status=status) as fault:
        (event,) = await events(trigger(account))
        assert fault.fired == 3
    assert event["status"] == "success"
    assert log.info.call_count == 1


async def test_a_missing_right_is_not_waited_for(connect, emulator, account):
    """The first refusal ends it, with class, text and what to do."""
    emulator.add_principal(OTHER, SECRET)
    connect(login=OTHER, password=SECRET)
    (event,) = await events(trigger(account))
    assert (event["status"], event["error"]) == ("error", "AccessDeniedError")
    assert "lacks a role" in event["message"]
    assert SECRET not in str(event)


async def test_a_missing_right_is_waited_for_if_wished(connect, emulator, account):
    """With `silent_fail` a right that is missing may still be given."""
    emulator.add_principal(OTHER, SECRET)
    connect(login=OTHER, password=SECRET)
    emulator.clear_requests()
    waiting = asyncio.create_task(events(trigger(account, silent_fail=True)))
    await looked(emulator, 2)
    assert not waiting.done()
    emulator.add_principal(OTHER, SECRET, super_user=True)
    (event,) = await waiting
    assert event["status"] == "success"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"tenant_id": "contoso"}, "ConnectionFieldError"),
        ({"password": "wrong~Secret.0123456789"}, "SecretRejectedError"),
    ],
)
async def test_a_connection_that_is_wrong(connect, emulator, account, fields, error):
    """What is wrong with the connection is said, and no secret."""
    connect(login=emulator.client_id, **fields)
    (event,) = await events(trigger(account))
    assert (event["status"], event["error"]) == ("error", error)
    assert "wrong~Secret" not in str(event)


async def test_a_connection_that_is_missing(account):
    """No connection at all is an event too."""
    (event,) = await events(trigger(account, adls_gen1_conn_id="no_such_connection"))
    assert event["status"] == "error"
    assert "no_such_connection" in event["message"]


async def test_a_trigger_that_is_cancelled(name, hook, emulator):
    """When the triggerer stops it, it ends without an event."""
    emulator.clear_requests()
    waiting = asyncio.create_task(events(trigger(name)))
    await looked(emulator)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_the_loop_goes_on(account, connect, monkeypatch):
    """What blocks, signing in and asking, is not done on the loop's thread."""
    connect()
    threads = set()

    def watched(real):
        def call(*arguments, **more):
            threads.add(threading.get_ident())
            return real(*arguments, **more)

        return call

    monkeypatch.setattr(ClientSecret, "acquire", watched(ClientSecret.acquire))
    monkeypatch.setattr(ADLSGen1Hook, "find_account", watched(ADLSGen1Hook.find_account))
    TOKENS.clear()
    await events(trigger(account))
    assert threads
    assert threading.get_ident() not in threads


async def test_many_wait_with_one_sign_in(account, connect, emulator):
    """Triggers of one connection share its token."""
    connect()
    TOKENS.clear()
    emulator.clear_requests()
    ended = await asyncio.gather(*(events(trigger(account)) for _ in range(20)))
    assert {event["status"] for (event,) in ended} == {"success"}
    assert sum(request.service == "login" for request in emulator.requests) == 1
