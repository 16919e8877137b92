"""`Item`: a file or directory that is copied into an account; `read`: all those of a folder."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.refusals import Refusal
from airflow_provider_adls.emulator.webhdfs.requests import checked
from airflow_provider_adls.model.errors import PathError


class SeedError(EmulatorError):
    """A file or directory that cannot be copied into an account; the message names it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file or directory.

    :param path: its path, absolute in the account.
    :param source: the file of this machine with its content; None for a directory.
    """

    path: str
    source: Path | None = None


#: Makes a directory, or writes a file.
Put = Callable[[Item], Awaitable[None]]


def read(folder: Path, under: str, check: Callable[[str], str] = checked) -> list[Item]:
    """Return the directories and files of a folder, each directory before its entries.

    :param under: absolute path of the directory that takes them.
    :param check: returns a path as the service takes it, or raises; that of Gen1 if not given.
    :raises SeedError: for a folder, name or file that cannot be copied, before anything is sent.
    """
    if not under.startswith("/"):
        raise SeedError(f"--path must begin with /, not read {under}")
    if not folder.is_dir():
        raise SeedError(f"{folder} is not a folder" if folder.exists() else f"folder {folder} does not exist")
    top = _placed(under, "--path", check)
    items = [Item(top)] if top != "/" else []

    def fail(error: OSError) -> None:
        raise SeedError(f"{error.filename} cannot be read: {error.strerror}")

    for above, directories, files in os.walk(folder, onerror=fail):
        directories.sort()
        here = Path(above)
        prefix = "/".join((top.rstrip("/"), *here.relative_to(folder).parts))
        for name in directories:
            if (here / name).is_symlink():
                raise SeedError(f"{here / name} is a link to a directory, which is not followed")
            items.append(Item(_placed(f"{prefix}/{name}", here / name, check)))
        items += [
            _file(here / name, _placed(f"{prefix}/{name}", here / name, check)) for name in sorted(files)
        ]
    return items


def _placed(path: str, where: object, check: Callable[[str], str]) -> str:
    """Return a path as a service takes it, normalised.

    :param where: the option or file that names it, for the message.
    """
    try:
        path.encode()
        return check(path)
    except UnicodeEncodeError:
        raise SeedError(f"{where}: the name {path!r} is not UTF-8") from None
    except (Refusal, StorageError, PathError) as error:
        raise SeedError(f"{where}: {error}") from None


def _file(source: Path, path: str) -> Item:
    if not source.is_file():
        reason = "is not a regular file" if source.exists() else "is a link to a missing file"
        raise SeedError(f"{source} {reason}")
    if not os.access(source, os.R_OK):
        raise SeedError(f"{source} cannot be read: Permission denied")
    return Item(path, source)
