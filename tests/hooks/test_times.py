"""Files chosen by their time of modification, by the hook's methods."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from airflow_provider_adls.model.errors import PathError, PathNotFoundError

OLD = ("/t/1.csv", "/t/a/old.csv", "/t/gone/b/1 [1].csv", "/t/gone/2.csv")
YOUNG = ("/t/2.csv", "/t/a/new.csv", "/t/young/x.csv")


@pytest.fixture
def cut(hook, later):
    """A time between the old files and the young ones, with an empty directory beside them."""
    for name in OLD:
        hook.write_file(name, name)
    hook.make_directory("/t/empty")
    cut = later()
    for name in YOUNG:
        hook.write_file(name, name)
    return cut


def everything(hook):
    return sorted(hook.filesystem.find("/", withdirs=True))


def test_list(hook, cut):
    """A listing has the files of a period alone: of a tree, a glob, and as far as a limit."""
    tree = {"recursive": True}
    assert hook.list_paths("/t", modified_before=cut, **tree) == sorted(OLD)
    assert hook.list_paths("/t", modified_after=cut.isoformat(), **tree) == sorted(YOUNG)
    assert hook.list_paths("/t/**/*.csv", modified_after=cut, include_directories=True) == sorted(YOUNG)
    assert hook.list_paths("/t", modified_after=cut, limit=1) == ["/t/2.csv"]
    assert hook.list_paths("/t/*", modified_after=cut, limit=1) == ["/t/2.csv"]
    assert hook.list_paths("/t/*.csv", older_than=0.001) == ["/t/1.csv"]
    assert hook.list_paths("/t/2.csv", modified_before=cut) == []


def test_intervals_that_follow_each_other(hook, cut):
    """Each file is in just one of the intervals that a time of a file itself divides."""
    modified = [datetime.fromisoformat(hook.get_status(name)["modified"]) for name in (*OLD, *YOUNG)]
    for when in modified:
        first = hook.list_paths("/t", recursive=True, modified_before=when)
        second = hook.list_paths("/t", recursive=True, modified_after=when)
        assert sorted(first + second) == sorted(OLD + YOUNG)


def test_delete_tree(hook, cut):
    """Old files go, with the directories that this empties, and never one that holds something young."""
    before = everything(hook)
    seen = hook.delete_paths("/t", recursive=True, modified_before=cut, preview=True)
    assert everything(hook) == before
    assert (seen["preview"], seen["deleted"]) == (True, 6)
    done = hook.delete_paths("/t", recursive=True, modified_before=cut)
    assert (done["deleted"], sorted(done["paths"])) == (6, sorted(seen["paths"]))
    gone = {*OLD, "/t/gone", "/t/gone/b"}
    assert set(before) - set(everything(hook)) == gone == set(done["paths"])
    assert hook.delete_paths("/t", recursive=True, modified_before=cut) == {"deleted": 0, "paths": []}


def test_delete_matches(hook, cut):
    """A glob deletes the old files that it matches, and with `recursive` those below matching directories."""
    assert hook.delete_paths("/t/*", modified_before=cut)["paths"] == ["/t/1.csv"]
    done = hook.delete_paths("/t/g*", modified_before=cut, recursive=True)
    assert set(done["paths"]) == {"/t/gone/b/1 [1].csv", "/t/gone/2.csv", "/t/gone", "/t/gone/b"}
    # What the path names stays, although it is empty now.
    hook.delete_paths("/t/young", modified_after=cut, recursive=True)
    assert hook.list_paths("/t/young") == []
    assert hook.delete_paths(["/t/a/old.csv", "/t/a/new.csv", "/nowhere"], modified_before=cut) == {
        "deleted": 1,
        "paths": ["/t/a/old.csv"],
    }


def test_delete_everything_below_wildcards(hook, cut):
    """The directory before the wildcards of a glob stays."""
    hook.delete_paths("/t/gone/**", modified_before=cut, recursive=True)
    assert hook.list_paths("/t/gone", recursive=True, include_directories=True) == []


def test_delete_refuses(hook, cut):
    """A directory is not chosen by its time, and no old file is an error where that is asked for."""
    before = everything(hook)
    with pytest.raises(PathError, match=r"/t/a is a directory, and only files .*recursive=True.* /t/a/\*"):
        hook.delete_paths(["/t/1.csv", "/t/a"], modified_before=cut)
    with pytest.raises(PathError, match="root of an account"):
        hook.delete_paths("/", older_than="P30D", recursive=True)
    with pytest.raises(PathNotFoundError, match="no file there was modified before 2001"):
        hook.delete_paths("/t", modified_before="2001-01-01", recursive=True, ignore_if_missing=False)
    with pytest.raises(ValueError, match="'older_than': 'soon' is not a span"):
        hook.delete_paths("/t", older_than="soon", recursive=True)
    assert everything(hook) == before


def test_directory_that_is_filled_meanwhile(hook, cut, mocker):
    """A file that another writer puts into a directory that was emptied keeps the directory."""
    from airflow_provider_adls.lake import selection

    remove = selection.remove

    async def remove_late(client, path, *, recursive):
        if path == "/t/gone":
            await client.create("/t/gone/late.csv", b"late")
        await remove(client, path, recursive=recursive)

    mocker.patch.object(selection, "remove", remove_late)
    done = hook.delete_paths("/t", recursive=True, modified_before=cut)
    assert "/t/gone" not in done["paths"]
    assert "/t/gone/b" in done["paths"]
    assert hook.list_paths("/t/gone") == ["/t/gone/late.csv"]


def test_move(hook, cut):
    """A glob or list moves the files of a period; a directory is not chosen by its time."""
    seen = hook.move_paths("/t/*", "/archive", modified_before=cut, preview=True)
    assert seen["moves"] == [{"source": "/t/1.csv", "destination": "/archive/1.csv"}]
    assert hook.move_paths("/t/*", "/archive", modified_before=cut)["paths"] == ["/archive/1.csv"]
    assert hook.move_paths(["/t/2.csv", "/t/a/old.csv"], "/archive", modified_before=cut)["moved"] == 1
    assert hook.move_paths("/t/2.csv", "/archive/2.csv", modified_before=cut)["moved"] == 0
    with pytest.raises(PathError, match="/t/a is a directory"):
        hook.move_paths("/t/a", "/archive", modified_before=cut)
    assert hook.list_paths("/archive") == ["/archive/1.csv", "/archive/old.csv"]


def test_transform(hook, cut):
    """The files of a period are transformed, and a glob without one is an error that names the period."""
    copy = ["cp"]
    done = hook.transform_files("/t", "/out", copy, modified_after=cut)
    assert done["files"] == len(YOUNG)
    assert hook.list_paths("/out", recursive=True) == ["/out/2.csv", "/out/a/new.csv", "/out/young/x.csv"]
    assert hook.transform_files("/t", "/out", copy, modified_after=cut, preview=True)["overwritten"] == 3
    with pytest.raises(PathNotFoundError, match="modified before 2001"):
        hook.transform_files("/t/*", "/out", copy, modified_before="2001-01-01")
    for source in ("/t/*", "/t", "/nowhere/*"):
        options = {"modified_before": "2001-01-01", "ignore_if_missing": True}
        assert hook.transform_files(source, "/out", copy, **options)["files"] == 0


@pytest.mark.parametrize("source", ["/t", "/t/**/*.csv"])
@pytest.mark.parametrize("if_exists", [None, "skip", "fail"])
def test_copy(hook, cut, source, if_exists):
    """A tree, streamed or planned, and a glob are copied by time, as the preview says; no empty directory."""
    options = {"overwrite": False, "if_exists": if_exists} if if_exists else {}
    if if_exists == "skip":
        hook.write_file("/copy/2.csv", "mine")
    if if_exists == "fail":
        # What is not chosen is not in the way.
        hook.write_file("/copy/1.csv", "mine")
    before = set(everything(hook))
    seen = hook.copy(source, "/copy", modified_after=cut, preview=True, **options)
    done = hook.copy(source, "/copy", modified_after=cut, **options)
    new = {"/copy/2.csv", "/copy/a/new.csv", "/copy/young/x.csv"} - before
    assert set(done["paths"]) == set(seen["paths"]) == new
    assert {one for one in set(everything(hook)) - before if one.endswith(".csv")} == new
    assert not hook.exists("/copy/empty")
    assert not hook.exists("/copy/gone")


def test_copy_of_nothing(hook, cut):
    """A directory without a file of the period is nothing to copy; a glob or file without one is missing."""
    never = {"modified_before": "2001-01-01"}
    assert hook.copy("/t", "/copy", **never)["files"] == 0
    assert not hook.exists("/copy/a")
    for source in ("/t/*", "/t/1.csv"):
        with pytest.raises(FileNotFoundError, match="modified before 2001-01-01T00:00:00"):
            hook.copy(source, "/copy", **never)
        assert hook.copy(source, "/copy", ignore_if_missing=True, **never)["files"] == 0


def test_move_by_copy(hook, cut):
    """`delete_source` deletes what was copied, and of directories those that this empties."""
    done = hook.copy("/t", "/archive", modified_before=cut, delete_source=True)
    assert (done["files"], done["deleted"]) == (len(OLD), len(OLD))
    left = hook.list_paths("/t", recursive=True, include_directories=True)
    assert left == sorted([*YOUNG, "/t/a", "/t/empty", "/t/young"])


def test_local(hook, cut, tmp_path):
    """Files of this machine are chosen in both directions, by the times that they have."""
    assert hook.download("/t", tmp_path / "down", modified_after=cut)["files"] == len(YOUNG)
    names = sorted(str(one.relative_to(tmp_path / "down")) for one in Path(tmp_path / "down").rglob("*.csv"))
    assert names == ["2.csv", "a/new.csv", "young/x.csv"]
    up = tmp_path / "up"
    (up / "empty").mkdir(parents=True)
    for name in ("old.csv", "new.csv"):
        (up / name).write_text(name)
    week = datetime.now(UTC) - timedelta(days=7)
    os.utime(up / "old.csv", (week.timestamp(), week.timestamp()))
    for source in (up, up / "*", up / "old.csv"):
        assert hook.upload(source, "/up/", older_than="P6D", preview=True)["paths"] == ["/up/old.csv"]
        assert hook.upload(source, "/up/", older_than=timedelta(days=6))["paths"] == ["/up/old.csv"]
    assert hook.list_paths("/up", include_directories=True) == ["/up/old.csv"]
    with pytest.raises(FileNotFoundError, match=r"new\.csv was modified before"):
        hook.upload(up / "new.csv", "/up/", older_than="P6D")


def test_other_store(hook, cut):
    """Objects of another store are chosen by the times that it says, in both directions."""
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/by-time/old.csv", b"old")
    memory.pipe("/by-time/new.csv", b"new")
    memory.store["/by-time/old.csv"].created -= timedelta(days=7)
    done = hook.import_objects("memory://by-time", "/fetched", older_than="P6D")
    assert done["paths"] == ["/fetched/old.csv"]
    done = hook.export_objects("/t/*.csv", "memory://by-time/out/", modified_after=cut)
    assert [path.rpartition("/")[2] for path in done["paths"]] == ["2.csv"]
    memory.rm("/by-time", recursive=True)


@pytest.mark.parametrize("preview", [False, True])
def test_sync(hook, cut, preview):
    """A sync copies what the period chooses; the copies of other files stay, and what is extraneous goes."""
    hook.write_file("/copy/1.csv", "another size")
    hook.write_file("/copy/extra.csv", "extra")
    done = hook.sync("/t", "/copy", modified_after=cut, delete=True, preview=preview)
    assert sorted(done["paths"]) == ["/copy/2.csv", "/copy/a/new.csv", "/copy/young/x.csv"]
    assert done["deleted_paths"] == ["/copy/extra.csv"]
    assert hook.read_file("/copy/1.csv") == "another size"
    assert not hook.exists("/copy/empty")
