"""The actions of the control API, each from a request's arguments to a JSON object."""

from __future__ import annotations

import datetime as dt
import inspect
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from aiohttp import web

from airflow_provider_adls import __version__
from airflow_provider_adls.emulator.control.arguments import from_content, from_query, whole_number
from airflow_provider_adls.emulator.control.responses import ControlError
from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.faults import Fault, Faults
from airflow_provider_adls.emulator.request_list import Requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.control.about import About
    from airflow_provider_adls.emulator.record import RequestLog
    from airflow_provider_adls.emulator.storage.accounts import StorageAccounts
    from airflow_provider_adls.emulator.wire import Lake

#: Requests that are shown without a `limit`.
SHOWN = 100
_FAULT = tuple(inspect.signature(Faults.add).parameters)[1:]
_FILTERS = ("service", "operation", "account", "path", "under", "principal", "status")


class Parts(NamedTuple):
    """The parts of the emulator that the actions use.

    :param reset: empties accounts, all or the named ones, and returns their names.
    """

    about: About
    lake: Lake
    storage: StorageAccounts
    log: RequestLog
    clock: Clock
    faults: Faults
    reset: Callable[[Iterable[str] | None], list[str]]


async def status(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Return version, URLs, data folder, accounts and counts."""
    from_query(request, ())
    return {
        "version": __version__,
        "url": parts.about.url,
        "proxy_url": parts.about.proxy_url,
        "ca_file": parts.about.ca_file,
        "data": parts.about.data,
        "accounts": parts.lake.accounts(),
        "storage_accounts": {
            name: [container.name for container in parts.storage.file_systems.containers(name)]
            for name in parts.storage.names()
        },
        "started": parts.about.started,
        "time": parts.clock.now(),
        "pid": os.getpid(),
        "requests": len(parts.log),
        "faults": len(parts.faults),
    }


async def list_requests(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Return the number of matching requests, and the last of them, oldest first.

    `after` is the number of a request: those up to it are left out.
    """
    wanted: dict[str, Any] = from_query(request, (*_FILTERS, "after", "limit"))
    after = whole_number("after", wanted.pop("after", "0"))
    limit = whole_number("limit", wanted.pop("limit", str(SHOWN)))
    if "status" in wanted:
        wanted["status"] = whole_number("status", wanted["status"])
    found = Requests(record for record in parts.log.records() if record.number > after)(**wanted)
    shown = found[max(0, len(found) - limit) :]
    return {"count": len(found), "requests": [record.to_json() for record in shown]}


async def clear_requests(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Forget the requests so far."""
    from_query(request, ())
    parts.log.clear()
    return {"count": 0, "requests": []}


async def list_faults(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Return the fault rules in force."""
    from_query(request, ())
    return {"faults": [fault.to_json() for fault in parts.faults]}


async def add_fault(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Add a fault rule."""
    return parts.faults.add(**await from_content(request, _FAULT)).to_json()


async def show_fault(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Return one fault rule."""
    from_query(request, ())
    return _fault(parts, request).to_json()


async def remove_fault(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Remove a fault rule; the answer shows how often it fired."""
    from_query(request, ())
    fault = _fault(parts, request)
    fault.remove()
    return fault.to_json()


async def clear_faults(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Remove all fault rules; the answer shows how often they fired."""
    shown = await list_faults(parts, request)
    parts.faults.clear()
    return shown


async def show_clock(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Return the clock's time."""
    from_query(request, ())
    now = parts.clock.now()
    return {
        "time": now,
        "date": dt.datetime.fromtimestamp(now, dt.UTC).isoformat(timespec="milliseconds"),
        "offset": parts.clock.offset,
    }


async def change_clock(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Set the clock or move it on."""
    match await from_content(request, ("time", "move")):
        case {"time": _, "move": _}:
            raise ArgumentError("move", "time sets the clock and move moves it on: give one")
        case {"time": str() as date}:
            parts.clock.set(_moment(date))
        case {"time": moment}:
            parts.clock.set(moment)
        case {"move": seconds}:
            parts.clock.move(seconds)
        case _:
            raise ArgumentError("time", "time or move is missing")
    return await show_clock(parts, request)


async def reset_clock(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Go back to the machine's time."""
    parts.clock.reset()
    return await show_clock(parts, request)


async def reset(parts: Parts, request: web.Request) -> dict[str, Any]:
    """Empty accounts, and forget requests, faults and the clock's change."""
    names = (await from_content(request, ("accounts",))).get("accounts")
    if names is not None and not isinstance(names, list):
        raise ArgumentError("accounts", f"accounts must be a list of names, not {names!r}")
    return {"accounts": parts.reset(names)}


def _fault(parts: Parts, request: web.Request) -> Fault:
    number = whole_number("id", request.path.rpartition("/")[2])
    for fault in parts.faults:
        if fault.id == number:
            return fault
    raise ControlError(404, f"fault rule {number} does not exist", "id")


def _moment(date: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(date)
    except ValueError:
        raise ArgumentError("time", f"time {date!r} is not a date such as 2026-01-31T12:00:00Z") from None


Handler = Callable[[Parts, web.Request], Awaitable[dict[str, Any]]]
