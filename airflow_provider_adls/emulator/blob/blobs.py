"""Existing blobs on the Blob face: described, read, changed, deleted, restored."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from airflow_provider_adls.emulator.blob import answers
from airflow_provider_adls.emulator.blob.containers import lease_reply
from airflow_provider_adls.emulator.dfs.answers import key_headers
from airflow_provider_adls.emulator.faces import reading
from airflow_provider_adls.emulator.faces.asks import Ask, Reply, date, version_headers
from airflow_provider_adls.emulator.faces.leasing import lease_request, naming
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import (
    attributes,
    content,
    deletion,
    expiry,
    leasing,
    properties,
)
from airflow_provider_adls.emulator.rules.gen2.calls import checked_path

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.store import Node

_PREFIX = "x-ms-blob-"


def describe(call: FileCall, ask: Ask) -> Reply:
    """Return the properties of a blob."""
    node = attributes.look(call, ask.path, ask.conditions(), ask.lease)
    call.demand_key(node)
    headers = answers.blob_headers(call, ask, node)
    headers["Content-Length"] = "0" if node.directory else str(node.synced)
    if not properties.of(node).get(properties.APPENDED):
        headers |= {"x-ms-access-tier": "Hot", "x-ms-access-tier-inferred": "true"}
    return Reply(200, headers)


def read(call: FileCall, ask: Ask) -> Reply:
    """Return a blob, or a range of it."""
    node = content.demand_read(call, ask.path, ask.conditions(), ask.lease)
    return reading.read(call, ask, node, answers.blob_headers(call, ask, node))


def get_metadata(call: FileCall, ask: Ask) -> Reply:
    """Return the metadata of a blob."""
    node = attributes.look(call, ask.path, ask.conditions(), ask.lease)
    return Reply(200, version_headers(node) | answers.metadata_headers(node))


def set_metadata(call: FileCall, ask: Ask) -> Reply:
    """Replace the metadata of a blob."""
    metadata = answers.metadata_of(ask)
    # The mark of a directory is not metadata of its own.
    metadata = {name: value for name, value in metadata.items() if name.lower() != answers.IS_FOLDER}
    node = attributes.set_metadata(call, ask.path, ask.conditions(), metadata, ask.lease)
    return Reply(200, version_headers(node) | answers.ENCRYPTED | key_headers(call))


def set_properties(call: FileCall, ask: Ask) -> Reply:
    """Replace the content headers of a blob; those that are not named are empty then (recorded)."""
    headers = {properties.TYPE: "", **ask.content_headers(_PREFIX)}
    return Reply(
        200,
        version_headers(attributes.set_headers(call, ask.path, ask.conditions(), headers, ask.lease)),
    )


def lease(call: FileCall, ask: Ask) -> Reply:
    """Do a lease operation on a blob."""
    request = lease_request(ask)
    with naming("blob"):
        node, left = leasing.lease_path(call, ask.path, ask.conditions(), request)
    return lease_reply(node, request.action, left)


def set_expiry(call: FileCall, ask: Ask) -> Reply:
    """Set when a blob vanishes."""
    option, time = ask.header("x-ms-expiry-option"), ask.header("x-ms-expiry-time")
    node = expiry.set_expiry(call, ask.path, ask.conditions(), option, time, ask.lease)
    return Reply(200, version_headers(node))


def delete(call: FileCall, ask: Ask) -> Reply:
    """Delete a blob, or a directory that is empty."""
    deleted = deletion.delete(call, ask.path, ask.conditions(), recursive=False, lease=ask.lease)
    return Reply(202, {"x-ms-delete-type-permanent": "true" if deleted is None else "false"})


def undelete(call: FileCall, ask: Ask) -> Reply:
    """Restore a deleted blob or directory."""
    source = urlsplit(ask.header("x-ms-undelete-source"))
    deletion_id = parse_qs(source.query).get("deletionid", [""])[0]
    if not deletion_id:
        raise refused("MissingRequiredHeader")
    # Without a path it is that of the request (recorded).
    path = checked_path(unquote(source.path)) if source.path.strip("/") else ask.path
    node = deletion.undelete(call, ask.path, path, deletion_id)
    return Reply(200, {"x-ms-resource-type": _kind(node), "x-ms-creation-time": date(node.created)})


def _kind(node: Node) -> str:
    return "directory" if node.directory else "file"
