"""Lanes: as many as help, halved and held when the service throttles, shared by all clients of an account."""

from __future__ import annotations

import asyncio

import pytest

from airflow_provider_adls.client import Limits, RetryPolicy, WebHdfsClient
from airflow_provider_adls.client.lanes import FIRST, LEAST, Lanes, lanes_to
from airflow_provider_adls.client.retry import patient
from airflow_provider_adls.model.errors import ThrottledError
from tests.client.canned import answer, canned
from tests.client.conftest import FAST


def test_more_over_a_distance():
    """The number grows up to its bound while answers take as long as the quickest one."""
    lanes = Lanes(128)
    for _ in range(1000):
        lanes.answered(0.02)
    assert lanes.number == 128


def test_no_more_where_they_wait_for_each_other():
    """The number stays where answers take several times as long as the quickest one."""
    lanes = Lanes(128)
    lanes.answered(0.001)
    for _ in range(1000):
        lanes.answered(0.01)
    assert lanes.number < 2 * FIRST


def test_halved_once_for_a_burst():
    """A burst of refusals halves the number once; it grows slowly from there, and is never nothing."""
    lanes = Lanes(128)
    for _ in range(1000):
        lanes.answered(0.02)
    for _ in range(20):
        lanes.throttled(None)
    assert lanes.number == 64
    for _ in range(64):
        lanes.answered(0.02)
    assert lanes.number == 65
    for _ in range(20):
        lanes._halved = 0
        lanes.throttled(None)
    assert lanes.number == LEAST


async def test_no_more_in_flight():
    """Requests beyond the number wait for their turn, and one that is cancelled takes no turn with it."""
    lanes = Lanes(2)
    gate = lanes.gate()
    await lanes.enter(gate, lambda: 0)
    await lanes.enter(gate, lambda: 0)
    third, fourth = (
        asyncio.create_task(lanes.enter(gate, lambda: 0)),
        asyncio.create_task(lanes.enter(gate, lambda: 0)),
    )
    await asyncio.sleep(0)
    lanes.leave(gate)
    third.cancel()
    lanes.leave(gate)
    with pytest.raises(asyncio.CancelledError):
        await third
    await fourth
    assert gate.in_flight == 1
    lanes.leave(gate)
    assert gate.in_flight == 0


async def test_clients_of_an_account_share_them(credential):
    """Clients of one account have the same lanes, no more than each allows; another account has its own."""
    clients = [
        WebHdfsClient("lake", f"http://127.0.0.1:1/{name}", credential, limits=Limits(connections=most))
        for name, most in (("one", 8), ("one", 5), ("other", 9))
    ]
    lanes = [client.lanes for client in clients]
    assert lanes[0] is lanes[1] is not lanes[2]
    assert (lanes[0].most, lanes[0].number, lanes[2].most) == (5, 5, 9)


async def test_retry_after_holds_all_requests(client_of):
    """A `Retry-After` for one request holds the others too."""
    async with canned(answer(429, headers="Retry-After: 1\r\n"), answer(404)) as (url, heads):
        client = client_of(url)
        first = asyncio.create_task(client.check_access("/a", "r"))
        await asyncio.sleep(0.2)
        assert client.lanes.held_until > 0
        second = asyncio.create_task(client.check_access("/b", "r"))
        await asyncio.sleep(0.1)
        assert len(heads) == 1
        await asyncio.gather(first, second, return_exceptions=True)
        assert len(heads) > 2


async def test_a_retry_after_that_is_too_long_holds_nobody(client_of):
    """A request that is asked to wait for an hour fails at once, and the next one is sent."""
    async with canned(answer(429, headers="Retry-After: 3600\r\n"), answer(404)) as (url, heads):
        client = client_of(url)
        with pytest.raises(ThrottledError):
            await client.status("/a")
        async with asyncio.timeout(60):
            with pytest.raises(Exception, match="404"):
                await client.status("/b")
    assert len(heads) == 2


async def test_a_transfer_is_patient(client_of):
    """A throttle ends a request after the policy's attempts; a transfer goes on waiting, and reports it."""
    reports: list[str] = []
    async with canned(*[answer(429)] * 12, answer(404)) as (url, heads):
        with pytest.raises(ThrottledError):
            await client_of(url).status("/")
        assert len(heads) == FAST.attempts
        with patient(reports.append), pytest.raises(Exception, match="404"):
            await client_of(url).status("/")
    assert len(heads) == 13
    assert len(reports) == 7
    assert "throttles" in reports[0]


async def test_no_retry_is_none(credential):
    """A policy of one attempt sends a request once, throttled or not."""
    async with canned(answer(429)) as (url, heads):
        client = WebHdfsClient("lake", url, credential, retry=RetryPolicy(attempts=1))
        with patient(print), pytest.raises(ThrottledError):
            await client.status("/")
        await client.close()
    assert len(heads) == 1


async def test_a_long_hold_is_left_to_the_service(client_of):
    """A `Retry-After` of an hour holds no other request for an hour: it gets the service's own answer."""
    async with canned(answer(429, headers="Retry-After: 3600\r\n")) as (url, heads):
        for count in (1, 2):
            with pytest.raises(ThrottledError):
                await client_of(url).status("/")
            assert len(heads) == count


def test_lanes_are_forgotten():
    """Lanes that no client has any more are forgotten."""
    url = "http://127.0.0.1:1/forgotten"
    lanes_to(url, 3)
    assert lanes_to(url, 100).most == 100
