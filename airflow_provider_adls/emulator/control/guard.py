"""`check`: keeps web pages of other origins from the control API.

A browser on this machine reaches the emulator too, and runs whatever pages its user looks at. Such a page
cannot send its requests: JSON from another origin needs a preflight request, which nothing here
grants, and a foreign name that leads to this machine (DNS rebinding) is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import hdrs

from airflow_provider_adls.emulator.control.responses import ControlError
from airflow_provider_adls.emulator.hosts import hostname, is_address

if TYPE_CHECKING:
    from aiohttp import web

_READING = ("GET", "HEAD")
#: Methods with content. A page may send POST to another origin without asking first, but not JSON.
WITH_CONTENT = ("POST", "PUT")
_JSON = "application/json"


def check(request: web.Request, hosts: frozenset[str]) -> None:
    """Check that no web page of another origin sent a request.

    :param hosts: names of hosts that are the emulator's own; addresses need no naming.
    :raises ControlError: 403 for another host or origin, 415 for a change that is not sent as JSON.
    """
    host = hostname(request.host)
    if host not in hosts and not is_address(host):
        raise ControlError(403, f"{host} is not a name of this emulator: use its URL", "Host")
    if request.method in _READING:
        return
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and origin.lower() != f"https://{request.host}".lower():
        raise ControlError(403, "a page of another origin may change nothing here", hdrs.ORIGIN)
    if request.method in WITH_CONTENT and request.content_type != _JSON:
        raise ControlError(415, f"the content must be {_JSON}, not {request.content_type}", hdrs.CONTENT_TYPE)
