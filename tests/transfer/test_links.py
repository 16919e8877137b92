"""Links in a tree of this machine: nothing behind one is deleted, and one that leads nowhere is found."""

from __future__ import annotations

import os

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from airflow_provider_adls.model.errors import PathError


@pytest.fixture
def elsewhere(tmp_path):
    """A directory of somebody else's."""
    folder = tmp_path / "elsewhere"
    (folder / "below").mkdir(parents=True)
    for name in ("1.csv", "below/2.csv"):
        (folder / name).write_text("theirs")
    return folder


@pytest.fixture
def target(hook, tmp_path, elsewhere):
    """A folder with an extraneous file and a link to what is somebody else's; the lake's tree is at /t."""
    hook.filesystem.pipe({"/t/1.csv": b"new", "/t/a/2.csv": b"new"})
    folder = tmp_path / "target"
    folder.mkdir()
    (folder / "old.csv").write_text("old")
    (folder / "link").symlink_to(elsewhere)
    return folder


def content(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


THEIRS = {"1.csv": "theirs", "below/2.csv": "theirs"}


def test_a_sync_deletes_a_link_and_nothing_behind_it(hook, target, elsewhere):
    """A link to a directory is itself what is extraneous; so is one to a file, or to nothing."""
    (target / "file").symlink_to(elsewhere / "1.csv")
    (target / "nothing").symlink_to(elsewhere / "none")
    preview = hook.sync("/t", f"file://{target}", delete=True, preview=True)
    assert content(elsewhere) == THEIRS
    summary = hook.sync("/t", f"file://{target}", delete=True)
    names = [os.path.relpath(path, target) for path in summary["deleted_paths"]]
    assert names == ["file", "link", "nothing", "old.csv"]
    assert summary["deleted_paths"] == preview["deleted_paths"]
    assert content(elsewhere) == THEIRS
    assert content(target) == {"1.csv": "new", "a/2.csv": "new"}


@pytest.mark.parametrize("name", ["a", "1.csv"])
def test_a_link_in_the_way_of_a_sync(hook, target, elsewhere, name):
    """Where the source has something of a link's name, nothing is done, and the error names the link."""
    (target / name).symlink_to(elsewhere)
    with pytest.raises(ValueError, match=f"target/{name} is a link.*without delete"):
        hook.sync("/t", f"file://{target}", delete=True)
    assert content(elsewhere) == THEIRS
    assert (target / "old.csv").exists()


def test_links_of_a_target_that_stay(hook, target, elsewhere):
    """An excluded link stays; without `delete` a link to a directory is one, and a dead one no failure."""
    (target / "a").symlink_to(elsewhere)
    (target / "nothing").symlink_to(elsewhere / "none")
    assert hook.sync("/t", f"file://{target}")["files"] == 2
    assert hook.sync("/t", f"file://{target}")["files"] == 0
    assert content(elsewhere) == THEIRS | {"2.csv": "new"}
    (target / "a").unlink()
    assert hook.sync("/t", f"file://{target}", delete=True, exclude=["link", "no*"])["deleted"] == 1
    assert hook.sync("/t", f"file://{target}", delete=True, include=["*.csv"])["deleted"] == 0
    assert {path.name for path in target.iterdir()} == {"1.csv", "a", "link", "nothing"}


@pytest.mark.parametrize("source", ["", "/*", "/*/1.csv", "/link/*", "/**/1.csv"])
def test_an_upload_deletes_nothing_behind_a_link(hook, tmp_path, elsewhere, source):
    """A source that reaches behind a link is refused where it is to be deleted, before anything is copied."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "own.csv").write_text("own")
    (folder / "link").symlink_to(elsewhere)
    reaches = source != "/link/*"
    if reaches:
        for preview in (True, False):
            with pytest.raises(ValueError, match=r"source/link is a link.*without delete_source"):
                hook.upload(f"{folder}{source}", "/up/", delete_source=True, preview=preview)
        assert not hook.exists("/up")
        assert content(elsewhere) == THEIRS
        assert hook.upload(f"{folder}{source}", "/up/")["files"] >= 1
    else:
        # Whoever names the link means what is behind it.
        assert hook.upload(f"{folder}{source}", "/up/", delete_source=True)["deleted"] == 2
    assert (folder / "own.csv").exists()


def test_a_link_to_a_file_is_deleted_itself(hook, tmp_path, elsewhere):
    """A link to a file is copied as the file, and deleted as the link."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "file").symlink_to(elsewhere / "1.csv")
    assert hook.upload(str(folder), "/up", delete_source=True)["deleted"] == 1
    assert content(elsewhere) == THEIRS
    assert not list(folder.iterdir())


def test_a_link_that_leads_nowhere(hook, tmp_path):
    """It is an error, also where a missing source is none, or one failure of several; not if excluded."""
    folder = tmp_path / "source"
    (folder / "tmp" / "empty").mkdir(parents=True)
    (folder / "own.csv").write_text("own")
    (folder / "dead").symlink_to(folder / "none")
    source = f"file://{folder}"
    for options in ({}, {"ignore_if_missing": True}):
        with pytest.raises(FileNotFoundError, match=r"leads nowhere.*source/dead"):
            hook.upload(str(folder), "/up", **options)
        with pytest.raises(FileNotFoundError, match=r"leads nowhere.*source/dead"):
            hook.sync(source, "/up", **options)
    assert not hook.exists("/up")
    for summary in (
        hook.upload(str(folder), "/up", ignore_failures=True, delete_source=False),
        hook.sync(source, "/synced", ignore_failures=True),
    ):
        assert (summary["files"], summary["failed"]) == (1, 1)
        assert summary["failed_paths"][0]["path"] == f"{folder}/dead"
    summary = hook.sync(source, "/clean", exclude=["de*", "tmp/**"])
    assert (summary["files"], summary["failed"]) == (1, 0)
    assert hook.list_paths("/clean", recursive=True, include_directories=True) == ["/clean/own.csv"]


def test_nothing_is_deleted_where_the_source_was_not_read_whole(hook, tmp_path):
    """A part that could not be read keeps a sync from deleting anything."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "dead").symlink_to(folder / "none")
    hook.filesystem.pipe("/up/old.csv", b"old")
    summary = hook.sync(f"file://{folder}", "/up", ignore_failures=True, delete=True)
    assert (summary["failed"], summary["deleted"]) == (1, 0)
    assert hook.exists("/up/old.csv")


def test_a_directory_of_the_lake_that_may_not_be_read(hook, emulator, connect, account, tmp_path):
    """It is one failure of several where failures are, and ends a transfer where they are not."""
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

    hook.filesystem.pipe({"/t/open/1": b"1", "/t/closed/2": b"2", "/t/excluded/3": b"3"})
    hook.set_permission("/", "755")
    for path in ("/t", "/t/open", "/t/open/1"):
        hook.set_permission(path, "755")
    client_id, secret = "77777777-5555-4555-8555-555555555555", "the~Trees.Secret.0123456789"
    emulator.add_principal(client_id, secret)
    connect("reading", login=client_id, password=secret)
    reader = ADLSGen1Hook("reading")
    with pytest.raises(PermissionError):
        reader.download("/t", f"{tmp_path}/t")
    summary = reader.sync("/t", f"file://{tmp_path}/other", ignore_failures=True, exclude=["excluded"])
    assert (summary["files"], summary["failed"]) == (1, 1)
    assert summary["failed_paths"][0]["path"] == "/t/closed"
    for root in ("/t", f"adl://{account}.azuredatalakestore.net/t"):
        summary = reader.download(f"{root}/*/[12]", f"{tmp_path}/glob", ignore_failures=True)
        failed = {one["path"] for one in summary["failed_paths"]}
        assert (summary["files"], failed) == (1, {f"{root}/closed", f"{root}/excluded"})


def test_a_time_to_come(hook, tmp_path):
    """A file whose time is still to come is copied again only if its content is another."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name in ("1.csv", "2.csv"):
        (folder / name).write_text("first")
        os.utime(folder / name, (4_000_000_000, 4_000_000_000))
    source = f"file://{folder}"
    assert hook.sync(source, "/up")["files"] == 2
    assert hook.sync(source, "/up")["files"] == 0
    (folder / "1.csv").write_text("other")
    os.utime(folder / "1.csv", (4_000_000_000, 4_000_000_000))
    assert hook.sync(source, "/up")["paths"] == ["/up/1.csv"]


def test_a_name_that_no_lake_can_hold(hook, tmp_path):
    """It is found before anything is copied; where failures are counted, the others are copied."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name in ("1.csv", "run__2026-11-29T00:00:00+00:00.csv"):
        (folder / name).write_text("x")
    for options in ({}, {"preview": True}):
        with pytest.raises(PathError, match=r"00:00:00.*colon"):
            hook.upload(str(folder), "/up", **options)
        with pytest.raises(PathError, match=r"00:00:00.*colon"):
            hook.sync(f"file://{folder}", "/up", **options)
    assert not hook.exists("/up")
    summary = hook.upload(str(folder), "/up", ignore_failures=True)
    assert (summary["paths"], summary["failed"]) == (["/up/1.csv"], 1)
    (folder / "empty:").mkdir()
    with pytest.raises(PathError, match="colon"):
        hook.upload(f"{folder}/empty:", "/other/empty:")


def test_an_object_whose_name_is_a_prefix(hook, tmp_path, mocker):
    """It is refused, or counted as failed, and never left out."""
    memory = MemoryFileSystem()
    listed = MemoryFileSystem.ls

    def ls(self, path, detail=True, **options):
        # As S3 does it: what is below a prefix, whether an object has its name or not.
        entry = self.store.pop(self._strip_protocol(path), None)
        try:
            return listed(self, path, detail, **options)
        finally:
            if entry:
                self.store[self._strip_protocol(path)] = entry

    mocker.patch.object(MemoryFileSystem, "ls", ls)
    memory.store.clear()
    memory.pipe({"/b/in/foo/sub/file": b"below", "/b/in/other": b"other"})
    memory.pipe("/b/foo", b"the object")
    memory.store["/b/in/foo"] = memory.store["/b/foo"]
    try:
        for options in ({}, {"preview": True}):
            with pytest.raises(ValueError, match=r"/in/foo would be a file.*prefix"):
                hook.import_objects("memory://b/in", "/up", **options)
            with pytest.raises(ValueError, match=r"/in/foo would be a file.*prefix"):
                hook.sync("memory://b/in", "/up", **options)
        assert not hook.exists("/up")
        summary = hook.import_objects("memory://b/in", "/up", ignore_failures=True)
        assert (summary["paths"], summary["failed"]) == (["/up/foo/sub/file", "/up/other"], 1)
        assert summary["failed_paths"][0]["path"] == "memory:///b/in/foo"
    finally:
        memory.store.clear()
        memory.pseudo_dirs[:] = [""]


def test_a_missing_local_source(hook, tmp_path, monkeypatch):
    """The error names the directory that a glob begins in, or the working directory of a relative path."""
    with pytest.raises(FileNotFoundError, match=r"the directory .*/none does not exist$"):
        hook.upload(f"{tmp_path}/none/*.csv", "/up")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=rf"data/x.csv: the working directory is {tmp_path}$"):
        hook.upload("data/x.csv", "/up")
