"""Renaming: a file or directory goes elsewhere in the account, at once and with all that is under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.gen2.errors import StorageError, refused
from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.gen2 import leases
from airflow_provider_adls.emulator.rules.gen2.creation import demand_overwriting
from airflow_provider_adls.model import paths

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
    from airflow_provider_adls.emulator.store import Node


@dataclass(frozen=True)
class Source:
    """Source of a rename.

    :param lease: id of the lease on the source; empty for none.
    """

    container: str
    path: str
    conditions: Conditions
    lease: str


def rename(
    call: FileCall, path: str, source: Source, conditions: Conditions, *, into: bool, lease: str = ""
) -> Node:
    """Rename a file or directory; its version, times, rights and metadata go with it.

    :param path: the new path, in the call's container.
    :param conditions: on what stands there.
    :param into: whether an existing directory there takes the source in (mode `posix`), and is not
        replaced by it (`legacy`).
    :param lease: id of the lease on what stands there.
    """
    holder, node = _find_source(call, source)
    source.conditions.check(node, code="SourceConditionNotMet")
    leases.demand(node, source.lease, call.now)
    target_holder, existing = call.locate(path)
    if existing is not None and existing.directory and into:
        call.demand(existing, access.EXECUTE)
        path = f"{path.rstrip('/')}/{node.name}"
        target_holder, existing = existing, call.store.child(existing.id, node.name)
    if target_holder is None:
        raise refused("RenameDestinationParentPathNotFound" if path != "/" else "InvalidDestinationPath")
    if node.directory and _is_inside(call, path, source):
        raise refused("InvalidRenameSourcePath")
    call.demand_removal(holder, node)
    call.demand(target_holder, access.WRITE | access.EXECUTE)
    if existing is not None:
        if conditions.must_be_new:
            raise refused("PathAlreadyExists")
        conditions.check(existing)
        if existing.id == node.id:
            return node
        _demand_replacement(call, target_holder, existing, node, lease)
        call.store.remove(existing)
    else:
        conditions.check(None)
    moved = leases.ended(node) if leases.of(node) else node
    moved = moved._replace(parent=target_holder.id, name=paths.name(path))
    call.store.save(moved)
    return moved


def _find_source(call: FileCall, source: Source) -> tuple[Node, Node]:
    try:
        holder, node = replace(call, container=source.container).locate(source.path)
    except StorageError:
        raise refused("SourcePathNotFound") from None
    if node is None:
        raise refused("SourcePathNotFound")
    if holder is None:
        raise refused("InvalidRenameSourcePath")
    return holder, node


def _is_inside(call: FileCall, path: str, source: Source) -> bool:
    return call.container == source.container and f"{path}/".startswith(f"{source.path}/")


def _demand_replacement(call: FileCall, holder: Node, existing: Node, node: Node, lease: str) -> None:
    if bool(existing.directory) != bool(node.directory):
        raise refused("InvalidSourceOrDestinationResourceType")
    if existing.directory and call.store.children(existing.id, limit=1):
        raise refused("DirectoryNotEmpty")
    leases.demand(existing, lease, call.now)
    demand_overwriting(call, existing)
    call.demand_removal(holder, existing)
