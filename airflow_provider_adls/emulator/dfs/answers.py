"""Headers and bodies of the DFS face's answers about paths and file systems.

What goes by the version that was asked for was recorded with versions before and after; the first version
that has it is the earliest that agrees with them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.faces.asks import Ask, Reply, date, encoded_properties, version_headers
from airflow_provider_adls.emulator.rules.gen2 import leases, properties
from airflow_provider_adls.emulator.rules.gen2.access import shown_acl, shown_permission
from airflow_provider_adls.emulator.rules.gen2.calls import FileCall, relative
from airflow_provider_adls.emulator.rules.gen2.versions import etag, file_time
from airflow_provider_adls.model import gen2

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store import Node

JSON = "application/json;charset=utf-8"
#: First versions whose answers to creation name the encryption, to renaming the version, and to deletion
#: how it was done; whose listings have creation times, and expiry times; whose reads have a checksum.
NAMES_MORE, LISTS_CREATION, LISTS_EXPIRY, HAS_CHECKSUM = (
    "2020-08-04",
    "2020-02-10",
    "2021-06-08",
    "2022-11-02",
)
#: The last version whose answers to a flush call it encrypted by the service (recorded).
LAST_ENCRYPTED_FLUSH = "2019-07-07"
ENCRYPTED, KEY = "x-ms-request-server-encrypted", "x-ms-encryption-key-sha256"
NAMESPACE = {"x-ms-namespace-enabled": "true"}
CONTINUATION = "x-ms-continuation"
ACCOUNT_SCOPE = "$account-encryption-key"
SCOPE_HEADER, SCOPE_ONLY_HEADER = "x-ms-default-encryption-scope", "x-ms-deny-encryption-scope-override"
#: The first version whose answers to reads hold the ACL (docs, "Get Blob Properties").
SHOWS_ACL = "2023-11-03"
#: Value in place of a checksum that was not asked for (recorded).
_NO_CHECKSUM = {"x-ms-content-crc64": "AAAAAAAAAAA="}


def json_reply(value: dict[str, Any], headers: dict[str, str] | None = None) -> Reply:
    """Return an answer with a JSON object."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return Reply(200, {"Content-Type": JSON, **(headers or {})}, body + b"\n")


def created(call: FileCall, ask: Ask, node: Node) -> Reply:
    """Return the answer to the creation of a path."""
    headers = version_headers(node)
    if ask.version >= NAMES_MORE:
        headers[ENCRYPTED] = "true"
    return Reply(201, headers | key_headers(call))


def key_headers(call: FileCall) -> dict[str, str]:
    """Return what an answer says of the customer's key."""
    return {KEY: call.key} if call.key else {}


def owner_headers(node: Node) -> dict[str, str]:
    """Return owner, group and permission of a path."""
    return {
        "x-ms-owner": node.owner,
        "x-ms-group": node.group,
        "x-ms-permissions": shown_permission(node),
    }


def lease_headers(node: Node, now: int) -> dict[str, str]:
    """Return what answers say of a lease."""
    state = leases.state(node, now)
    headers = {
        "x-ms-lease-state": state,
        "x-ms-lease-status": "locked" if state in (leases.LEASED, leases.BREAKING) else "unlocked",
    }
    lease = leases.of(node)
    if state == leases.LEASED and lease is not None:
        headers["x-ms-lease-duration"] = "infinite" if lease.duration == leases.INFINITE else "fixed"
    return headers


def scopes(node: Node) -> dict[str, str]:
    """Return the encryption scope of a container, and whether files may have another."""
    values = properties.of(node)
    return {
        SCOPE_HEADER: values.get(properties.SCOPE, ACCOUNT_SCOPE),
        SCOPE_ONLY_HEADER: "true" if values.get(properties.SCOPE_ONLY) else "false",
    }


def encryption_headers(node: Node) -> dict[str, str]:
    """Return what answers say of a path's encryption, if there is anything to say."""
    values = properties.of(node)
    names = {properties.SCOPE: "x-ms-encryption-scope", properties.CONTEXT: "x-ms-encryption-context"}
    return {name: values[key] for key, name in names.items() if key in values}


def acl_headers(node: Node, version: str) -> dict[str, str]:
    """Return the ACL of a path, in versions whose answers to reads hold it."""
    return {"x-ms-acl": shown_acl(node)} if version >= SHOWS_ACL else {}


def content_headers(node: Node) -> dict[str, str]:
    """Return the content headers of a path: those that are set, and the service's own type by default."""
    headers = {properties.TYPE: gen2.OCTETS, **properties.headers(node)}
    return {name: value for name, value in headers.items() if value}


def path_headers(call: FileCall, ask: Ask, node: Node) -> dict[str, str]:
    """Return what reads and HEAD answers say of a path, but its owner."""
    headers = {
        "Accept-Ranges": "bytes",
        **content_headers(node),
        **version_headers(node),
        **type_headers(node),
        "x-ms-properties": encoded_properties(properties.metadata(node)),
        **lease_headers(node, call.now),
        **key_headers(call),
        **encryption_headers(node),
    }
    return headers | _NO_CHECKSUM if ask.version >= HAS_CHECKSUM else headers


def type_headers(node: Node) -> dict[str, str]:
    """Return the kind of a path."""
    return {
        "x-ms-resource-type": "directory" if node.directory else "file",
        "x-ms-server-encrypted": "true",
    }


def status_headers(node: Node) -> dict[str, str]:
    """Return the system's own properties of a path."""
    return {
        **version_headers(node),
        **type_headers(node),
        "x-ms-creation-time": date(node.created),
        **owner_headers(node),
    }


def entry(path: str, node: Node, version: str) -> dict[str, str]:
    """Return an entry of a listing; its keys are in the order of the alphabet (recorded)."""
    found = {"contentLength": "0" if node.directory else str(node.synced)}
    if version < LISTS_CREATION and properties.headers(node).get(properties.TYPE) == "":
        # Of directories that no request named, old versions listed no length (recorded).
        del found["contentLength"]
    if version >= LISTS_CREATION:
        found["creationTime"] = str(file_time(node.created))
    found["etag"] = etag(node.etag)
    if version >= LISTS_EXPIRY:
        found["expiryTime"] = str(file_time(node.expires)) if node.expires else "0"
    values = properties.of(node)
    if properties.SCOPE in values:
        found = {"EncryptionScope": values[properties.SCOPE], **found}
    if properties.CONTEXT in values:
        found = {"EncryptionContext": values[properties.CONTEXT], **found}
    found["group"] = node.group
    if node.directory:
        found["isDirectory"] = "true"
    return found | {
        "lastModified": date(node.modified),
        "name": relative(path),
        "owner": node.owner,
        "permissions": shown_permission(node),
    }
