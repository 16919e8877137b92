"""Directories copied while they are read: what is asked, skipped, refused and made."""

from __future__ import annotations

from collections import Counter

import pytest

from airflow_provider_adls.transfer.report import NAMED


@pytest.fixture
def folder(tmp_path):
    """A folder with 300 files in three folders of its own, and two empty ones."""
    root = tmp_path / "in"
    for number in range(300):
        path = root / f"d [{number % 3}]" / f"ä {number:03}%#.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(number))
    (root / "empty" / "below").mkdir(parents=True)
    return root


def test_there_and_back(hook, folder, tmp_path):
    """A tree arrives with all its files and its empty directories, in both directions, and between two."""
    summary = hook.upload(str(folder), "/up")
    assert (summary["files"], summary["bytes"], summary["path"]) == (300, 790, "/up")
    assert summary["paths"] == sorted(hook.filesystem.find("/up"))[:NAMED]
    assert hook.filesystem.isdir("/up/empty/below")
    assert hook.copy("/up", "/other")["files"] == 300
    assert hook.download("/other", str(tmp_path / "out"))["files"] == 300
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.csv")} == {
        path.relative_to(tmp_path / "out"): path.read_bytes() for path in (tmp_path / "out").rglob("*.csv")
    }
    assert (tmp_path / "out" / "empty" / "below").is_dir()


def test_an_empty_tree(hook, tmp_path):
    """An empty directory becomes an empty directory."""
    (tmp_path / "in").mkdir()
    assert hook.upload(str(tmp_path / "in"), "/up")["files"] == 0
    assert hook.download("/up", str(tmp_path / "out"))["files"] == 0
    assert (tmp_path / "out").is_dir()


def test_one_file_in_a_tree(hook, tmp_path):
    """The path of a summary is that of the file, where there was one to copy."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "only").write_text("1")
    assert hook.upload(str(tmp_path / "in"), "/up")["path"] == "/up/only"


def test_skipping_asks_nothing_for_a_file(hook, folder, asked):
    """What exists is found by listing the directories of the target; only new files are sent."""
    hook.upload(str(folder), "/up")
    (folder / "d [1]" / "new").write_text("1")
    before = Counter(asked())
    summary = hook.upload(str(folder), "/up", overwrite=False, if_exists="skip")
    assert (summary["files"], summary["skipped"]) == (1, 300)
    sent = Counter(asked()) - before
    assert sent["CREATE"] == 1
    assert sent.total() < 20


def test_an_existing_file_is_found_before_anything_is_copied(hook, folder):
    """The error names the first existing file and how many more there are; nothing is copied."""
    hook.filesystem.pipe({"/up/d [1]/ä 001%#.csv": b"1", "/up/d [2]/ä 002%#.csv": b"1"})
    with pytest.raises(FileExistsError, match=r"\(and 1 more\).*nothing was copied"):
        hook.upload(str(folder), "/up", overwrite=False)
    assert len(hook.filesystem.find("/up")) == 2


def test_a_name_that_no_lake_can_hold(hook, folder):
    """It is refused before anything is copied, or is one failure where failures are recorded."""
    (folder / "d [2]" / "a:b").write_text("1")
    with pytest.raises(ValueError, match="colon"):
        hook.upload(str(folder), "/up")
    assert not hook.filesystem.exists("/up")
    summary = hook.upload(str(folder), "/up", ignore_failures=True)
    assert (summary["files"], summary["failed"]) == (300, 1)


def test_one_request_for_a_small_file(hook, folder, asked, tmp_path):
    """A small file costs one request in both directions, beyond what its directory does."""
    hook.filesystem.exists("/")
    before = Counter(asked())
    hook.upload(str(folder), "/up")
    sent = Counter(asked()) - before
    assert (sent["CREATE"], sent["GETFILESTATUS"]) == (300, 0)
    before = Counter(asked())
    hook.download("/up", str(tmp_path / "out"))
    sent = Counter(asked()) - before
    assert (sent["OPEN"], sent.total() - sent["OPEN"] < 10) == (300, True)


def test_a_second_sync_sends_nothing(hook, folder, asked):
    """Trees that are alike cost their listings, and no request for a file."""
    assert hook.sync(f"file://{folder}", "/up", delete=True)["files"] == 300
    before = Counter(asked())
    summary = hook.sync(f"file://{folder}", "/up", delete=True)
    assert (summary["files"], summary["skipped"], summary["deleted"]) == (0, 300, 0)
    sent = Counter(asked()) - before
    assert set(sent) <= {"LISTSTATUS", "GETFILESTATUS"}
    assert sent.total() < 20


def test_a_sync_deletes_when_all_is_copied(hook, folder):
    """Files and whole directories that only the target has go, with the directories above them."""
    hook.filesystem.pipe({"/up/a/b/1": b"1", "/up/a/2": b"2", "/up/d [1]/extra": b"3", "/up/zz": b"4"})
    hook.filesystem.makedirs("/up/alone/below")
    summary = hook.sync(f"file://{folder}", "/up", delete=True)
    assert (summary["files"], summary["deleted"]) == (300, 4)
    assert summary["deleted_paths"] == ["/up/a/2", "/up/a/b/1", "/up/d [1]/extra", "/up/zz"]
    names = hook.filesystem.ls("/up", detail=False)
    assert names == [*(f"/up/d [{number}]" for number in range(3)), "/up/empty"]


def test_a_sync_that_fails_deletes_nothing(hook, folder, adls_gen1_fault):
    """Nothing is deleted where a file could not be copied."""
    hook.filesystem.pipe_file("/up/extra", b"1")
    adls_gen1_fault(operation="CREATE", after=100, status=403)
    with pytest.raises(PermissionError):
        hook.sync(f"file://{folder}", "/up", delete=True)
    assert hook.filesystem.exists("/up/extra")
