"""Permissions and access control lists: the grammar that requests and answers share.

An entry is `[default:]type:qualifier:rwx`; without the rights where entries are removed. Types are
user, group, mask and other; the qualifier is an object id, empty for the owner's own entries
(filesystem.json 2016-11-01, `aclSpec`; docs "Access control in Azure Data Lake Storage Gen1").
"""

from __future__ import annotations

import re
from typing import NamedTuple

TYPES = ("user", "group", "mask", "other")
#: Entries that one file or directory may have of each kind (docs, "limits").
MAX_ENTRIES = 32
_RIGHTS = re.compile(r"[r-][w-][x-]")
_OCTAL = re.compile(r"[01]?[0-7]?[0-7]?[0-7]")


class AclEntry(NamedTuple):
    """One entry of an access control list.

    :param type: ``user``, ``group``, ``mask`` or ``other``.
    :param qualifier: object id, or empty for owner, owning group, mask and other.
    :param rights: three characters, ``rwx`` with ``-`` for what is not granted; None in a list of
        entries to remove.
    :param default: whether it is what new children of a directory get.
    """

    type: str
    qualifier: str
    rights: str | None
    default: bool = False

    def __str__(self) -> str:
        text = f"{'default:' if self.default else ''}{self.type}:{self.qualifier}"
        return text if self.rights is None else f"{text}:{self.rights}"

    @property
    def key(self) -> tuple[bool, str, str]:
        """Identity of the entry: kind, type and qualifier."""
        return (self.default, self.type, self.qualifier)


def parse_entry(text: str, *, rights: bool = True) -> AclEntry:
    """Read one entry.

    :param rights: whether it must carry rights; where entries are removed they may be left out.
    :raises ValueError: naming the entry and what is wrong with it.
    """
    parts = text.strip().split(":")
    default = parts[0].lower() == "default"
    if default:
        parts = parts[1:]
    if len(parts) not in ((3,) if rights else (1, 2, 3)):
        raise ValueError(f"ACL entry {text!r} must read [default:]type:id{':rwx' if rights else ''}")
    kind = parts[0].lower()
    if kind not in TYPES:
        raise ValueError(f"ACL entry {text!r}: type must be one of {', '.join(TYPES)}")
    qualifier = parts[1] if len(parts) > 1 else ""
    if qualifier and kind in ("mask", "other"):
        raise ValueError(f"ACL entry {text!r}: {kind} takes no id")
    # Hadoop's clients may end an entry to remove with a colon.
    granted = parts[2].lower() if len(parts) == 3 and (rights or parts[2]) else None
    if granted is not None and not _RIGHTS.fullmatch(granted):
        raise ValueError(f"ACL entry {text!r}: rights must read rwx, with - for each that is not granted")
    return AclEntry(kind, qualifier, granted if rights else None, default)


def parse_spec(text: str, *, rights: bool = True) -> list[AclEntry]:
    """Read an `aclSpec`: entries separated by commas.

    :raises ValueError: for an empty list, a malformed entry, or one that stands twice.
    """
    entries = [parse_entry(part, rights=rights) for part in text.split(",") if part.strip()]
    if not entries:
        raise ValueError("an ACL needs at least one entry")
    seen: set[tuple[bool, str, str]] = set()
    for entry in entries:
        if entry.key in seen:
            raise ValueError(f"ACL entry {entry} stands twice")
        seen.add(entry.key)
    return entries


def format_spec(entries: list[AclEntry]) -> str:
    """Return entries as an `aclSpec`."""
    return ",".join(str(entry) for entry in entries)


def permission(text: str) -> int:
    """Return the bits of an octal permission, up to `1777`; the leading 1 is the sticky bit.

    :raises ValueError: if it is not `[01]?[0-7]?[0-7]?[0-7]` (filesystem.json 2016-11-01).
    """
    # Clients send "0770", as the recordings show: a leading zero is one of the digits.
    if not text or not _OCTAL.fullmatch(text):
        raise ValueError(f"permission {text!r} must be octal, 0 to 1777")
    return int(text, 8)


def rights_of(bits: int) -> str:
    """Return three bits as `rwx`."""
    return "".join(letter if bits & 1 << 2 - place else "-" for place, letter in enumerate("rwx"))


def bits_of(rights: str) -> int:
    """Return `rwx` as three bits."""
    return sum(1 << 2 - place for place, letter in enumerate(rights) if letter != "-")
