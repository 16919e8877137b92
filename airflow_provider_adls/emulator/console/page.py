"""`Page`: serves the page's three files, with headers that isolate them in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from airflow_provider_adls.emulator.control import guard
from airflow_provider_adls.emulator.control.responses import SAFE, ControlError

if TYPE_CHECKING:
    from collections.abc import Collection

_FOLDER = Path(__file__).parent
#: Files by their paths, with their types.
_FILES = {
    "/": ("console.html", "text/html"),
    "/emulator/console.css": ("console.css", "text/css"),
    "/emulator/console.js": ("console.js", "text/javascript"),
}
#: Names of files are shown as text; were one ever taken for more, the browser would not run it.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    **SAFE,
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class Page:
    """Serves the page.

    :param hosts: names of hosts that are the emulator's own.
    """

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = frozenset(hosts)

    @staticmethod
    def serves(path: str) -> bool:
        """Return whether a path belongs to the page, for requests to a host of no service."""
        return path in _FILES

    def handle(self, request: web.Request) -> web.Response:
        """Answer a request for the page; it is not recorded."""
        try:
            guard.check(request, self._hosts)
        except ControlError as error:
            return error.answer()
        if request.method not in {hdrs.METH_GET, hdrs.METH_HEAD}:
            return ControlError(
                405, "the page takes GET and HEAD alone", "method", {hdrs.ALLOW: "GET, HEAD"}
            ).answer()
        name, kind = _FILES[request.path]
        return web.Response(
            body=(_FOLDER / name).read_bytes(), content_type=kind, charset="utf-8", headers=_HEADERS
        )
