"""Headers and bodies of the Blob face's answers about blobs and containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.dfs.answers import (
    acl_headers,
    content_headers,
    encryption_headers,
    key_headers,
    lease_headers,
    owner_headers,
    scopes,
)
from airflow_provider_adls.emulator.faces.asks import Ask, date, version_headers
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import leases, properties

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.store import Node

#: First versions whose answers say who owns a blob, whether it is a directory, and of containers whether
#: versions can be made immutable (recorded: the earliest that agree).
NAMES_OWNER, NAMES_KIND, NAMES_IMMUTABILITY = "2020-06-12", "2020-10-02", "2020-10-02"
META = "x-ms-meta-"
IS_FOLDER = "hdi_isfolder"
ENCRYPTED = {"x-ms-request-server-encrypted": "true"}
#: Parameters of a signed URL that give the answer other content headers.
_OVERRIDES = {
    "rscc": properties.CACHE,
    "rscd": properties.DISPOSITION,
    "rsce": properties.ENCODING,
    "rscl": properties.LANGUAGE,
    "rsct": properties.TYPE,
}


def metadata_of(ask: Ask) -> dict[str, str]:
    """Return the metadata that a request carries."""
    found = {name[len(META) :]: value for name, value in ask.headers.items() if name.lower().startswith(META)}
    if "" in found:
        raise refused("EmptyMetadataKey")
    return found


def metadata_headers(node: Node, *, folder: bool = True) -> dict[str, str]:
    """Return the metadata of a blob or container.

    :param folder: whether a directory's mark is among it.
    """
    found = {META + name: value for name, value in properties.metadata(node).items()}
    if node.directory and folder:
        found[META + IS_FOLDER] = "true"
    return found


def blob_headers(call: FileCall, ask: Ask, node: Node) -> dict[str, str]:
    """Return what answers say of a blob."""
    headers = {
        "Accept-Ranges": "bytes",
        **content_headers(node),
        **version_headers(node),
        "x-ms-blob-type": blob_type(node),
        "x-ms-creation-time": date(node.created),
        **lease_headers(node, call.now),
        "x-ms-server-encrypted": "true",
        **metadata_headers(node),
        **key_headers(call),
        **encryption_headers(node),
    }
    headers |= copy_headers(node)
    if tags := properties.of(node).get(properties.TAGS):
        headers["x-ms-tag-count"] = str(len(tags))
    if ask.version >= NAMES_OWNER:
        headers |= owner_headers(node) | acl_headers(node, ask.version)
    if ask.version >= NAMES_KIND:
        headers["x-ms-resource-type"] = "directory" if node.directory else "file"
    if node.expires:
        headers["x-ms-expiry-time"] = date(node.expires)
    for parameter, name in _OVERRIDES.items():
        if parameter in ask.query:
            headers[name] = ask.query[parameter]
    return headers


def copy_headers(node: Node) -> dict[str, str]:
    """Return what answers say of a blob that is a copy."""
    copied = properties.of(node).get(properties.COPY)
    if not copied:
        return {}
    id_, url, when = copied
    return {
        "x-ms-copy-id": id_,
        "x-ms-copy-source": url,
        "x-ms-copy-status": "success",
        "x-ms-copy-progress": f"{node.synced}/{node.synced}",
        "x-ms-copy-completion-time": date(when),
    }


def blob_type(node: Node) -> str:
    """Return the type of a blob."""
    return "AppendBlob" if properties.of(node).get(properties.APPENDED) else "BlockBlob"


def container_headers(call: FileCall, ask: Ask, node: Node) -> dict[str, str]:
    """Return what answers say of a container."""
    headers = {
        **version_headers(node),
        **lease_headers(node, call.now),
        **scopes(node),
        "x-ms-has-immutability-policy": "false",
        "x-ms-has-legal-hold": "false",
        **metadata_headers(node, folder=False),
        **public_headers(node),
    }
    if ask.version >= NAMES_IMMUTABILITY:
        headers["x-ms-immutable-storage-with-versioning-enabled"] = "false"
    return headers


def public_headers(node: Node) -> dict[str, str]:
    """Return what may be read of a container without sign-in."""
    public = properties.of(node).get(properties.PUBLIC)
    return {"x-ms-blob-public-access": public} if public else {}


def lease_state(node: Node, now: int) -> tuple[str, str]:
    """Return status and state of a lease as lists show them."""
    return ("locked" if leases.is_locked(node, now) else "unlocked"), leases.state(node, now)
