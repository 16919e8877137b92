"""A transfer of many tasks, each done by a call of the hook."""

from __future__ import annotations

import datetime as dt
import json

import fsspec
import pytest

from airflow_provider_adls.transfer.page import spell
from tests.services import gen1_name

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


@pytest.mark.parametrize("tasks", [1, 2, 4])
def test_a_tree_is_copied(hook, source, created, tasks):
    """All files arrive, once, in shards of a few; empty directories are made, and the report counts them."""
    report = run_all(hook, shard_files=2, list_tasks=tasks)
    assert set(created().values()) == {1}
    assert tree(hook, "/t") == tree(hook, "/s")
    assert hook.filesystem.isdir("/t/empty/er")
    assert report["complete"], report["problems"]
    assert (report["files"], report["failed"], report["deleted"]) == (len(NAMES), 0, 0)
    assert len(report["shards"]) >= len(NAMES) // 2
    folder = report["state"]
    assert json.loads(hook.filesystem.cat_file(f"{folder}/report.json")).items() <= report.items()
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


def begin(hook, **options):
    """Begin and list a transfer, and return the number of shards."""
    for part in range(hook.begin_transfer(**STATE, source_path="/s", destination_path="/t", **options)):
        hook.list_transfer(**STATE, part=part)
    return hook.pack_transfer(**STATE)


@pytest.fixture
def created(emulator, account, container):
    """Paths that were created since, below the target; with how often."""

    def count(root="/t/"):
        paths = [
            request.path.removeprefix(f"/{container}")
            for request in emulator.requests(account=account)
            if gen1_name(request.operation) == "CREATE" and request.status == 201
        ]
        paths = [path for path in paths if path.startswith(root)]
        return {path: paths.count(path) for path in paths}

    return count


@pytest.mark.parametrize("tasks", range(1, 9))
def test_each_file_is_in_one_part(hook, source, tasks):
    """However many tasks list, each file is counted by one of them."""
    parts = hook.begin_transfer(**STATE, source_path="/s", destination_path="/t", list_tasks=tasks)
    assert parts <= tasks
    assert sum(hook.list_transfer(**STATE, part=part)["files"] for part in range(parts)) == len(NAMES)


def test_a_fixed_id_goes_on(hook, source, created):
    """A second run with the same id copies nothing again, and has the same report."""
    first = run_all(hook, shard_files=3)
    assert run_all(hook, shard_files=3)["files"] == first["files"]
    assert set(created().values()) == {1}


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"mode": "sync"}, "mode"),
        ({"shard_files": 7}, "shard_files"),
        ({"source_path": "/other"}, "source_path"),
        ({"destination_path": "/other"}, "destination_path"),
    ],
)
def test_another_transfer_of_the_same_id_is_refused(hook, source, options, name):
    """Another source, destination or option under the id of a transfer is an error that names it."""
    begin(hook)
    hook.filesystem.pipe_file("/other/file", b"")
    ends = {"source_path": "/s", "destination_path": "/t"}
    with pytest.raises(ValueError, match=f"another transfer, whose {name} is"):
        hook.begin_transfer(**STATE, **(ends | options))


@pytest.mark.parametrize(
    ("source_path", "destination_path", "options", "message"),
    [
        ("/s", "/s/copy", {}, "copied into itself"),
        ("/s", "/s", {}, "copied into itself"),
        ("/s/a", "/s", {"mode": "sync", "delete": True}, "would be deleted"),
        ("/", "/t", {}, "copied into itself"),
        ("/s", "/_state", {}, "state_path"),
        ("/s", "/", {"mode": "sync"}, "state_path"),
        ("/s", "file:///data", {}, "on this machine"),
    ],
)
def test_trees_that_hold_each_other_are_refused(
    hook, source, source_path, destination_path, options, message
):
    """Neither tree may hold the other, nor the state, nor be on one machine."""
    with pytest.raises(ValueError, match=message):
        hook.begin_transfer(**STATE, source_path=source_path, destination_path=destination_path, **options)
    assert not hook.filesystem.exists("/_state")


