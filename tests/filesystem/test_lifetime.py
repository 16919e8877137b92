"""Instances: shared while they are used, dropped with what they hold, in threads, loops and forks."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import subprocess
import sys
import textwrap
import threading
import weakref
from pathlib import Path

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from tests.filesystem.test_handed_on import MADE_WITH_SECRET, PlainCredential


def test_instances():
    """The same options give the same instance, another secret gives another."""
    first = ADLSGen1FileSystem("lake", **MADE_WITH_SECRET)
    assert first is ADLSGen1FileSystem("lake", **MADE_WITH_SECRET)
    assert first is not ADLSGen1FileSystem("lake", **(MADE_WITH_SECRET | {"client_secret": "other"}))
    assert first.fsid == ADLSGen1FileSystem("lake", credential=PlainCredential()).fsid
    assert first.fsid != ADLSGen1FileSystem("other", credential=PlainCredential()).fsid


def test_fork(options):
    """A child of a fork makes its own file system; its parent's goes on working."""
    script = f"""
        import os
        from airflow_provider_adls.filesystem import ADLSGen1FileSystem
        options = {options | {"skip_instance_cache": False}!r}
        fs = ADLSGen1FileSystem(**options)
        fs.pipe("/x", b"1")
        child = os.fork()
        if not child:
            code = 1
            try:
                fs = ADLSGen1FileSystem(**options)
                code = 7 if fs.cat("/x") == b"1" else 2
            finally:
                os._exit(code)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), fs.cat("/x"))
    """
    process = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    assert process.stdout == "7 b'1'\n"


def test_look_alike_credentials():
    """Two credentials that look the same, as those that hide their secrets do, are not confused."""

    class Hidden(PlainCredential):
        def __repr__(self):
            return "Hidden()"

    one, other = Hidden(), Hidden()
    first = ADLSGen1FileSystem("lake", credential=one)
    second = ADLSGen1FileSystem("lake", credential=other)
    assert (first._access.credential, second._access.credential) == (one, other)
    assert first is not second


def test_dropped_with_the_last_user(options):
    """Without a turn of the garbage collector, a file system goes with the last reference to it."""
    del options["skip_instance_cache"]
    fs = ADLSGen1FileSystem(**options)
    fs.pipe("/x", b"1")
    assert (fs.find("/"), list(fs.walk("/"))) == (["/x"], [("/", [], ["x"])])
    gone = weakref.ref(fs)
    gc.disable()
    try:
        file = fs.open("/x")
        del fs
        assert file.read() == b"1"
        file.close()
        assert gone() is not None
        del file
        assert gone() is None
    finally:
        gc.enable()


LOOPS = """
import asyncio, gc, os, sys, threading
from airflow_provider_adls.filesystem import ADLSGen1FileSystem

options, kind = {options!r}, sys.argv[1]

def use(number):
    own = options | {{"client_id": options["client_id"], "batch_size": number + 1}}
    if kind == "loop":
        fs = ADLSGen1FileSystem(**own, asynchronous=True)
        asyncio.run(fs._ls("/"))
    elif kind == "thread":
        thread = threading.Thread(target=lambda: ADLSGen1FileSystem(**own).ls("/"))
        thread.start()
        thread.join()
    else:
        ADLSGen1FileSystem(**own).ls("/")

def state():
    # A loop closes what was dropped in its own thread; one more request comes after that.
    ADLSGen1FileSystem(**options).ls("/")
    gc.collect()
    return len(os.listdir("/proc/self/fd")), threading.active_count(), len(gc.get_objects())

for number in range(20):
    use(number)
before = state()
for number in range(20, 60):
    use(number)
print(before, state())
"""


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files in /proc")
@pytest.mark.parametrize("kind", ["blocking", "loop", "thread"])
def test_opened_and_dropped_in_a_loop(options, kind):
    """Dozens that are opened and dropped leave no socket, no thread, and none of their objects."""
    del options["skip_instance_cache"]
    script = LOOPS.format(options=options)
    # What measures coverage has objects of its own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, kind], capture_output=True, text=True, env=environment
    )
    assert (process.returncode, process.stderr) == (0, "")
    files, threads, objects, *after = (int(number) for number in re.findall(r"\d+", process.stdout))
    # A connection may be on its way out.
    assert after[0] <= files + 2
    # The blocking loop's pool of threads grows to its size; a thread left by each would be forty.
    assert after[1] < threads + 20
    # The pool's threads have some objects of their own; a file system with its client has dozens.
    assert after[2] < objects + 500


FORK = """
import os
from airflow_provider_adls.filesystem import ADLSGen1FileSystem

fs = ADLSGen1FileSystem(**{options!r})
with fs.open("/x", "wb") as file:
    file.write(b"1")
child = os.fork()
if not child:
    code = 1
    try:
        found = fs.cat("/x"), fs.open("/x").read(), fs.ls("/", detail=False)
        code = 7 if found == (b"1", b"1", ["/x"]) else 2
        fs.pipe("/child", b"2")
    finally:
        os._exit(code)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), fs.cat("/child"))
"""


def test_the_same_one_after_a_fork(options):
    """A file system that was in use at a fork works in the child, and goes on working in the parent."""
    process = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORK.format(options=options)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (process.stdout, process.returncode) == ("7 b'2'\n", 0), process.stderr


def test_loops_one_after_another(options):
    """An asynchronous file system serves event loop after event loop, and leaves nothing open."""
    fs = ADLSGen1FileSystem(**options, asynchronous=True)
    assert [asyncio.run(fs._exists("/x")) for _ in range(2)] == [False, False]


def test_threads(fs):
    """Many threads share a file system, and its one client."""
    failures = []

    def work(number: int) -> None:
        try:
            fs.pipe(f"/t/{number}", str(number).encode())
            assert fs.cat(f"/t/{number}") == str(number).encode()
        except (OSError, AssertionError) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (len(fs.ls("/t")), len(fs._clients)) == (20, 1)


async def test_blocking_inside_an_event_loop(fs):
    """A blocking file system works where an event loop runs, as in a notebook."""
    fs.pipe("/x", b"1")
    assert fs.cat("/x") == b"1"


async def test_coroutines_of_a_running_loop(options):
    """With `asynchronous=True` the coroutines run on the caller's loop."""
    fs = ADLSGen1FileSystem(**options, asynchronous=True)
    await fs._pipe_file("/x", b"1")
    assert await asyncio.gather(*(fs._cat_file("/x") for _ in range(5))) == [b"1"] * 5
    await fs._close()
