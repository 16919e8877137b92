"""`Control`: routes requests below `/emulator/`, at the emulator's own URL alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import hdrs, web

from airflow_provider_adls.emulator.control import actions, guard, tree
from airflow_provider_adls.emulator.control.responses import ControlError, answer
from airflow_provider_adls.emulator.errors import ArgumentError

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.control.actions import Handler, Parts

PREFIX = "/emulator"


@dataclass(frozen=True)
class Control:
    """Serves the control API."""

    parts: Parts

    @staticmethod
    def serves(path: str) -> bool:
        """Return whether a path belongs to the control API, for requests to a host of no service."""
        return path.startswith(f"{PREFIX}/")

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request to the control API; it is not recorded."""
        try:
            guard.check(request, self.parts.about.hosts)
            return await self._answer(request)
        except ControlError as error:
            return error.answer()
        except ArgumentError as error:
            return ControlError(400, str(error), error.field).answer()

    async def _answer(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix(PREFIX)
        routes = [route for route in _ROUTES if route.pattern.fullmatch(path)]
        if not routes:
            raise ControlError(404, f"{request.path} does not exist", "path")
        for route in routes:
            if route.method == request.method:
                return answer(await route.handler(self.parts, request), route.status)
        allowed = ", ".join(route.method for route in routes)
        raise ControlError(
            405, f"{request.path} takes {allowed}, not {request.method}", "method", {hdrs.ALLOW: allowed}
        )


class _Route(NamedTuple):
    method: str
    pattern: re.Pattern[str]
    handler: Handler
    status: int = 200


_ROUTES = (
    _Route("GET", re.compile("/status"), actions.status),
    _Route("GET", re.compile("/requests"), actions.list_requests),
    _Route("DELETE", re.compile("/requests"), actions.clear_requests),
    _Route("GET", re.compile("/faults"), actions.list_faults),
    _Route("POST", re.compile("/faults"), actions.add_fault, 201),
    _Route("DELETE", re.compile("/faults"), actions.clear_faults),
    _Route("GET", re.compile("/faults/[^/]+"), actions.show_fault),
    _Route("DELETE", re.compile("/faults/[^/]+"), actions.remove_fault),
    _Route("GET", re.compile("/clock"), actions.show_clock),
    _Route("PUT", re.compile("/clock"), actions.change_clock),
    _Route("DELETE", re.compile("/clock"), actions.reset_clock),
    _Route("POST", re.compile("/reset"), actions.reset),
    _Route("GET", re.compile("/accounts/[^/]+/tree"), tree.show),
    _Route("GET", re.compile("/storage-accounts/[^/]+/tree"), tree.show_storage),
)
