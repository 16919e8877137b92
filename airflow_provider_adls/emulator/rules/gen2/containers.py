"""Containers, which the DFS face calls file systems: created, described, leased, deleted and restored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.emulator.gen2.errors import StorageError, refused
from airflow_provider_adls.emulator.rules.gen2 import leases, properties
from airflow_provider_adls.emulator.rules.gen2.calls import ROOT
from airflow_provider_adls.emulator.rules.gen2.deletion import DAY, forget
from airflow_provider_adls.emulator.rules.gen2.versions import file_time
from airflow_provider_adls.emulator.store import Deleted, Node
from airflow_provider_adls.model import gen2

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions


#: Containers that every account has, and that only those listings show which ask for them (docs).
SYSTEM = ("$logs",)


class Removed(NamedTuple):
    """A deleted container that can be restored.

    :param version: identity among the deleted containers of this name.
    :param deleted: milliseconds since 1970.
    """

    name: str
    node: Node
    version: str
    deleted: int


def create(
    call: FileCall,
    metadata: Mapping[str, str],
    public: str = "",
    scope: str = "",
    *,
    scope_only: bool = False,
) -> Node:
    """Create the call's container, whose root directory the caller owns.

    :param public: part that may be read without sign-in, `container` or `blob`; empty for nothing.
    :param scope: encryption scope of its files; empty for the account's.
    :param scope_only: whether files may have no other scope.
    :raises StorageError: if it exists, or its name cannot be one.
    """
    _demand_role(call)
    if not gen2.CONTAINER_NAME.fullmatch(call.container):
        raise refused("InvalidResourceName")
    if call.find_container() is not None:
        raise refused("FilesystemAlreadyExists")
    owner = call.principal.object_id
    container = _made(call, call.account_node().id, call.container, owner)
    container = properties.changed(
        container, metadata=dict(metadata), public=public, scope=scope, scope_only=scope_only
    )
    container = call.store.insert(container)
    call.store.insert(_made(call, container.id, ROOT, owner))
    return container


def look(call: FileCall, lease: str = "") -> Node:
    """Return the call's container."""
    node = call.container_node()
    if lease:
        # The lease id of a read is looked at before the lease (recorded).
        leases.lease_id(lease)
        demand_lease(call, node, lease)
    return node


def change(call: FileCall, conditions: Conditions, lease: str, **values: Any) -> Node:
    """Give the call's container other properties, and a new version.

    :param lease: empty where the caller carries none, which a leased container lets pass (docs).
    """
    _demand_role(call)
    node = call.container_node()
    conditions.check(node)
    demand_lease(call, node, lease)
    node = call.renewed(properties.changed(node, **values))
    call.store.save(node)
    return node


def delete(call: FileCall, conditions: Conditions, lease: str = "") -> None:
    """Delete the call's container with all that it holds."""
    _demand_role(call)
    node = call.container_node()
    conditions.check(node)
    if leases.is_locked(node, call.now) and not lease:
        raise refused("LeaseIdMissing")
    demand_lease(call, node, lease)
    if call.container_retention is None:
        remove(call, node)
        return
    account = call.account_node()
    call.store.save(leases.ended(node)._replace(parent=-account.id, name=str(node.id)))
    call.store.trash.add(account.id, Deleted(node.id, node.name, call.now))


def removed(call: FileCall) -> list[Removed]:
    """Return the deleted containers of the account that can be restored, by name and time."""
    account = call.account_node()
    kept = (call.container_retention or 0) * DAY
    found = []
    for item in call.store.trash.items(account.id):
        node = call.store.child(-account.id, str(item.node))
        if node is None or (call.container_retention is not None and call.now >= item.deleted + kept):
            if node is not None:
                remove(call, node)
            call.store.trash.remove(item.node)
        else:
            found.append(Removed(item.path, node, f"{file_time(item.deleted):016X}", item.deleted))
    return sorted(found, key=lambda one: (one.name, one.deleted))


def undelete(call: FileCall, name: str, version: str) -> None:
    """Restore a deleted container under the call's container's name.

    :raises StorageError: if none of this name and version was deleted, or the name is taken.
    """
    _demand_role(call)
    found = next((one for one in removed(call) if (one.name, one.version) == (name, version.upper())), None)
    if found is None:
        raise refused("FilesystemNotFound")
    if call.find_container() is not None:
        raise refused("FilesystemAlreadyExists")
    call.store.save(found.node._replace(parent=call.account_node().id, name=call.container))
    call.store.trash.remove(found.node.id)


def remove(call: FileCall, container: Node) -> None:
    """Remove a container for good, with what was deleted in it."""
    root = call.store.child(container.id, ROOT)
    assert root is not None
    for item in call.store.trash.items(root.id):
        forget(call, root, item)
    call.store.blocks.drop(container.id)
    call.store.remove(container)


def demand_lease(call: FileCall, node: Node, given: str) -> None:
    """Check the lease id of a request to a container.

    :raises StorageError: if it carries one and the container has no such lease.
    """
    if not given:
        return
    try:
        leases.demand(node, given, call.now)
    except StorageError as error:
        code = {
            "LeaseIdMismatch": "LeaseIdMismatchWithContainerOperation",
            "LeaseNotPresent": "LeaseNotPresentWithContainerOperation",
        }.get(error.code)
        if code is None:
            raise
        raise refused(code) from None


def _made(call: FileCall, parent: int, name: str, owner: str) -> Node:
    return Node.made(
        parent,
        name,
        call.now,
        directory=True,
        permission=gen2.DIRECTORY_PERMISSION & ~gen2.UMASK,
        owner=owner,
        group=owner,
        etag=call.new_version(),
    )


def _demand_role(call: FileCall) -> None:
    if call.role not in ("owner", "contributor"):
        raise refused("AuthorizationPermissionMismatch")


def page(
    call: FileCall, prefix: str, start: str, size: int, *, system: bool = False
) -> tuple[list[Node], str | None]:
    """Return containers of the account by name, and the name that the next page begins with.

    :param prefix: beginning of their names.
    :param start: name to begin with.
    :param system: whether those that the service keeps for itself are among them.
    """
    if call.role == "none":
        raise refused("AuthorizationPermissionMismatch")
    first = max(prefix, start)
    account = call.account_node().id
    # The store's names come after one: the one before a name is it, less its last letter's successor.
    nodes = [
        node
        for node in call.store.children(account, after=first[:-1])
        if node.name >= first and node.name.startswith(prefix) and (system or node.name not in SYSTEM)
    ]
    return nodes[:size], nodes[size].name if len(nodes) > size else None
