"""Private files and folders: written whole or not at all, and never through a link."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

T = TypeVar("T")


def write_whole(path: Path, content: bytes, mode: int) -> None:
    """Put the content at the path in one step; an existing link is replaced, not followed.

    :param mode: permission bits; the process's umask may take all but the owner's.
    """
    write_open(path, content, mode).close()


def write_open(
    path: Path, content: bytes, mode: int, before: Callable[[BinaryIO], None] | None = None
) -> BinaryIO:
    """Put the content at the path in one step, and return the open file.

    :param before: called with the file before it is at its path.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    file = os.fdopen(_create(temporary, os.O_RDWR, mode), "r+b")
    try:
        file.write(content)
        file.flush()
        if before is not None:
            before(file)
        temporary.replace(path)
    except BaseException:
        file.close()
        temporary.unlink(missing_ok=True)
        raise
    return file


def write_private(path: Path, content: bytes) -> None:
    """Put the content at the path in one step, readable and writable by the owner alone (mode 0600)."""
    write_whole(path, content, 0o600)


def open_private(path: Path, flags: int) -> int:
    """Open a file for its owner alone, create it if it is missing, and return its descriptor.

    :raises OSError: if the path is a link, has a second name, or is not a regular file.
    """
    try:
        return _create(path, flags, 0o600)
    except FileExistsError:
        return open_own(path, flags)


def open_own(path: Path, flags: int) -> int:
    """Open an existing file, and return its descriptor.

    :raises OSError: if the path is a link, has a second name, or is not a regular file.
    """
    try:
        # A planted pipe would otherwise block its opener.
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise _foreign(path) from None
        raise
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        os.close(descriptor)
        raise _foreign(path)
    return descriptor


def pem(path: Path, load: Callable[[bytes], T]) -> T | None:
    """Return the content of a PEM file; None if it is missing.

    :param load: parses it; raises ValueError for anything else.
    :raises ValueError: with the file's name, if it holds something else.
    :raises OSError: if the path is a link.
    """
    try:
        with os.fdopen(open_own(path, os.O_RDONLY), "rb") as file:
            content = file.read()
    except FileNotFoundError:
        return None
    try:
        return load(content)
    except ValueError as error:
        raise ValueError(f"{path} is damaged; when it is removed, a new one is made") from error


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner enters (mode 0700), or close one to others, and return its path.

    :raises OSError: if the path is a link, or not a folder.
    """
    make_folder(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except NotADirectoryError:
        # So says the system of a link, too.
        raise _foreign(path) from None
    try:
        os.fchmod(descriptor, 0o700)
    finally:
        os.close(descriptor)
    return path


def make_folder(path: Path) -> None:
    """Make a folder and those above it, as far as they are missing, for their owner alone (mode 0700)."""
    missing = [folder for folder in (path, *path.parents) if not folder.is_dir()]
    for folder in reversed(missing):
        try:
            folder.mkdir(mode=0o700)
            # The umask may have taken more of it.
            folder.chmod(0o700)
        except FileExistsError:
            # Another process may have made it meanwhile.
            if not folder.is_dir():
                raise


def _create(path: Path, flags: int, mode: int) -> int:
    descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, mode)
    os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) | 0o600)
    return descriptor


def _foreign(path: Path) -> OSError:
    return OSError(errno.EPERM, "it is a link or a special file, which is not followed: remove it", str(path))
