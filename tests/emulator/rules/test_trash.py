from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.rules import content, directories, trash
from airflow_provider_adls.emulator.rules.refusals import Conflict, Denied, Invalid, Missing


def paths_of(call, hint: str = "", **page) -> list[str]:
    found, _, _ = trash.listing(call, hint, **{"size": 100, **page})
    return [item.path for item, _ in found]


def token_of(call, path: str) -> str:
    found, _, _ = trash.listing(call, path, size=100)
    return next(trash.token(item) for item, _ in found if item.path == path)


def read(call, path: str) -> bytes:
    with content.read(call, path)[0] as reader:
        return b"".join(reader)


@pytest.fixture
def deleted(call):
    """`/d/f` and `/e` with `/e/g` under it, both deleted."""
    content.create(call, "/d/f", b"file")
    content.create(call, "/e/g", b"below")
    directories.delete(call, "/d/f")
    directories.delete(call, "/e", recursive=True)
    return call


@pytest.mark.fidelity("documented", ".NET SDK")
def test_what_was_deleted_is_listed(deleted):
    """Items are found by a part of their path, and nothing of them is elsewhere."""
    assert paths_of(deleted) == ["/d/f", "/e"]
    assert paths_of(deleted, "d/") == ["/d/f"]
    assert paths_of(deleted, "none") == []
    assert [status.name for status in directories.listing(deleted, "/")[0]] == ["d"]


@pytest.mark.fidelity("documented", ".NET SDK; the token's form is assumed")
def test_items_come_in_pages(deleted):
    """A full page has a token that the next one begins after; each counts the searched items."""
    page, token, searched = trash.listing(deleted, "", size=1)
    assert (page[0][0].path, token, searched) == ("/d/f", trash.token(page[0][0]), 1)
    page, token, searched = trash.listing(deleted, "", after=token, size=2)
    assert ([item.path for item, _ in page], token, searched) == (["/e"], "", 1)


@pytest.mark.fidelity("documented", ".NET SDK")
def test_an_item_comes_back_whole(deleted):
    """A file and a directory are restored, to their old or another path, and no longer listed."""
    trash.restore(deleted, token_of(deleted, "/d/f"), "/new/f", "file")
    trash.restore(deleted, token_of(deleted, "/e"), "/e", "directory")
    assert read(deleted, "/new/f") == b"file"
    assert read(deleted, "/e/g") == b"below"
    assert paths_of(deleted) == []


@pytest.mark.fidelity("documented", ".NET SDK's tests for 409; the copy's name is assumed")
def test_a_name_that_is_taken_is_kept_without_an_action(deleted):
    """Without an action a taken name is refused; one replaces the file, one takes another name."""
    content.create(deleted, "/d/f", b"other")
    content.create(deleted, "/d/f(1)", b"another")
    token = token_of(deleted, "/d/f")
    with pytest.raises(Conflict):
        trash.restore(deleted, token, "/d/f", "file")
    trash.restore(deleted, token, "/d/f", "file", trash.COPY)
    assert read(deleted, "/d/f(2)") == b"file"
    assert read(deleted, "/d/f") == b"other"
    directories.delete(deleted, "/d/f(2)")
    trash.restore(deleted, token_of(deleted, "/d/f(2)"), "/d/f", "file", trash.OVERWRITE)
    assert read(deleted, "/d/f") == b"file"


@pytest.mark.parametrize(
    ("token", "kind", "refusal"),
    [("/$trash/999", "file", Missing), ("frob", "file", Invalid), (None, "directory", Invalid)],
)
@pytest.mark.fidelity(
    "assumed", "the .NET SDK names the operation and its fields; how the service keeps items is not known"
)
def test_what_is_not_there_cannot_come_back(deleted, token, kind, refusal):
    """Unknown items, words that name none, and a wrong type are refused."""
    with pytest.raises(refusal):
        trash.restore(deleted, token or token_of(deleted, "/d/f"), "/x", kind)


@pytest.mark.fidelity(
    "assumed", "the .NET SDK names the operation and its fields; how the service keeps items is not known"
)
def test_only_super_users_see_the_trash(deleted, by):
    """Neither listing nor restoring is for others."""
    with pytest.raises(Denied):
        trash.listing(by("someone"), "", size=1)
    with pytest.raises(Denied):
        trash.restore(by("someone"), token_of(deleted, "/d/f"), "/d/f", "file")


@pytest.mark.fidelity(
    "assumed", "the .NET SDK names the operation and its fields; how the service keeps items is not known"
)
def test_the_trash_does_not_grow_for_ever(deleted, at):
    """The newest items stay, for their time; older ones go with all that they held."""
    for number in range(trash.KEPT + 5):
        content.create(deleted, f"/many/{number}", bytes(100_000) if number == 0 else b"x")
        with deleted.store.transaction():
            directories.delete(at(2_000 + number), f"/many/{number}")
    assert paths_of(deleted, size=1_000) == [f"/many/{number}" for number in range(5, trash.KEPT + 5)]
    assert list(deleted.store._content._blobs) == []
    content.create(deleted, "/last", b"")
    directories.delete(at(3_000 + trash.RETENTION), "/last")
    assert paths_of(deleted) == ["/last"]


@pytest.mark.fidelity(
    "assumed", "the .NET SDK names the operation and its fields; how the service keeps items is not known"
)
def test_an_account_that_goes_takes_its_trash_along(deleted):
    """Emptying the trash removes the items and all below them."""
    root = deleted.root()
    with deleted.store.transaction():
        trash.empty(deleted.store, root)
    assert paths_of(deleted) == []
    assert deleted.store.children(-root.id) == []
