"""The verbs, one by one, against the emulator, on both services."""

from __future__ import annotations

import time
from contextlib import aclosing

import pytest

from airflow_provider_adls.model.acl import parse_spec
from airflow_provider_adls.model.errors import (
    BadOffsetError,
    PathExistsError,
    PathNotFoundError,
    ServiceError,
)
from airflow_provider_adls.model.operations import MAX_BODY

SOMEONE = "11111111-2222-3333-4444-555555555555"
NAMES = [
    "a b",
    "100%",
    "#1",
    "a+b",
    "what?",
    "a,b",
    "a&b=c",
    "it's",
    "naïve-文件-😀",
    "%2F",
    "a;b",
    '"q"',
    "~x",
    "x" * 200,
]


@pytest.fixture
def client(service, request):
    """A client of an empty account, or of an empty container."""
    return request.getfixturevalue("client" if service == "gen1" else "dfs_client")


@pytest.fixture
def keeping(service, request):
    """Has the account keep what is deleted, as Gen1 always does."""
    if service == "gen2":
        request.getfixturevalue("soft_delete")


@pytest.mark.parametrize("name", NAMES)
async def test_names_arrive_as_they_are(client, name):
    """A file of any name is listed, read and renamed under just that name."""
    await client.create(f"/{name}/{name}", name.encode())
    assert [entry.name for entry in (await client.list_page(f"/{name}")).entries] == [name]
    await client.rename(f"/{name}/{name}", f"/{name}/new {name}")
    assert await client.read(f"/{name}/new {name}") == name.encode()


async def test_a_name_of_a_thousand_characters(client):
    """A name may be as long as any service takes."""
    name = "文" * 1000
    await client.create(f"/{name}", b"1")
    assert [entry.name for entry in (await client.list_page("/")).entries] == [name]
    assert await client.read(f"/{name}") == b"1"


async def test_status(client):
    """A status has type and length, and no name."""
    await client.create("/d/f", b"12345")
    file, directory = await client.status("/d/f"), await client.status("/d")
    assert (file.type, file.length, file.name) == ("FILE", 5, "")
    assert (directory.type, directory.length, directory.is_directory) == ("DIRECTORY", 0, True)


async def test_list_of_a_file(client):
    """Where a file is listed, it is the one entry, without a name."""
    await client.create("/f", b"1")
    assert [(entry.name, entry.length) for entry in (await client.list_page("/f")).entries] == [("", 1)]


async def test_pages(client):
    """A directory comes in pages; a last page that is full is followed by none that is empty in vain."""
    names = [f"f{number}" for number in range(6)]
    for name in names:
        await client.create(f"/d/{name}")
    sizes = [[entry.name for entry in page] async for page in client.pages("/d", limit=2)]
    assert names == [name for page in sizes for name in page]
    first = await client.list_page("/d", limit=4)
    rest = await client.list_page("/d", limit=4, token=first.continuation)
    assert [entry.name for page in (first, rest) for entry in page.entries] == names
    assert rest.continuation == ""


@pytest.mark.parametrize(
    ("offset", "length", "expected"),
    [
        (0, None, b"0123456789"),
        (3, None, b"3456789"),
        (2, 3, b"234"),
        (8, 100, b"89"),
        (0, 0, b""),
        (10, 5, b""),
    ],
)
async def test_ranges(client, offset, length, expected):
    """A range is what it says, and ends where the file does."""
    await client.create("/f", b"0123456789")
    assert expected == await client.read("/f", offset=offset, length=length)
    assert expected == b"".join(await client.read_pieces("/f", offset=offset, length=length))
    chunks = [chunk async for chunk in client.stream("/f", offset=offset, length=length)]
    assert expected == b"".join(chunks)


async def test_a_stream_may_be_left(client):
    """A stream that is left in its middle leaves the client usable and no connection behind."""
    await client.create("/f", bytes(MAX_BODY))
    async with aclosing(client.stream("/f")) as chunks:
        async for chunk in chunks:
            assert chunk
            break
    assert (await client.status("/f")).length == MAX_BODY


