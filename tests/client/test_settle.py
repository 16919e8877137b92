"""Requests whose answer was lost and which must not be blindly repeated."""

from __future__ import annotations

import pytest

from airflow_provider_adls.model.errors import (
    BadOffsetError,
    PathExistsError,
    PathNotFoundError,
    ServiceUnreachableError,
)

both = pytest.mark.parametrize("drop", ["before", "after"])


@both
async def test_delete(client, fault, asked, drop):
    """A deletion whose answer is lost is done once, and reported as done."""
    await client.create("/f")
    fault(operation="DELETE", drop=drop, times=1)
    assert await client.delete("/f") is True
    assert asked() == ["CREATE", "DELETE", "GETFILESTATUS"] + ["DELETE"] * (drop == "before")


async def test_delete_that_takes_effect_late(client, fault):
    """A retried deletion that finds nothing is a success: what was there is gone."""
    await client.create("/f")
    fault(operation="DELETE", drop="before", times=1)
    fault(operation="DELETE", status=200, body='{"boolean":false}', times=1)
    assert await client.delete("/f") is True


@both
async def test_rename(client, fault, asked, drop):
    """A rename whose answer is lost is done once, and reported as done."""
    await client.create("/f", b"1")
    fault(operation="RENAME", drop=drop, times=1)
    await client.rename("/f", "/g")
    assert await client.read("/g") == b"1"
    assert asked().count("RENAME") == 1 + (drop == "before")


async def test_rename_into_a_directory(client, fault, asked):
    """A directory is not moved into one that exists, and gets just the name that it is given."""
    await client.make_directories("/source")
    await client.make_directories("/into")
    with pytest.raises(PathExistsError, match="/into exists"):
        await client.rename("/source", "/into")
    assert asked().count("RENAME") == 0
    fault(operation="RENAME", drop="after", times=1)
    await client.rename("/source", "/other")
    assert (await client.status("/other")).is_directory
    assert asked().count("RENAME") == 1


async def test_rename_whose_effect_nobody_knows(client, fault):
    """The destination must be what the source was; otherwise the loss is raised."""
    await client.create("/f", b"1")
    known = await client.status("/f")
    await client.delete("/f")
    await client.create("/g", b"another's")
    fault(operation="RENAME", drop="after", times=1)
    with pytest.raises(ServiceUnreachableError):
        await client.rename("/f", "/g", overwrite=True, known=known)


@both
@pytest.mark.parametrize("close", [True, False])
async def test_append(client, fault, drop, close):
    """An append whose answer is lost is in the file once."""
    await client.create("/f", b"one")
    fault(operation="APPEND", drop=drop, times=1)
    await client.append("/f", b"two", offset=3, close=close)
    await client.append("/f", b"", offset=6)
    assert await client.read("/f") == b"onetwo"


async def test_append_at_a_wrong_offset(client, fault):
    """An offset that was wrong all the time is an error after a lost answer too."""
    await client.create("/f", b"one")
    fault(operation="APPEND", drop="before", times=1)
    with pytest.raises(BadOffsetError):
        await client.append("/f", b"two", offset=1)
    assert await client.read("/f") == b"one"


async def test_exclusive_creation_before_the_work(client, fault):
    """A creation that never arrived is sent again."""
    fault(operation="CREATE", drop="before", times=1)
    await client.create("/f", b"1", overwrite=False)
    assert await client.read("/f") == b"1"


async def test_exclusive_creation_after_the_work(client, fault, asked):
    """Whether we were the first is not to be known once the answer is lost, and is not claimed."""
    fault(operation="CREATE", drop="after", times=1)
    with pytest.raises(ServiceUnreachableError):
        await client.create("/f", b"1", overwrite=False)
    assert asked() == ["CREATE", "GETFILESTATUS"]


async def test_exclusive_creation_that_was_refused(client, asked):
    """A refusal is not a loss."""
    await client.create("/f")
    with pytest.raises(PathExistsError):
        await client.create("/f", b"1", overwrite=False)
    assert asked() == ["CREATE"] * 2


@both
@pytest.mark.parametrize("there", [True, False])
async def test_concatenation(client, fault, asked, drop, there):
    """A concatenation whose answer is lost is done once."""
    await client.create("/a", b"a")
    await client.create("/b", b"b")
    if there:
        await client.create("/whole", b"-")
    fault(operation="MSCONCAT", drop=drop, times=1)
    await client.concatenate("/whole", ["/a", "/b"])
    assert await client.read("/whole") == (b"-ab" if there else b"ab")
    assert asked().count("MSCONCAT") == 1 + (drop == "before")


async def test_concatenation_whose_effect_nobody_knows(client, fault):
    """Sources that are gone in part, or a destination that is as before, are a loss."""
    await client.create("/a", b"a")
    fault(operation="MSCONCAT", drop="before", times=1)
    with pytest.raises(ServiceUnreachableError):
        await client.concatenate("/whole", ["/a", "/missing"])


@both
@pytest.mark.parametrize("there", [True, False])
async def test_restoring(client, fault, drop, there):
    """A deleted item whose return is lost comes back once."""
    await client.create("/f", b"old")
    await client.delete("/f")
    (item,) = (await client.deleted_page("/f")).items
    if there:
        await client.create("/f", b"another")
    fault(operation="RESTOREDELETEDITEMS", drop=drop, times=1)
    if there and drop == "before":
        with pytest.raises(ServiceUnreachableError):
            await client.restore(item.token, "/f", action="copy")
        return
    await client.restore(item.token, "/f", action="overwrite" if there else None)
    assert await client.read("/f") == b"old"


async def test_the_last_attempt_is_resolved_too(emulator, account, cloud, credential, client, fault):
    """Also where nothing is repeated, a lost answer is looked after."""
    from airflow_provider_adls.client import RetryPolicy, WebHdfsClient

    await client.create("/f")
    once = WebHdfsClient(
        account,
        cloud.account_endpoint(account),
        credential,
        ca_file=emulator.ca_file,
        retry=RetryPolicy(attempts=1),
    )
    fault(operation="DELETE", drop="after", times=1)
    assert await once.delete("/f") is True
    await once.close()
    with pytest.raises(PathNotFoundError):
        await client.status("/f")


async def test_kept_connections_that_break_are_not_repeated_by_the_library(client, fault, asked):
    """The HTTP library does not send a deletion again of its own accord on a connection that it had kept."""
    await client.create("/f")
    await client.status("/f")
    fault(operation="DELETE", drop="after", times=1)
    await client.delete("/f")
    assert asked().count("DELETE") == 1
