"""Permissions and ACLs as headers write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.model import acl

if TYPE_CHECKING:
    from airflow_provider_adls.model.acl import AclEntry

_OCTAL = re.compile(r"[01]?[0-7]{3}")
_SYMBOLIC = re.compile(r"(?:[r-][w-][x-]){2}[r-][w-][xtT-]\+?")


def permission(text: str) -> int | None:
    """Return the bits of a permission, octal or `rwxr-x--T`; None for none.

    :raises StorageError: for what is neither.
    """
    if not text:
        return None
    if _OCTAL.fullmatch(text):
        return int(text, 8)
    if not _SYMBOLIC.fullmatch(text):
        raise refused("InvalidHeaderValue")
    bits = sum(1 << 8 - place for place, letter in enumerate(text[:9]) if letter not in "-T")
    return bits | (0o1000 if text[8] in "tT" else 0)


def umask(text: str, default: int) -> int:
    """Return the bits of a umask.

    :raises StorageError: if it is not octal.
    """
    if not text:
        return default
    if not _OCTAL.fullmatch(text.zfill(4)[-4:]):
        raise refused("InvalidHeaderValue")
    return int(text, 8)


def entries(text: str, *, rights: bool = True) -> list[AclEntry] | None:
    """Return the entries of an ACL; None for none.

    :param rights: whether they carry rights; entries to remove do not.
    :raises StorageError: if they are malformed.
    """
    if not text:
        return None
    try:
        return acl.parse_spec(text, rights=rights)
    except ValueError:
        raise refused("InvalidHeaderValue") from None
