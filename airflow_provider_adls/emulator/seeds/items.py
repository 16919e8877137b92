"""One file or directory that an account is to have."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.rules.refusals import Refusal
from airflow_provider_adls.emulator.wire.requests import checked
from airflow_provider_adls.model.errors import PathError


class SeedError(EmulatorError):
    """What cannot be put into an account; the message names the file and the path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file or directory.

    :param path: where it goes, absolute in the account.
    :param content: a file's content, or the file of this machine that has it; None for a directory.
    :param permission: octal digits.
    :param acl: entries that are added, as an `aclSpec`.
    :param owner: object id.
    :param group: object id.
    :param expires: when the file vanishes, in milliseconds since 1970.
    :param expires_in: the same, in milliseconds from now.
    """

    path: str
    content: bytes | Path | None = None
    permission: str | None = None
    acl: str | None = None
    owner: str | None = None
    group: str | None = None
    expires: int | None = None
    expires_in: int | None = None


def placed(path: str, where: object) -> str:
    """A path as an account takes it, normalised.

    :param where: what names it, for the message.
    :raises SeedError: for a name that none can have.
    """
    try:
        path.encode()
        return checked(path)
    except UnicodeEncodeError:
        raise SeedError(f"{where}: the name {path!r} is not UTF-8") from None
    except (Refusal, PathError) as error:
        raise SeedError(f"{where}: {error}") from None


def tree(folder: Path, under: str) -> list[Item]:
    """A folder of this machine: its directories and files, those above before those below.

    :param under: directory of the account that takes what the folder holds.
    :raises SeedError: for what is neither file nor directory, or cannot be read.
    """
    top = placed(under, folder)
    items = [Item(path=top)] if top != "/" else []

    def fail(error: OSError) -> None:
        raise SeedError(f"{error.filename} cannot be read: {error.strerror}")

    for above, directories, files in os.walk(folder, onerror=fail):
        directories.sort()
        here = Path(above)
        prefix = "/".join((under, *here.relative_to(folder).parts))
        for name in directories:
            if (here / name).is_symlink():
                raise SeedError(f"{here / name} is a link to a directory, which is not followed")
            items.append(Item(path=placed(f"{prefix}/{name}", here / name)))
        items += [file(here / name, placed(f"{prefix}/{name}", here / name)) for name in sorted(files)]
    return items


def file(source: Path, path: str) -> Item:
    """A file of this machine.

    :raises SeedError: if it is none, or cannot be read.
    """
    if not source.is_file():
        raise SeedError(f"{source} is no file" if source.exists() else f"there is no file {source}")
    if not os.access(source, os.R_OK):
        raise SeedError(f"{source} cannot be read: Permission denied")
    return Item(path=path, content=source)
