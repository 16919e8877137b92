"""The verbs on a Gen2 account, one by one, against the emulator."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import uuid
from unittest.mock import AsyncMock

import pytest

from airflow_provider_adls.client import DataLakeClient
from airflow_provider_adls.client.dfs import DfsClient
from airflow_provider_adls.model.acl import parse_spec
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    BadOffsetError,
    ContainerNotFoundError,
    PathExistsError,
    PathNotFoundError,
    ServiceFailureError,
    SourceChangedError,
    UnsupportedOperationError,
)
from tests.client.canned import answer, canned
from tests.client.conftest import FAST

SOMEONE = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def client(dfs_client):
    """A client of an empty container."""
    return dfs_client


@pytest.fixture
def fault(fault, account2):
    """Lets requests to the test's storage account fail."""
    return lambda **rule: fault(**{"account": account2.name, **rule})


NAMES = ["a b", "100%", "#1", "a+b", "what?", "a&b=c", "naïve-文件-😀", "%2F", "x[1]", '"q"']


def test_it_is_the_interface():
    """The client has each verb of the interface, with the same parameters."""
    for verb, member in vars(DataLakeClient).items():
        if inspect.isfunction(member) and verb[0] != "_":
            assert inspect.signature(member) == inspect.signature(getattr(DfsClient, verb))


async def test_status(client):
    """A status says type and length; that of a missing path is an error."""
    await client.create("/d/f", b"12345")
    file, directory = await client.status("/d/f"), await client.status("/d")
    assert (file.type, file.length, file.name, file.permission) == ("FILE", 5, "", "640")
    assert file.created is not None
    assert (directory.type, directory.length) == ("DIRECTORY", 0)
    assert (await client.status("/")).is_directory
    with pytest.raises(PathNotFoundError):
        await client.status("/missing")


async def test_pages_and_tree(client):
    """Listings come page by page; a tree comes with names below its directory."""
    for number in range(5):
        await client.create(f"/d/s{number}/f", b"x")
    pages = [[entry.name for entry in page] async for page in client.pages("/d", limit=2)]
    assert [name for page in pages for name in page] == [f"s{n}" for n in range(5)]
    assert len(pages) >= 3
    tree = [name async for page in client.tree_pages("/d", limit=3) for name, _ in page]
    assert sorted(tree) == sorted([f"/d/s{n}" for n in range(5)] + [f"/d/s{n}/f" for n in range(5)])
    summary = await client.content_summary("/d")
    assert (summary.directories, summary.files, summary.length) == (6, 5, 5)
    assert [e.name for e in (await client.list_page("/d/s0/f")).entries] == [""]


async def test_append_meets_another_writer(client):
    """A flush whose file was changed since the look at its length is refused."""
    await client.create("/f", b"one")
    known = await client.status("/f")
    await client.append("/f", b"two", offset=3)
    with pytest.raises(BadOffsetError):
        await client.flush("/f", 6, known=known)


