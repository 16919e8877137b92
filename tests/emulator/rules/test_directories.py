from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.rules import attributes, content, directories
from airflow_provider_adls.emulator.rules.refusals import Denied, Exists, Missing, NotEmpty
from airflow_provider_adls.emulator.store import Totals
from airflow_provider_adls.model.status import FileStatus


def names(call, path: str = "/", **page) -> list[str]:
    return [status.name for status in directories.listing(call, path, **page)[0]]


def tree(call, path: str = "/") -> set[str]:
    found = set()
    for status in directories.listing(call, path)[0]:
        below = f"{path.rstrip('/')}/{status.name}"
        found |= {below} | (tree(call, below) if status.is_directory else set())
    return found


@pytest.fixture
def lake(call):
    """`/a/x`, `/a/sub/y`, `/b/x`, `/e` (empty) and `/f`, each file with its path for content."""
    for path in ("/a/x", "/a/sub/y", "/b/x", "/f"):
        content.create(call, path, path.encode())
    directories.make(call, "/e")
    return call


@pytest.mark.fidelity("recorded")
def test_a_status_has_every_member(call):
    """A new file's and a new directory's status."""
    content.create(call, "/d/f", b"abc")
    expected = FileStatus("", "FILE", 3, 1_000, 1_000, "770", "boss", "boss")
    assert expected == directories.status(call, "/d/f")
    assert FileStatus("", "DIRECTORY", 0, 1_000, 1_000, "770", "boss", "boss") == directories.status(
        call, "/d"
    )
    with pytest.raises(Missing):
        directories.status(call, "/d/f/g")


@pytest.mark.fidelity("recorded")
def test_a_listing_of_a_file_is_the_file(lake):
    """A file lists as itself, without a name; an empty directory as nothing; a missing path is refused."""
    assert directories.listing(lake, "/f") == ([directories.status(lake, "/f")], "")
    assert directories.listing(lake, "/e", size=10) == ([], "")
    with pytest.raises(Missing):
        directories.listing(lake, "/missing")


@pytest.mark.parametrize("size", [1, 2, 3, 9, 10, 11])
@pytest.mark.fidelity("recorded")
def test_pages_cover_a_directory(call, size):
    """Following the token gives every entry once, in order, for any size of page."""
    expected = [f"{number}" for number in range(10)]
    for name in expected:
        content.create(call, f"/d/{name}", b"")
    found, token = [], ""
    while True:
        page, token = directories.listing(call, "/d", size=size, after=token)
        found += [status.name for status in page]
        assert token == (page[-1].name if len(page) == size else "")
        if not token:
            break
    assert expected == found


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01")
def test_a_listing_begins_and_ends_where_asked(lake):
    """Neither bound is in the page."""
    assert names(lake, after="a", before="f") == ["b", "e"]


@pytest.mark.fidelity("recorded")
def test_sums_count_the_directory_itself(lake):
    """A directory counts itself, all below it, and bytes; a file is one file."""
    assert Totals(2, 2, len("/a/x/a/sub/y")) == directories.summary(lake, "/a")
    assert Totals(0, 1, 2) == directories.summary(lake, "/f")
    assert Totals(1, 0, 0) == directories.summary(lake, "/e")


@pytest.mark.fidelity("recorded")
def test_a_directory_is_made_once(lake):
    """Parents are made; existing directories stay; a file in the way is refused."""
    directories.make(lake, "/n/o/p")
    attributes.set_permission(lake, "/n", 0o700)
    directories.make(lake, "/n")
    directories.make(lake, "/")
    assert directories.status(lake, "/n").permission == "700"
    for path in ("/f", "/f/g"):
        with pytest.raises(Exists):
            directories.make(lake, path)


@pytest.mark.fidelity("assumed", "as in Hadoop and POSIX; the recordings do not tell")
def test_entries_move_their_directory_s_time(lake, at):
    """Making and removing an entry sets the directory's time; writing into a file does not."""
    content.create(at(2_000), "/e/f", b"")
    assert directories.status(lake, "/e").modification_time == 2_000
    content.append(at(3_000), "/e/f", b"x")
    assert directories.status(lake, "/e").modification_time == 2_000
    directories.delete(at(4_000), "/e/f")
    assert directories.status(lake, "/e").modification_time == 4_000
    directories.rename(at(5_000), "/a/x", "/e/x")
    assert directories.status(lake, "/a").modification_time == 5_000
    assert directories.status(lake, "/e").modification_time == 5_000


