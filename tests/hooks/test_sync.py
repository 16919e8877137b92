"""Trees made like others."""

import json
import os

import fsspec
import pytest

from airflow_provider_adls.lake.trees import File
from airflow_provider_adls.transfer.sync import SyncOptions, differs


@pytest.fixture
def folder(tmp_path):
    """Files of this machine, an hour old, and an empty folder."""
    for name in ("1.csv", "2.csv", "a/3.csv", "a/b/4.txt", "a/skipped.tmp"):
        path = tmp_path / "s" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        os.utime(path, (path.stat().st_mtime - 3600,) * 2)
    (tmp_path / "s" / "empty").mkdir()
    return tmp_path / "s"


@pytest.fixture
def bucket():
    """A bucket in memory."""
    memory = fsspec.filesystem("memory")
    yield memory
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]


def names(summary, kind="paths"):
    return [path.rpartition("/")[2] for path in summary.get(kind, [])]


def test_up(hook, folder):
    """What is new or changed is copied into the lake, by size or time; then there is nothing to do."""
    source = f"file://{folder}"
    summary = hook.sync(source, "/t", exclude=["*.tmp"])
    assert (summary["files"], summary["skipped"], summary["deleted"], summary["path"]) == (4, 0, 0, "/t")
    assert hook.filesystem.isdir("/t/empty")
    again = hook.sync(source, "/t", exclude=["*.tmp"])
    assert (again["files"], again["bytes"], again["skipped"]) == (0, 0, 4)
    assert again == json.loads(json.dumps(again))
    (folder / "1.csv").write_text("longer than before")
    (folder / "2.csv").write_text("2.CSV")
    os.utime(folder / "2.csv", (hook.filesystem.info("/t/2.csv")["mtime"] + 5,) * 2)
    (folder / "new.csv").write_text("")
    assert names(hook.sync(source, "/t", exclude=["*.tmp"])) == ["1.csv", "2.csv", "new.csv"]
    assert hook.filesystem.cat("/t/2.csv") == b"2.CSV"


def test_down(hook, folder, tmp_path):
    """The same out of the lake; copies show the times of what they are copies of."""
    hook.upload(str(folder), "/t")
    assert hook.sync("/t", f"file://{tmp_path}/back")["files"] == 5
    mtime = (tmp_path / "back" / "1.csv").stat().st_mtime
    assert round(mtime * 1000) == round(hook.filesystem.info("/t/1.csv")["mtime"] * 1000)
    assert hook.sync("/t", f"file://{tmp_path}/back")["skipped"] == 5
    hook.filesystem.pipe("/t/1.csv", b"1.CSV")
    assert names(hook.sync("/t", f"file://{tmp_path}/back")) == ["1.csv"]


@pytest.mark.parametrize("target", ["/copy", "adl://{account}/copy", "memory://b/copy"])
def test_lake_to_others(hook, folder, bucket, account, target):
    """A lake's tree is made anew in another place of it, and in a bucket, and the other way round."""
    target = target.format(account=account)
    hook.upload(str(folder), "/t")
    assert hook.sync("/t", target)["files"] == 5
    assert hook.sync("/t", target)["skipped"] == 5
    hook.delete_paths("/t/1.csv")
    hook.filesystem.pipe("/t/a/b/4.txt", b"other")
    summary = hook.sync("/t", target, delete=True)
    assert (names(summary), names(summary, "deleted_paths")) == (["4.txt"], ["1.csv"])
    hook.delete_paths("/t", recursive=True)
    assert hook.sync(target, "/t", delete=True)["files"] == 4
    assert hook.filesystem.cat("/t/a/b/4.txt") == b"other"


def test_deleting(hook, folder, tmp_path):
    """What the source does not have is deleted if that is said, with directories that hold nothing then."""
    hook.upload(str(folder), "/t")
    hook.filesystem.pipe({"/t/a/old/x": b"", "/t/gone/y": b"", "/t/gone/y.tmp": b""})
    assert hook.sync(f"file://{folder}", "/t")["deleted"] == 0
    before = hook.filesystem.find("/t")
    preview = hook.sync(f"file://{folder}", "/t", delete=True, exclude=["*.tmp"], preview=True)
    assert (preview["preview"], preview["deleted_paths"]) == (True, ["/t/a/old/x", "/t/gone/y"])
    assert hook.filesystem.find("/t") == before
    summary = hook.sync(f"file://{folder}", "/t", delete=True, exclude=["*.tmp"])
    assert {key: preview[key] for key in summary} == summary
    assert hook.list_paths("/t", include_directories=True) == [
        *("/t/1.csv", "/t/2.csv", "/t/a", "/t/empty", "/t/gone"),
    ]
    assert hook.list_paths("/t/gone") == ["/t/gone/y.tmp"]


