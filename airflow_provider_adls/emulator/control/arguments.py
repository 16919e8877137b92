"""`from_query` and `from_content`: the arguments of a request to the control API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Collection

    from aiohttp import web


def from_query(request: web.Request, names: Collection[str]) -> dict[str, str]:
    """Return the parameters of the query; those without a value are left out.

    :raises ArgumentError: for another name, and for a name given twice.
    """
    found: dict[str, str] = {}
    for name, value in request.query.items():
        _check_name(name, names)
        if name in found:
            raise ArgumentError(name, f"{name} is given twice")
        if value:
            found[name] = value
    return found


async def from_content(request: web.Request, names: Collection[str]) -> dict[str, Any]:
    """Return the members of the JSON object in the content; none without content.

    :raises ArgumentError: for another name, and for content that is not a JSON object.
    """
    content = await request.read()
    try:
        found = json.loads(content or b"{}")
    except (ValueError, RecursionError) as error:
        raise ArgumentError("content", f"the content is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ArgumentError("content", f"the content must be a JSON object, not {type(found).__name__}")
    for name in found:
        _check_name(name, names)
    return found


def whole_number(name: str, text: str) -> int:
    """Return the value of a parameter that is a whole number, 0 or more.

    :raises ArgumentError: for any other value.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ArgumentError(name, f"{name} must be a whole number, not {text!r}")
    return int(text)


def _check_name(name: str, names: Collection[str]) -> None:
    if name not in names:
        raise ArgumentError(name, f"unknown argument {name}; known: {', '.join(names) or 'none'}")
