"""Hidden files: they hold a file until it is whole, and a killed writer leaves them behind.

A hidden file's name holds its writer: the machine, the process, and when that began. So the next writer in
the same directory recognises a dead one of its own machine at once. Of another machine's it knows only how
long ago the file grew, for the service does not say whether its writer lives.

A part of a big file has a longer name, which also says of which file it is, of which version of the source,
and which bytes. A later try of the same copy goes on with it. So a part stays for a day after its writer's
death, or until its file is written.
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
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

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


#: Seconds that nothing was written for, after which a writer of another machine counts as dead for a later
#: try of the same copy.
QUIET = 240.0
#: Characters of a part's name: up to the work, of the target in the work, of the work, up to the end.
_WRITER, _TARGET, _WORK, _PART = 33, 8, 24, 86


def unfinished_name() -> str:
    """Return a unique name for a file that is not whole yet."""
    return f"{_own_prefix(os.getpid())}{os.urandom(4).hex()}.part"


class Work(NamedTuple):
    """A copy of one version of a file to one path, as the names of its parts say it.

    :param target: digits of the name that the file is to get.
    :param source: digits of what is copied, and of its version.
    """

    target: str
    source: str

    @classmethod
    def of(cls, target: str, version: str) -> Work:
        """Return the work of copying a version of a source to a path."""
        return cls(_digits(paths.name(target), 8), _digits(version, 16))

    def part_name(self, offset: int, length: int) -> str:
        """Return a unique name for some bytes of the file."""
        return f"{unfinished_name()[:_WRITER]}{self.target}{self.source}{offset:012x}{length:012x}.part"

    def wrote(self, name: str) -> bool:
        """Return whether a hidden name is one of a part of this work."""
        return len(name) == _PART and name[_WRITER : _WRITER + _WORK] == self.target + self.source

    def replaced(self, name: str) -> bool:
        """Return whether a hidden name is one of a part of the file at the target, of any version."""
        return len(name) == _PART and name[_WRITER : _WRITER + _TARGET] == self.target

    def abandoned(self, entries: list[FileStatus]) -> list[FileStatus]:
        """Return the parts of this work whose writers are dead or have been quiet for some minutes."""
        mine = [entry for entry in entries if self.wrote(entry.name)]
        latest: dict[str, float] = {}
        for entry in mine:
            writer, modified = entry.name[:25], entry.modification_time / 1000
            latest[writer] = max(modified, latest.get(writer, 0))
        return [entry for entry in mine if _is_dead(entry.name, latest[entry.name[:25]], QUIET)]


def part_bytes(name: str) -> tuple[int, int]:
    """Return the offset and length of the bytes that a part is to hold, by its name."""
    return int(name[_WRITER + _WORK : -17], 16), int(name[-17:-5], 16)


def _digits(text: str, count: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:count]


@functools.cache
def _own_prefix(pid: int) -> str:
    """Return the part of the name that identifies the process; a child process has another id."""
    return f".{_machine()}{pid:08x}{_started(pid) or 0:08x}"


def is_left_behind(name: str, modified: float) -> bool:
    """Return whether the writer of a hidden file is dead, as far as can be known.

    :param name: last segment of its path.
    :param modified: when it grew, in seconds since 1970.
    """
    return not paths.is_kept(name) and _is_dead(name, modified, ABANDONED)


def _is_dead(name: str, modified: float, quiet: float) -> bool:
    if is_of_this_machine(name):
        return _started(int(name[9:17], 16)) != int(name[17:25], 16)
    return time.time() - modified > quiet


def is_of_this_machine(name: str) -> bool:
    """Return whether the writer of a hidden file runs, or ran, on this machine since its start."""
    return name[1:9] == _machine()


def _may_go(name: str, modified: float, work: Work | None, *, parts: bool = False) -> bool:
    """Return whether a hidden file is of use to nobody.

    :param work: copy that is ending: parts of its file are needed no more.
    :param parts: whether parts of other files are not waited for either.
    """
    if not is_left_behind(name, modified):
        return False
    is_needed = len(name) == _PART and not parts and not (work and work.replaced(name))
    return not is_needed or time.time() - modified > ABANDONED


async def sweep(client: DataLakeClient, directory: str, *, anew: bool = False) -> int:
    """Remove what dead writers left in a directory of the lake, at the cost of one request.

    A directory that was looked at a moment ago is not looked at again.

    :param anew: whether it is, and parts that a later try could go on with are removed too.
    :returns: number of files that were removed. What cannot be looked at or removed stays.
    """
    if not anew and not _must_be_swept(client, directory):
        return 0
    try:
        return await _remove_left(client, directory, await hidden_files(client, directory), None, parts=anew)
    except RequestError as error:
        logger.debug("files that were left behind in %s stay there: %s", directory, error)
        return 0


async def sweep_and_list(client: DataLakeClient, directory: str, work: Work | None) -> Page | None:
    """Remove what dead writers left in a directory, and return its first entries from the hidden ones on.

    :param work: copy that is ending.
    :returns: None where the directory cannot be listed.
    """
    _must_be_swept(client, directory)
    try:
        page = await client.list_page(directory, begin=".", limit=_PAGE)
    except RequestError as error:
        logger.debug("files that were left behind in %s stay there: %s", directory, error)
        return None
    await _remove_left(client, directory, page.entries, work)
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


async def _remove_left(
    client: DataLakeClient,
    directory: str,
    entries: list[FileStatus],
    work: Work | None,
    *,
    parts: bool = False,
) -> int:
    removed = 0
    try:
        for status in entries:
            if not paths.is_unfinished(status.name):
                continue
            if _may_go(status.name, status.modification_time / 1000, work, parts=parts):
                removed += await client.delete(paths.join(directory, status.name))
    except RequestError as error:
        logger.debug("files that were left behind in %s stay there: %s", directory, error)
    if removed:
        logger.info("%d files that killed transfers left behind in %s were removed", removed, directory)
    return removed


async def remove_hidden(client: DataLakeClient, directory: str, beginnings: tuple[str, ...]) -> None:
    """Remove hidden files of writers that are known to be dead; what cannot be removed stays.

    :param beginnings: beginnings of their names: the first 25 characters of `unfinished_name`.
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
    advance = Advance(client.listing, directory, client.account)
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


def take_over(folder: Path, work: Work, hidden: Path | None) -> bool:
    """Find what dead writers of this machine left of the file that a work makes.

    What another machine wrote may be lost if that one fell: its parts are not used.

    :param hidden: name that a part of the same work gets; None where none is used.
    :returns: whether one has it now. The others are removed.
    """
    with os.scandir(folder) as entries:
        left = [
            entry.name
            for entry in entries
            if paths.is_unfinished(entry.name)
            and work.replaced(entry.name)
            and is_of_this_machine(entry.name)
            and is_left_behind(entry.name, 0)
        ]
    taken = False
    for name in left:
        # Another try may take it at the same time.
        with suppress(FileNotFoundError):
            if hidden and not taken and work.wrote(name):
                (folder / name).rename(hidden)
                taken = True
            else:
                (folder / name).unlink()
    return taken


def _remove_left_behind(entry: os.DirEntry[str]) -> bool:
    is_folder = entry.is_dir(follow_symlinks=False)
    # What grows in a folder does not show in its time.
    modified = time.time() if is_folder else entry.stat(follow_symlinks=False).st_mtime
    if not _may_go(entry.name, modified, None):
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
