"""Files of a Gen2 container that are put together, and what is left of one that was broken off."""

from __future__ import annotations

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.model.acl import parse_spec
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError

SOURCES = ["/in/1", "/in/2", "/in/3 é"]
SOMEONE = "user:11111111-2222-3333-4444-555555555555"


@pytest.fixture
async def client(dfs_client):
    """A client of a container with three files, one of them empty, beside another."""
    for name, content in zip([*SOURCES, "/in/other"], (b"one", b"", b"three", b"other"), strict=True):
        await dfs_client.create(name, content)
    return dfs_client


@pytest.fixture
def refuse(fault, account2):
    """Refuses the one request of an operation that has this number."""
    return lambda operation, nth: fault(operation=operation, nth=nth, status=403, account=account2.name)


async def names(client, path):
    return [entry.name for entry in (await client.list_page(path)).entries]


@pytest.mark.parametrize(
    ("operation", "nth"),
    [
        ("CreatePathFile", 1),
        ("AppendFile", 2),
        ("FlushFile", 1),
        ("SetPathProperties", 1),
        ("SetPathAccessControl", 1),
        ("RenamePath", 1),
        *(("DeletePath", nth) for nth in (1, 2, 3)),
    ],
)
async def test_broken_off(client, refuse, operation, nth):
    """The same call again ends it, wherever it was broken off: nothing is in it twice or lost."""
    await client.create("/whole", b"-")
    with refuse(operation, nth) as rule:
        with pytest.raises(PermissionError):
            await client.concatenate("/whole", SOURCES)
        assert rule.fired == 1
        await client.concatenate("/whole", SOURCES)
    assert await client.read("/whole") == b"-onethree"
    assert await names(client, "/in") == ["other"]
    assert await names(client, "/") == ["in", "whole"]


async def test_files_of_the_same_names(client):
    """An earlier join of the same names does not suppress a new one."""
    await client.concatenate("/whole", SOURCES)
    for name in SOURCES:
        await client.create(name, b"new")
    await client.concatenate("/whole", SOURCES)
    assert await client.read("/whole") == b"onethreenewnewnew"
    with pytest.raises(PathNotFoundError):
        await client.concatenate("/whole", SOURCES)


async def test_rights_stay(client):
    """A destination that is added to keeps its rights."""
    await client.create("/whole", b"-")
    await client.modify_acl("/whole", parse_spec(f"{SOMEONE}:r--"))
    before = await client.acl("/whole")
    await client.concatenate("/whole", SOURCES)
    assert await client.acl("/whole") == before


async def test_destination_that_changes_meanwhile(client, mocker):
    """What another writer adds meanwhile is not lost: nothing is put in its place."""
    await client.create("/whole", b"-")
    mark = client._set_mark

    async def write_too(path, known):
        await client.append("/whole", b"theirs", offset=1)
        await mark(path, known)

    mocker.patch.object(client, "_set_mark", write_too)
    with pytest.raises(OSError, match="condition"):
        await client.concatenate("/whole", SOURCES)
    assert await client.read("/whole") == b"-theirs"
    assert await names(client, "/in") == ["1", "2", "3 é", "other"]


@pytest.mark.parametrize("if_exists", ["fail", "append", "overwrite"])
@pytest.mark.parametrize("nth", [1, 2, 3])
async def test_join_that_was_broken_off(client, refuse, account2, emulator, if_exists, nth):
    """A join that was broken off while it removed its sources is ended by the same call."""
    fs = ADLSGen1FileSystem(
        account2.name,
        container="test",
        account_key=account2.key1,
        endpoint_url=account2.dfs_url,
        ca_file=emulator.ca_file,
        asynchronous=True,
        skip_instance_cache=True,
    )
    if if_exists != "fail":
        await client.create("/whole", b"-")
    with refuse("DeletePath", nth):
        with pytest.raises(PermissionError):
            await fs._join("/whole", SOURCES, if_exists)
        assert await fs._join("/whole", SOURCES, if_exists) is True
    assert await client.read("/whole") == (b"-" if if_exists == "append" else b"") + b"onethree"
    assert await names(client, "/in") == ["other"]
    if if_exists == "fail":
        for name in SOURCES:
            await client.create(name, b"new")
        with pytest.raises(PathExistsError):
            await fs._join("/whole", SOURCES, if_exists)
    await fs._close()


async def test_many(client):
    """More files than a mark names are put together too."""
    many = [f"/many/{number:03}" for number in range(210)]
    for name in many:
        await client.create(name, name[-1:].encode())
    await client.concatenate("/whole", many)
    assert await client.read("/whole") == b"".join(name[-1:].encode() for name in many)
    assert await names(client, "/many") == []
