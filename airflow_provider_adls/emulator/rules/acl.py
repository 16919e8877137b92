"""Access control lists of nodes: parsing, formatting and changes.

A node's permission bits hold the entries of owner, owning group and other; its `acl` text the rest:
named users and groups, the mask, and the default entries of a directory. How entries are merged, and
when a mask is calculated, is as in Hadoop's `AclTransformation`, where the recordings say no more.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules.refusals import Invalid
from airflow_provider_adls.model.acl import (
    MAX_ENTRIES,
    TYPES,
    AclEntry,
    bits_of,
    format_spec,
    parse_spec,
    rights_of,
)

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store import Node

_BASE = ("user", "group", "other")


@functools.lru_cache(maxsize=1024)
def parsed(text: str) -> tuple[AclEntry, ...]:
    """Parse the entries of a stored `acl` text."""
    return tuple(parse_spec(text)) if text else ()


def formatted(entries: Iterable[AclEntry]) -> str:
    """Format entries as a stored `acl` text, in the service's order."""
    return format_spec(sorted(entries, key=_order))


def entries_of(node: Node) -> list[AclEntry]:
    """Return all entries of a node in the service's order: access entries, then default ones (recorded)."""
    bits = node.permission
    base = (
        AclEntry("user", "", rights_of(bits >> 6 & 7)),
        AclEntry("group", "", rights_of(bits >> 3 & 7)),
        AclEntry("other", "", rights_of(bits & 7)),
    )
    return sorted((*base, *parsed(node.acl)), key=_order)


def access_entries(node: Node) -> list[AclEntry]:
    """Return the access entries of a node."""
    return [entry for entry in entries_of(node) if not entry.default]


def shown_permission(node: Node) -> int:
    """Return permission bits as answers show them: an existing mask stands in the group's place."""
    for entry in parsed(node.acl):
        if entry.type == "mask" and not entry.default:
            return node.permission & ~0o070 | bits_of(entry.rights or "") << 3
    return node.permission


def split(entries: Iterable[AclEntry]) -> tuple[int, list[AclEntry]]:
    """Return the permission bits of entries, and the other entries."""
    bits, rest = 0, []
    for entry in entries:
        if entry.default or entry.qualifier or entry.type not in _BASE:
            rest.append(entry)
        else:
            bits |= bits_of(entry.rights or "") << 6 - 3 * _BASE.index(entry.type)
    return bits, rest


def bounded(entry: AclEntry, bits: int) -> AclEntry:
    """Return an entry with no more rights than these."""
    return entry._replace(rights=rights_of(bits_of(entry.rights or "") & bits & 7))


def with_permission(node: Node, permission: int) -> Node:
    """Return a node with other permission bits; the middle digit sets an existing mask."""
    extra = list(parsed(node.acl))
    for place, entry in enumerate(extra):
        if entry.type == "mask" and not entry.default:
            extra[place] = entry._replace(rights=rights_of(permission >> 3 & 7))
            permission = permission & ~0o070 | node.permission & 0o070
    return node._replace(permission=permission, acl=formatted(extra))


def modified(node: Node, changes: list[AclEntry]) -> Node:
    """Return a node with entries added or changed.

    :raises Invalid: for default entries of a file, or too many entries.
    """
    entries = {entry.key: entry for entry in entries_of(node)}
    entries |= {entry.key: entry for entry in changes}
    return _rebuilt(node, entries, changes)


def replaced(node: Node, entries: list[AclEntry]) -> Node:
    """Return a node with these entries; its default entries stay if none of these is one.

    :raises Invalid: if user, group or other is missing, for default entries of a file, or too many.
    """
    present = {entry.type for entry in entries if not entry.default and not entry.qualifier}
    if not present.issuperset(_BASE):
        raise Invalid("An ACL must have the entries user::, group:: and other::")
    kept = [] if any(entry.default for entry in entries) else [e for e in parsed(node.acl) if e.default]
    return _rebuilt(node, {entry.key: entry for entry in (*kept, *entries)}, entries)


def without(node: Node, removed: list[AclEntry]) -> Node:
    """Return a node without some entries; the mask stays when the last named entry goes (recorded).

    :raises Invalid: if one of them is the entry of owner, owning group or other of the node itself.
    """
    for entry in removed:
        if not entry.default and not entry.qualifier and entry.type in _BASE:
            raise Invalid(f"ACL entry {entry} cannot be removed")
    keys = {entry.key for entry in removed}
    entries = {entry.key: entry for entry in entries_of(node) if entry.key not in keys}
    return _rebuilt(node, entries, removed, explicit_masks=False)


def without_defaults(node: Node) -> Node:
    """Return a node without default entries; a file is left as it is (recorded)."""
    return node._replace(acl=formatted(entry for entry in parsed(node.acl) if not entry.default))


def _rebuilt(
    node: Node,
    entries: dict[tuple[bool, str, str], AclEntry],
    changes: list[AclEntry],
    *,
    explicit_masks: bool = True,
) -> Node:
    for default in {entry.default for entry in changes}:
        if default:
            _fill_defaults(entries)
        given = explicit_masks and any(e.type == "mask" and e.default == default for e in changes)
        if not given:
            _calculate_mask(entries, default=default)
    if not node.directory and any(entry.default for entry in entries.values()):
        raise Invalid("Only a directory can have default ACL entries")
    for default in (False, True):
        count = sum(entry.default == default for entry in entries.values())
        if count > MAX_ENTRIES:
            raise Invalid(f"An ACL has at most {MAX_ENTRIES} entries of a kind, not {count}")
    bits, rest = split(entries.values())
    return node._replace(permission=node.permission & ~0o777 | bits, acl=formatted(rest))


def _calculate_mask(entries: dict[tuple[bool, str, str], AclEntry], *, default: bool) -> None:
    named = any(entry.qualifier and entry.default == default for entry in entries.values())
    key = (default, "mask", "")
    if not named and key not in entries:
        return
    union = 0
    for entry in entries.values():
        if entry.default == default and (entry.qualifier or entry.type == "group"):
            union |= bits_of(entry.rights or "")
    entries[key] = AclEntry("mask", "", rights_of(union), default)


def _fill_defaults(entries: dict[tuple[bool, str, str], AclEntry]) -> None:
    if any(entry.default for entry in entries.values()):
        for kind in _BASE:
            entries.setdefault((True, kind, ""), entries[False, kind, ""]._replace(default=True))


def _order(entry: AclEntry) -> tuple[bool, int, str]:
    # The owner's and the owning group's entries come before named ones of their type (recorded).
    return (entry.default, TYPES.index(entry.type), entry.qualifier)