@pytest.mark.parametrize("transfer_id", ["s/1", "t", "t/1"])
def test_a_state_that_its_id_puts_into_a_tree_is_refused(hook, source, transfer_id):
    """The transfer's own files are where state_path and id say: they are refused if that is in a tree."""
    with pytest.raises(ValueError, match="give another state_path"):
        hook.begin_transfer("/", transfer_id, source_path="/s", destination_path="/t")
    assert not hook.filesystem.exists("/t")


@pytest.mark.parametrize("destination_path", ["/file", "/file/x/y"])
def test_a_destination_that_is_a_file_is_not_begun(hook, source, destination_path):
    """A file in place of the destination, or above it, fails the first step, which names it."""
    hook.filesystem.pipe_file("/file", b"stays")
    with pytest.raises(NotADirectoryError, match="/file is a file"):
        hook.begin_transfer(**STATE, source_path="/s", destination_path=destination_path)
    with pytest.raises(NotADirectoryError, match="/file is a file"):
        hook.begin_transfer("/file", "1", source_path="/s", destination_path="/t")
    assert hook.filesystem.cat_file("/file") == b"stays"


@pytest.mark.parametrize("checksum", [False, True])
def test_a_source_that_grows_after_its_listing(hook, source, checksum):
    """A file that has grown since it was listed is copied as it is, and is right; one that is gone fails."""
    hook.filesystem.pipe({f"/s/log/{number}": b"" for number in range(5)})
    begin(hook, checksum=checksum)
    hook.filesystem.pipe({"/s/log/1": b"longer", "/s/z/4.csv": b"longer"})
    hook.copy_shard(**STATE, shard=0)
    assert hook.verify_shard(**STATE, shard=0) == {"files": len(NAMES) + 5, "failed": 0}
    assert tree(hook, "/t") == tree(hook, "/s")
    hook.filesystem.rm_file("/t/a/1.csv")
    hook.filesystem.rm_file("/s/a/1.csv")
    with pytest.raises(ValueError, match=r"/t/a/1\.csv: the destination does not have it.* new transfer_id"):
        hook.verify_shard(**STATE, shard=0)
    with pytest.raises(OSError, match="a new transfer_id leaves out"):
        hook.copy_shard(**STATE, shard=0)


def test_what_is_missing_or_a_file_is_not_begun(hook):
    """A source that is missing, or is a file, fails at the first step."""
    with pytest.raises(FileNotFoundError):
        hook.begin_transfer(**STATE, source_path="/s", destination_path="/t")
    hook.filesystem.pipe_file("/s", b"")
    with pytest.raises(NotADirectoryError):
        hook.begin_transfer(**STATE, source_path="/s", destination_path="/t")
    with pytest.raises(FileNotFoundError, match="no transfer was begun"):
        hook.list_transfer(**STATE, part=0)


@pytest.mark.parametrize("nth", [1, 4, 7])
def test_a_broken_list_goes_on(hook, source, fault, created, nth):
    """A list that breaks off at any of its writes goes on where it ended; no file is named twice."""
    for part in range(hook.begin_transfer(**STATE, source_path="/s", destination_path="/t", shard_files=2)):
        with fault(operation="CREATE", path="/_state/**", nth=nth, status=403) as broken:
            try:
                hook.list_transfer(**STATE, part=part)
            except PermissionError:
                assert broken.fired
            else:
                assert not broken.fired
        hook.list_transfer(**STATE, part=part)
    for shard in range(hook.pack_transfer(**STATE)):
        hook.copy_shard(**STATE, shard=shard)
    assert tree(hook, "/t") == tree(hook, "/s")
    assert set(created().values()) == {1}