def test_nothing_is_deleted_after_a_failure(hook, folder):
    """Where a file could not be copied, nothing is deleted, so that nothing is lost by it."""
    hook.filesystem.pipe({"/t/old": b"", "/t/1.csv/in the way": b""})
    with pytest.raises(IsADirectoryError):
        hook.sync(f"file://{folder}", "/t", delete=True)
    summary = hook.sync(f"file://{folder}", "/t", delete=True, ignore_failures=True)
    assert (summary["failed"], summary["deleted"]) == (1, 0)
    assert hook.filesystem.exists("/t/old")


def test_globs(hook, folder):
    """Globs choose by name, or by the place in the tree, on both sides."""

    def synced(**options):
        hook.delete_paths("/t", recursive=True)
        return names(hook.sync(f"file://{folder}", "/t", **options))

    assert synced(include=["*.csv"]) == ["1.csv", "2.csv", "3.csv"]
    assert synced(include=["a/*"]) == ["3.csv", "skipped.tmp"]
    assert synced(include=["a/**"], exclude=["*.tmp"]) == ["3.csv", "4.txt"]
    assert synced(include=["[12].csv"], exclude=["1.*"]) == ["2.csv"]
    assert synced(exclude=["a/**", "empty"]) == ["1.csv", "2.csv"]


def test_checksum(hook, folder):
    """Content is compared where that is said, whatever the times are; a touch copies nothing."""
    hook.upload(str(folder), "/t")
    (folder / "1.csv").write_text("1.CSV")
    os.utime(folder / "1.csv", (0, 0))
    # The kernel's time of a touch may be some milliseconds behind.
    os.utime(folder / "2.csv", (hook.filesystem.info("/t/2.csv")["mtime"] + 5,) * 2)
    assert names(hook.sync(f"file://{folder}", "/t")) == ["2.csv"]
    assert names(hook.sync(f"file://{folder}", "/t", compare="checksum")) == ["1.csv"]
    (folder / "1.csv").write_text("2.CSV")
    assert hook.sync(f"file://{folder}", "/t", compare="size")["files"] == 0


@pytest.mark.parametrize(
    ("file", "copy", "expected"),
    [
        ((5, 100.5), (6, 200.0), True),
        ((5, 100.5), (5, 200.0), False),
        ((5, 100.5), (5, 100.0), False),
        ((5, 101.5), (5, 100.0), True),
        ((5, 100.0052), (5, 100.005), False),
        ((5, 100.006), (5, 100.005), True),
        ((5, None), (5, 100.0), False),
        ((5, 100.5), (5, None), False),
    ],
)
def test_differences(file, copy, expected):
    """A time counts as fine as the copy's store keeps it; where there is none, the size decides."""
    assert differs(File("f", "", *file), File("f", "", *copy), SyncOptions()) is expected


def test_no_source(hook, tmp_path):
    """A source that is not there deletes nothing, and may be right."""
    hook.filesystem.pipe("/t/f", b"")
    with pytest.raises(FileNotFoundError):
        hook.sync(f"file://{tmp_path}/nowhere", "/t", delete=True)
    assert hook.sync(f"file://{tmp_path}/nowhere", "/t", delete=True, ignore_if_missing=True)["deleted"] == 0
    assert hook.filesystem.exists("/t/f")


def test_files_are_no_trees(hook, folder):
    """A file is not made like a tree, nor a tree like a file."""
    hook.filesystem.pipe("/f", b"")
    for source, target in ((f"file://{folder}", "/f"), ("/f", f"file://{folder}")):
        with pytest.raises(NotADirectoryError, match="/f is a file"):
            hook.sync(source, target)


def test_a_tree_like_itself(hook, folder, asked):
    """A tree is not made like itself, nor in itself, and no file is read to find that out."""
    hook.upload(str(folder), "/t")
    for target in ("/t", "/t/a"):
        with pytest.raises(ValueError, match="copied"):
            hook.sync("/t", target, compare="checksum", delete=True)
    assert "OPEN" not in asked()


@pytest.mark.parametrize("source", ["/t/a", "/t/*.csv", "adl://{account}/t/a"])
def test_a_source_in_what_is_made_like_it(hook, account, folder, source):
    """A source is not deleted as what it does not have; it may lie in the target where nothing is deleted."""
    hook.upload(str(folder), "/t")
    source = source.format(account=account)
    before = hook.list_paths("/t", recursive=True)
    with pytest.raises(ValueError, match="would be deleted"):
        hook.sync(source, "/t", delete=True)
    assert before == hook.list_paths("/t", recursive=True)
    hook.sync(source, "/t")
    assert set(before) <= set(hook.list_paths("/t", recursive=True))
