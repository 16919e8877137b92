"""Files that are written whole or not at all, most of them for their owner alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

T = TypeVar("T")


def write_whole(path: Path, content: bytes, mode: int) -> None:
    """Put the content at the path in one step.

    :param mode: permission bits, of which the process's umask may take some.
    """
    write_open(path, content, mode).close()


def write_open(
    path: Path, content: bytes, mode: int, before: Callable[[BinaryIO], None] | None = None
) -> BinaryIO:
    """The same, and the file stays open.

    :param before: what to do with the file before it is at its path.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
    file = os.fdopen(descriptor, "r+b")
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


def pem(path: Path, load: Callable[[bytes], T]) -> T:
    """What a PEM file holds.

    :param load: reads it; raises ValueError where it cannot.
    :raises ValueError: with the file's name, if it holds something else.
    """
    try:
        return load(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path} is damaged; when it is removed, a new one is made") from error


def private_folder(path: Path) -> Path:
    """The folder, made if need be, entered by its owner alone (mode 0700)."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path
