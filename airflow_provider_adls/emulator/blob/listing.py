"""Listing the blobs of a container: flat, by delimiter, or those that were deleted."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.blob import answers, xml
from airflow_provider_adls.emulator.faces import tokens
from airflow_provider_adls.emulator.faces.asks import Ask, Reply, date
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import access, deletion, listing, properties
from airflow_provider_adls.emulator.rules.gen2.calls import relative
from airflow_provider_adls.emulator.rules.gen2.versions import etag
from airflow_provider_adls.model import gen2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.store import Node

_SHOW = ("", "files", "directories", "deleted")
_DELIMITER = "/"


def list_blobs(call: FileCall, ask: Ask) -> Reply:
    """Return blobs of a container, page by page; directories are among them as empty blobs."""
    show = ask.query.get("showonly", "").lower()
    delimiter = ask.query.get("delimiter", "")
    if show not in _SHOW or delimiter not in ("", _DELIMITER):
        raise refused("InvalidQueryParameterValue")
    include = {word.strip() for word in ask.query.get("include", "").lower().split(",")}
    marker = ask.query.get("marker", "")
    start = tokens.read(marker)
    found = _deleted(call, ask, start) if show == "deleted" else _live(call, ask, show, include, start)
    wanted = ask.number("maxresults", least=1)
    size = min(wanted or gen2.PAGE_SIZE, gen2.PAGE_SIZE)
    page = list(itertools.islice(found, size))
    rest = next(found, None)
    heads = [
        ("Prefix", ask.query.get("prefix") or None),
        ("Marker", marker or None),
        ("MaxResults", wanted),
        ("Delimiter", delimiter or None),
    ]
    return xml.reply(
        xml.element(
            "EnumerationResults",
            xml.leaves(heads),
            xml.element("Blobs", *(text for _, text in page)),
            xml.leaf("NextMarker", "" if rest is None else tokens.written(rest[0])),
            ServiceEndpoint=f"{ask.host()}/",
            ContainerName=call.container,
        )
    )


def _live(call: FileCall, ask: Ask, show: str, include: set[str], start: str) -> Iterator[tuple[str, str]]:
    prefix = ask.query.get("prefix", "")
    flat = not ask.query.get("delimiter")
    for path, node in listing.with_prefix(call, prefix, start=start, recursive=flat):
        if (show == "files" and node.directory) or (show == "directories" and not node.directory):
            continue
        name = relative(path)
        if node.directory and not flat:
            yield path, xml.element("BlobPrefix", _properties_of(call, ask, node, f"{name}/", include))
        else:
            shown = _properties_of(call, ask, node, name, include)
            more = ""
            if "metadata" in include:
                folder = {answers.IS_FOLDER: "true"} if node.directory else {}
                more = xml.metadata({**properties.metadata(node), **folder})
            yield path, xml.element("Blob", shown, more)


def _deleted(call: FileCall, ask: Ask, start: str) -> Iterator[tuple[str, str]]:
    prefix = ask.query.get("prefix", "")
    for one in deletion.restorable(call, prefix):
        # Several of one path differ in their deletion.
        key = f"{one.path}?{one.deletion}"
        if start and not start <= key:
            continue
        end = one.deleted + (call.retention or 0) * deletion.DAY
        days = deletion.days_left(call, one.deleted, call.retention)
        yield (
            key,
            xml.element(
                "Blob",
                xml.leaves([("Name", one.path), ("DeletionId", one.deletion), ("Deleted", "true")]),
                xml.element(
                    "Properties",
                    _times(one.node._replace(expires=end)),
                    xml.leaf("ResourceType", _kind(one.node)),
                    _content(one.node, "AAAAAAAAAAA="),
                    xml.leaves(
                        [
                            ("ServerEncrypted", "true"),
                            ("DeletedTime", date(one.deleted)),
                            ("RemainingRetentionDays", days),
                        ]
                    ),
                ),
                "<OrMetadata />",
            ),
        )


def _properties_of(call: FileCall, ask: Ask, node: Node, name: str, include: set[str]) -> str:
    status, state = answers.lease_state(node, call.now)
    kind = _kind(node) if ask.version >= answers.NAMES_KIND else None
    owners: list[tuple[str, object]] = []
    if "permissions" in include:
        owners = [
            ("Owner", node.owner),
            ("Group", node.group),
            ("Permissions", access.shown_permission(node)),
            ("Acl", access.shown_acl(node)),
        ]
    return xml.leaf("Name", name) + xml.element(
        "Properties",
        _times(node),
        xml.leaves([("ResourceType", kind), *owners]),
        _content(node, ""),
        xml.leaves([("LeaseStatus", status), ("LeaseState", state), ("ServerEncrypted", "true")]),
    )


def _times(node: Node) -> str:
    return xml.leaves(
        [
            ("Creation-Time", date(node.created)),
            ("Last-Modified", date(node.modified)),
            ("Expiry-Time", date(node.expires) if node.expires else None),
            ("Etag", etag(node.etag)),
        ]
    )


def _content(node: Node, checksum: str) -> str:
    headers = properties.headers(node)
    return xml.leaves(
        [
            ("Content-Length", 0 if node.directory else node.synced),
            ("Content-Type", headers.get(properties.TYPE, gen2.OCTETS)),
            ("Content-Encoding", headers.get(properties.ENCODING, "")),
            ("Content-Language", headers.get(properties.LANGUAGE, "")),
            ("Content-CRC64", checksum),
            ("Content-MD5", headers.get(properties.MD5, "")),
            ("Cache-Control", headers.get(properties.CACHE, "")),
            ("Content-Disposition", headers.get(properties.DISPOSITION, "")),
            ("BlobType", answers.blob_type(node)),
            ("AccessTier", "Hot"),
            ("AccessTierInferred", "true"),
        ]
    )


def _kind(node: Node) -> str:
    return "directory" if node.directory else "file"
