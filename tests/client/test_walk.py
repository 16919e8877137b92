"""Trees, listed and changed one directory and one item at a time."""

from __future__ import annotations

import pytest

from airflow_provider_adls.model.acl import parse_spec
from airflow_provider_adls.model.errors import AccessDeniedError, PathNotFoundError

SOMEONE = "user:11111111-2222-3333-4444-555555555555"


async def tree(client, path, **options):
    """Return the paths below a directory, sorted."""
    return sorted([name async for page in client.tree_pages(path, **options) for name, _ in page])


@pytest.fixture
async def lake(client):
    """A client of an account with a small tree."""
    for path in ("/t/a/one", "/t/a/b/two", "/t/c d/[1]", "/t/three"):
        await client.create(path, b"x")
    await client.make_directories("/t/empty")
    return client


ALL = ["/t/a", "/t/a/b", "/t/a/b/two", "/t/a/one", "/t/c d", "/t/c d/[1]", "/t/empty", "/t/three"]


@pytest.mark.parametrize("limit", [1, 2, 4000])
async def test_tree(lake, limit):
    """Everything below a directory comes, however many entries a page has."""
    assert await tree(lake, "/t", limit=limit) == ALL
    assert await tree(lake, "/", limit=limit) == ["/t", *ALL]


async def test_of_a_file(lake):
    """There is nothing below a file."""
    assert await tree(lake, "/t/three") == []


async def test_of_nothing(lake):
    """A missing directory is an error."""
    with pytest.raises(PathNotFoundError):
        await tree(lake, "/missing")


async def test_enters(lake, asked):
    """A directory that is not entered comes without what it holds, and is not listed."""
    before = asked().count("LISTSTATUS")
    found = await tree(lake, "/t", enters=lambda path, _: path != "/t/a")
    assert found == ["/t/a", "/t/c d", "/t/c d/[1]", "/t/empty", "/t/three"]
    assert asked().count("LISTSTATUS") - before == 3


async def test_a_directory_that_cannot_be_listed(lake, fault):
    """It ends the walk, or is counted, and the others come."""
    fault(operation="LISTSTATUS", path="/t/a", status=403)
    with pytest.raises(AccessDeniedError):
        await tree(lake, "/t")
    failed = []
    found = await tree(lake, "/t", fail=lambda path, error: failed.append((path, type(error))))
    assert found == ["/t/a", "/t/c d", "/t/c d/[1]", "/t/empty", "/t/three"]
    assert failed == [("/t/a", AccessDeniedError)]


@pytest.mark.parametrize("nth", [2, 3])
async def test_a_later_page_that_is_refused(lake, fault, nth):
    """What came before comes once, the directory is reported once, and the others come."""
    for number in range(5):
        await lake.create(f"/t/a/{number}", b"x")
    fault(operation="LISTSTATUS", path="/t/a", nth=nth, status=403)
    failed = []
    found = await tree(lake, "/t", limit=2, fail=lambda path, _: failed.append(path))
    assert found == sorted({*found})
    assert [path for path in found if path.startswith("/t/a/") and "b" not in path] == [
        f"/t/a/{number}" for number in range(2 * nth - 2)
    ]
    assert {"/t/c d/[1]", "/t/empty", "/t/three"} <= {*found}
    assert failed == ["/t/a"]


async def test_a_directory_that_is_removed_meanwhile(lake, fault):
    """It has nothing in it."""
    fault(operation="LISTSTATUS", path="/t/a", status=404)
    assert "/t/a/one" not in await tree(lake, "/t")


async def test_change_acl_tree(lake):
    """Directories get all entries, files those that are theirs; the result counts both."""
    entries = parse_spec(f"{SOMEONE}:r-x,default:{SOMEONE}:rwx")
    changed = await lake.change_acl_tree("/t", entries, "modify")
    assert (changed.directories, changed.files) == (5, 4)
    assert set(entries) <= set((await lake.acl("/t/a/b")).entries)
    of_a_file = (await lake.acl("/t/a/b/two")).entries
    assert entries[0] in of_a_file
    assert not any(entry.default for entry in of_a_file)
    changed = await lake.change_acl_tree("/t", entries[1:], "remove")
    assert (changed.directories, changed.files) == (5, 0)
    assert entries[1] not in (await lake.acl("/t/a/b")).entries
    base = parse_spec("user::rwx,group::r-x,other::---")
    changed = await lake.change_acl_tree("/t/three", base, "set")
    assert (changed.directories, changed.files) == (0, 1)
    assert (await lake.status("/t/three")).permission == "750"


async def test_an_acl_that_cannot_be_changed(lake, fault):
    """It ends the change, or is counted, and the others are changed."""
    fault(operation="MODIFYACLENTRIES", path="/t/three", status=403)
    entries = parse_spec(f"{SOMEONE}:r-x")
    with pytest.raises(AccessDeniedError):
        await lake.change_acl_tree("/t", entries, "modify")
    failed = []
    changed = await lake.change_acl_tree("/t", entries, "modify", fail=lambda path, _: failed.append(path))
    assert (changed.directories, changed.files, failed) == (5, 3, ["/t/three"])
