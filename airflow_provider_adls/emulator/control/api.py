"""The control API: paths below `/emulator/`, at the emulator's own URL alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aiohttp import hdrs, web

from airflow_provider_adls.emulator.control import calls, guard
from airflow_provider_adls.emulator.control.answers import ControlError, answer
from airflow_provider_adls.emulator.errors import ArgumentError

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.control.calls import Handler, Parts

PREFIX = "/emulator"


class Control:
    """What answers the control API.

    :param parts: what it is about.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @staticmethod
    def serves(path: str) -> bool:
        """Whether a path is the control API's, for requests whose host is no service's."""
        return path.startswith(f"{PREFIX}/")

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request to the control API; it is not recorded."""
        try:
            guard.check(request, self._parts.about.hosts)
            return answer(await self._answer(request))
        except ControlError as error:
            return error.answer()
        except ArgumentError as error:
            return ControlError(400, str(error), error.field).answer()

    async def _answer(self, request: web.Request) -> dict[str, Any]:
        path = request.path.removeprefix(PREFIX)
        routes = [route for route in _ROUTES if route.pattern.fullmatch(path)]
        if not routes:
            raise ControlError(404, f"there is no {request.path}", "path")
        for route in routes:
            if route.method == request.method:
                return await route.handler(self._parts, request)
        allowed = ", ".join(route.method for route in routes)
        raise ControlError(
            405, f"{request.path} takes {allowed}, not {request.method}", "method", {hdrs.ALLOW: allowed}
        )


class _Route(NamedTuple):
    method: str
    pattern: re.Pattern[str]
    handler: Handler


_ROUTES = tuple(
    _Route(method, re.compile(path), handler)
    for method, path, handler in (
        ("GET", "/status", calls.status),
        ("GET", "/requests", calls.list_requests),
        ("DELETE", "/requests", calls.clear_requests),
        ("GET", "/clock", calls.show_clock),
        ("PUT", "/clock", calls.change_clock),
        ("DELETE", "/clock", calls.reset_clock),
        ("POST", "/reset", calls.reset),
    )
)
