"""A transfer of many tasks, each done by a call of the hook."""

from __future__ import annotations

import json

import pytest

STATE = {"state_path": "/_state", "transfer_id": "nightly/scheduled__2026-11-29T00:00:00+00:00"}


def run_all(hook, **options):
    """Do the work of all tasks, one after the other, and return the report."""
    for part in range(hook.begin_transfer(**STATE, source_path="/s", destination_path="/t", **options)):
        hook.list_transfer(**STATE, part=part)
    shards = hook.pack_transfer(**STATE)
    for shard in range(shards):
        hook.copy_shard(**STATE, shard=shard)
    for shard in range(shards):
        hook.verify_shard(**STATE, shard=shard)
    hook.delete_extraneous(**STATE)
    return hook.report_transfer(**STATE)


def tree(hook, root):
    """Return the contents of all files below a directory, by their places."""
    fs = hook.filesystem
    return {path[len(root) + 1 :]: fs.cat_file(path) for path in fs.find(root)}


NAMES = [
    "a.csv",
    "a/1.csv",
    "a/b/2.csv",
    "a b/[1] % # ü.csv",
    "a.d/3.csv",
    "z/4.csv",
    "z/deep/er/5.csv",
    "🦆/6.csv",
]


@pytest.fixture
def source(hook):
    """A tree with names as people have them, and an empty directory."""
    for name in NAMES:
        if name != "a.csv":
            hook.filesystem.pipe_file(f"/s/{name}", name.encode())
    hook.filesystem.pipe_file("/s/a.csv", b"")
    hook.filesystem.makedirs("/s/empty/er")


def test_a_tree_is_copied(hook, source):
    """All files arrive, in shards of a few files, empty directories are made, and the report counts them."""
    report = run_all(hook, shard_files=2, list_tasks=4)
    assert tree(hook, "/t") == tree(hook, "/s")
    assert hook.filesystem.isdir("/t/empty/er")
    assert report["complete"], report["problems"]
    assert (report["files"], report["failed"], report["deleted"]) == (len(NAMES), 0, 0)
    assert len(report["shards"]) >= len(NAMES) // 2
    folder = report["state"]
    assert json.loads(hook.filesystem.cat_file(f"{folder}/report.json")) == report
    assert b"complete" in hook.filesystem.cat_file(f"{folder}/report.html")


def test_a_tree_is_made_like_another(hook, source):
    """Sync copies what is new or changed, leaves what is alike, and deletes what the source does not have."""
    run_all(hook)
    hook.filesystem.rm("/_state", recursive=True)
    hook.filesystem.pipe_file("/s/new.csv", b"new")
    hook.filesystem.pipe_file("/s/a/1.csv", b"longer than before")
    hook.filesystem.rm("/s/z", recursive=True)
    hook.filesystem.rm("/s/a/b/2.csv")
    report = run_all(hook, mode="sync", delete=True, list_tasks=4)
    assert tree(hook, "/t") == tree(hook, "/s")
    assert not hook.filesystem.exists("/t/z")
    assert report["complete"], report["problems"]
    counts = {name: report[name] for name in ("files", "skipped", "deleted")}
    assert counts == {"files": 2, "skipped": len(NAMES) - 4, "deleted": 3}
