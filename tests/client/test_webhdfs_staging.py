"""Hidden files of the Gen1 service: written in parallel, put together, and put in their place."""

from __future__ import annotations

import itertools

import pytest

from airflow_provider_adls.client.results import Part
from airflow_provider_adls.model.errors import PathExistsError, ServiceFailureError


@pytest.fixture
def names():
    """Names of hidden files, in order."""
    numbers = itertools.count(1)
    return lambda: f".part{next(numbers)}"


async def test_spans_in_any_order(client, names):
    """Spans that are written at once become one file, in the order of their offsets."""
    staging = client.staging("/d", names)
    await staging.write(6, b"world", last=True)
    await staging.write(0, b"hel")
    await staging.write(3, b"lo ", last=True)
    await staging.whole(11)
    assert staging.path == "/d/.part3"
    await staging.place("/d/f", exclusive=True)
    assert await client.read("/d/f") == b"hello world"
    assert [status.name for status in (await client.list_page("/d")).entries] == ["f"]


async def test_one_span(client, names):
    """What is written at its end alone is one file, which is not put together."""
    staging = client.staging("/", names)
    await staging.write(0, b"a")
    await staging.write(1, b"b", last=True)
    await staging.whole(2)
    assert staging.path == "/.part1"
    await client.create("/f", b"theirs")
    with pytest.raises(PathExistsError):
        await staging.place("/f", exclusive=True)
    await staging.place("/f", exclusive=False)
    assert await client.read("/f") == b"ab"


async def test_a_length_that_is_wrong(client, names):
    """A file that lacks bytes is not whole, and is removed."""
    staging = client.staging("/", names)
    await staging.write(0, b"ab", last=True)
    with pytest.raises(ServiceFailureError, match="2 bytes arrived of 3"):
        await staging.whole(3)
    await staging.discard()
    assert (await client.list_page("/")).entries == []


async def test_what_cannot_be_removed(client, names, fault, caplog):
    """It is logged, and hides no other failure."""
    staging = client.staging("/", names)
    await staging.write(0, b"ab")
    fault(operation="DELETE", status=403, times=1)
    await staging.discard()
    assert "/.part1 is left behind" in caplog.text


@pytest.fixture
def lake(service, request):
    """A client of an empty account, or of an empty container."""
    return request.getfixturevalue("client" if service == "gen1" else "dfs_client")


async def test_another_try_is_quicker(lake, names):
    """Of two tries that go on with the same part one gets it, and the other begins anew."""
    await lake.create("/.left", b"x" * 10)
    (status,) = (await lake.list_page("/")).entries
    part = Part(0, 10, status)
    tries = [lake.staging("/", names, lambda offset, length: f"{names()}-{offset}") for _ in range(2)]
    assert [await one.adopt([part]) for one in tries] == [10, 0]
    await tries[1].write(0, b"y" * 10, last=True)
    await tries[1].whole(10)
    await tries[1].place("/f", exclusive=True)
    assert await lake.read("/f") == b"y" * 10
