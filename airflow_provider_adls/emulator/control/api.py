"""The control API: paths below `/emulator/`, at the emulator's own URL alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from aiohttp import hdrs, web

from airflow_provider_adls import __version__
from airflow_provider_adls.emulator.control import guard
from airflow_provider_adls.emulator.control.answers import ControlError, answer

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.control.about import About
    from airflow_provider_adls.emulator.record import RequestLog
    from airflow_provider_adls.emulator.wire import Lake

PREFIX = "/emulator"


class Control:
    """What answers the control API.

    :param about: where the emulator is.
    :param lake: its accounts.
    :param log: its record of requests.
    :param clock: its clock.
    """

    def __init__(self, about: About, lake: Lake, log: RequestLog, clock: Clock) -> None:
        self._about = about
        self._lake = lake
        self._log = log
        self._clock = clock

    @staticmethod
    def serves(path: str) -> bool:
        """Whether a path is the control API's, for requests whose host is no service's."""
        return path.startswith(f"{PREFIX}/")

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request to the control API; it is not recorded."""
        try:
            guard.check(request, self._about.hosts)
            return answer(await self._answer(request))
        except ControlError as error:
            return error.answer()

    async def _answer(self, request: web.Request) -> dict[str, Any]:
        path = request.path.removeprefix(PREFIX)
        routes = [(route, match) for route in _ROUTES if (match := route.pattern.fullmatch(path))]
        if not routes:
            raise ControlError(404, f"there is no {request.path}", "path")
        for route, _ in routes:
            if route.method == request.method:
                return route.handler(self)
        allowed = ", ".join(route.method for route, _ in routes)
        raise ControlError(
            405, f"{request.path} takes {allowed}, not {request.method}", "method", {hdrs.ALLOW: allowed}
        )

    def status(self) -> dict[str, Any]:
        """What the emulator is and has."""
        return {
            "version": __version__,
            "url": self._about.url,
            "proxy_url": self._about.proxy_url,
            "ca_file": self._about.ca_file,
            "data": self._about.data,
            "accounts": self._lake.accounts(),
            "time": self._clock.now(),
            "pid": os.getpid(),
            "requests": len(self._log),
            "faults": 0,
        }


class _Route(NamedTuple):
    method: str
    pattern: re.Pattern[str]
    handler: Callable[[Control], dict[str, Any]]


_ROUTES = (_Route("GET", re.compile("/status"), Control.status),)
