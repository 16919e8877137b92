"""`show`: a directory of an account, page by page, without signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.control.arguments import whole_number
from airflow_provider_adls.emulator.control.responses import ControlError
from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules import acl
from airflow_provider_adls.emulator.rules.refusals import Refusal

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.control.actions import Parts
    from airflow_provider_adls.emulator.store import Node

ARGUMENTS = ("path", "after", "limit")
#: Entries of a page, by default and at most.
SHOWN = 200
MOST = 1000


def show(parts: Parts, given: dict[str, Any]) -> dict[str, Any]:
    """Return a page of a directory's entries by name, and the name that the next page begins after.

    :raises ControlError: 404 for a missing account or directory.
    """
    account, path, after, limit = _asked(given)
    try:
        nodes = parts.lake.browse(account, path, after=after, limit=limit + 1)
    except Refusal as refusal:
        status, field = {421: (404, "account"), 404: (404, "path")}.get(refusal.status, (400, "path"))
        raise ControlError(status, refusal.message.replace("{operation} ", ""), field) from None
    return _page(account, path, nodes, limit)


def show_storage(parts: Parts, given: dict[str, Any]) -> dict[str, Any]:
    """Return the same of a storage account, whose root holds its containers.

    :raises ControlError: 404 for a missing account or directory.
    """
    account, path, after, limit = _asked(given)
    if parts.storage.find(account) is None:
        raise ControlError(404, f"storage account {account} does not exist", "account")
    try:
        nodes = parts.storage.file_systems.browse(account, path, after=after, limit=limit + 1)
    except StorageError as error:
        raise ControlError(404 if error.status == 404 else 400, f"{path}: {error.message}", "path") from None
    return _page(account, path, nodes, limit)


def _asked(given: dict[str, str]) -> tuple[str, str, str, int]:
    """Return account, path, name to begin after, and length of a page."""
    limit = whole_number("limit", given.get("limit", str(SHOWN)))
    if not 1 <= limit <= MOST:
        raise ArgumentError("limit", f"limit must be from 1 to {MOST}, not {limit}")
    return given["account"].lower(), given.get("path", "/"), given.get("after", ""), limit


def _page(account: str, path: str, nodes: list[Node], limit: int) -> dict[str, Any]:
    shown = nodes[:limit]
    return {
        "account": account,
        "path": path,
        "entries": [_entry(node) for node in shown],
        "next": shown[-1].name if len(nodes) > limit else None,
    }


def _entry(node: Node) -> dict[str, Any]:
    """Return an entry; times are in milliseconds since 1970, None for a file that never expires."""
    return {
        "name": node.name,
        "type": "DIRECTORY" if node.directory else "FILE",
        "length": None if node.directory else node.synced,
        "permission": f"{acl.shown_permission(node):o}",
        "acl": node.acl,
        "owner": node.owner,
        "group": node.group,
        "modified": node.modified,
        "expires": node.expires or None,
    }