@pytest.mark.fidelity("documented", "Java and .NET SDKs; docs for the root")
def test_deleting(lake):
    """A file is deleted; a missing one answers false; a full directory needs `recursive`; the root stays."""
    assert directories.delete(lake, "/f")
    assert not directories.delete(lake, "/f")
    assert not directories.delete(lake, "/b/x/none")
    assert directories.delete(lake, "/e")
    with pytest.raises(NotEmpty):
        directories.delete(lake, "/a")
    assert directories.delete(lake, "/a", recursive=True)
    assert tree(lake) == {"/b", "/b/x"}
    for recursive in (False, True):
        with pytest.raises(Denied):
            directories.delete(lake, "/", recursive=recursive)


@pytest.mark.parametrize(
    ("source", "destination", "overwrite", "moved"),
    [
        ("/f", "/g", False, {"/f": "/g"}),
        ("/f", "/e/g", False, {"/f": "/e/g"}),
        ("/f", "/e", False, {"/f": "/e/f"}),
        ("/f", "/b/x", False, None),
        ("/f", "/b/x", True, {"/f": "/b/x"}),
        ("/a/x", "/b", False, None),
        ("/f", "/f", False, {}),
        ("/f", "/f", True, {}),
        ("/f", "/", False, {}),
        ("/f", "/", True, {}),
        ("/a", "/a", False, None),
        ("/a", "/n", False, {"/a": "/n"}),
        ("/a", "/e", False, {"/a": "/e/a"}),
        ("/a", "/b", False, {"/a": "/b/a"}),
        ("/a", "/b", True, {"/a": "/b/a"}),
        ("/a", "/f", False, None),
        ("/a", "/f", True, None),
        ("/a", "/a/n", False, None),
        ("/a", "/a/sub", False, None),
        ("/a/sub", "/", False, {"/a/sub": "/sub"}),
        ("/a/sub", "/a", False, None),
        ("/a", "/", False, None),
        ("/", "/n", False, None),
        ("/", "/e", False, None),
    ],
)
@pytest.mark.fidelity("documented", "recordings, .NET SDK's tests, and Hadoop's contract for the rest")
def test_renaming(lake, source, destination, overwrite, moved):
    """Each case moves the source with its content and all below it, or moves nothing and returns false."""
    before = tree(lake)
    assert (moved is not None) == directories.rename(lake, source, destination, overwrite=overwrite)
    expected = set(before)
    for old, new in (moved or {}).items():
        below = {path for path in before if f"{path}/".startswith(f"{old}/")}
        expected = expected - below | {new + path.removeprefix(old) for path in below}
    assert expected == tree(lake)
    if source == "/f" and moved is not None:
        reader, _ = content.read(lake, moved.get("/f", "/f"))
        with reader:
            assert b"".join(reader) == b"/f"


@pytest.mark.parametrize(
    ("source", "destination", "missing"),
    [
        ("/f", "/none/g", "/none"),
        ("/a", "/none/g", "/none"),
        ("/f", "/b/x/g", "/b/x"),
        ("/none", "/g", "/none"),
        ("/none", "/none", "/none"),
        ("/none/x", "/none/y", "/none/x"),
    ],
)
@pytest.mark.fidelity("recorded")
def test_renaming_what_is_missing(lake, source, destination, missing):
    """A missing source, or a missing directory above the destination, is named, and nothing changes."""
    before = tree(lake)
    for overwrite in (False, True):
        with pytest.raises(Missing, match=f"does not exist: {missing}$"):
            directories.rename(lake, source, destination, overwrite=overwrite)
    assert before == tree(lake)


@pytest.mark.fidelity("documented", ".NET SDK's tests on the live service")
def test_a_directory_does_not_move_into_one_that_has_its_name(lake):
    """`destination/name` that exists is not merged with."""
    directories.make(lake, "/b/a")
    assert not directories.rename(lake, "/a", "/b", overwrite=True)
    assert {"/a/x", "/b/a"} <= tree(lake)


@pytest.mark.fidelity("recorded")
def test_a_renamed_file_keeps_its_times(lake, at):
    """A move keeps the file's times."""
    directories.rename(at(9_000), "/f", "/g")
    assert directories.status(lake, "/g").modification_time == 1_000
