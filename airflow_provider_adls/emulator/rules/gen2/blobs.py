"""Whole blobs: put in one request, put together from blocks, or copied."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.gen2 import leases, properties
from airflow_provider_adls.emulator.rules.gen2.creation import Wanted, create, save
from airflow_provider_adls.emulator.store import Block

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
    from airflow_provider_adls.emulator.store import Node, Upload

#: Blocks that a blob has at most, and bytes that a block's name has at most, decoded.
MAX_BLOCKS, MAX_NAME = 50_000, 64
COMMITTED, UNCOMMITTED, LATEST = "Committed", "Uncommitted", "Latest"


class Chosen(NamedTuple):
    """A block that a list names.

    :param where: list to look in: COMMITTED, UNCOMMITTED or LATEST.
    """

    id: str
    where: str


def md5(data: bytes) -> str:
    """Return the digest that Content-MD5 holds."""
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


def put(
    call: FileCall,
    path: str,
    data: bytes | Upload,
    conditions: Conditions,
    wanted: Wanted,
    lease: str = "",
    *,
    appended: bool = False,
) -> Node:
    """Put a whole blob, in place of an existing one.

    :param appended: whether the blob grows by append blocks, and is empty now.
    """
    node = _replaced(call, path, conditions, wanted, lease)
    call.store.write(node.id, 0, data)
    if appended:
        node = properties.changed(node, appended=True)
    return _written(call, node, len(data), headers=dict(wanted.headers), blocks=None)


def append(
    call: FileCall,
    path: str,
    data: bytes | Upload,
    conditions: Conditions,
    lease: str,
    *,
    position: int | None,
    most: int | None,
) -> tuple[Node, int]:
    """Append a block to a blob that grows so.

    :param position: length that the blob must have; None for any.
    :param most: length that the blob may reach; None for no limit.
    :return: the blob, and the offset of the block.
    """
    node = call.get(path)
    _demand_file(node)
    call.demand(node, access.WRITE)
    conditions.check(node)
    leases.demand(node, lease, call.now)
    if not properties.of(node).get(properties.APPENDED):
        raise refused("InvalidBlobType")
    if position is not None and position != node.length:
        raise refused("AppendPositionConditionNotMet")
    length = node.length + len(data)
    if most is not None and length > most:
        raise refused("MaxBlobSizeConditionNotMet")
    call.store.write(node.id, node.length, data)
    changed = call.renewed(node)._replace(length=length, synced=length)
    call.store.save(changed)
    return changed, node.length


def stage(call: FileCall, path: str, id_: str, data: bytes | Upload, lease: str = "") -> None:
    """Keep a block of a blob, which need not exist yet.

    :raises StorageError: for a name that is not base64, or that has another length than those before.
    """
    container = call.container_node().id
    existing = call.find(path)
    if existing is not None:
        _demand_file(existing)
        leases.demand(existing, lease, call.now)
    if not _is_name(id_) or not data:
        raise refused("InvalidQueryParameterValue" if data else "InvalidHeaderValue")
    staged = call.store.blocks.staged(container, path)
    if staged and len(staged[0].id) != len(id_):
        raise refused("InvalidBlobOrBlock")
    call.store.blocks.stage(container, path, Block(id_, call.store.number(), len(data)), data)


def put_list(
    call: FileCall,
    path: str,
    chosen: Iterable[Chosen],
    conditions: Conditions,
    wanted: Wanted,
    lease: str = "",
) -> Node:
    """Put a blob together from blocks; staged ones that are not named are dropped.

    :raises StorageError: if a block is not there.
    """
    container = call.container_node().id
    old = call.find(path)
    if old is not None:
        _demand_file(old)
    committed = {} if old is None else _committed(old)
    staged = {block.id: block for block in call.store.blocks.staged(container, path)}
    names = list(chosen)
    pieces = [_find(one, staged, committed) for one in names]
    if len(pieces) > MAX_BLOCKS:
        raise refused("BlockCountExceedsLimit")
    # The old content stands aside under a number of its own while the new one is made.
    aside = call.store.number()
    if old is not None:
        call.store.splice(aside, 0, old.id)
    node = _replaced(call, path, conditions, wanted, lease)
    length = _assemble(call, node, [piece._replace(content=piece.content or aside) for piece in pieces])
    call.store.truncate(aside)
    call.store.blocks.take(container, path)
    blocks = [[block.id, piece.length] for block, piece in zip(names, pieces, strict=True)]
    return _written(call, node, length, headers=dict(wanted.headers), blocks=blocks)


def block_list(call: FileCall, path: str) -> tuple[Node | None, list[Block], list[Block]]:
    """Return a blob, if it exists, its committed blocks in order, and its staged ones by name."""
    node = call.find(path)
    staged = call.store.blocks.staged(call.container_node().id, path)
    if node is None:
        if not staged:
            raise refused("PathNotFound")
        return None, [], staged
    _demand_file(node)
    call.demand(node, access.READ)
    committed = [Block(id_, 0, size) for id_, size in properties.of(node).get(properties.BLOCKS, ())]
    return node, committed, staged


def copy(
    call: FileCall,
    path: str,
    source: Node,
    conditions: Conditions,
    wanted: Wanted,
    lease: str = "",
    *,
    url: str = "",
) -> Node:
    """Copy a file's content to a path; headers and metadata are the source's unless others are given.

    :param url: of the source, which the copy remembers; empty if it is not to remember one.
    """
    aside = call.store.number()
    call.store.copy(source.id, 0, source.synced, aside, 0)
    node = _replaced(call, path, conditions, wanted, lease)
    call.store.splice(node.id, 0, aside)
    headers = {**properties.headers(source), **wanted.headers}
    node = properties.changed(node, metadata=dict(wanted.metadata or properties.metadata(source)))
    if url:
        node = properties.changed(node, copy=[str(uuid.uuid4()), url, call.now])
    return _written(call, node, source.synced, headers=headers, blocks=None)


class _Piece(NamedTuple):
    """A stretch of content that becomes a block.

    :param content: number that it is found under; 0 for the blob's old content.
    """

    content: int
    start: int
    length: int


def _assemble(call: FileCall, node: Node, pieces: list[_Piece]) -> int:
    length = 0
    moved: dict[_Piece, int] = {}
    for piece in pieces:
        at = moved.get(piece)
        if at is None:
            call.store.move(piece.content, piece.start, piece.length, node.id, length)
            moved[piece] = length
        else:
            # A block that is named twice stands in the new content already.
            call.store.copy(node.id, at, at + piece.length, node.id, length)
        length += piece.length
    return length


def _committed(node: Node) -> dict[str, _Piece]:
    found, start = {}, 0
    for id_, size in properties.of(node).get(properties.BLOCKS, ()):
        found[id_] = _Piece(0, start, size)
        start += size
    return found


def _find(chosen: Chosen, staged: dict[str, Block], committed: dict[str, _Piece]) -> _Piece:
    if chosen.where != COMMITTED and (block := staged.get(chosen.id)) is not None:
        return _Piece(block.content, 0, block.length)
    if chosen.where != UNCOMMITTED and (piece := committed.get(chosen.id)) is not None:
        return piece
    raise refused("InvalidBlockList")


def _replaced(call: FileCall, path: str, conditions: Conditions, wanted: Wanted, lease: str) -> Node:
    existing = call.find(path)
    if existing is not None:
        _demand_file(existing)
        if conditions.must_be_new:
            raise refused("BlobAlreadyExists")
    elif conditions.must_be_new:
        # As a condition on what does not exist is met, the rule of creation need not hear of it.
        conditions = conditions._replace(none_match=())
    node = create(call, path, conditions, wanted, directory=False, lease=lease)
    if existing is None:
        return node
    # A blob that is written over keeps its creation time and rights; its content is another's.
    return node._replace(
        created=existing.created,
        permission=existing.permission,
        owner=existing.owner,
        group=existing.group,
        acl=existing.acl,
    )


def _written(
    call: FileCall, node: Node, length: int, *, headers: dict[str, str], blocks: list[list[object]] | None
) -> Node:
    node = properties.changed(node, headers=headers, blocks=blocks)
    return save(call, node._replace(length=length, synced=length))


def _demand_file(node: Node) -> None:
    if node.directory:
        raise refused("OperationNotSupportedOnDirectory")


def _is_name(text: str) -> bool:
    try:
        return 0 < len(base64.b64decode(text, validate=True)) <= MAX_NAME
    except ValueError:
        return False
