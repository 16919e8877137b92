"""The rules of LISTSTATUS, GETFILESTATUS, GETCONTENTSUMMARY, MKDIRS, RENAME and DELETE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules import access, acl, trash
from airflow_provider_adls.emulator.rules.refusals import Denied, Exists, Missing, NotEmpty, WrongContext
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.status import FileStatus

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.calls import Call
    from airflow_provider_adls.emulator.store import Node, Totals


def status(call: Call, path: str, *, consistent: bool = False) -> FileStatus:
    """Return the status of a path.

    :param consistent: whether to say the length that was written, not the one that readers see.
    :raises Missing: if nothing is.
    """
    node = call.get(path)
    return _status(node._replace(synced=node.length) if consistent else node, "")


def listing(
    call: Call, path: str, *, size: int | None = None, after: str = "", before: str | None = None
) -> tuple[list[FileStatus], str]:
    """Return a directory's entries by name, and the token of the next page; a file lists as itself.

    The token is empty if fewer entries came than requested, otherwise the last one's name (recorded,
    631 of 631): after a last page that is just full, an empty one follows.

    :param size: how many entries at most; None for all.
    :param after: name that they come after; it need not exist.
    """
    node = call.get(path)
    if not node.directory:
        return [_status(node, "")], ""
    call.demand(node, access.READ | access.EXECUTE)
    nodes = call.store.children(node.id, after=after, before=before, limit=size)
    token = nodes[-1].name if nodes and len(nodes) == size else ""
    return [_status(entry, entry.name) for entry in nodes], token


def summary(call: Call, path: str) -> Totals:
    """Return the sums over a tree; a directory counts itself (recorded)."""
    node = call.get(path)
    if node.directory:
        call.demand_tree(node, access.READ | access.EXECUTE)
    return call.store.totals(node)


def make(call: Call, path: str, *, permission: int | None = None) -> None:
    """Make a directory and those above it; an existing one is left as it is (recorded).

    :raises Exists: for an existing file. (Code and text assumed.)
    """
    node = call.find(path)
    if node is None:
        call.add(call.holder(path), paths.name(path), directory=True, permission=permission)
    elif not node.directory:
        raise Exists(f"{path} is a file, not a directory")


def delete(call: Call, path: str, *, recursive: bool = False, context: str = "") -> bool:
    """Remove a file or directory.

    :param context: id of the file; empty for any. No answer of this service
        names any, so none fits.
    :returns: False if the path is missing (Java SDK).
    :raises WrongContext: for a file with another id (Java SDK).
    :raises NotEmpty: for a directory with entries, unless `recursive`.
    :raises Denied: for the root, which stays (docs); the code is assumed.
    """
    holder, node = call.locate(path)
    if path == "/":
        raise Denied
    if holder is None or node is None:
        return False
    call.demand_removal(holder, node)
    if context:
        raise WrongContext
    if node.directory and call.store.children(node.id, limit=1):
        if not recursive:
            raise NotEmpty(path)
        call.demand_tree(node, access.READ | access.WRITE | access.EXECUTE)
    trash.discard(call, node, path)
    call.store.touch(holder.id, call.now)
    return True


def rename(call: Call, path: str, destination: str, *, overwrite: bool = False) -> bool:
    """Move a file or directory, with all that is under it.

    A name that is taken by a directory means: into that directory (.NET SDK's tests on the live service
    for directories; for files as in Hadoop). The directory above the new name is not made (Hadoop).

    :param overwrite: whether a file may take a file's place.
    :returns: False if nothing was moved: the name is taken, or a directory would move into itself.
    :raises Missing: if the source or the directory above the new name is missing.
    """
    holder, node = call.locate(path)
    if node is None:
        raise Missing(path)
    if destination == path:
        return not node.directory
    target_holder, name, replaced = _target(call, node, destination)
    if replaced is not None and replaced.id == node.id:
        # Into the directory that it is in already.
        return not node.directory
    taken = replaced is not None and not (overwrite and not replaced.directory and not node.directory)
    if target_holder is None:
        raise Missing(paths.parent(destination))
    if holder is None or taken or destination.startswith(f"{path}/"):
        return False
    call.demand_removal(holder, node)
    call.demand(target_holder, access.WRITE | access.EXECUTE)
    if replaced is not None:
        call.remove(target_holder, replaced)
    call.store.save(node._replace(parent=target_holder.id, name=name))
    for changed in {holder.id, target_holder.id}:
        call.store.touch(changed, call.now)
    return True


def _target(call: Call, node: Node, destination: str) -> tuple[Node | None, str, Node | None]:
    holder, there = call.locate(destination)
    if there is None or not there.directory:
        return holder, paths.name(destination), there
    call.demand(there, access.EXECUTE)
    return there, node.name, call.store.child(there.id, node.name)


def _status(node: Node, name: str) -> FileStatus:
    return FileStatus(
        name=name,
        type="DIRECTORY" if node.directory else "FILE",
        length=node.synced,
        modification_time=node.modified,
        access_time=node.accessed,
        permission=f"{acl.shown_permission(node):o}",
        owner=node.owner,
        group=node.group,
        expiration_time=node.expires,
        acl_bit=bool(node.acl),
    )