@pytest.mark.parametrize("size", [0, 1, MAX_BODY])
async def test_create_sizes(client, size):
    """One request creates a file of up to 4 MiB."""
    content = b"x" * size
    await client.create("/f", content)
    assert content == await client.read("/f")


async def test_too_large_for_a_request(client):
    """More than a request carries is refused before it is sent."""
    with pytest.raises(ValueError, match="at most 4194304 bytes"):
        await client.create("/f", bytes(MAX_BODY + 1))
    with pytest.raises(ValueError, match="at most 4194304 bytes"):
        await client.append("/f", bytes(MAX_BODY + 1), offset=0)


async def test_create_over_a_file(client):
    """A creation replaces a file, unless it is to be the first."""
    await client.create("/f", b"one")
    await client.create("/f", b"two", permission="640")
    with pytest.raises(PathExistsError):
        await client.create("/f", b"three", overwrite=False)
    assert await client.read("/f") == b"two"


async def test_append(client):
    """Bytes are added at the offset that the file has, and at no other."""
    await client.create("/f", b"one", close=False)
    await client.append("/f", b"two", offset=3)
    with pytest.raises(BadOffsetError):
        await client.append("/f", b"three", offset=3)
    assert await client.read("/f") == b"onetwo"


async def test_concatenate(client):
    """Files are put together in the given order, after what the destination holds, and are gone then."""
    for name in ("a", "b", "c, d"):
        await client.create(f"/parts/{name}", name.encode())
    await client.create("/whole", b"-")
    await client.concatenate("/whole", ["/parts/c, d", "/parts/a", "/parts/b"], delete_source_directory=True)
    assert await client.read("/whole") == b"-c, dab"
    with pytest.raises(PathNotFoundError):
        await client.status("/parts")


@pytest.mark.parametrize("sources", [[], ["/a", "/a"], ["/a", "/whole"]])
async def test_concatenation_that_makes_no_sense(client, sources):
    """No sources, one twice, or the destination among them is refused before it is sent."""
    with pytest.raises(ValueError, match="sources that all differ"):
        await client.concatenate("/whole", sources)


async def test_directories(client):
    """Directories are made with their parents, and one that exists is left as it is."""
    await client.make_directories("/a/b/c", permission="750")
    await client.make_directories("/a/b/c")
    assert (await client.status("/a/b/c")).permission == "750"


async def test_rename_says_why_not(client):
    """The service's bare `false` becomes the error that it means."""
    await client.create("/one", b"1")
    await client.create("/two", b"2")
    with pytest.raises(PathNotFoundError, match="/missing"):
        await client.rename("/missing", "/two")
    with pytest.raises(PathExistsError, match="/two exists"):
        await client.rename("/one", "/two")
    with pytest.raises(PathNotFoundError, match="/no, the destination's directory"):
        await client.rename("/one", "/no/one")
    await client.rename("/one", "/two", overwrite=True)
    assert await client.read("/two") == b"1"


async def test_rename_of_what_vanished(client):
    """A source that was removed after it was looked at is missing, in the error too."""
    await client.create("/one", b"1")
    known = await client.status("/one")
    await client.delete("/one")
    with pytest.raises(PathNotFoundError, match="source"):
        await client.rename("/one", "/two", known=known)


async def test_delete(client):
    """A deletion says whether the path existed, and spares a directory that is not empty."""
    await client.create("/d/f")
    with pytest.raises(ServiceError):
        await client.delete("/d")
    assert await client.delete("/d", recursive=True) is True
    assert await client.delete("/d", recursive=True) is False


async def test_permission_and_owner(client):
    """Permission, owner and group are set, each on its own."""
    await client.create("/f")
    group = (await client.status("/f")).group
    await client.set_permission("/f", "741")
    await client.set_owner("/f", owner=SOMEONE)
    status = await client.status("/f")
    assert ("741", SOMEONE, group) == (status.permission, status.owner, status.group)
    await client.set_owner("/f", group=SOMEONE)
    assert (await client.status("/f")).group == SOMEONE
    with pytest.raises(ValueError, match="owner, a group"):
        await client.set_owner("/f")