def test_a_failed_file_is_copied_by_the_retry(hook, source, fault, created):
    """A file that cannot be copied fails the task, when the others are copied; a retry copies it alone."""
    begin(hook)
    with (
        fault(operation="CREATE", path="/t/a/1.csv", status=403),
        pytest.raises(OSError, match=r"/t/a/1\.csv"),
    ):
        hook.copy_shard(**STATE, shard=0)
    assert hook.report_transfer(**STATE)["failed"] == 1
    assert hook.copy_shard(**STATE, shard=0)["failed"] == 0
    assert hook.verify_shard(**STATE, shard=0) == {"files": len(NAMES), "failed": 0}
    assert set(created().values()) == {1}
    assert hook.report_transfer(**STATE)["complete"]


def test_failures_that_are_ignored_are_reported(hook, source, fault):
    """With ignore_failures the tasks succeed, the report names path and reason, and nothing is deleted."""
    hook.filesystem.pipe_file("/t/extra.csv", b"")
    with fault(operation="CREATE", path="/t/a/1.csv", status=403):
        report = run_all(hook, mode="sync", delete=True, ignore_failures=True)
    assert (report["failed"], report["deleted"], report["files"]) == (1, 0, len(NAMES) - 1)
    assert hook.filesystem.exists("/t/extra.csv")
    page = hook.filesystem.cat_file(report["page"]).decode()
    assert "a/1.csv" in page
    assert "AccessDeniedError" in page
    first, totals, problem, shard, last = spell(report)
    assert first == "/s -> /t: not complete"
    assert "files failed: 1" in totals
    assert "they were not deleted" in problem
    assert shard.startswith(f"shard 0: {len(NAMES) - 1} files, ")
    assert report["page"] in last


@pytest.mark.parametrize("step", ["begin_transfer", "pack_transfer", "copy_shard", "verify_shard"])
def test_a_service_that_throttles_is_waited_for(hook, source, fault, step):
    """Each step goes on with a throttled request after more attempts than a single request has."""
    begin(hook)
    hook.copy_shard(**STATE, shard=0)
    options = {"shard": 0} if step.endswith("shard") else {}
    if step == "begin_transfer":
        options = {"source_path": "/s", "destination_path": "/t"}
    with fault(times=10, status=429, retry_after=0) as throttled:
        getattr(hook, step)(**STATE, **options)
    assert throttled.fired == 10


def test_a_service_that_refuses_everything_ends_a_try_early(hook, fault, emulator, account):
    """Where each of many files fails, a try ends after some of them, and does not try them all."""
    hook.filesystem.pipe({f"/s/{number:03d}": b"" for number in range(300)})
    begin(hook)
    with (
        fault(operation="CREATE", path="/t/**", status=403) as broken,
        pytest.raises(OSError, match="not copied"),
    ):
        hook.copy_shard(**STATE, shard=0)
    assert broken.fired <= 256
    assert hook.copy_shard(**STATE, shard=0)["files"] == 300


def test_verification_finds_what_differs(hook, source):
    """A file that is gone, or another, fails the verification; a cleared copy then mends just it."""
    begin(hook)
    hook.copy_shard(**STATE, shard=0)
    hook.filesystem.rm_file("/t/z/4.csv")
    hook.filesystem.pipe_file("/t/a/1.csv", b"of another length")
    with pytest.raises(ValueError, match=r"/t/.* \(and 1 more\)"):
        hook.verify_shard(**STATE, shard=0)
    with pytest.raises(ValueError, match="copies only these again"):
        hook.verify_shard(**STATE, shard=0)
    assert not hook.report_transfer(**STATE)["complete"]
    hook.copy_shard(**STATE, shard=0)
    assert hook.verify_shard(**STATE, shard=0) == {"files": len(NAMES), "failed": 0}
    assert tree(hook, "/t") == tree(hook, "/s")


def test_checksums_find_what_sizes_do_not(hook, source):
    """With checksum=True a file of the same size and other bytes fails the verification."""
    begin(hook, checksum=True)
    hook.copy_shard(**STATE, shard=0)
    hook.filesystem.pipe_file("/t/z/4.csv", b"Z/4.csv")
    with pytest.raises(ValueError, match=r"/t/z/4\.csv: the copy differs from its source"):
        hook.verify_shard(**STATE, shard=0)


