"""`announced` and `read_ready`: the ready file, with the URL and identity of a running emulator.

Its emulator holds a lock on it, of the kind whose holder the system names (POSIX, fcntl). So a file that
a killed emulator left is recognised, and no other process is taken for an emulator.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import struct
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from airflow_provider_adls.emulator.errors import EmulatorError, NotRunningError
from airflow_provider_adls.emulator.files import write_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

#: The system's `struct flock`: type, whence, start, length, process; and how it is laid out.
_LAYOUT, _FIRST = ("@qqihh", 2) if sys.platform == "darwin" else ("@hhqqi0q", 4)


@contextlib.contextmanager
def announced(ready: Mapping[str, Any], paths: Iterable[Path], held: contextlib.ExitStack) -> Iterator[None]:
    """Keep ready files at the paths as long as the block runs.

    A file that another emulator has put in place of ours is left to it.

    :param held: releases the files' locks, which show that the process has not ended.
    :raises EmulatorError: if one cannot be written.
    """
    content = (json.dumps(ready, indent=2) + "\n").encode()
    with contextlib.ExitStack() as written:
        for path in paths:
            try:
                file = held.enter_context(write_open(path, content, 0o600, _lock))
            except OSError as error:
                raise EmulatorError(f"ready file {path} cannot be written: {error.strerror}") from error
            written.callback(_remove, path, content, file)
        yield


def read_ready(path: Path) -> dict[str, Any]:
    """Return the content of a ready file.

    :raises NotRunningError: if it is missing.
    :raises EmulatorError: if it is not a ready file.
    """
    try:
        ready = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise NotRunningError(
            f"no emulator runs: {path} does not exist. One with another folder is found by --data DIR, one in"
            " memory by its --ready-file"
        ) from None
    except OSError as error:
        raise EmulatorError(f"ready file {path} cannot be read: {error.strerror}") from error
    except ValueError:
        ready = None
    if not (isinstance(ready, dict) and all(isinstance(ready.get(key), str) for key in ("url", "ca_file"))):
        raise EmulatorError(f"{path} is not an emulator's ready file")
    return ready


def holder(file: BinaryIO) -> int | None:
    """Return the number of the process that holds a ready file; None if no process of this machine does.

    A process does not see its own locks, and loses them when it closes any file of the same path.
    """
    unlocked = struct.pack(_LAYOUT, *_flock(fcntl.F_RDLCK))
    answer = struct.unpack(_LAYOUT, fcntl.fcntl(file, fcntl.F_GETLK, unlocked))
    number: int = answer[_FIRST]
    # Of a lock from another machine, or another container's process, the system knows no number.
    return number if number > 0 and answer != struct.unpack(_LAYOUT, unlocked) else None


def _flock(kind: int) -> tuple[int, ...]:
    return (0, 0, 0, kind, os.SEEK_SET) if sys.platform == "darwin" else (kind, os.SEEK_SET, 0, 0, 0)


def _lock(file: BinaryIO) -> None:
    # Where the system cannot lock, the file is as good to every client; only `stop` will not know us.
    with contextlib.suppress(OSError):
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _remove(path: Path, content: bytes, file: BinaryIO) -> None:
    with contextlib.suppress(OSError):
        # Not read by its path: closing that would let go of the lock.
        same = os.path.samestat(path.lstat(), os.fstat(file.fileno()))
        if same and os.pread(file.fileno(), len(content) + 1, 0) == content:
            path.unlink()
