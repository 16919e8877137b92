"""Owner, group, permission and ACL of a path: set for one, or for a whole tree in batches."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Literal, NamedTuple

from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules import acl
from airflow_provider_adls.emulator.rules.gen2 import leases
from airflow_provider_adls.emulator.rules.gen2.listing import walk

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
    from airflow_provider_adls.emulator.store import Node
    from airflow_provider_adls.model.acl import AclEntry

Mode = Literal["set", "modify", "remove"]
_BASE = ("user", "group", "other")


class Failure(NamedTuple):
    """A path whose ACL could not be changed."""

    path: str
    directory: bool


class Batch(NamedTuple):
    """The outcome of a batch of changes.

    :param failures: paths that the caller may not change.
    :param rest: path that the next batch begins with; None after the last.
    """

    directories: int
    files: int
    failures: list[Failure]
    rest: str | None


def set_access(
    call: FileCall,
    path: str,
    conditions: Conditions,
    *,
    owner: str = "",
    group: str = "",
    permission: int | None = None,
    entries: list[AclEntry] | None = None,
    lease: str = "",
) -> Node:
    """Set owner, group, permission or ACL of one path; its version stays (recorded).

    :param owner: object id; empty leaves it as it is, as for the group.
    :raises StorageError: if the caller is neither super user nor the path's owner, or is the owner and
        gives it away, or to a group that is not among his own (docs).
    """
    node = call.get(path)
    conditions.check(node)
    leases.demand_read(node, lease, call.now)
    if call.role != "owner":
        mine = call.principal.object_id == node.owner
        groups = ("", node.group, *call.principal.groups)
        if not mine or owner not in ("", node.owner) or group not in groups:
            raise refused("AuthorizationPermissionMismatch")
    node = node._replace(owner=owner or node.owner, group=group or node.group)
    if permission is not None:
        node = acl.with_permission(node, permission)
    if entries is not None:
        node = replaced(node, entries)
    call.store.save(node)
    return node


def change_tree(
    call: FileCall, path: str, mode: Mode, entries: list[AclEntry], *, start: str, limit: int, force: bool
) -> Batch:
    """Change the ACLs of a path and of all that is under it, some at a time.

    :param start: path to begin with, of the batch before; empty for the top.
    :param limit: paths to look at.
    :param force: whether to go on where the caller may not change a path.
    """
    change = {"set": replaced, "modify": acl.modified, "remove": acl.without}[mode]
    top = call.get(path)
    counts = [0, 0]
    failures: list[Failure] = []
    for seen, (place, node) in enumerate(walk(call, top, path, start=start or path, with_top=True)):
        if seen == limit:
            # A batch with failures is the last one, unless the caller wants to go on (recorded).
            return Batch(counts[1], counts[0], failures, place if force or not failures else None)
        if call.role == "owner" or call.principal.object_id == node.owner:
            # Files have no default entries, and count as done without them (recorded).
            fitting = entries if node.directory else [entry for entry in entries if not entry.default]
            if fitting or mode == "set":
                call.store.save(change(node, fitting))
            counts[node.directory] += 1
        else:
            failures.append(Failure(place, bool(node.directory)))
    return Batch(counts[1], counts[0], failures, None)


def replaced(node: Node, entries: list[AclEntry]) -> Node:
    """Return a node with these entries; those of owner, group and other that are left out stay (recorded).

    :raises Invalid: for default entries of a file, or too many entries.
    """
    given = {entry.key for entry in entries}
    kept = [
        entry
        for entry in acl.access_entries(node)
        if entry.type in _BASE and not entry.qualifier and entry.key not in given
    ]
    return acl.replaced(node._replace(acl=""), [*kept, *entries])


def shown_acl(node: Node) -> str:
    """Return the ACL as answers write it."""
    return ",".join(map(str, acl.entries_of(node)))


def shown_permission(node: Node) -> str:
    """Return the permission as answers write it: `rwxr-x--T+`."""
    return _shown(acl.shown_permission(node), node.acl)


@functools.lru_cache(maxsize=1024)
def _shown(bits: int, extra: str) -> str:
    letters = [letter if bits & 1 << 8 - place else "-" for place, letter in enumerate("rwxrwxrwx")]
    if bits & 0o1000:
        letters[8] = "t" if bits & 1 else "T"
    named = any(not entry.default for entry in acl.parsed(extra))
    return "".join(letters) + ("+" if named else "")


def check(call: FileCall, path: str, rights: int) -> None:
    """Ask whether the caller has rights on a path.

    :raises Denied: if it lacks one.
    """
    call.demand(call.get(path), rights)
