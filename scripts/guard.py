"""Runs one command and ends all of its processes when whoever asked for it is gone.

Airflow's tasks leave their parent's process group, and its executors outlive a killed scheduler, so
neither a group nor a parent is enough to find them. The guard is a subreaper: whatever its command
starts stays below the guard in the process tree, whoever dies in between. Its standard input is a
lifeline: at its end, even if the other side was killed outright, the guard stops everything.

Run as `python -I -S guard.py GRACE COMMAND...`; it ends with the command's exit code, or 128 and the
signal's number.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def prctl(option: int, value: int) -> None:
    """Linux's `prctl`; elsewhere the process group is all there is."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def descendants(root: int) -> Iterator[int]:
    """Every live process below `root`, as the process table says at this moment."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # pid (comm) state ppid: the name in brackets may hold anything, brackets too.
            state, parent = entry.read_text(errors="replace").rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents.setdefault(int(parent), []).append(int(entry.parent.name))
    unseen = [root]
    while unseen:
        children = parents.get(unseen.pop(), [])
        yield from children
        unseen += children


def reap() -> None:
    """Collect what has died, so that it is no longer in the process table."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def send(pid: int, number: int) -> None:
    """Send a signal to a process that may be gone already."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


class Guard:
    """One command and all that comes from it.

    :param command: program and arguments.
    :param grace: seconds that the command has to stop before everything is killed.
    """

    def __init__(self, command: list[str], grace: float) -> None:
        self.grace = grace
        # Whoever starts a guard holds signals back meanwhile; the command is to get its own again.
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        self.wakeup, wakeup = os.pipe()
        os.set_blocking(wakeup, False)
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
        self.asked_to_stop = False
        for number in STOP_SIGNALS:
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.command = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            # Only for the case that the guard itself is killed.
            preexec_fn=lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM),  # noqa: PLW1509 - one thread here
        )

    def _on_signal(self, *_: object) -> None:
        self.asked_to_stop = True

    def run(self) -> int:
        """Wait for the command's end or the lifeline's, and leave nothing behind.

        :return: the command's exit code.
        """
        while self.command.poll() is None and not self.asked_to_stop:
            readable, _, _ = select.select([sys.stdin.fileno(), self.wakeup], [], [])
            if self.wakeup in readable:
                os.read(self.wakeup, 4096)
            if sys.stdin.fileno() in readable and not os.read(sys.stdin.fileno(), 4096):
                self.asked_to_stop = True
        if self.command.poll() is None:
            self.command.terminate()
            try:
                self.command.wait(self.grace)
            except subprocess.TimeoutExpired:
                self.command.kill()
        self._kill_the_rest()
        code = self.command.wait()
        return code if code >= 0 else 128 - code

    def _kill_the_rest(self) -> None:
        if sys.platform != "linux":
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.command.pid, signal.SIGKILL)
            return
        while True:
            self.command.poll()
            if self.command.returncode is not None:
                reap()
            left = list(descendants(os.getpid()))
            if not left:
                return
            for pid in left:
                send(pid, signal.SIGKILL)
            time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(Guard(sys.argv[2:], float(sys.argv[1])).run())
