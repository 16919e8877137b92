"""Hidden files: they hold a file until it is whole, and a killed writer leaves them behind.

A hidden file's name holds its writer: the machine, the process, and when that began. So the next writer in
the same directory recognises a dead one of its own machine at once. Of another machine's it knows only how
long ago the file grew, for the service does not say whether its writer lives.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import shutil
import socket
import time
import uuid
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_adls.client.results import Advance
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import RequestError

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.client.results import Page
    from airflow_provider_adls.model.status import FileStatus

logger = logging.getLogger(__name__)

#: Seconds after which a hidden file that has not grown is abandoned: longer than any request is repeated, and
#: than a file stays open between two blocks.
ABANDONED = 24 * 3600.0
#: Seconds.
_MOMENT = 60.0
#: Entries that are looked at per request; hidden names come first in a directory.
_PAGE = 1000
#: When a folder of this machine, and a directory of each client, was last swept.
_SWEPT_FOLDERS: dict[str, float] = {}
_SWEPT: weakref.WeakKeyDictionary[object, dict[str, float]] = weakref.WeakKeyDictionary()


def unfinished_name() -> str:
    """Return a unique name for a file that is not whole yet."""
    return f"{_own_prefix(os.getpid())}{os.urandom(4).hex()}.part"


@functools.cache
def _own_prefix(pid: int) -> str:
    """Return the part of the name that identifies the process; a child process has another id."""
    return f".{_machine()}{pid:08x}{_started(pid) or 0:08x}"


def is_left_behind(name: str, modified: float) -> bool:
    """Return whether the writer of a hidden file is dead, as far as can be known.

    :param name: last segment of its path.
    :param modified: when it grew, in seconds since 1970.
    """
    if paths.is_kept(name):
        return False
    machine, pid, started = name[1:9], int(name[9:17], 16), int(name[17:25], 16)
    if machine == _machine():
        return _started(pid) != started
    return time.time() - modified > ABANDONED


async def sweep(client: DataLakeClient, directory: str, *, anew: bool = False) -> int:
    """Remove what dead writers left in a directory of the lake, at the cost of one request.

    A directory that was looked at a moment ago is not looked at again.

    :param anew: whether it is.
    :returns: number of files that were removed. What cannot be looked at or removed stays.
    """
    if not anew and not _must_be_swept(client, directory):
        return 0
    try:
        return await _remove_left(client, directory, await hidden_files(client, directory))
    except RequestError as error:
        logger.debug("files that were left behind in %s stay there: %s", directory, error)
        return 0


async def sweep_and_list(client: DataLakeClient, directory: str) -> Page | None:
    """Remove what dead writers left in a directory, and return its first entries from the hidden ones on.

    :returns: None where the directory cannot be listed.
    """
    _must_be_swept(client, directory)
    try:
        page = await client.list_page(directory, begin=".", limit=_PAGE)
    except RequestError as error:
        logger.debug("files that were left behind in %s stay there: %s", directory, error)
        return None
    await _remove_left(client, directory, page.entries)
    return page


def _must_be_swept(client: DataLakeClient, directory: str) -> bool:
    seen = _SWEPT.setdefault(client, {})
    now = time.monotonic()
    if now - seen.get(directory, -_MOMENT) < _MOMENT:
        return False
    if len(seen) >= _PAGE:
        seen.clear()
    seen[directory] = now
    return True


async def _remove_left(client: DataLakeClient, directory: str, entries: list[FileStatus]) -> int:
    removed = 0
    try:
        for status in entries:
            if not paths.is_unfinished(status.name):
                continue
            if is_left_behind(status.name, status.modification_time / 1000):
                removed += await client.delete(paths.join(directory, status.name))
    except RequestError as error:
        logger.debug("files that were left behind in %s stay there: %s", directory, error)
    if removed:
        logger.info("%d files that killed transfers left behind in %s were removed", removed, directory)
    return removed


async def remove_hidden(client: DataLakeClient, directory: str, beginnings: tuple[str, ...]) -> None:
    """Remove hidden files of writers that are known to be dead; what cannot be removed stays.

    :param beginnings: what their names begin with: the first 25 characters of `unfinished_name`.
    """
    try:
        for status in await hidden_files(client, directory):
            if status.name.startswith(beginnings) and not paths.is_kept(status.name):
                await client.delete(paths.join(directory, status.name))
    except RequestError as error:
        logger.debug("files that were left behind in %s stay there: %s", directory, error)


async def hidden_files(client: DataLakeClient, directory: str) -> list[FileStatus]:
    """Return the files of a directory that are not whole."""
    found: list[FileStatus] = []
    # The service lists in the order of characters, and few come before a dot.
    token = ""
    advance = Advance("LISTSTATUS", directory, client.account)
    while True:
        page = await client.list_page(directory, token=advance.to(token), begin=".", limit=_PAGE)
        found += [status for status in page.entries if paths.is_unfinished(status.name)]
        if not page.continuation or not page.entries or not page.entries[-1].name.startswith("."):
            return found
        token = page.continuation


def must_be_swept(folder: str) -> bool:
    """Return whether a folder of this machine was not swept a moment ago; from now on it was."""
    now = time.monotonic()
    if now - _SWEPT_FOLDERS.get(folder, -_MOMENT) < _MOMENT:
        return False
    if len(_SWEPT_FOLDERS) >= _PAGE:
        _SWEPT_FOLDERS.clear()
    _SWEPT_FOLDERS[folder] = now
    return True


def sweep_folders(folders: Iterable[Path]) -> int:
    """Remove the same from folders of this machine; a hidden folder as a whole, if it is of this machine."""
    removed = 0
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                hidden = [entry for entry in entries if paths.is_unfinished(entry.name)]
        except OSError as error:
            logger.debug("%s cannot be looked at: %s", folder, error)
            continue
        for entry in hidden:
            try:
                removed += _remove_left_behind(entry)
            except OSError as error:
                logger.debug("%s, which was left behind, stays there: %s", entry.path, error)
    return removed


def _remove_left_behind(entry: os.DirEntry[str]) -> bool:
    is_folder = entry.is_dir(follow_symlinks=False)
    # What grows in a folder does not show in its time.
    modified = time.time() if is_folder else entry.stat(follow_symlinks=False).st_mtime
    if not is_left_behind(entry.name, modified):
        return False
    if is_folder:
        shutil.rmtree(entry.path)
    else:
        Path(entry.path).unlink()
    return True


def _machine() -> str:
    """Return eight digits that identify this user on this machine since its start."""
    return _machine_of(os.getuid())


@functools.cache
def _machine_of(user: int) -> str:
    parts = [socket.gethostname(), str(user)]
    try:
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii"))
        # Containers of one machine number their processes each for itself.
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    except OSError:
        parts.append(str(uuid.getnode()))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


def _started(pid: int) -> int | None:
    """Return when a process began, in ticks, at most 32 bits; None for a dead one."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except ProcessLookupError:
        return None
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _is_there(pid)
    # A zombie writes nothing any more.
    return None if fields[0] in (b"Z", b"X") else int(fields[19]) & 0xFFFFFFFF


def _is_there(pid: int) -> int | None:
    """Return 0 for a process that lives, where the system has no files of it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return 0
