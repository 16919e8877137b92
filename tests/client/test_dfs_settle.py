"""Requests to a Gen2 account whose answer was lost, before or after the work was done."""

from __future__ import annotations

import asyncio

import pytest

from airflow_provider_adls.model.acl import parse_spec
from airflow_provider_adls.model.errors import (
    BadOffsetError,
    RequestError,
    ServiceUnreachableError,
)

both = pytest.mark.parametrize("drop", ["before", "after"])
SOMEONE = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def client(dfs_client):
    """A client of an empty container."""
    return dfs_client


@pytest.fixture
def lose(fault, account2):
    """Loses one answer of an operation."""
    return lambda operation, drop: fault(operation=operation, drop=drop, times=1, account=account2.name)


async def names(client, path="/"):
    return [entry.name for entry in (await client.list_page(path)).entries]


@both
@pytest.mark.parametrize(("content", "operation"), [(b"", "CreatePathFile"), (b"new", "PutBlob")])
async def test_create(client, lose, drop, content, operation):
    """A creation that may replace is repeated; one that was to be the first is settled, or raised."""
    await client.create("/f", b"old")
    rule = lose(operation, drop)
    await client.create("/f", content)
    assert await client.read("/f") == content
    assert rule.fired == 1
    lose(operation, drop)
    if drop == "after":
        with pytest.raises(ServiceUnreachableError):
            await client.create("/g", content, overwrite=False)
    else:
        await client.create("/g", content, overwrite=False)
    assert await client.read("/g") == content
    lose(operation, drop)
    with pytest.raises(RequestError):
        await client.create("/g", content and b"another's", overwrite=False)
    assert await client.read("/g") == content


@both
@pytest.mark.parametrize("operation", ["CreatePathFile", "AppendFile", "RenamePath"])
async def test_create_with_a_permission(client, lose, drop, operation):
    """A file that is made under a hidden name is whole, whichever of its answers is lost."""
    rule = lose(operation, drop)
    await client.create("/f", b"new", permission="640")
    assert await client.read("/f") == b"new"
    assert await names(client) == ["f"]
    assert rule.fired == 1


@both
@pytest.mark.parametrize("operation", ["AppendFile", "FlushFile"])
async def test_append(client, lose, drop, operation):
    """An append whose answer is lost is in the file once, and leaves no lease behind."""
    await client.create("/f", b"one")
    rule = lose(operation, drop)
    await client.append("/f", b"two", offset=3)
    await client.append("/f", b"three", offset=6)
    assert await client.read("/f") == b"onetwothree"
    assert rule.fired == 1


async def test_append_that_fails(client, fault, account2):
    """An append whose flush is refused leaves the file as it was, for the next one."""
    await client.create("/f", b"one")
    fault(operation="FlushFile", status=403, times=1, account=account2.name)
    with pytest.raises(PermissionError):
        await client.append("/f", b"no", offset=3)
    await client.append("/f", b"two", offset=3)
    assert await client.read("/f") == b"onetwo"


async def test_append_of_another_writer(client, lose):
    """A lost flush is not taken for done where another writer's bytes are in the place."""
    await client.create("/f", b"one")
    known = await client.status("/f")
    await client.append("/f", b"two", offset=3)
    lose("FlushFile", "before")
    with pytest.raises(RequestError) as caught:
        await client.flush("/f", 6, known=known, added=b"TWO")
    assert not isinstance(caught.value, BadOffsetError)
    assert await client.read("/f") == b"onetwo"


@both
@pytest.mark.parametrize("operation", ["CreatePathFile", "AppendFile", "FlushFile", "RenamePath"])
async def test_staging(client, lose, drop, operation):
    """A file that is written in parallel is whole, whichever of its answers is lost."""
    await client.create("/d/f", b"old")
    rule = lose(operation, drop)
    staging = client.staging("/d", lambda: ".hidden")
    await asyncio.gather(staging.write(3, b"def", last=True), staging.write(0, b"abc"))
    await staging.whole(6)
    await staging.place("/d/f", exclusive=False)
    assert await client.read("/d/f") == b"abcdef"
    assert await names(client, "/d") == ["f"]
    assert rule.fired == 1


@both
async def test_rename(client, lose, drop):
    """A rename whose answer is lost is done once; the ETag at the destination says so."""
    await client.create("/f", b"1")
    rule = lose("RenamePath", drop)
    await client.rename("/f", "/g")
    assert await client.read("/g") == b"1"
    await client.create("/d/h", b"2")
    lose("RenamePath", drop)
    await client.rename("/d", "/e")
    assert await client.read("/e/h") == b"2"
    assert rule.fired == 1


async def test_rename_that_nobody_knows_of(client, lose):
    """What is at the destination must be what was at the source; otherwise the loss is raised."""
    await client.create("/f", b"1")
    known = await client.status("/f")
    await client.delete("/f")
    await client.create("/g", b"2")
    lose("RenamePath", "before")
    with pytest.raises(ServiceUnreachableError):
        await client.rename("/f", "/g", overwrite=True, known=known)
    assert await client.read("/g") == b"2"


@both
async def test_delete(client, lose, drop):
    """A deletion whose answer is lost says that something was deleted."""
    await client.create("/d/f", b"1")
    rule = lose("DeletePath", drop)
    assert await client.delete("/d", recursive=True) is True
    assert await names(client) == []
    assert rule.fired == 1


@both
async def test_directory(client, lose, drop):
    """A directory whose answer is lost is there."""
    rule = lose("CreatePathDir", drop)
    await client.make_directories("/a/b", permission="750")
    assert (await client.status("/a/b")).permission == "750"
    assert rule.fired == 1


@both
async def test_restore(client, lose, drop, soft_delete):
    """A restored item is there once."""
    await client.create("/f", b"1")
    await client.delete("/f")
    (item,) = (await client.deleted_page("/")).items
    rule = lose("UndeleteBlob", drop)
    await client.restore(item.token, "/f")
    assert await client.read("/f") == b"1"
    assert rule.fired == 1


@both
@pytest.mark.parametrize(
    ("operation", "change"),
    [
        ("SetPathAccessControlRecursive", lambda c: c.modify_acl("/f", parse_spec(f"user:{SOMEONE}:r--"))),
        ("SetPathAccessControl", lambda c: c.set_permission("/f", "751")),
        (
            "SetPathAccessControlRecursive",
            lambda c: c.change_acl_tree("/", parse_spec("other::r--"), "modify"),
        ),
        ("SetBlobExpiry", lambda c: c.set_expiry("/f", "Absolute", 4_102_444_800_000)),
        ("ListFilesystemDir", lambda c: c.list_page("/")),
        ("GetBlobProperties", lambda c: c.status("/f")),
        ("ReadFile", lambda c: c.read("/f")),
    ],
)
async def test_what_is_repeated(client, lose, drop, operation, change):
    """What leaves the same behind however often it is sent is sent again."""
    await client.create("/f", b"1")
    rule = lose(operation, drop)
    await change(client)
    assert rule.fired == 1
