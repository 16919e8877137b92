"""The rules of SETPERMISSION, SETOWNER, SETTIMES, CHECKACCESS and the ACL operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.emulator.rules import access, acl
from airflow_provider_adls.emulator.rules.refusals import Denied, Invalid

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.calls import Call
    from airflow_provider_adls.emulator.store import Node
    from airflow_provider_adls.model.acl import AclEntry


class AclStatus(NamedTuple):
    """The access control list of a file or directory.

    :param entries: in the service's order.
    :param permission: bits as answers show them, the mask in the group's place.
    """

    entries: list[AclEntry]
    owner: str
    group: str
    permission: int


def set_permission(call: Call, path: str, permission: int) -> None:
    """Set the permission bits; the middle digit sets an existing mask (.NET SDK's tests)."""
    node = _owned(call, path)
    call.store.save(acl.with_permission(node, permission))


def set_owner(call: Call, path: str, *, owner: str = "", group: str = "") -> None:
    """Set owner, owning group or both; empty leaves one as it is.

    :raises Denied: unless the caller is a super user, or the owner and a member of the group (docs).
    :raises Invalid: if neither is given.
    """
    if not owner and not group:
        raise Invalid("SETOWNER needs owner, group or both")
    node = call.get(path)
    principal = call.principal
    if not principal.super_user:
        own = principal.object_id == node.owner
        if not own or owner not in ("", node.owner) or group not in ("", node.group, *principal.groups):
            # The doubled words are the service's own (recorded).
            raise Denied("Set Owner failed with ")
    call.store.save(node._replace(owner=owner or node.owner, group=group or node.group))


def set_times(call: Call, path: str, *, modified: int | None = None, accessed: int | None = None) -> None:
    """Set times, in milliseconds since 1970; None leaves one as it is. Asks for `w` (assumed)."""
    node = call.get(path)
    call.demand(node, access.WRITE)
    call.store.save(
        node._replace(
            modified=node.modified if modified is None else modified,
            accessed=node.accessed if accessed is None else accessed,
        )
    )


def check_access(call: Call, path: str, rights: int) -> None:
    """Ask whether the principal has rights on a path.

    :raises Denied: if it lacks one.
    """
    call.demand(call.get(path), rights)


def acl_status(call: Call, path: str) -> AclStatus:
    """Return the access control list."""
    node = call.get(path)
    return AclStatus(acl.entries_of(node), node.owner, node.group, acl.shown_permission(node))


def set_acl(call: Call, path: str, entries: list[AclEntry]) -> None:
    """Replace the access control list."""
    call.store.save(acl.replaced(_owned(call, path), entries))


def modify_acl(call: Call, path: str, entries: list[AclEntry]) -> None:
    """Add or change entries."""
    call.store.save(acl.modified(_owned(call, path), entries))


def remove_acl_entries(call: Call, path: str, entries: list[AclEntry]) -> None:
    """Remove entries."""
    call.store.save(acl.without(_owned(call, path), entries))


def remove_acl(call: Call, path: str) -> None:
    """Remove all entries beyond owner, owning group and other, the default ones too."""
    call.store.save(_owned(call, path)._replace(acl=""))


def remove_default_acl(call: Call, path: str) -> None:
    """Remove the default entries."""
    call.store.save(acl.without_defaults(_owned(call, path)))


def _owned(call: Call, path: str) -> Node:
    node = call.get(path)
    if not call.principal.super_user and call.principal.object_id != node.owner:
        raise Denied
    return node
