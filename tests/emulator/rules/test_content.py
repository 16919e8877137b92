from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.rules import content, directories
from airflow_provider_adls.emulator.rules.refusals import (
    BadOffset,
    BeyondEnd,
    Exists,
    Invalid,
    Leased,
    Missing,
    Sealed,
)


def read(call, path: str, **stretch) -> bytes:
    reader, count = content.read(call, path, **stretch)
    with reader:
        data = b"".join(reader)
    assert len(data) == count
    return data


def length(call, path: str) -> int:
    return directories.status(call, path).length


@pytest.mark.fidelity("recorded")
def test_a_file_is_made_with_its_parents(call):
    """CREATE makes the directories above; content comes back whole and in stretches."""
    content.create(call, "/a/b/f", b"0123456789")
    assert read(call, "/a/b/f") == b"0123456789"
    assert read(call, "/a/b/f", offset=2, length=3) == b"234"
    assert read(call, "/a/b/f", offset=8, length=100) == b"89"
    assert directories.status(call, "/a").is_directory


@pytest.mark.fidelity("documented", "Java SDK, which takes 416 for the end of a file")
def test_reading_ends_at_the_end(call):
    """At the end there is nothing; beyond it is refused; a directory cannot be read."""
    content.create(call, "/d/f", b"abc")
    assert read(call, "/d/f", offset=3) == b""
    assert read(call, "/d/f", length=0) == b""
    with pytest.raises(BeyondEnd):
        content.read(call, "/d/f", offset=4)
    with pytest.raises(Invalid):
        content.read(call, "/d")
    with pytest.raises(Missing):
        content.read(call, "/d/g")


@pytest.mark.fidelity("documented", "Java SDK")
def test_an_existing_file_is_kept_without_overwrite(call, at):
    """Without `overwrite` a file stays; with it, it is made anew, its rights kept; a directory stays."""
    content.create(call, "/d/f", b"old", permission=0o700)
    with pytest.raises(Exists):
        content.create(call, "/d/f", b"new")
    assert read(call, "/d/f") == b"old"
    content.create(at(2_000), "/d/f", b"newer", overwrite=True)
    status = directories.status(call, "/d/f")
    assert (
        status.length,
        status.access_time,
        status.modification_time,
        status.permission,
    ) == (5, 2_000, 2_000, "700")
    with pytest.raises(Exists):
        content.create(call, "/d", b"", overwrite=True)
    with pytest.raises(Exists):
        content.create(call, "/", b"", overwrite=True)


@pytest.mark.fidelity("documented", ".NET SDK's tests on the live service")
def test_parents_are_made_only_if_allowed(call):
    """Without `create_parent` the parent must exist and be a directory."""
    with pytest.raises(Missing):
        content.create(call, "/a/f", b"", create_parent=False)
    assert directories.listing(call, "/") == ([], "")
    content.create(call, "/f", b"", create_parent=False)
    with pytest.raises(Exists):
        content.create(call, "/f/g", b"")


@pytest.mark.fidelity("recorded")
def test_length_is_seen_when_it_is_synced(call):
    """The recorded order: 5 bytes show, 5 more with DATA do not, 3 with CLOSE bring all 13."""
    content.create(call, "/f", b"12345", sync=content.DATA)
    assert length(call, "/f") == 5
    content.append(call, "/f", b"67890", offset=5, sync=content.DATA)
    assert length(call, "/f") == 5
    assert read(call, "/f") == b"12345"
    assert directories.status(call, "/f", consistent=True).length == 10
    content.append(call, "/f", b"abc", offset=10)
    assert read(call, "/f") == b"1234567890abc"


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01")
def test_metadata_shows_the_length_and_leaves_the_file_open(call):
    """METADATA moves length and time, and keeps the lease."""
    content.create(call, "/f", b"1", sync=content.METADATA, lease="mine")
    content.append(call, "/f", b"2", sync=content.METADATA, lease="mine")
    assert length(call, "/f") == 2
    with pytest.raises(Leased):
        content.append(call, "/f", b"3", lease="another")


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01")
def test_data_does_not_move_the_time(call, at):
    """The modification time moves when the length shows, not before."""
    content.create(call, "/f", b"1")
    content.append(at(2_000), "/f", b"2", sync=content.DATA)
    assert directories.status(call, "/f").modification_time == 1_000
    content.append(at(3_000), "/f", b"")
    status = directories.status(call, "/f")
    assert (status.modification_time, status.access_time, status.length) == (3_000, 1_000, 2)


