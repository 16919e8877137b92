"""Containers on the Blob face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.blob import answers, policies, xml
from airflow_provider_adls.emulator.dfs.answers import SCOPE_HEADER, SCOPE_ONLY_HEADER, scopes
from airflow_provider_adls.emulator.faces.asks import Ask, Reply, date, quoted, scope_of, version_headers
from airflow_provider_adls.emulator.faces.leasing import lease_request, naming
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import containers, leases, leasing, properties
from airflow_provider_adls.emulator.rules.gen2.deletion import days_left
from airflow_provider_adls.model import gen2

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.store import Node

_PUBLIC = "x-ms-blob-public-access"


def create(call: FileCall, ask: Ask) -> Reply:
    """Create a container."""
    node = containers.create(call, answers.metadata_of(ask), _public(ask), **scope_of(ask))
    return Reply(201, version_headers(node))


def delete(call: FileCall, ask: Ask) -> Reply:
    """Delete a container."""
    containers.delete(call, ask.conditions(), ask.lease)
    return Reply(202)


def describe(call: FileCall, ask: Ask) -> Reply:
    """Return the properties of a container, or its metadata, which are among them."""
    return Reply(200, answers.container_headers(call, ask, containers.look(call, ask.lease)))


def set_metadata(call: FileCall, ask: Ask) -> Reply:
    """Replace the metadata of a container."""
    node = containers.change(call, ask.conditions(), ask.lease, metadata=answers.metadata_of(ask))
    return Reply(200, version_headers(node))


def get_acl(call: FileCall, ask: Ask) -> Reply:
    """Return who may read a container without sign-in, and its stored access policies."""
    node = containers.look(call, ask.lease)
    stored = properties.of(node).get(properties.POLICIES, ())
    return xml.reply(policies.written(stored), version_headers(node) | answers.public_headers(node))


def set_acl(call: FileCall, ask: Ask) -> Reply:
    """Replace both."""
    stored = policies.read(ask.body.document)
    node = containers.change(call, ask.conditions(), ask.lease, policies=stored, public=_public(ask))
    return Reply(200, version_headers(node))


def lease(call: FileCall, ask: Ask) -> Reply:
    """Do a lease operation on a container."""
    request = lease_request(ask)
    with naming("container"):
        node, left = leasing.lease_container(call, ask.conditions(), request)
    return lease_reply(node, request.action, left)


def lease_reply(node: Node, action: str, left: int) -> Reply:
    """Return the answer to a lease operation.

    :param left: seconds that a broken lease goes on.
    """
    headers = version_headers(node)
    held = leases.of(node)
    if action in (leasing.ACQUIRE, leasing.RENEW, leasing.CHANGE) and held is not None:
        headers["x-ms-lease-id"] = held.id
    if action == leasing.BREAK:
        headers["x-ms-lease-time"] = str(left)
    return Reply({leasing.ACQUIRE: 201, leasing.BREAK: 202}.get(action, 200), headers)


def undelete(call: FileCall, ask: Ask) -> Reply:
    """Restore a deleted container."""
    name, version = (ask.header(f"x-ms-deleted-container-{part}") for part in ("name", "version"))
    if not (name and version):
        raise refused("MissingRequiredHeader")
    containers.undelete(call, name, version)
    return Reply(201)


def rename(_call: FileCall, _ask: Ask) -> Reply:
    """Refuse to rename a container, as the service does (recorded)."""
    raise refused("InvalidQueryParameterValue")


def list_all(call: FileCall, ask: Ask) -> Reply:
    """Return the containers of the account, page by page."""
    include = {word.strip() for word in ask.query.get("include", "").lower().split(",")}
    size = ask.number("maxresults", least=1)
    marker = ask.query.get("marker", "")
    if marker and not marker.startswith("/"):
        raise refused("OutOfRangeInput")
    prefix = ask.query.get("prefix", "")
    found, rest = containers.page(
        call,
        prefix,
        marker.rpartition("/")[2],
        min(size or gen2.PAGE_SIZE, gen2.PAGE_SIZE),
        system="system" in include,
    )
    entries = [_entry(call, ask, node, include) for node in found]
    if "deleted" in include and rest is None:
        entries += [
            _removed(call, ask, removed, include)
            for removed in containers.removed(call)
            if removed.name.startswith(prefix)
        ]
    return xml.reply(
        xml.element(
            "EnumerationResults",
            xml.leaves([("Prefix", prefix or None), ("Marker", marker or None), ("MaxResults", size)]),
            xml.element("Containers", *entries),
            xml.leaf("NextMarker", "" if rest is None else f"/{ask.account}/{rest}"),
            ServiceEndpoint=f"{ask.host()}/",
        )
    )


def _entry(call: FileCall, ask: Ask, node: Node, include: set[str]) -> str:
    return xml.element(
        "Container",
        xml.leaf("Name", node.name),
        xml.element("Properties", _properties(call, ask, node)),
        xml.metadata(properties.metadata(node)) if "metadata" in include else "",
    )


def _removed(call: FileCall, ask: Ask, removed: containers.Removed, include: set[str]) -> str:
    kept = days_left(call, removed.deleted, call.container_retention)
    more = xml.leaves([("DeletedTime", date(removed.deleted)), ("RemainingRetentionDays", kept)])
    return xml.element(
        "Container",
        xml.leaves([("Name", removed.name), ("Deleted", "true"), ("Version", removed.version)]),
        xml.element("Properties", _properties(call, ask, removed.node), more),
        xml.metadata(properties.metadata(removed.node)) if "metadata" in include else "",
    )


def _properties(call: FileCall, ask: Ask, node: Node) -> str:
    status, state = answers.lease_state(node, call.now)
    immutable = "false" if ask.version >= answers.NAMES_IMMUTABILITY else None
    return xml.leaves(
        [
            ("Last-Modified", date(node.modified)),
            ("Etag", quoted(node)),
            ("LeaseStatus", status),
            ("LeaseState", state),
            ("PublicAccess", properties.of(node).get(properties.PUBLIC)),
            ("DefaultEncryptionScope", scopes(node)[SCOPE_HEADER]),
            ("DenyEncryptionScopeOverride", scopes(node)[SCOPE_ONLY_HEADER]),
            ("HasImmutabilityPolicy", "false"),
            ("HasLegalHold", "false"),
            ("ImmutableStorageWithVersioningEnabled", immutable),
        ]
    )


def _public(ask: Ask) -> str:
    public = ask.header(_PUBLIC).lower()
    if public not in ("", "container", "blob"):
        raise refused("InvalidHeaderValue")
    return public
