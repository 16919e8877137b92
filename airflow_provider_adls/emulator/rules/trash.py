"""The rules of ENUMERATEDELETEDITEMS and RESTOREDELETEDITEMS: deleted items.

Operations, parameters and fields are the .NET SDK's (`Core.EnumerateDeletedItemsAsync` and
`RestoreDeletedItemsAsync`), which promises no more than a best effort. Assumed: that only super users
may, how tokens look, how long items stay, and that only what DELETE removes goes there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.refusals import Conflict, Denied, Invalid, Missing
from airflow_provider_adls.emulator.store import Deleted
from airflow_provider_adls.model import paths

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.calls import Call
    from airflow_provider_adls.emulator.store import Node, Store

#: Items that an account keeps, and milliseconds that it keeps them.
KEPT, RETENTION = 100, 7 * 24 * 60 * 60 * 1000
OVERWRITE, COPY = "overwrite", "copy"
TYPES = ("file", "directory")
_TOKEN = "/$trash/"  # noqa: S105 - a path, no secret


def discard(call: Call, node: Node, path: str) -> None:
    """Take a file or directory, with all that is under it, out of its directory into the trash."""
    root = call.get("/")
    call.store.save(node._replace(parent=-root.id, name=str(node.id)))
    call.store.trash.add(root.id, Deleted(node.id, path, call.now))
    items = call.store.trash.items(root.id)
    for place, item in enumerate(sorted(items, key=lambda item: item.deleted, reverse=True)):
        if place >= KEPT or item.deleted <= call.now - RETENTION:
            _forget(call.store, root, item)


def empty(store: Store, root: Node) -> None:
    """Remove all that an account has in its trash."""
    for item in store.trash.items(root.id):
        _forget(store, root, item)


def listing(
    call: Call, hint: str, *, after: str = "", size: int
) -> tuple[list[tuple[Deleted, Node]], str, int]:
    """Return the items whose path holds a text, the token of the next page, and the number searched."""
    _demand_super_user(call)
    root = call.get("/")
    first = _number(after) if after else 0
    found: list[tuple[Deleted, Node]] = []
    searched = 0
    for item in call.store.trash.items(root.id):
        node = call.store.child(-root.id, str(item.node))
        if item.node <= first or node is None:
            continue
        searched += 1
        if hint in item.path:
            found.append((item, node))
        if len(found) == size:
            return found, token(item), searched
    return found, "", searched


def restore(call: Call, restore_token: str, destination: str, kind: str, action: str = "") -> None:
    """Restore an item.

    :param kind: one of `TYPES`.
    :param action: resolves a name that is taken: OVERWRITE, COPY (to the first free name with a
        number; assumed), or empty for nothing.
    :raises Missing: for an unknown item.
    :raises Conflict: if the name is taken, without an action.
    """
    _demand_super_user(call)
    root = call.get("/")
    node = call.store.child(-root.id, str(_number(restore_token)))
    if node is None:
        raise Missing(restore_token)
    if bool(node.directory) != (kind == "directory"):
        raise Invalid(f"{restore_token} is not a {kind}")
    holder, there = call.locate(destination)
    if there is not None:
        if action == OVERWRITE and not there.directory and holder is not None:
            call.remove(holder, there)
        elif action == COPY and holder is not None:
            destination = _free(call, destination)
        else:
            raise Conflict(destination)
    holder = call.holder(destination)
    call.demand(holder, access.WRITE | access.EXECUTE)
    call.store.save(node._replace(parent=holder.id, name=paths.name(destination)))
    call.store.touch(holder.id, call.now)
    call.store.trash.remove(node.id)


def token(item: Deleted) -> str:
    """Return the token of an item."""
    return f"{_TOKEN}{item.node}"


def _number(text: str) -> int:
    number = text.removeprefix(_TOKEN)
    if not (text.startswith(_TOKEN) and number.isascii() and number.isdigit() and len(number) < 19):
        raise Invalid(f"{text!r} names no deleted item")
    return int(number)


def _free(call: Call, path: str) -> str:
    number = 1
    while call.find(f"{path}({number})") is not None:
        number += 1
    return f"{path}({number})"


def _forget(store: Store, root: Node, item: Deleted) -> None:
    node = store.child(-root.id, str(item.node))
    if node is not None:
        store.remove(node)
    store.trash.remove(item.node)


def _demand_super_user(call: Call) -> None:
    if not call.principal.super_user:
        raise Denied
