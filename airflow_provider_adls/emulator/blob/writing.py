"""New content on the Blob face: blobs put whole, by blocks, by appended blocks, or copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.blob import answers, xml
from airflow_provider_adls.emulator.blob.sources import source
from airflow_provider_adls.emulator.blob.tags import from_header
from airflow_provider_adls.emulator.dfs.answers import key_headers
from airflow_provider_adls.emulator.faces import bodies
from airflow_provider_adls.emulator.faces.asks import Ask, Reply, version_headers
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import blobs, creation, properties
from airflow_provider_adls.emulator.rules.gen2.creation import Wanted

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.store import Block, Node

_BLOCK, _APPEND = "BlockBlob", "AppendBlob"
_LISTS = ("all", "committed", "uncommitted")


def put(call: FileCall, ask: Ask) -> Reply:
    """Put a whole blob; `hdi_isfolder` in its metadata makes it a directory."""
    kind = ask.header("x-ms-blob-type")
    if kind not in (_BLOCK, _APPEND):
        raise refused("InvalidHeaderValue" if kind else "MissingRequiredHeader")
    if kind == _APPEND and ask.body:
        raise refused("InvalidHeaderValue")
    digests = bodies.check(ask.headers, ask.body) | {properties.MD5: ask.body.md5}
    wanted = _wanted(ask)
    folder = next((name for name in wanted.metadata if name.lower() == answers.IS_FOLDER), None)
    if folder is not None and wanted.metadata[folder].lower() == "true":
        kept = {name: value for name, value in wanted.metadata.items() if name != folder}
        wanted = Wanted(headers=wanted.headers, metadata=kept)
        node = creation.create(call, ask.path, ask.conditions(), wanted, directory=True, lease=ask.lease)
    else:
        if kind == _BLOCK:
            # The file's digest is made where the request gives none (recorded).
            headers = {properties.MD5: ask.body.md5, **wanted.headers}
            wanted = replace(wanted, headers=headers)
        content = ask.body.content
        node = blobs.put(
            call, ask.path, content, ask.conditions(), wanted, ask.lease, appended=kind == _APPEND
        )
    return _written(call, node, digests)


def put_block(call: FileCall, ask: Ask) -> Reply:
    """Stage a block."""
    digests = bodies.check(ask.headers, ask.body)
    if "blockid" not in ask.query:
        raise refused("MissingRequiredQueryParameter")
    blobs.stage(call, ask.path, ask.query["blockid"], ask.body.content, ask.lease)
    return Reply(201, answers.ENCRYPTED | digests | key_headers(call))


def put_block_list(call: FileCall, ask: Ask) -> Reply:
    """Put a blob together from blocks."""
    digests = bodies.check(ask.headers, ask.body)
    node = blobs.put_list(
        call, ask.path, list(_chosen(ask.body.document)), ask.conditions(), _wanted(ask), ask.lease
    )
    return _written(call, node, digests)


def get_block_list(call: FileCall, ask: Ask) -> Reply:
    """Return the blocks of a blob, staged or committed."""
    kind = ask.query.get("blocklisttype", "committed").lower()
    if kind not in _LISTS:
        raise refused("InvalidQueryParameterValue")
    node, committed, staged = blobs.block_list(call, ask.path)
    parts = [
        xml.element(name, *map(_block, blocks))
        for name, blocks, only in (
            ("CommittedBlocks", committed, "committed"),
            ("UncommittedBlocks", staged, "uncommitted"),
        )
        if kind in ("all", only)
    ]
    headers = {} if node is None else version_headers(node)
    headers["x-ms-blob-content-length"] = "0" if node is None else str(node.synced)
    return xml.reply(xml.element("BlockList", *parts), headers)


def append_block(call: FileCall, ask: Ask) -> Reply:
    """Append a block to a blob that grows so."""
    digests = bodies.check(ask.headers, ask.body)
    if not ask.body:
        raise refused("InvalidHeaderValue")
    node, offset = blobs.append(
        call,
        ask.path,
        ask.body.content,
        ask.conditions(),
        ask.lease,
        position=ask.header_number("x-ms-blob-condition-appendpos"),
        most=ask.header_number("x-ms-blob-condition-maxsize"),
    )
    return _written(call, node, digests | {"x-ms-blob-append-offset": str(offset)})


def copy(call: FileCall, ask: Ask) -> Reply:
    """Copy a blob of the account; it is done when the answer comes."""
    url = ask.header("x-ms-copy-source").partition("?")[0]
    node = blobs.copy(call, ask.path, source(call, ask), ask.conditions(), _wanted(ask), ask.lease, url=url)
    copied = answers.copy_headers(node)
    return Reply(
        202, version_headers(node) | {name: copied[name] for name in ("x-ms-copy-id", "x-ms-copy-status")}
    )


def put_from_url(call: FileCall, ask: Ask) -> Reply:
    """Put a blob whose content is another's."""
    node = blobs.copy(call, ask.path, source(call, ask), ask.conditions(), _wanted(ask), ask.lease)
    return _written(call, node, {})


def _written(call: FileCall, node: Node, digests: dict[str, str]) -> Reply:
    return Reply(201, version_headers(node) | digests | answers.ENCRYPTED | key_headers(call))


def _wanted(ask: Ask) -> Wanted:
    headers = ask.content_headers("x-ms-blob-")
    kind = ask.header("Content-Type")
    if kind and ask.header("x-ms-blob-type"):
        headers.setdefault(properties.TYPE, kind)
    tags = from_header(ask.header("x-ms-tags"))
    return Wanted(headers=headers, metadata=answers.metadata_of(ask), tags=tags)


def _chosen(body: bytes) -> Iterator[blobs.Chosen]:
    root = xml.parsed(body)
    for element in root:
        if element.tag not in (blobs.COMMITTED, blobs.UNCOMMITTED, blobs.LATEST):
            raise refused("InvalidXmlDocument")
        yield blobs.Chosen((element.text or "").strip(), element.tag)


def _block(block: Block) -> str:
    return xml.element("Block", xml.leaves([("Name", block.id), ("Size", block.length)]))
