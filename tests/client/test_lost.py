"""Requests whose answer was lost and which must not be blindly repeated."""

from __future__ import annotations

import pytest

from airflow_provider_adls.gen1.errors import (
    BadOffsetError,
    PathExistsError,
    PathNotFoundError,
    ServiceUnreachableError,
)
from tests.client.faults import Fault

BEFORE, AFTER = False, True
both = pytest.mark.parametrize("forward", [BEFORE, AFTER], ids=["before the work", "after the work"])


@both
async def test_delete(faulty, way, client, forward):
    """A deletion whose answer is lost is done once, and told as done."""
    await client.create("/f")
    way.plan(Fault("DELETE", forward=forward))
    assert await faulty.delete("/f") is True
    assert way.operations() == ["DELETE", "GETFILESTATUS"] + ["DELETE"] * (not forward)


async def test_delete_that_takes_effect_late(faulty, way, client):
    """A retried deletion that finds nothing is a success: what was there is gone."""
    await client.create("/f")
    way.plan(Fault("DELETE"), Fault("DELETE", status=200, body=b'{"boolean":false}'))
    assert await faulty.delete("/f") is True


@both
async def test_rename(faulty, way, client, forward):
    """A rename whose answer is lost is done once, and told as done."""
    await client.create("/f", b"1")
    way.plan(Fault("RENAME", forward=forward))
    await faulty.rename("/f", "/g")
    assert await client.read("/g") == b"1"
    assert way.operations().count("RENAME") == 1 + (not forward)


async def test_rename_into_a_directory(faulty, way, client):
    """A directory that an existing one took in is found there."""
    await client.make_directories("/source")
    await client.make_directories("/into")
    way.plan(Fault("RENAME", forward=True))
    await faulty.rename("/source", "/into")
    assert (await client.status("/into/source")).is_directory
    assert way.operations().count("RENAME") == 1


async def test_rename_of_which_nobody_can_tell(faulty, way, client):
    """What is at the destination must be what was at the source; else the loss is told."""
    await client.create("/f", b"1")
    known = await client.status("/f")
    await client.delete("/f")
    await client.create("/g", b"another's")
    way.plan(Fault("RENAME", forward=True))
    with pytest.raises(ServiceUnreachableError):
        await faulty.rename("/f", "/g", overwrite=True, known=known)


@both
@pytest.mark.parametrize("close", [True, False])
async def test_append(faulty, way, client, forward, close):
    """An append whose answer is lost is in the file once."""
    await client.create("/f", b"one")
    way.plan(Fault("APPEND", forward=forward))
    await faulty.append("/f", b"two", offset=3, close=close)
    await faulty.append("/f", b"", offset=6)
    assert await client.read("/f") == b"onetwo"


async def test_append_at_a_wrong_offset(faulty, way, client):
    """An offset that was wrong all the time is told after a lost answer too."""
    await client.create("/f", b"one")
    way.plan(Fault("APPEND"))
    with pytest.raises(BadOffsetError):
        await faulty.append("/f", b"two", offset=1)
    assert await client.read("/f") == b"one"


async def test_exclusive_creation_before_the_work(faulty, way, client):
    """A creation that never arrived is sent again."""
    way.plan(Fault("CREATE"))
    await faulty.create("/f", b"1", overwrite=False)
    assert await client.read("/f") == b"1"


async def test_exclusive_creation_after_the_work(faulty, way):
    """Whether we were the first is not to be known once the answer is lost, and is not claimed."""
    way.plan(Fault("CREATE", forward=True))
    with pytest.raises(ServiceUnreachableError):
        await faulty.create("/f", b"1", overwrite=False)
    assert way.operations() == ["CREATE", "GETFILESTATUS"]


async def test_exclusive_creation_that_was_refused(faulty, way, client):
    """A refusal is no loss."""
    await client.create("/f")
    with pytest.raises(PathExistsError):
        await faulty.create("/f", b"1", overwrite=False)
    assert way.operations() == ["CREATE"]


@both
@pytest.mark.parametrize("there", [True, False])
async def test_concatenation(faulty, way, client, forward, there):
    """A concatenation whose answer is lost is done once."""
    await client.create("/a", b"a")
    await client.create("/b", b"b")
    if there:
        await client.create("/whole", b"-")
    way.plan(Fault("MSCONCAT", forward=forward))
    await faulty.concatenate("/whole", ["/a", "/b"])
    assert await client.read("/whole") == (b"-ab" if there else b"ab")
    assert way.operations().count("MSCONCAT") == 1 + (not forward)


async def test_concatenation_of_which_nobody_can_tell(faulty, way, client):
    """Sources that are gone in part, or a destination that is as before, are told as a loss."""
    await client.create("/a", b"a")
    way.plan(Fault("MSCONCAT"))
    with pytest.raises(ServiceUnreachableError):
        await faulty.concatenate("/whole", ["/a", "/missing"])


@both
@pytest.mark.parametrize("there", [True, False])
async def test_restoring(faulty, way, client, forward, there):
    """A deleted item whose return is lost comes back once."""
    await client.create("/f", b"old")
    await client.delete("/f")
    (item,) = (await client.deleted_page("/f")).items
    if there:
        await client.create("/f", b"another")
    way.plan(Fault("RESTOREDELETEDITEMS", forward=forward))
    if there and not forward:
        with pytest.raises(ServiceUnreachableError):
            await faulty.restore(item.token, "/f", action="copy")
        return
    await faulty.restore(item.token, "/f", action="overwrite" if there else None)
    assert await client.read("/f") == b"old"


async def test_the_last_attempt_is_resolved_too(way, account, credential, client):
    """Also where nothing is repeated, a lost answer is looked after."""
    from airflow_provider_adls.client import RetryPolicy, WebHdfsClient

    await client.create("/f")
    once = WebHdfsClient(account, f"{way.url}/adls/{account}", credential, retry=RetryPolicy(attempts=1))
    way.plan(Fault("DELETE", forward=True))
    assert await once.delete("/f") is True
    await once.close()
    with pytest.raises(PathNotFoundError):
        await client.status("/f")


async def test_kept_connections_that_break_are_not_repeated_by_the_library(faulty, way, client):
    """The HTTP library does not send a deletion again by itself on a connection that it had kept."""
    await client.create("/f")
    await faulty.status("/f")
    way.plan(Fault("DELETE", forward=True))
    await faulty.delete("/f")
    assert way.operations().count("DELETE") == 1
