"""`answer` and `ControlError`: the control API's JSON, and errors that name the field."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

#: No browser keeps an answer, takes it for something else, or gives it to a page of another origin.
SAFE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class ControlError(Exception):
    """A request to the control API that is refused.

    :param field: argument, header or path that it is about.
    """

    def __init__(
        self, status: int, message: str, field: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.field = field
        self.headers = headers or {}

    def answer(self) -> web.Response:
        """Return the answer with this error."""
        body = {"error": {"field": self.field, "message": str(self)}}
        return answer(body, self.status, self.headers)


def answer(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return an answer with a JSON object."""
    return web.Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        content_type="application/json",
        headers={**SAFE, **(headers or {})},
    )