@pytest.mark.parametrize("offset", [0, 2, 4, 1 << 40])
@pytest.mark.fidelity("recorded")
def test_an_append_elsewhere_than_at_the_end_is_refused(call, offset):
    """An offset before or after the end is refused, for content and for the probe, and nothing changes."""
    content.create(call, "/f", b"abc")
    for data in (b"x", b""):
        with pytest.raises(BadOffset):
            content.append(call, "/f", data, offset=offset)
    assert read(call, "/f") == b"abc"


@pytest.mark.fidelity("documented", "Python and Java SDKs, which ask so whether an append arrived")
def test_no_bytes_at_the_end_are_a_probe(call):
    """An empty append at the true length, or at no offset, succeeds and changes nothing."""
    content.create(call, "/f", b"abc")
    content.append(call, "/f", b"", offset=3)
    content.append(call, "/f", b"")
    assert read(call, "/f") == b"abc"


@pytest.mark.fidelity("documented", "Java SDK for the missing file")
def test_only_files_are_appended_to(call):
    """A missing file is not made, and a directory is refused."""
    with pytest.raises(Missing):
        content.append(call, "/f", b"x")
    directories.make(call, "/d")
    with pytest.raises(Invalid):
        content.append(call, "/d", b"x")


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01")
def test_a_lease_keeps_other_writers_out(call, at):
    """Until the holder closes, others can neither append, overwrite nor concatenate."""
    content.create(call, "/f", b"1", sync=content.DATA, lease="mine")
    content.create(call, "/g", b"2")
    for lease in ("", "another"):
        with pytest.raises(Leased):
            content.append(call, "/f", b"x", lease=lease)
        with pytest.raises(Leased):
            content.create(call, "/f", b"x", overwrite=True, lease=lease)
    for target, source in [("/f", "/g"), ("/g", "/f")]:
        with pytest.raises(Leased):
            content.concatenate(call, target, [source])
    content.append(call, "/f", b"2", sync=content.DATA, lease="mine")
    content.append(call, "/f", b"3", lease="mine")
    content.append(call, "/f", b"4", lease="another")
    assert read(call, "/f") == b"1234"


@pytest.mark.fidelity("assumed", "Hadoop's soft limit of leases; no source names the service's")
def test_a_silent_writer_gives_way(call, at):
    """A lease that was not used for its term lapses; using it renews it."""
    content.create(call, "/f", b"1", sync=content.DATA, lease="mine")
    later = 1_000 + content.LEASE_LAPSES
    with pytest.raises(Leased):
        content.append(at(later - 1), "/f", b"x", lease="another")
    content.append(at(later - 1), "/f", b"2", sync=content.DATA, lease="mine")
    with pytest.raises(Leased):
        content.append(at(later), "/f", b"x", lease="another")
    content.append(at(later + content.LEASE_LAPSES), "/f", b"3", lease="another")
    assert read(call, "/f") == b"123"


@pytest.mark.parametrize("existing", [None, b"", b"was there "])
@pytest.mark.fidelity("recorded")
def test_sources_become_one_file(call, existing):
    """Sources go, in their order, to the end of the target, which is made if need be."""
    for name, data in [("a", b"first "), ("b", b""), ("c", b"last")]:
        content.create(call, f"/parts/{name}", data)
    if existing is not None:
        content.create(call, "/d/whole", existing)
    content.concatenate(call, "/d/whole", ["/parts/a", "/parts/b", "/parts/c"])
    assert read(call, "/d/whole") == (existing or b"") + b"first last"
    assert directories.listing(call, "/parts") == ([], "")


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01")
def test_a_source_directory_goes_whole(call):
    """With `delete_source_directory` the directory goes with all that is in it."""
    content.create(call, "/parts/a", b"a")
    content.create(call, "/parts/more/other", b"other")
    content.concatenate(call, "/whole", ["/parts/a"], delete_source_directory=True)
    assert [status.name for status in directories.listing(call, "/")[0]] == ["whole"]
    assert read(call, "/whole") == b"a"