def test_nothing_is_deleted_without_verification(hook, source):
    """Deletion needs every shard verified, and names the one that is not."""
    hook.filesystem.pipe_file("/t/extra.csv", b"")
    begin(hook, mode="sync", delete=True)
    hook.copy_shard(**STATE, shard=0)
    with pytest.raises(ValueError, match="shard 0 is not verified"):
        hook.delete_extraneous(**STATE)
    assert hook.filesystem.exists("/t/extra.csv")


def test_a_source_that_vanishes_deletes_nothing(hook, source):
    """A source that is removed before the deletion, or while it is listed, deletes nothing."""
    hook.filesystem.pipe_file("/t/extra.csv", b"")
    begin(hook, mode="sync", delete=True)
    hook.copy_shard(**STATE, shard=0)
    hook.verify_shard(**STATE, shard=0)
    hook.filesystem.mv("/s", "/elsewhere", recursive=True)
    with pytest.raises(FileNotFoundError):
        hook.delete_extraneous(**STATE)
    with pytest.raises(FileNotFoundError):
        hook.list_transfer(**{**STATE, "transfer_id": "new"}, part=0)
    assert hook.filesystem.exists("/t/extra.csv")


@pytest.mark.parametrize(
    ("most", "deleted"), [(0.5, 2), (2, 2), (None, 2), (1, None), (0.1, None), (0, None)]
)
def test_max_deletes(hook, source, most, deleted):
    """More deletions than a number, or than a part of the destination's files, are refused as a whole."""
    hook.filesystem.pipe({"/t/extra/1.csv": b"", "/t/extra/2.csv": b"", "/t/a.csv": b"", "/t/z/4.csv": b""})
    options = {"mode": "sync", "delete": True, "max_deletes": most}
    if deleted is None:
        with pytest.raises(ValueError, match="2 of the 4 files"):
            run_all(hook, **options)
        assert hook.filesystem.exists("/t/extra/1.csv")
    else:
        assert run_all(hook, **options)["deleted"] == deleted
        assert not hook.filesystem.exists("/t/extra")


def test_what_the_source_has_by_now_is_not_deleted(hook, source):
    """A directory that appears in the source after the listing stays in the destination."""
    hook.filesystem.pipe({"/t/late/1.csv": b"", "/t/extra.csv": b""})
    begin(hook, mode="sync", delete=True)
    hook.copy_shard(**STATE, shard=0)
    hook.verify_shard(**STATE, shard=0)
    hook.filesystem.pipe_file("/s/late/1.csv", b"")
    assert hook.delete_extraneous(**STATE) == {"deleted": 1}
    assert hook.filesystem.exists("/t/late/1.csv")


def test_files_are_chosen_by_their_times(hook, source, later):
    """With a time only such files are copied, copies of others and empty directories stay as they are."""
    hook.filesystem.pipe({"/t/z/4.csv": b"other", "/t/extra.csv": b""})
    cut = later()
    hook.filesystem.pipe_file("/s/a/1.csv", b"young")
    options = {"mode": "sync", "delete": True, "list_tasks": 3, "modified_after": cut}
    assert run_all(hook, **options)["files"] == 1
    assert tree(hook, "/t") == {"a/1.csv": b"young", "z/4.csv": b"other"}
    assert not hook.filesystem.exists("/t/empty")
    with pytest.raises(ValueError, match="whose modified_after is"):
        run_all(hook, **options | {"modified_after": "2026-01-01"})


def test_an_age_counts_from_the_beginning(hook, source, later):
    """A run that goes on with a transfer of `older_than` chooses what the first one chose."""
    hook.begin_transfer(**STATE, source_path="/s", destination_path="/t", older_than="PT0.001S", list_tasks=1)
    later()
    hook.filesystem.pipe_file("/s/young.csv", b"young")
    assert run_all(hook, older_than=dt.timedelta(milliseconds=1), list_tasks=1)["files"] == len(NAMES)
    with pytest.raises(ValueError, match=r"'modified_after'.* is not before modified_before"):
        run_all(hook, modified_after="2026-02-01", modified_before="2026-01-01")


