"""`Control`: routes requests below `/emulator/`, at the emulator's own URL alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import hdrs, web

from airflow_provider_adls.emulator.control import actions, guard, tree
from airflow_provider_adls.emulator.control.arguments import from_content, from_query
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
        routes = {
            route.method: (route, match) for route in _ROUTES if (match := route.pattern.fullmatch(path))
        }
        if not routes:
            raise ControlError(404, f"{request.path} does not exist", "path")
        if request.method not in routes:
            allowed = ", ".join(routes)
            raise ControlError(
                405, f"{request.path} takes {allowed}, not {request.method}", "method", {hdrs.ALLOW: allowed}
            )
        route, match = routes[request.method]
        if route.method in guard.WITH_CONTENT:
            given = await from_content(request, route.names)
        else:
            given = from_query(request, route.names)
        return answer(route.handler(self.parts, {**given, **match.groupdict()}), route.status)


class _Route(NamedTuple):
    """An action.

    :param names: its arguments, in the query, or of POST and PUT in the content; the path has others.
    """

    method: str
    pattern: re.Pattern[str]
    handler: Handler
    names: tuple[str, ...] = ()
    status: int = 200


_FAULT = re.compile("/faults/(?P<id>[^/]+)")
_ROUTES = (
    _Route("GET", re.compile("/status"), actions.status),
    _Route("GET", re.compile("/requests"), actions.list_requests, (*actions.FILTERS, "after", "limit")),
    _Route("DELETE", re.compile("/requests"), actions.clear_requests),
    _Route("GET", re.compile("/faults"), actions.list_faults),
    _Route("POST", re.compile("/faults"), actions.add_fault, actions.FAULT, 201),
    _Route("DELETE", re.compile("/faults"), actions.clear_faults),
    _Route("GET", _FAULT, actions.show_fault),
    _Route("DELETE", _FAULT, actions.remove_fault),
    _Route("GET", re.compile("/clock"), actions.show_clock),
    _Route("PUT", re.compile("/clock"), actions.change_clock, ("time", "move")),
    _Route("DELETE", re.compile("/clock"), actions.reset_clock),
    _Route("POST", re.compile("/reset"), actions.reset, ("accounts",)),
    _Route("GET", re.compile("/accounts/(?P<account>[^/]+)/tree"), tree.show, tree.ARGUMENTS),
    _Route("GET", re.compile("/storage-accounts/(?P<account>[^/]+)/tree"), tree.show_storage, tree.ARGUMENTS),
)
