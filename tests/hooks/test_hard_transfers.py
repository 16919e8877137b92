"""Transfers where things go wrong: a service that throttles, drops and truncates, kills, crowds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from threading import Thread

import pytest

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import AccessDeniedError
from airflow_provider_adls.model.paths import is_unfinished

BIG = 40 * 2**20 + 3
#: Hidden files that the tree below is uploaded by: three parts of the big one, and the one of a byte more.
HIDDEN = 4
#: Says that it has begun, and moves what its arguments name.
PROGRAM = """
import sys
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
hook = ADLSGen1Hook()
print("begun", flush=True)
getattr(hook, sys.argv[1])(*sys.argv[2:])
"""


@pytest.fixture
def folder(tmp_path):
    """A tree with files of 40 MiB, of one request and a byte, of just one request, of nothing, of little."""
    folder = tmp_path / "source"
    (folder / "more").mkdir(parents=True)
    sizes = {"big": BIG, "over": 2**22 + 1, "block": 2**22, "more/empty": 0}
    for name, size in {**sizes, **{f"more/{number}": number for number in range(30)}}.items():
        (folder / name).write_bytes(os.urandom(1021) * (size // 1021) + b"x" * (size % 1021))
    return folder


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def in_lake(hook, path):
    found = hook.filesystem.find(path)
    return {name.removeprefix(f"{path}/"): hook.filesystem.cat_file(name) for name in found}


FAULTS = {
    "throttled": [{"status": 429, "times": 10}],
    "failing": [{"status": 503, "nth": nth} for nth in (2, 5, 9)],
    "dropped before": [{"drop": "before", "nth": nth} for nth in (2, 6, 11)],
    "dropped after": [{"drop": "after", "nth": nth} for nth in (2, 6, 11)],
    "truncated": [{"operation": "OPEN", "truncate": 1000, "nth": nth} for nth in (1, 4)],
    "token": [{"expire_token": True, "nth": 7}],
}


@pytest.mark.parametrize("rules", FAULTS.values(), ids=FAULTS)
def test_a_service_that_fails_for_a_while(hook, folder, tmp_path, adls_gen1_fault, rules):
    """Whatever passes is waited out, each file arrives whole, once, and nothing is beside it."""
    faults = [adls_gen1_fault(service="lake", **rule) for rule in rules]
    hook.upload(str(folder), "/up")
    hook.copy("/up", "/copy")
    hook.download("/copy", str(tmp_path / "back"))
    assert all(fault.fired for fault in faults)
    assert in_lake(hook, "/up") == content(folder)
    assert content(tmp_path / "back") == content(folder)


@pytest.mark.parametrize("operation", ["CREATE", "APPEND", "MSCONCAT", "RENAME"])
def test_a_service_that_refuses(hook, folder, adls_gen1_fault, operation):
    """A right that is missing in the middle ends the transfer, and leaves no half of a file."""
    adls_gen1_fault(service="lake", operation=operation, error="AccessControlException", status=403)
    with pytest.raises(AccessDeniedError):
        hook.upload(str(folder), "/up")
    there = in_lake(hook, "/up") if hook.filesystem.exists("/up") else {}
    assert there.items() <= content(folder).items()


@pytest.mark.parametrize(
    "blocks", [pytest.param(1, marks=pytest.mark.long), 4, pytest.param(8, marks=pytest.mark.long)]
)
def test_a_killed_upload(hook, account, folder, adls_gen1_fault, emulator, blocks):
    """What a killed upload leaves nobody sees, and the next one to the same place removes it."""

    def hidden():
        return sum(is_unfinished(one.path) for one in emulator.requests(account=account, operation="CREATE"))

    with adls_gen1_fault(service="lake", operation="APPEND", after=blocks, delay=600):
        killed = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "upload", str(folder), "/up"], stdout=subprocess.PIPE
        )
        killed.stdout.readline()
        # One that is on its way when its sender dies may be made after the next upload has looked for it.
        while hidden() < HIDDEN:
            assert killed.poll() is None
            time.sleep(0.01)
        killed.kill()
        killed.communicate()
    assert {path.rpartition("/")[2] for path in hook.list_paths("/up")} <= {"over", "block"}
    hook.upload(str(folder), "/up")
    assert in_lake(hook, "/up") == content(folder)


def test_a_killed_download(hook, folder, tmp_path, adls_gen1_fault):
    """The same on this machine."""
    hook.upload(str(folder), "/up")
    back = tmp_path / "back"
    with adls_gen1_fault(service="lake", operation="OPEN", path="/up/big", after=3, delay=60):
        killed = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "download", "/up", str(back)], stdout=subprocess.PIPE
        )
        killed.stdout.readline()
        while not back.exists() or not any(is_unfinished(path.name) for path in back.iterdir()):
            assert killed.poll() is None
        killed.kill()
        killed.communicate()
    hook.download("/up", str(back))
    assert content(back) == content(folder)


def test_two_uploads_of_one_tree(hook, folder):
    """Two tasks that upload the same at once are both right, and leave nothing but the files."""
    done = []
    uploads = [
        Thread(target=lambda: done.append(ADLSGen1Hook().upload(str(folder), "/up"))) for _ in range(2)
    ]
    for one in uploads:
        one.start()
    for one in uploads:
        one.join()
    assert [summary["files"] for summary in done] == [34, 34]
    assert in_lake(hook, "/up") == content(folder)