def test_filters_hold_on_both_sides(hook, source):
    """What include and exclude leave out is neither copied nor deleted."""
    hook.filesystem.pipe(
        {"/t/gone.csv": b"", "/t/notes.txt": b"", "/t/only/x.csv": b"", "/t/only/x.txt": b""}
    )
    run_all(hook, mode="sync", delete=True, include=["*.csv"], exclude=["z/**"])
    expected = {name: content for name, content in tree(hook, "/s").items() if not name.startswith("z/")}
    assert tree(hook, "/t") == expected | {"notes.txt": b"", "only/x.txt": b""}


def test_what_a_dead_writer_left_goes_at_once(hook, source):
    """A retry on another machine removes the hidden files of the try before it, and of no other writer."""
    begin(hook)
    dead = f".{'ab' * 4}{'0' * 16}"
    mine, other = f"/t/a/{dead[:25]}{'1' * 8}.part", f"/t/a/.{'cd' * 16}.part"
    hook.filesystem.pipe({mine: b"", other: b""})
    ledger = "/_state/nightly/scheduled__2026-11-29T00%3A00%3A00+00%3A00/ledger/0000"
    hook.filesystem.pipe_file(ledger, json.dumps({"try": 1, "writer": dead, "at": 1.0}).encode() + b"\n")
    hook.copy_shard(**STATE, shard=0)
    assert hook.filesystem.exists(other)
    assert not hook.filesystem.exists(mine)


def test_to_an_object_store_and_back(hook, source):
    """Both ends may be stores of fsspec's, and empty directories are left out where there are none."""
    memory = fsspec.filesystem("memory")
    try:
        for source_path, destination_path, number in (
            ("/s", "memory://b/t", 1),
            ("memory://b/t", "/back", 2),
        ):
            state = {**STATE, "transfer_id": str(number)}
            hook.begin_transfer(**state, source_path=source_path, destination_path=destination_path)
            hook.list_transfer(**state, part=0)
            for part in range(
                1, hook.begin_transfer(**state, source_path=source_path, destination_path=destination_path)
            ):
                hook.list_transfer(**state, part=part)
            for shard in range(hook.pack_transfer(**state)):
                hook.copy_shard(**state, shard=shard)
                hook.verify_shard(**state, shard=shard)
            assert hook.report_transfer(**state)["complete"]
    finally:
        memory.store.clear()
        memory.pseudo_dirs[:] = [""]
    assert tree(hook, "/back") == tree(hook, "/s")


def test_from_one_service_to_the_other(
    service, hook, source, emulator, adls_gen1_connect, adls_gen1_account, adls_gen2_account
):
    """A tree of either service is made like one of the other, by a connection of its own."""
    if service == "gen1":
        fields = {"account_name": adls_gen2_account.name, "container": adls_gen2_account.container}
    else:
        fields = {"account_name": adls_gen1_account}
    other = type(hook)(adls_gen1_connect("other", **fields))
    other.filesystem.pipe({"/t/extra/1.csv": b"", "/t/a/1.csv": b"of another length"})
    report = run_all(hook, mode="sync", delete=True, checksum=True, destination_conn_id="other", list_tasks=3)
    assert tree(other, "/t") == tree(hook, "/s")
    assert (report["files"], report["deleted"], report["complete"]) == (len(NAMES), 1, True)
    assert report["bytes"] == sum(map(len, tree(hook, "/s").values()))


def test_a_big_file_arrives_whole(hook, created):
    """A file of several blocks and one of exactly one block are copied beside small ones."""
    files = {"/s/big": b"x" * (9 * 2**20 + 1), "/s/block": b"y" * (4 * 2**20), "/s/one": b""}
    for path, content in files.items():
        hook.filesystem.pipe_file(path, content)
    assert run_all(hook, shard_bytes=4 * 2**20)["complete"]
    assert tree(hook, "/t") == tree(hook, "/s")
