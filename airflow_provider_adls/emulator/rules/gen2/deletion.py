"""Deleting paths, for good or so that they can be restored for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.gen2 import leases
from airflow_provider_adls.emulator.rules.gen2.calls import relative
from airflow_provider_adls.emulator.rules.gen2.versions import file_time
from airflow_provider_adls.emulator.store import Deleted, Node
from airflow_provider_adls.model import paths

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions

DAY = 24 * 60 * 60 * 1000
#: Ticks of a millisecond, among which the deletion ids of one millisecond are spread.
_TICKS = 10_000


class Restorable(NamedTuple):
    """A deleted path that can be restored.

    :param path: former path, without the slash before it.
    :param deleted: milliseconds since 1970.
    """

    path: str
    node: Node
    deletion: int
    deleted: int


def delete(
    call: FileCall, path: str, conditions: Conditions, *, recursive: bool, lease: str = ""
) -> int | None:
    """Delete a file or directory.

    :return: id of the deletion, where it can be restored; None where it is gone for good.
    :raises StorageError: for a directory that is not empty, unless `recursive`; and for the root.
    """
    node = call.get(path)
    if path == "/":
        raise refused("InvalidInput")
    conditions.check(node)
    leases.demand(node, lease, call.now)
    holder = call.locate(path)[0]
    assert holder is not None
    call.demand_removal(holder, node)
    if node.directory and call.store.children(node.id, limit=1):
        if not recursive:
            raise refused("DirectoryNotEmpty")
        call.demand_tree(node, access.READ | access.WRITE | access.EXECUTE)
    if call.retention is None:
        call.store.remove(node)
        return None
    root = call.root()
    call.store.save(leases.ended(node)._replace(parent=-root.id, name=str(node.id), expires=0))
    item = Deleted(node.id, relative(path), call.now)
    call.store.trash.add(root.id, item)
    return _deletion(item)


def restorable(call: FileCall, prefix: str = "") -> list[Restorable]:
    """Return what can be restored in a container, by path and time of deletion.

    What was deleted longer ago than the account keeps it is removed.
    """
    root = call.root()
    found = []
    for item in call.store.trash.items(root.id):
        node = call.store.child(-root.id, str(item.node))
        if node is None or _is_over(call, item):
            forget(call, root, item)
        elif item.path.startswith(prefix):
            found.append(Restorable(item.path, node, _deletion(item), item.deleted))
    return sorted(found, key=lambda one: (one.path.split("/"), one.deletion))


def undelete(call: FileCall, path: str, source: str, deletion: str) -> Node:
    """Restore a deleted path, with all that was under it.

    :param path: path that it is restored to.
    :param source: former path.
    :raises StorageError: if nothing of the kind was deleted, or something stands at the path.
    """
    wanted = relative(source)
    found = next(
        (one for one in restorable(call) if (one.path, str(one.deletion)) == (wanted, deletion)), None
    )
    if found is None:
        raise refused("PathNotFound")
    if call.find(path) is not None:
        raise refused("PathAlreadyExists")
    holder = call.holder(path)
    node = found.node._replace(parent=holder.id, name=paths.name(path))
    call.store.save(node)
    call.store.trash.remove(node.id)
    return node


def forget(call: FileCall, root: Node, item: Deleted) -> None:
    """Remove a deleted path for good."""
    node = call.store.child(-root.id, str(item.node))
    if node is not None:
        call.store.remove(node)
    call.store.trash.remove(item.node)


def days_left(call: FileCall, deleted: int, kept: int | None) -> int:
    """Return the days for which something can still be restored, the day that has begun not counted.

    :param kept: days that it is kept in all.
    """
    return max(0, (deleted + (kept or 0) * DAY - max(call.now, deleted) - 1) // DAY)


def _is_over(call: FileCall, item: Deleted) -> bool:
    return call.retention is not None and call.now >= item.deleted + call.retention * DAY


def _deletion(item: Deleted) -> int:
    return file_time(item.deleted) + item.node % _TICKS
