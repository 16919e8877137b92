"""Metadata and content headers of existing paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.gen2 import leases, properties
from airflow_provider_adls.emulator.rules.gen2.creation import demand_overwriting

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
    from airflow_provider_adls.emulator.store import Node


def set_metadata(
    call: FileCall, path: str, conditions: Conditions, metadata: Mapping[str, str], lease: str
) -> Node:
    """Replace the metadata of a path, which gets a new version."""
    node = _changeable(call, path, conditions, lease)
    call.demand_key(node)
    return _saved(call, properties.changed(node, metadata=dict(metadata)))


def set_headers(
    call: FileCall, path: str, conditions: Conditions, headers: Mapping[str, str], lease: str
) -> Node:
    """Replace all content headers of a path, which gets a new version."""
    return _saved(call, properties.changed(_changeable(call, path, conditions, lease), headers=dict(headers)))


def set_properties(
    call: FileCall,
    path: str,
    conditions: Conditions,
    lease: str,
    *,
    headers: Mapping[str, str],
    metadata: Mapping[str, str] | None,
) -> Node:
    """Replace metadata, and the content headers that are named, at once.

    :param metadata: None leaves it as it is.
    """
    node = _changeable(call, path, conditions, lease)
    node = properties.changed(node, headers={**properties.headers(node), **headers})
    if metadata is not None:
        node = properties.changed(node, metadata=dict(metadata))
    return _saved(call, node)


def set_tags(call: FileCall, path: str, conditions: Conditions, tags: Mapping[str, str], lease: str) -> Node:
    """Replace the tags of a path, whose version stays (documented: "Set Blob Tags")."""
    node = properties.changed(_changeable(call, path, conditions, lease), tags=dict(tags))
    call.store.save(node)
    return node


def look(call: FileCall, path: str, conditions: Conditions, lease: str = "") -> Node:
    """Return a path as one sees it who may pass the directories above it (docs).

    :raises StorageError: if it is missing, or a condition on it fails.
    """
    node = call.get(path)
    conditions.check(node, read=True)
    leases.demand_read(node, lease, call.now)
    return node


def _changeable(call: FileCall, path: str, conditions: Conditions, lease: str) -> Node:
    node = call.get(path)
    conditions.check(node)
    call.demand(node, access.WRITE)
    leases.demand(node, lease, call.now)
    demand_overwriting(call, node)
    return node


def _saved(call: FileCall, node: Node) -> Node:
    node = call.renewed(node)
    call.store.save(node)
    return node
