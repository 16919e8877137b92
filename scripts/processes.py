"""Processes that are guarded, and the places that they need."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scripts.guard import descendants, send

GUARD = Path(__file__).with_name("guard.py")
#: Seconds that a process has to stop before it is killed.
GRACE = 2.0
INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold signals back until the block has ended."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class ProcessFailedError(Exception):
    """One part did not do what it had to.

    :param part: the part's name.
    :param reason: what went wrong.
    :param log: its log file, whose end says why.
    """

    def __init__(self, part: str, reason: str, log: Path | None = None) -> None:
        super().__init__(f"{part} {reason}")
        self.log = log

    def tail(self, lines: int = 15) -> str:
        """The last lines of the part's log."""
        if self.log is None or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Process:
    """A command under its guard, writing to a log file.

    :param name: what people call it.
    :param command: program and arguments; nothing secret, as everybody can list them.
    :param environment: all of its environment.
    :param log: file that takes its output.
    :param only_errors: leave out what it says on its standard output.
    """

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: Mapping[str, str],
        log: Path,
        *,
        only_errors: bool = False,
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), str(GRACE), *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL if only_errors else output,
                stderr=output,
                env=dict(environment),
                cwd=log.parent,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Process id of the guard, above everything that the command starts."""
        return self._guard.pid

    def check(self) -> None:
        """Nothing, while it runs.

        :raises ProcessFailedError: if it has ended.
        """
        code = self._guard.poll()
        if code is not None:
            raise ProcessFailedError(self.name, f"ended with code {code}", self.log)

    def finished(self) -> bool:
        """Whether it has done its work.

        :raises ProcessFailedError: if it ended with another code than 0.
        """
        code = self._guard.poll()
        if code:
            raise ProcessFailedError(self.name, f"failed with code {code}", self.log)
        return code == 0

    def kill(self) -> None:
        """Kill the command and all that it started, as `kill -9` would, and wait until they are gone."""
        for pid in list(descendants(self.pid)):
            send(pid, signal.SIGKILL)
        self._guard.wait()

    def let_go(self) -> None:
        """Ask it to stop, without waiting."""
        assert self._guard.stdin is not None
        self._guard.stdin.close()

    def wait(self) -> int:
        """Wait until it and all that it started have ended.

        :return: its exit code.
        """
        code = self._guard.wait()
        self.let_go()
        return code


def reserve_port() -> tuple[int, socket.socket]:
    """A TCP port on 127.0.0.1 for a server that is started later.

    :return: the port, and what keeps the system from giving it to somebody else until it is closed.
    """
    reservation = socket.socket()
    # With this on both sides, as servers have it, Linux lets one listen at a port where nobody listens yet.
    reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reservation.bind(("127.0.0.1", 0))
    port: int = reservation.getsockname()[1]
    if sys.platform != "linux":
        reservation.close()
    return port, reservation