@pytest.mark.parametrize(
    ("target", "sources", "refusal"),
    [
        ("/w", [], Invalid),
        ("/w", ["/a", "/a"], Invalid),
        ("/a", ["/a", "/b"], Invalid),
        ("/w", ["/a", "/missing"], Missing),
        ("/w", ["/a", "/d"], Invalid),
        ("/d", ["/a"], Invalid),
    ],
    ids=["none", "twice", "itself", "missing", "directory", "into-directory"],
)
@pytest.mark.fidelity("assumed", "the Java and .NET SDKs refuse it before they send it")
def test_what_cannot_be_concatenated_is_refused(call, target, sources, refusal):
    """No sources, one twice, the target itself, a missing one, and directories are refused."""
    content.create(call, "/a", b"a")
    content.create(call, "/b", b"b")
    directories.make(call, "/d")
    with pytest.raises(refusal):
        content.concatenate(call, target, sources)


@pytest.mark.parametrize(
    ("target", "sources"), [("/p/w", ["/p/a"]), ("/w", ["/p/a", "/q/b"]), ("/w", ["/c"])]
)
@pytest.mark.fidelity("assumed", "no source says what the service does; refusing loses nothing")
def test_a_source_directory_that_is_not_theirs_alone_is_refused(call, target, sources):
    """The directory must hold all sources, not the target, and not be the root; else nothing changes."""
    for path in ("/p/a", "/q/b", "/c"):
        content.create(call, path, b"x")

    def attempt() -> None:
        with call.store.transaction():
            content.concatenate(call, target, sources, delete_source_directory=True)

    with pytest.raises(Invalid):
        attempt()
    assert all(read(call, path) == b"x" for path in ("/p/a", "/q/b", "/c"))


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01; Java SDK")
def test_several_writers_append_at_once(call):
    """CONCURRENTAPPEND makes the file with autocreate, adds at the end, and shows it at once."""
    with pytest.raises(Missing):
        content.append_concurrently(call, "/d/f", b"1")
    content.append_concurrently(call, "/d/f", b"1", create=True)
    content.append_concurrently(call, "/d/f", b"2", create=True)
    content.append_concurrently(call, "/d/f", b"3")
    assert read(call, "/d/f") == b"123"
    with pytest.raises(Invalid):
        content.append_concurrently(call, "/d", b"x", create=True)


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01; the refusal's code and words are assumed")
def test_a_file_grows_in_one_way_only(call):
    """Content of CREATE and APPEND and that of CONCURRENTAPPEND do not mix; an empty file takes either."""
    content.create(call, "/serial", b"1")
    with pytest.raises(Sealed):
        content.append_concurrently(call, "/serial", b"2")
    content.create(call, "/empty", b"")
    content.append_concurrently(call, "/empty", b"1")
    with pytest.raises(Sealed):
        content.append(call, "/empty", b"2")
    content.create(call, "/empty", b"", overwrite=True)
    content.append(call, "/empty", b"2")
    assert read(call, "/empty") == b"2"


@pytest.mark.fidelity("documented", ".NET SDK's tests on the live service")
def test_what_was_concatenated_is_sealed(call):
    """A concatenated file takes no appends; it can be concatenated to, and be made anew."""
    for name in ("/a", "/b"):
        content.create(call, name, name.encode())
    content.concatenate(call, "/w", ["/a"])
    with pytest.raises(Sealed):
        content.append(call, "/w", b"x")
    with pytest.raises(Sealed):
        content.append_concurrently(call, "/w", b"x")
    content.concatenate(call, "/w", ["/b"])
    assert read(call, "/w") == b"/a/b"
    content.create(call, "/w", b"", overwrite=True)
    content.append(call, "/w", b"x")
    assert read(call, "/w") == b"x"