async def test_access_control_list(client):
    """Entries are added, removed, replaced and cleared."""
    await client.make_directories("/d", permission="750")
    await client.modify_acl("/d", parse_spec(f"user:{SOMEONE}:rwx,default:user:{SOMEONE}:r-x"))
    entries = [str(entry) for entry in (await client.acl("/d")).entries]
    assert {f"user:{SOMEONE}:rwx", f"default:user:{SOMEONE}:r-x"} <= set(entries)
    await client.remove_acl_entries("/d", parse_spec(f"user:{SOMEONE}:rwx"))
    assert f"user:{SOMEONE}:rwx" not in [str(entry) for entry in (await client.acl("/d")).entries]
    await client.remove_default_acl("/d")
    assert not [entry for entry in (await client.acl("/d")).entries if entry.default]
    await client.set_acl("/d", parse_spec(f"user::rwx,user:{SOMEONE}:r--,group::r-x,other::---"))
    acl = await client.acl("/d")
    assert f"user:{SOMEONE}:r--" in [str(entry) for entry in acl.entries]
    assert (False, (await client.status("/d")).owner) == (acl.sticky_bit, acl.owner)
    await client.remove_acl("/d")
    assert [entry.type for entry in (await client.acl("/d")).entries] == ["user", "group", "other"]


async def test_expiry(client):
    """A file's expiry is set to a moment, and taken back."""
    await client.create("/f")
    moment = int(time.time() + 3600) * 1000
    await client.set_expiry("/f", "Absolute", moment)
    assert (await client.status("/f")).expiration_time == moment
    await client.set_expiry("/f", "NeverExpire")
    assert (await client.status("/f")).expiration_time == 0


async def test_times(client):
    """Each time is set on its own."""
    await client.create("/f")
    await client.set_times("/f", modified=1_700_000_000_000)
    before = await client.status("/f")
    await client.set_times("/f", accessed=1_600_000_000_000)
    after = await client.status("/f")
    assert (before.modification_time, after.modification_time) == (1_700_000_000_000,) * 2
    assert (after.access_time, before.access_time > after.access_time) == (1_600_000_000_000, True)


async def test_deleted_items(client, keeping):
    """What was deleted is found by a part of its path, page by page, and brought back."""
    for name in ("a1", "a2", "b"):
        await client.create(f"/d/{name}", name.encode())
        await client.delete(f"/d/{name}")
    page = await client.deleted_page("/d/a", limit=1)
    rest = await client.deleted_page("/d/a", token=page.continuation)
    assert [item.path for item in (*page.items, *rest.items)] == ["/d/a1", "/d/a2"]
    assert (page.continuation != "", rest.continuation, page.items[0].type) == (True, "", "FILE")
    await client.restore(page.items[0].token, "/d/new")
    assert await client.read("/d/new") == b"a1"
    with pytest.raises(PathNotFoundError):
        await client.restore(page.items[0].token, "/d/again")
    with pytest.raises(PathExistsError):
        await client.restore(rest.items[0].token, "/d/new")
    await client.restore(rest.items[0].token, "/d/new", action="overwrite")
    assert await client.read("/d/new") == b"a2"


async def test_deleted_directory(client, keeping):
    """A directory comes back with what it held."""
    await client.create("/d/f", b"1")
    await client.delete("/d", recursive=True)
    (item,) = (await client.deleted_page("/d")).items
    await client.restore(item.token, item.path, directory=True)
    assert (item.type, await client.read("/d/f")) == ("DIRECTORY", b"1")


async def test_content_summary(client):
    """Directories, files and bytes are counted, the directory itself among them."""
    await client.create("/d/e/f", b"123")
    await client.create("/d/g", b"45")
    summary = await client.content_summary("/d")
    assert (summary.directories, summary.files, summary.length) == (2, 2, 5)
