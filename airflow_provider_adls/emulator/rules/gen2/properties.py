"""Properties: what a Gen2 path or container has beside size, times and rights, as JSON in its node."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store import Node

#: Keys of the stored object: content headers, metadata, lease, digest of the customer's key, committed
#: blocks, public access, stored access policies, mark of a blob that grows by append blocks, encryption
#: scope and whether others are refused, what the client keeps about its own encryption, tags, settings of
#: the account's Blob service, and of a copy its id, source and time.
(
    HEADERS,
    METADATA,
    LEASE,
    KEY,
    BLOCKS,
    PUBLIC,
    POLICIES,
    APPENDED,
    SCOPE,
    SCOPE_ONLY,
    CONTEXT,
    TAGS,
    SERVICE,
    COPY,
) = (
    "headers",
    "metadata",
    "lease",
    "key",
    "blocks",
    "public",
    "policies",
    "appended",
    "scope",
    "scope_only",
    "context",
    "tags",
    "service",
    "copy",
)
#: Content headers, as answers call them.
TYPE, ENCODING, LANGUAGE, DISPOSITION, CACHE, MD5 = (
    "Content-Type",
    "Content-Encoding",
    "Content-Language",
    "Content-Disposition",
    "Cache-Control",
    "Content-MD5",
)
_NONE: Mapping[str, Any] = MappingProxyType({})


@functools.lru_cache(maxsize=4096)
def _parsed(text: str) -> Mapping[str, Any]:
    return MappingProxyType(json.loads(text))


def of(node: Node) -> Mapping[str, Any]:
    """Return all properties of a node, not to be changed."""
    return _parsed(node.properties) if node.properties else _NONE


def headers(node: Node) -> Mapping[str, str]:
    """Return the content headers that were set."""
    found: Mapping[str, str] = of(node).get(HEADERS, _NONE)
    return found


def metadata(node: Node) -> Mapping[str, str]:
    """Return the metadata, by name."""
    found: Mapping[str, str] = of(node).get(METADATA, _NONE)
    return found


def written(values: Mapping[str, Any]) -> str:
    """Return properties as they are stored: without those that are empty."""
    kept = {name: value for name, value in values.items() if value}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else ""


def changed(node: Node, **values: Any) -> Node:
    """Return a node with other properties; an empty value removes one."""
    return node._replace(properties=written({**of(node), **values}))
