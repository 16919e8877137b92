"""The rules of OPEN, CREATE, APPEND, CONCURRENTAPPEND and MSCONCAT.

`syncFlag` (filesystem.json 2016-11-01, and recorded): DATA leaves the file open and its length, as
readers see it, alone; METADATA leaves it open and shows the length; CLOSE closes it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.refusals import (
    BadOffset,
    BeyondEnd,
    Exists,
    Invalid,
    Leased,
    Sealed,
)
from airflow_provider_adls.model import paths

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.calls import Call
    from airflow_provider_adls.emulator.store import Node, Reader, Upload

DATA, METADATA, CLOSE = "DATA", "METADATA", "CLOSE"
SYNC_FLAGS = (DATA, METADATA, CLOSE)
#: Origin of a file's content, which decides how it can grow.
SERIAL, CONCURRENT, SEALED = "serial", "concurrent", "sealed"
#: A writer that was silent for so long gives way to another one. Assumed: Hadoop's soft limit of leases.
LEASE_LAPSES = 60_000


def read(call: Call, path: str, *, offset: int = 0, length: int | None = None) -> tuple[Reader, int]:
    """Return a reader of a file from `offset`, at most `length` bytes, and their number.

    :raises BeyondEnd: if the offset is beyond the end; at the end there are no bytes.
    """
    node = call.file(path)
    call.demand(node, access.READ)
    if offset > node.synced:
        raise BeyondEnd
    end = node.synced if length is None else min(offset + length, node.synced)
    return call.store.reader(node.id, offset, end), end - offset


def create(
    call: Call,
    path: str,
    data: bytes | Upload,
    *,
    overwrite: bool = False,
    create_parent: bool = True,
    permission: int | None = None,
    sync: str = CLOSE,
    lease: str = "",
) -> None:
    """Make a file with content, and the directories above it, or with `overwrite` replace a file.

    :raises Exists: for a directory, or a file that may not be overwritten.
    :raises Missing: if the directory is missing and may not be made.
    """
    holder, node = call.locate(path)
    if node is None:
        holder = holder or call.holder(path, make=create_parent)
        node = call.new(holder, paths.name(path), directory=False, permission=permission)
    elif node.directory:
        raise Exists(f"{path} is a directory")
    elif not overwrite:
        raise Exists(f"File already exists: {path}")
    else:
        call.demand(node, access.WRITE)
        _demand_lease(call, node, lease)
        call.store.truncate(node.id)
        node = node._replace(length=0, created=call.now, accessed=call.now, expires=0, stream="")
    # A new file shows its length with every flag (recorded: CREATE with DATA, 5 bytes).
    _put(call, node, data, sync=sync, lease=lease, show=True)


def append(
    call: Call,
    path: str,
    data: bytes | Upload,
    *,
    offset: int | None = None,
    sync: str = CLOSE,
    lease: str = "",
) -> None:
    """Put bytes at the end of a file.

    No bytes, at the right offset, are a way to ask whether an append arrived whose answer was lost.

    :param offset: the end, as the caller knows it; None for any.
    :raises BadOffset: if the end is elsewhere.
    :raises Leased: if another writer holds the file open.
    :raises Sealed: if it was concatenated (.NET SDK's tests), or grew by CONCURRENTAPPEND.
    """
    node = call.file(path)
    call.demand(node, access.WRITE)
    _demand_lease(call, node, lease)
    _demand_stream(node, SERIAL)
    if offset is not None and offset != node.length:
        raise BadOffset
    _put(call, node, data, sync=sync, lease=lease)


def append_concurrently(
    call: Call, path: str, data: bytes, *, create: bool = False, sync: str = DATA
) -> None:
    """Put bytes at the end of a file that grows in no other way, wherever the end is.

    Readers see them at once (assumed: several writers cannot wait for a close).

    :raises Missing: if the file is missing and may not be made (Java SDK).
    :raises Sealed: if it has content that came otherwise (filesystem.json 2016-11-01).
    """
    node = call.find(path) if create else call.file(path)
    if node is None:
        node = call.new(call.holder(path), paths.name(path), directory=False)
    elif node.directory:
        raise Invalid(f"{path} is a directory, not a file")
    else:
        call.demand(node, access.WRITE)
        _demand_lease(call, node, "")
        _demand_stream(node, CONCURRENT)
    _put(call, node, data, sync=sync, lease="", show=True, stream=CONCURRENT)


def concatenate(call: Call, path: str, sources: list[str], *, delete_source_directory: bool = False) -> None:
    """Move the content of files, in their order, to the end of one, which is made if need be.

    :param delete_source_directory: whether the whole directory of the sources goes, and not only they
        (filesystem.json 2016-11-01).
    :raises Invalid: for no sources, one given twice or equal to the target; with
        `delete_source_directory`, for sources of several directories, or a target in theirs.
        (SDKs refuse the first three themselves; the service's answer is assumed.)
    :raises Denied: without the rights that reading, writing and removing all of this takes.
    """
    if not sources:
        raise Invalid("There are no sources to concatenate")
    if len(set(sources)) != len(sources) or path in sources:
        raise Invalid("A file can be concatenated only once, and not with itself")
    nodes = [call.file(source) for source in sources]
    for node in nodes:
        call.demand(node, access.READ | access.WRITE)
        _demand_lease(call, node, "")
    target = call.find(path)
    if target is None:
        target = call.add(call.holder(path), paths.name(path), directory=False)
    elif target.directory:
        raise Invalid(f"{path} is a directory, not a file")
    else:
        call.demand(target, access.WRITE)
        _demand_lease(call, target, "")
    length = target.length
    for node in nodes:
        call.store.splice(target.id, length, node.id)
        length += node.length
    call.store.save(target._replace(length=length, synced=length, modified=call.now, lease="", stream=SEALED))
    _remove_sources(call, path, sources, directory=delete_source_directory)


def _remove_sources(call: Call, path: str, sources: list[str], *, directory: bool) -> None:
    for source in sources:
        _remove(call, source)
    if not directory:
        return
    folders = {paths.parent(source) for source in sources}
    folder = folders.pop()
    if folders or folder == "/" or path.startswith(f"{folder}/"):
        raise Invalid(
            f"The sources' directory {folder} cannot be deleted: it must hold them all, and no more"
        )
    top = call.get(folder)
    if call.store.children(top.id, limit=1):
        # As DELETE asks for, which takes no more away.
        call.demand_tree(top, access.READ | access.WRITE | access.EXECUTE)
    _remove(call, folder)


def _remove(call: Call, path: str) -> None:
    holder, node = call.locate(path)
    assert holder is not None
    assert node is not None
    call.remove(holder, node)


def _put(
    call: Call,
    node: Node,
    data: bytes | Upload,
    *,
    sync: str,
    lease: str,
    show: bool = False,
    stream: str = SERIAL,
) -> None:
    length = node.length + len(data)
    show = show or sync != DATA
    written = node._replace(
        length=length,
        synced=length if show else node.synced,
        modified=call.now if show else node.modified,
        lease="" if sync == CLOSE else lease,
        leased=call.now,
        stream=stream if data else node.stream,
    )
    if written.id:
        call.store.save(written)
    else:
        written = call.store.insert(written)
    call.store.write(written.id, node.length, data)


def _demand_stream(node: Node, stream: str) -> None:
    if node.stream not in ("", stream):
        raise Sealed("{operation} failed: the stream is sealed, or grows in another way")


def _demand_lease(call: Call, node: Node, lease: str) -> None:
    if node.lease and node.lease != lease and call.now < node.leased + LEASE_LAPSES:
        raise Leased