async def test_appends_at_once(client):
    """Of writers at one offset, one writes; the others learn that the file has another length."""
    await client.create("/f", b"-")
    outcomes = await asyncio.gather(
        *(client.append("/f", bytes([65 + n]) * 3, offset=1) for n in range(6)), return_exceptions=True
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(outcome is None or isinstance(outcome, BadOffsetError) for outcome in outcomes)
    content = await client.read("/f")
    assert content == b"-" + bytes([65 + outcomes.index(None)]) * 3


async def test_append_to_a_file_of_the_blob_face(client, fault):
    """A file that was put together from blocks is written anew first, with its rights."""
    await client.create("/d/f", b"one")
    await client.set_acl("/d/f", parse_spec(f"user::rwx,user:{SOMEONE}:r--,group::r-x,other::---"))
    before = (await client.acl("/d/f")).entries
    fault(operation="AppendFile", path="/test/d/f", error="InvalidFlushOperation", status=409, times=1)
    await client.append("/d/f", b"two", offset=3)
    assert await client.read("/d/f") == b"onetwo"
    assert (await client.acl("/d/f")).entries == before
    assert [e.name for e in (await client.list_page("/d")).entries] == ["f"]


async def test_staging(client):
    """A file is written at its offsets at once, and has its name only when it is whole."""
    await client.create("/d/f", b"old")
    staging = client.staging("/d", lambda: ".hidden")
    await asyncio.gather(staging.write(3, b"def"), staging.write(0, b"abc"))
    assert await client.read("/d/f") == b"old"
    await staging.whole(6)
    with pytest.raises(PathExistsError):
        await staging.place("/d/f", exclusive=True)
    await staging.place("/d/f", exclusive=False)
    await staging.discard()
    assert await client.read("/d/f") == b"abcdef"
    assert [e.name for e in (await client.list_page("/d")).entries] == ["f"]


async def test_staging_with_a_gap(client):
    """A file that lacks bytes is never whole."""
    staging = client.staging("/", lambda: ".hidden")
    await staging.write(3, b"def")
    with pytest.raises(ServiceFailureError):
        await staging.whole(6)
    await staging.discard()
    assert (await client.list_page("/")).entries == []


async def test_rename(client):
    """A rename replaces nothing unasked, and no directory; it keeps the ETag."""
    await client.create("/a", b"a")
    await client.create("/b", b"b")
    with pytest.raises(PathExistsError, match="/b exists"):
        await client.rename("/a", "/b")
    etag = (await client.status("/a")).etag
    await client.rename("/a", "/b", overwrite=True)
    assert (await client.status("/b")).etag == etag
    with pytest.raises(PathNotFoundError):
        await client.rename("/a", "/c")
    with pytest.raises(PathNotFoundError, match="/missing, the destination's directory"):
        await client.rename("/b", "/missing/b")
    await client.create("/x/f", b"f")
    await client.make_directories("/y")
    for overwrite in (False, True):
        with pytest.raises(PathExistsError):
            await client.rename("/x", "/y", overwrite=overwrite)
        with pytest.raises(PathExistsError):
            await client.rename("/b", "/y", overwrite=overwrite)
    await client.rename("/x", "/z")
    assert await client.read("/z/f") == b"f"


async def test_mask(client):
    """A mask that was set stays, unless a new entry needs more than it lets through."""
    await client.make_directories("/d")
    await client.set_acl("/d", parse_spec(f"user::rwx,user:{SOMEONE}:rwx,group::rwx,mask::r--,other::---"))

    async def mask():
        return next(str(entry) for entry in (await client.acl("/d")).entries if entry.type == "mask")

    await client.modify_acl("/d", parse_spec("other::--x"))
    assert await mask() == "mask::r--"
    await client.modify_acl("/d", parse_spec("user:another:r--"))
    assert await mask() == "mask::r--"
    await client.remove_acl_entries("/d", parse_spec("user:another", rights=False))
    assert await mask() == "mask::r--"
    await client.modify_acl("/d", parse_spec("user:another:r-x"))
    assert await mask() == "mask::r-x"
    await client.modify_acl("/d", parse_spec("mask::---"))
    assert await mask() == "mask::---"


async def test_changes_of_one_acl_at_the_same_time(client):
    """Of many writers that change one list, no one's change is lost, and nothing below changes."""
    await client.create("/d/f", b"x")
    before = await client.acl("/d/f")
    people = [str(uuid.UUID(int=number + 1)) for number in range(8)]
    for path in ("/d", "/d/f"):
        await asyncio.gather(*(client.modify_acl(path, parse_spec(f"user:{who}:r--")) for who in people))
        found = {entry.qualifier for entry in (await client.acl(path)).entries}
        assert found >= set(people)
        if path == "/d":
            assert await client.acl("/d/f") == before
        await asyncio.gather(
            *(client.remove_acl_entries(path, parse_spec(f"user:{who}", rights=False)) for who in people)
        )
        assert not {entry.qualifier for entry in (await client.acl(path)).entries} & set(people)


async def test_acl_of_a_tree(client):
    """The service changes all of a tree; files get no default entries, and only what applies is counted."""
    for name in ("/t/a/1", "/t/b/2"):
        await client.create(name, b"x")
    entries = parse_spec(f"user:{SOMEONE}:r-x,default:user:{SOMEONE}:rwx")
    changed = await client.change_acl_tree("/t", entries, "modify")
    assert (changed.directories, changed.files) == (3, 2)
    assert entries[0] in (await client.acl("/t/a/1")).entries
    assert set(entries) <= set((await client.acl("/t/b")).entries)
    changed = await client.change_acl_tree("/t", entries[1:], "remove")
    assert (changed.directories, changed.files) == (3, 0)
    assert entries[1] not in (await client.acl("/t/b")).entries


async def test_expiry(client):
    """An expiry is set by the Blob face, and listed."""
    await client.create("/f", b"1")
    await client.set_expiry("/f", "Absolute", 4_102_444_800_000)
    assert (await client.list_page("/")).entries[0].expiration_time == 4_102_444_800_000
    await client.set_expiry("/f", "NeverExpire")
    assert (await client.list_page("/")).entries[0].expiration_time == 0


async def test_check_access(client):
    """The caller's rights are the service's answer."""
    await client.create("/f", b"1")
    assert await client.check_access("/f", "r--")


async def test_trees_that_are_not_entered(client):
    """A directory that is not entered comes without all that is below it."""
    for name in ("/t/a/b/1", "/t/a/2", "/t/ab/3"):
        await client.create(name, b"x")
    pages = client.tree_pages("/t", enters=lambda path, _: path != "/t/a")
    assert [name async for page in pages for name, _ in page] == ["/t/a", "/t/ab", "/t/ab/3"]
    assert [page async for page in client.tree_pages("/t/ab/3")] == []
    with pytest.raises(PathNotFoundError):
        _ = [page async for page in client.tree_pages("/missing")]


async def test_a_closed_directory(client, fault):
    """A tree that the service does not list as a whole is walked, and what is closed is counted."""
    for name in ("/t/a/1", "/t/b/2"):
        await client.create(name, b"x")
    fault(operation="ListFilesystemDir", nth=1, status=403)
    fault(operation="ListFilesystemDir", nth=3, status=403)
    failed = []
    pages = client.tree_pages("/t", fail=lambda path, error: failed.append((path, type(error))))
    found = [name async for page in pages for name, _ in page]
    assert len(found) == 3
    assert [(len(path), kind) for path, kind in failed] == [(len("/t/a"), AccessDeniedError)]


#: In the service's order.
TREE = [
    f"/t/{name}" for name in ["a", "a/1", "a/b", "a/b/c", "a/b/c/2", "a-b", "a-b/3", "z", "z/[1] %", "z/é"]
]


@pytest.mark.parametrize("nth", range(1, 6))
@pytest.mark.parametrize("limit", [2, 3])
async def test_a_tree_that_is_refused_after_some_pages(client, fault, nth, limit):
    """Everything comes just once where a page of a tree is refused, and the rest is walked."""
    for path in TREE:
        if path[-1] in "123]%é":
            await client.create(path, b"x")
    fault(operation="ListFilesystemDir", nth=nth, status=403)
    found = [name async for page in client.tree_pages("/t", limit=limit) for name, _ in page]
    assert sorted(found) == sorted(TREE)


async def test_a_closed_directory_after_some_pages(client, fault):
    """A walk that goes on with a listing enters what that did, and reports a closed directory once."""
    for path in TREE:
        if path[-1] in "123]%é":
            await client.create(path, b"x")
    for nth in (3, 5):
        fault(operation="ListFilesystemDir", nth=nth, status=403)
    failed = []
    pages = client.tree_pages(
        "/t", limit=3, enters=lambda path, _: path != "/t/a/b", fail=lambda path, error: failed.append(path)
    )
    found = [name async for page in pages for name, _ in page]
    (closed,) = failed
    missing = {path for path in TREE[-5:] if path.startswith(f"{closed}/")}
    assert sorted(found) == sorted({*TREE} - {"/t/a/b/c", "/t/a/b/c/2"} - missing)


async def test_status_without_the_right_to_read(client, fault):
    """What only the Blob face says may be missing; the rest of a status needs no right on the file."""
    await client.create("/f", b"123")
    fault(operation="GetBlobProperties", status=403)
    assert (await client.status("/f")).length == 3


@pytest.mark.parametrize("content", [b"", b"one"])
@pytest.mark.parametrize("permission", ["600", "777", "1640"])
async def test_permission_given(client, content, permission):
    """A permission that is given is the file's, whatever the service clears by default."""
    await client.create("/d/f", content, permission=permission)
    assert (await client.status("/d/f")).permission == permission
    assert await client.read("/d/f") == content
    assert [e.name for e in (await client.list_page("/d")).entries] == ["f"]


async def test_missing_container(emulator, account2, credential2):
    """A container that does not exist is not a missing path, and is named."""
    client = DfsClient(
        account2.name, "other", account2.dfs_url, credential2, ca_file=emulator.ca_file, retry=FAST
    )
    for call in (client.status("/"), client.status("/f"), client.list_page("/"), client.create("/f", b"1")):
        with pytest.raises(ContainerNotFoundError, match="no container 'other'"):
            await call
    await client.close()


def test_impossible_container(account2, credential2):
    """A name that no container can have is refused at once."""
    with pytest.raises(ValueError, match="container"):
        DfsClient(account2.name, "No", account2.dfs_url, credential2)


async def test_times_are_refused(client):
    """What Gen2 lacks is refused by name, before a request."""
    with pytest.raises(UnsupportedOperationError, match="Gen2"):
        await client.set_times("/f", modified=0)


async def test_no_other_name_for_a_restored_item(client, soft_delete):
    """A deleted item gets no name that the caller did not give."""
    await client.create("/f", b"1")
    await client.delete("/f")
    (item,) = (await client.deleted_page("/")).items
    with pytest.raises(UnsupportedOperationError, match="Gen2"):
        await client.restore(item.token, "/f", action="copy")


async def test_short_answers_are_continued(client, account2):
    """What an answer leaves out is asked for, of the same version alone."""
    first = answer(206, b"ab", 'ETag: "1"\r\n')
    async with canned(first, answer(206, b"cde", 'ETag: "1"\r\n')) as (url, heads):
        short = DfsClient(account2.name, "test", url, NoSignature(), retry=FAST)
        assert await short.read("/f", offset=7, length=5) == b"abcde"
        await short.close()
    assert [re.search(r"Range: (\S+)", head)[1] for head in heads] == ["bytes=7-11", "bytes=9-11"]
    assert 'If-Match: "1"' in heads[1]
    async with canned(first, answer(412, b"", "x-ms-error-code: ConditionNotMet\r\n")) as (url, heads):
        short = DfsClient(account2.name, "test", url, NoSignature(), retry=FAST)
        with pytest.raises(SourceChangedError):
            await short.read("/f", offset=7, length=5)
        await short.close()


async def test_a_version_that_is_asked_for(client):
    """Bytes of another version than the one that is asked for are not given."""
    await client.create("/f", b"0123")
    etag = (await client.status("/f")).etag
    assert await client.read("/f", offset=1, length=2, etag=etag) == b"12"
    await client.create("/f", b"4567")
    for length in (0, 2, None):
        with pytest.raises(SourceChangedError):
            await client.read("/f", offset=1, length=length, etag=etag)
    with pytest.raises(SourceChangedError):
        _ = [chunk async for chunk in client.stream("/f", etag=etag)]


async def test_reading_a_directory(client):
    """A directory has no content."""
    await client.make_directories("/d")
    with pytest.raises(IsADirectoryError):
        await client.read("/d")
    with pytest.raises(IsADirectoryError):
        await client.read("/d", length=5)
    with pytest.raises(IsADirectoryError):
        async for _ in client.stream("/d"):
            pass
    with pytest.raises(IsADirectoryError):
        await client.read_into(AsyncMock(), "/d", offset=0, length=5)


def page(*names, token=""):
    """An answer to a listing."""
    entry = {
        "contentLength": "1",
        "etag": "1",
        "group": "g",
        "lastModified": "Wed, 08 Mar 2023 20:17:00 GMT",
        "owner": "o",
        "permissions": "rw-r-----+",
    }
    body = {"paths": [{**entry, "name": name} for name in names]}
    return answer(200, json.dumps(body).encode(), f"x-ms-continuation: {token}\r\n" if token else "")


@pytest.fixture
async def at():
    """Makes clients of whatever answers at a URL."""
    clients = []

    def make(url):
        clients.append(DfsClient("lake", "test", url, NoSignature(), retry=FAST))
        return clients[-1]

    yield make
    for client in clients:
        await client.close()


async def test_pages_that_are_short_or_empty(at):
    """A listing goes on for as long as there is a token, whatever a page holds."""
    pages = [page("d/a", token="1"), page(token="2"), page("d/b/c"), page()]
    async with canned(*pages[:3]) as (url, heads):
        found = [name async for found in at(url).tree_pages("/d") for name, _ in found]
    assert found == ["/d/a", "/d/b/c"]
    assert ["continuation" in head for head in heads] == [False, True, True]
    async with canned(*pages[:2], page("d/b")) as (url, _):
        names = [entry.name async for found in at(url).pages("/d") for entry in found]
    assert names == ["a", "b"]


async def test_a_listing_that_does_not_advance(at):
    """A listing that comes back to a page is the service's failure."""
    async with canned(page("d/a", token="1")) as (url, _):
        with pytest.raises(ServiceFailureError, match="does not advance"):
            _ = [found async for found in at(url).tree_pages("/d")]


@pytest.mark.parametrize("name", ["../x", "d/../x", "d//x", "other/x", "d/./x", "d/x\0", ""])
async def test_entries_that_no_directory_has(at, name):
    """A name that leads out of the directory that is listed is the service's failure."""
    async with canned(page(name)) as (url, _):
        with pytest.raises(ServiceFailureError, match="an entry is called"):
            _ = [found async for found in at(url).tree_pages("/d")]


async def test_deletion_in_portions(at):
    """A tree that the service deletes in portions is asked for until it is gone."""
    part = answer(200, b"", "x-ms-continuation: 1\r\nConnection: close\r\n")
    async with canned(part, answer(200)) as (url, heads):
        assert await at(url).delete("/d", recursive=True) is True
    assert "continuation=1" in heads[1]
    gone = answer(404, b"", "x-ms-error-code: PathNotFound\r\n")
    async with canned(part, gone) as (url, _):
        assert await at(url).delete("/d", recursive=True) is True


async def test_acl_of_a_tree_in_portions(at):
    """What each request changed is added up, and what none could change is named."""
    failed = {"name": "d/f", "type": "FILE", "errorMessage": "This request is not authorized to do it."}
    first = {"directoriesSuccessful": 2, "filesSuccessful": 3, "failedEntries": [failed], "failureCount": 1}
    second = {"directoriesSuccessful": 1, "filesSuccessful": 0, "failedEntries": [], "failureCount": 0}
    answers = [
        answer(200, json.dumps(first).encode(), "x-ms-continuation: 1\r\n"),
        answer(200, json.dumps(second).encode()),
    ]
    entries = parse_spec(f"user:{SOMEONE}:r-x")
    failures = []
    async with canned(*answers) as (url, heads):
        changed = await at(url).change_acl_tree(
            "/d", entries, "modify", fail=lambda path, error: failures.append((path, type(error)))
        )
    assert (changed.directories, changed.files) == (3, 3)
    assert failures == [("/d/f", AccessDeniedError)]
    assert "forceFlag=true" in heads[0]
    async with canned(*answers) as (url, heads):
        with pytest.raises(AccessDeniedError, match="not authorized") as caught:
            await at(url).change_acl_tree("/d", entries, "modify")
    assert caught.value.path == "/d/f"
    assert "forceFlag=false" in heads[0]


@pytest.mark.parametrize(
    ("endpoint", "works"),
    [("https://lake.dfs.core.windows.net", True), ("https://lake.example.com", False)],
)
async def test_an_endpoint_without_the_other_face(endpoint, works, at):
    """Where the Blob face does not follow from the endpoint, what needs it is refused by name."""
    client = at(endpoint)
    assert client._has_blob_face is works
    if not works:
        for call in (
            client.set_expiry("/f", "NeverExpire"),
            client.deleted_page("/"),
            client.restore("x", "/f"),
        ):
            with pytest.raises(UnsupportedOperationError, match="Blob face"):
                await call


class NoSignature:
    """A credential for a service that looks at none."""

    secrets = ()

    def sign(self, account, method, url, headers, length):
        return url
