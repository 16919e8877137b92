"""Transfers of each kind with a failure at each of their requests, with kills, and with full disks."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from threading import Thread

import pytest
from fsspec.asyn import sync

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.lake.blocks import BLOCK
from airflow_provider_adls.model.errors import ADLSGen1Error
from airflow_provider_adls.model.paths import is_unfinished

#: Two segments on Gen1.
BIG = 4 * BLOCK + 3
KINDS = ["upload", "download", "copy", "sync", "move"]
PROGRAM = """
import json, resource, sys
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
method, source, target, options, limit = sys.argv[1:]
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
hook = ADLSGen1Hook()
print("begun", flush=True)
getattr(hook, method)(source, target, **json.loads(options))
"""


class Trees:
    """A tree at one end, and what arrives at the other."""

    def __init__(self, hook, tmp_path, kind):
        self.hook = hook
        self.kind = kind
        self.local = tmp_path / "tree"
        (self.local / "d").mkdir(parents=True)
        self.content = {"big": os.urandom(1021) * (BIG // 1021), "d/small": b"12", "d/empty": b""}
        for name, content in self.content.items():
            (self.local / name).write_bytes(content)
        if kind != "upload":
            hook.upload(self.local, "/from")
        self.source = str(self.local) if kind == "upload" else "/from"
        self.target = str(tmp_path / "back") if kind == "download" else "/to"

    @property
    def call(self):
        """Method, its paths and its options."""
        method = {"move": "copy"}.get(self.kind, self.kind)
        return method, self.source, self.target, {"delete_source": True} if self.kind == "move" else {}

    def run(self, **more):
        """Make the transfer."""
        method, source, target, options = self.call
        return getattr(self.hook, method)(source, target, **options, **more)

    def arrived(self, root=None):
        """Return the files at an end, by their names, without hidden ones."""
        fs, root = self.hook.filesystem, root or self.target
        if self.kind == "download" and root == self.target:
            found = {
                path: path.read_bytes() for path in self.local.parent.glob("back/**/*") if path.is_file()
            }
            return {
                str(path.relative_to(root)): content
                for path, content in found.items()
                if not is_unfinished(path.name)
            }
        if not fs.exists(root):
            return {}
        found = [name for name in fs.find(root) if not is_unfinished(name)]
        return {name.removeprefix(f"{root}/"): fs.cat_file(name) for name in found}

    def hidden(self):
        """Return the hidden files at both ends."""
        fs, found = self.hook.filesystem, []
        for directory in ("/from", "/from/d", "/to", "/to/d"):
            try:
                page = sync(fs.loop, fs.client.list_page, directory)
            except FileNotFoundError:
                continue
            found += [entry.name for entry in page.entries if is_unfinished(entry.name)]
        return found + [path.name for path in self.local.parent.rglob(".*") if is_unfinished(path.name)]

    def check_between(self):
        """Hold that no half of a file is in view, and that no file is lost."""
        # The source first: a file that has left it has arrived.
        left = self.arrived("/from") if self.kind == "move" else {}
        arrived = self.arrived()
        assert arrived.items() <= self.content.items()
        if self.kind == "move":
            assert left | arrived == self.content

    def check_end(self):
        """Hold that all arrived, and that nothing hidden is left."""
        assert self.arrived() == self.content
        assert self.hidden() == []
        if self.kind == "move":
            assert self.arrived("/from") == {}


@pytest.fixture
def trees(hook, tmp_path, request):
    """A transfer of a kind, ready to be made."""
    return Trees(hook, tmp_path, request.param)


def fail_at(trees, fault, step):
    """Refuse a request, and make the transfer again; return whether there was such a request."""
    with fault(nth=step, status=403) as rule:
        with contextlib.suppress(ADLSGen1Error, OSError):
            trees.run()
        fired = rule.fired
    trees.check_between()
    trees.run(ignore_if_missing=True)
    trees.check_end()
    return fired


@pytest.mark.parametrize("trees", KINDS, indirect=True)
@pytest.mark.parametrize("step", [2, 7])
def test_a_request_that_is_refused(trees, fault, step):
    """Whatever request fails: no half a file, none lost; the next run makes all right, and leaves nothing."""
    fail_at(trees, fault, step)


@pytest.mark.long
@pytest.mark.parametrize("trees", KINDS, indirect=True)
@pytest.mark.parametrize("step", range(1, 30))
def test_each_request_that_is_refused(trees, fault, step):
    """The same for every step."""
    fail_at(trees, fault, step)


@pytest.mark.parametrize("trees", KINDS, indirect=True)
@pytest.mark.parametrize("step", [4])
def test_an_answer_that_is_lost(trees, fault, step):
    """A request whose answer is lost has its effect once."""
    with fault(nth=step, drop="after"):
        trees.run()
    trees.check_end()


@pytest.mark.parametrize("trees", ["move"], indirect=True)
def test_a_kill_of_a_move(trees, fault):
    """After a kill no half a file is in view, none is lost, and the retry makes all right."""
    kill(trees, fault, 0)


@pytest.mark.long
@pytest.mark.parametrize("trees", KINDS, indirect=True)
@pytest.mark.parametrize("moment", range(1, 51))
def test_a_kill(trees, fault, moment):
    """The same for each kind, at 50 moments."""
    kill(trees, fault, moment)


def kill(trees, fault, moment):
    """Kill a transfer after a part of a second that the moment chooses, and make it again."""
    method, source, target, options = trees.call
    with fault(delay=0.01):
        command = [sys.executable, "-c", PROGRAM, method, source, target, json.dumps(options), "0"]
        killed = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        killed.stdout.readline()
        time.sleep(random.Random(moment).uniform(0, 0.6))
        killed.kill()
        killed.communicate()
    # A request that was on its way when its sender died is done by then.
    time.sleep(0.1)
    trees.check_between()
    trees.run(resume=True, ignore_if_missing=True)
    assert trees.arrived() == trees.content
    if trees.kind == "move":
        assert trees.arrived("/from") == {}


@pytest.mark.parametrize("trees", ["download"], indirect=True)
def test_a_full_disk(trees):
    """A file that the disk has no room for is an error, and nothing of it stays."""
    command = [sys.executable, "-c", PROGRAM, "download", trees.source, trees.target, "{}", str(2 * BLOCK)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "File too large" in done.stderr
    trees.check_between()
    assert trees.hidden() == []
    trees.run()
    trees.check_end()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 6 MiB, and a function that makes it bigger; skipped where none can be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def mount(*options):
        return subprocess.run(["mount", *options, disk], capture_output=True, check=False).returncode

    if mount("-t", "tmpfs", "-o", f"size={6 * 2**20}", "tmpfs"):
        pytest.skip("mounting a file system needs more rights")
    try:
        yield disk, lambda: mount("-o", f"remount,size={64 * 2**20}")
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.parametrize("trees", ["download"], indirect=True)
@pytest.mark.parametrize("method", ["download", "sync"])
def test_a_disk_that_is_really_full(trees, small_disk, method):
    """A disk without room is an error; nothing of the file stays, and with more room the next run goes on."""
    disk, grow = small_disk
    target = f"{'file://' if method == 'sync' else ''}{disk}/back"
    with pytest.raises(OSError, match="No space left on device"):
        getattr(trees.hook, method)("/from", target)
    found = [path for path in disk.rglob("*") if path.is_file()]
    assert [path for path in found if is_unfinished(path.name)] == []
    assert all(path.read_bytes() == trees.content[str(path.relative_to(disk / "back"))] for path in found)
    assert grow() == 0
    getattr(trees.hook, method)("/from", target)
    assert {name: (disk / "back" / name).read_bytes() for name in trees.content} == trees.content


@pytest.mark.parametrize("trees", KINDS, indirect=True)
def test_a_token_that_expires(trees, fault):
    """The service refuses the token in the middle: the client gets another, and the transfer goes on."""
    with fault(expire_token=True, nth=4) as rule:
        trees.run()
    assert rule.fired == 1
    trees.check_end()


@pytest.mark.parametrize("trees", ["upload", "copy", "sync", "move"], indirect=True)
def test_two_writers(trees):
    """Two tasks that do the same at once: each file is whole at each moment, and one comes to the end."""
    failures = []

    def run():
        method, source, target, options = trees.call
        try:
            getattr(ADLSGen1Hook(), method)(source, target, ignore_if_missing=True, **options)
        except (ADLSGen1Error, OSError) as error:
            failures.append(error)

    tasks = [Thread(target=run) for _ in range(2)]
    for task in tasks:
        task.start()
    while any(task.is_alive() for task in tasks):
        # Reading what is just moved away fails.
        with contextlib.suppress(FileNotFoundError):
            trees.check_between()
    # Of two that move the same, one may find that the other has taken a file.
    assert len(failures) <= (trees.kind == "move")
    trees.run(ignore_if_missing=True)
    trees.check_end()


def test_one_in_ten_requests_fails(hook, tmp_path, fault, asked):
    """A tree goes up, across and down while a tenth of all requests fails, and is the same after that."""
    storm(hook, tmp_path, fault, asked, 60)


@pytest.mark.long
def test_one_in_ten_requests_fails_for_2000_files(hook, tmp_path, fault, asked):
    """The same for 2,000 files."""
    storm(hook, tmp_path, fault, asked, 2000)


def storm(hook, tmp_path, fault, asked, count):
    """Move a tree up, across and down in a storm of failures."""
    folder = tmp_path / "tree"
    for number in range(count):
        path = folder / str(number % 7) / f"{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * number)
    chance = random.Random(7)
    kinds = [{"status": 503}, {"drop": "before"}, {"drop": "after"}]
    most = 6 * count + 100
    rules = [fault(nth=nth, **chance.choice(kinds)) for nth in range(1, most) if chance.random() < 0.1]
    before = len(asked())
    hook.upload(folder, "/up")
    hook.copy("/up", "/across")
    hook.download("/across", tmp_path / "back")

    def content(root):
        return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    # The storm lasted to the end.
    assert 4 * count < len(asked()) - before < most
    assert sum(rule.fired for rule in rules) > count // 4
    assert content(tmp_path / "back") == content(folder)
