"""Creating files and directories, and the directories above them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.gen2 import expiry, leases, properties
from airflow_provider_adls.emulator.rules.gen2.access import replaced
from airflow_provider_adls.model import gen2, paths

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
    from airflow_provider_adls.emulator.store import Node
    from airflow_provider_adls.model.acl import AclEntry


@dataclass(frozen=True)
class Wanted:
    """Properties of a new file or directory.

    :param permission: bits; None for the service's own.
    :param umask: bits that are cleared in the permission.
    :param entries: its ACL, in place of a permission; None for what it inherits.
    :param owner: object id; empty for the caller's, as for the group the parent's.
    :param proposed_lease: id of the lease that it is created with; empty for none.
    :param expiry: option and time of its end; empty for never.
    :param context: the client's notes on its own encryption.
    """

    permission: int | None = None
    umask: int = gen2.UMASK
    entries: list[AclEntry] | None = None
    owner: str = ""
    group: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    proposed_lease: str = ""
    lease_duration: int = leases.INFINITE
    expiry: tuple[str, str] | None = None
    context: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    def values(self, key: str) -> dict[str, Any]:
        """Return the properties that are set.

        :param key: digest of the customer's key.
        """
        values = {
            properties.HEADERS: self.headers,
            properties.METADATA: self.metadata,
            properties.KEY: key,
            properties.CONTEXT: self.context,
            properties.TAGS: self.tags,
        }
        return {name: value for name, value in values.items() if value}


def create(
    call: FileCall,
    path: str,
    conditions: Conditions,
    wanted: Wanted,
    *,
    directory: bool,
    lease: str = "",
) -> Node:
    """Create a file or directory with the directories above it.

    An existing file is replaced by an empty one; an existing directory keeps what is under it.

    :param lease: id of the lease on the existing file or directory.
    :raises StorageError: if a condition fails, or something else stands at the path or above it.
    """
    holder, existing = call.locate(path)
    if existing is None:
        conditions.check(None)
        holder = holder or call.holder(path)
    else:
        _demand_replacement(call, existing, conditions, directory=directory, lease=lease)
    assert holder is not None
    node = call.new(
        holder,
        paths.name(path),
        directory=directory,
        permission=wanted.permission,
        umask=wanted.umask,
        values=wanted.values(call.key),
    )
    if existing is not None:
        # Its lease, which the caller holds, goes on (recorded).
        held = properties.of(existing).get(properties.LEASE)
        node = properties.changed(node._replace(id=existing.id), lease=held)
        if not directory:
            call.store.truncate(node.id)
    return save(call, _finished(call, node, wanted))


def save(call: FileCall, node: Node) -> Node:
    """Write a new node, or one in an existing one's place, and return it."""
    if not node.id:
        return call.store.insert(node)
    call.store.save(node)
    return node


def _demand_replacement(
    call: FileCall, existing: Node, conditions: Conditions, *, directory: bool, lease: str
) -> None:
    if conditions.must_be_new:
        # A file is not named in the answer (recorded).
        kind = {"x-ms-existing-resource-type": "directory"} if existing.directory else None
        raise refused("PathAlreadyExists", kind)
    if bool(existing.directory) != directory:
        raise refused("PathConflict")
    conditions.check(existing)
    leases.demand(existing, lease, call.now)
    demand_overwriting(call, existing)


def demand_overwriting(call: FileCall, existing: Node) -> None:
    """Check that the caller may change an existing path.

    :raises StorageError: if it may only create new ones.
    :raises Denied: without the right to write.
    """
    if not call.may_overwrite:
        raise refused("AuthorizationPermissionMismatch")
    call.demand(existing, access.WRITE)


def _finished(call: FileCall, node: Node, wanted: Wanted) -> Node:
    if wanted.entries is not None:
        node = replaced(node, wanted.entries)
    if wanted.owner or wanted.group:
        if call.role != "owner" and wanted.owner not in ("", call.principal.object_id):
            raise refused("AuthorizationPermissionMismatch")
        node = node._replace(owner=wanted.owner or node.owner, group=wanted.group or node.group)
    if wanted.proposed_lease:
        node = leases.acquire(node, wanted.proposed_lease, wanted.lease_duration, call.now)
    if wanted.expiry is not None:
        node = node._replace(expires=expiry.instant(*wanted.expiry, node, call.now))
    return node
