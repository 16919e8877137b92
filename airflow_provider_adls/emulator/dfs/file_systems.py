"""File systems on the DFS face: created, described, changed, deleted, listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.dfs.answers import (
    CONTINUATION,
    NAMESPACE,
    SCOPE_HEADER,
    SCOPE_ONLY_HEADER,
    json_reply,
    scopes,
)
from airflow_provider_adls.emulator.faces import tokens
from airflow_provider_adls.emulator.faces.asks import (
    Ask,
    Reply,
    date,
    decoded_properties,
    encoded_properties,
    scope_of,
    version_headers,
)
from airflow_provider_adls.emulator.rules.gen2 import containers, properties
from airflow_provider_adls.emulator.rules.gen2.versions import etag
from airflow_provider_adls.model import gen2

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall

_PROPERTIES = "x-ms-properties"


def create(call: FileCall, ask: Ask) -> Reply:
    """Create a file system."""
    node = containers.create(call, decoded_properties(ask.header(_PROPERTIES)), **scope_of(ask))
    return Reply(201, version_headers(node) | NAMESPACE)


def delete(call: FileCall, ask: Ask) -> Reply:
    """Delete a file system with all that it holds."""
    containers.delete(call, ask.conditions(), ask.lease)
    return Reply(202)


def describe(call: FileCall, ask: Ask) -> Reply:
    """Return the properties of a file system."""
    node = containers.look(call, ask.lease)
    metadata = encoded_properties(properties.metadata(node))
    return Reply(200, version_headers(node) | scopes(node) | NAMESPACE | {_PROPERTIES: metadata})


def change(call: FileCall, ask: Ask) -> Reply:
    """Replace the metadata of a file system."""
    metadata = decoded_properties(ask.header(_PROPERTIES))
    return Reply(
        200, version_headers(containers.change(call, ask.conditions(), ask.lease, metadata=metadata))
    )


def list_all(call: FileCall, ask: Ask) -> Reply:
    """Return the file systems of the account, page by page."""
    size = ask.number("maxresults", least=1) or gen2.PAGE_SIZE
    start = tokens.read(ask.query.get("continuation", ""))
    found, rest = containers.page(call, ask.query.get("prefix", ""), start, min(size, gen2.PAGE_SIZE))
    entries = [
        {
            "DefaultEncryptionScope": scopes(node)[SCOPE_HEADER],
            "DenyEncryptionScopeOverride": scopes(node)[SCOPE_ONLY_HEADER],
            "etag": etag(node.etag),
            "lastModified": date(node.modified),
            "name": node.name,
        }
        for node in found
    ]
    return json_reply({"filesystems": entries}, {CONTINUATION: tokens.written(rest)})
