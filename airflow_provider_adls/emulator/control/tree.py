"""`show`: a directory of an account, page by page, without signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.control.arguments import from_query, whole_number
from airflow_provider_adls.emulator.control.responses import ControlError
from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.rules import acl
from airflow_provider_adls.emulator.rules.refusals import Refusal

if TYPE_CHECKING:
    from aiohttp import web

    from airflow_provider_adls.emulator.control.actions import Parts
    from airflow_provider_adls.emulator.store import Node

#: Entries of a page, by default and at most.
SHOWN = 200
MOST = 1000


async def show(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Return a page of a directory's entries by name, and the name that the next page begins after.

    :raises ControlError: 404 for a missing account or directory.
    """
    account = request.path.split("/")[-2].lower()
    wanted = from_query(request, ("path", "after", "limit"))
    path = wanted.get("path", "/")
    limit = whole_number("limit", wanted.get("limit", str(SHOWN)))
    if not 1 <= limit <= MOST:
        raise ArgumentError("limit", f"limit must be from 1 to {MOST}, not {limit}")
    try:
        nodes = parts.lake.browse(account, path, after=wanted.get("after", ""), limit=limit + 1)
    except Refusal as refusal:
        status, field = {421: (404, "account"), 404: (404, "path")}.get(refusal.status, (400, "path"))
        raise ControlError(status, refusal.message.replace("{operation} ", ""), field) from None
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
