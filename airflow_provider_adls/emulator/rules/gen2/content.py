"""Reading and writing files: append at any offset, flush what was appended, read ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.gen2 import leases, properties

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
    from airflow_provider_adls.emulator.store import Node, Upload

ACQUIRE, AUTO_RENEW, RELEASE, ACQUIRE_RELEASE = "acquire", "auto-renew", "release", "acquire-release"
LEASE_ACTIONS = (ACQUIRE, AUTO_RENEW, RELEASE, ACQUIRE_RELEASE)


@dataclass(frozen=True)
class LeaseUse:
    """The part that a lease has in a write.

    :param id: of the lease that the caller holds; empty for none.
    :param action: change of the lease with the write, one of LEASE_ACTIONS; empty for nothing.
    :param proposed: id of the lease that is acquired.
    """

    id: str = ""
    action: str = ""
    proposed: str = ""
    duration: int = leases.INFINITE

    def before(self, node: Node, now: int) -> Node:
        """Return the node as it is while it is written, after the check of its lease."""
        if self.action in (ACQUIRE, ACQUIRE_RELEASE):
            return leases.acquire(node, self.proposed, self.duration, now)
        leases.demand(node, self.id, now)
        return leases.renew(node, self.id, now) if self.action == AUTO_RENEW else node

    def after(self, node: Node) -> Node:
        """Return the node as it is when it was written."""
        return leases.ended(node) if self.action in (RELEASE, ACQUIRE_RELEASE) else node


@dataclass(frozen=True)
class Flush:
    """Options of a flush.

    :param keep_rest: whether what was appended beyond its position stays for a later flush.
    :param headers: content headers; those that are not named stay.
    """

    keep_rest: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


def append(
    call: FileCall, path: str, data: bytes | Upload, position: int, lease: LeaseUse, flushing: Flush | None
) -> Node:
    """Append bytes at an offset, which readers see after a flush.

    :param flushing: how they are flushed at once; None for later.
    :raises StorageError: if there is no such file, or another holds its lease.
    """
    node = _writable(call, path)
    node = kept = lease.before(node, call.now)
    call.store.appended.add(node.id, position, data)
    if flushing is not None:
        node = _flushed(call, node, position + len(data), flushing)
    node = lease.after(node)
    if node is not kept or lease.action:
        call.store.save(node)
    return node


def flush(
    call: FileCall, path: str, position: int, conditions: Conditions, lease: LeaseUse, flushing: Flush
) -> Node:
    """Make what was appended, up to a position, the file's content.

    :param position: the file's new length.
    :raises StorageError: if what was appended does not reach from the file's end to the position.
    """
    node = _writable(call, path)
    conditions.check(node)
    node = lease.before(node, call.now)
    node = lease.after(_flushed(call, node, position, flushing))
    call.store.save(node)
    return node


def demand_read(call: FileCall, path: str, conditions: Conditions, lease: str) -> Node:
    """Return the file or directory at a path, after the checks that reading it takes."""
    node = call.get(path)
    call.demand(node, access.READ)
    conditions.check(node, read=True)
    leases.demand_read(node, lease, call.now)
    call.demand_key(node)
    return node


def _writable(call: FileCall, path: str) -> Node:
    node = call.get(path)
    if node.directory:
        raise refused("ResourceTypeMismatch")
    if not call.may_overwrite and node.length:
        raise refused("AuthorizationPermissionMismatch")
    call.demand(node, access.WRITE)
    call.demand_key(node)
    if properties.of(node).get(properties.BLOCKS):
        raise refused("InvalidFlushOperation")
    return node


def _flushed(call: FileCall, node: Node, position: int, flushing: Flush) -> Node:
    if position < node.length or not call.store.appended.flush(
        node.id, node.length, position, keep_rest=flushing.keep_rest
    ):
        raise refused("InvalidFlushPosition")
    headers = {
        # The digest that is kept is that of the whole content, which is another one now.
        **{name: value for name, value in properties.headers(node).items() if name != properties.MD5},
        **flushing.headers,
    }
    if position == node.length and headers == properties.headers(node):
        return node
    node = call.renewed(properties.changed(node, headers=headers))
    return node._replace(length=position, synced=position)
