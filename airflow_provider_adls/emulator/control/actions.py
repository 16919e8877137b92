"""The actions of the control API, each from a request's arguments to a JSON object."""

from __future__ import annotations

import datetime as dt
import inspect
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls import __version__
from airflow_provider_adls.emulator.control.arguments import whole_number
from airflow_provider_adls.emulator.control.responses import ControlError
from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.faults import Fault, Faults
from airflow_provider_adls.emulator.request_list import Requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.gen2.accounts import StorageAccounts
    from airflow_provider_adls.emulator.record import RequestLog
    from airflow_provider_adls.emulator.webhdfs import Lake

#: Requests that are shown without a `limit`.
SHOWN = 100
#: Names of the arguments of a rule, and of what selects requests.
FAULT = tuple(inspect.signature(Faults.add).parameters)[1:]
FILTERS = ("service", "operation", "account", "path", "under", "principal", "status")


class About(NamedTuple):
    """The facts about an emulator that do not change after its start.

    :param url: base URL of the path style ways in.
    :param ca_file: path of the certificate, PEM, that clients must trust.
    :param data: path of the data folder; None for memory.
    :param started: when it was started, in seconds since 1970 by this machine's clock.
    :param hosts: names of hosts by which it is reached, beside addresses.
    """

    url: str
    proxy_url: str
    ca_file: str
    data: str | None
    started: float
    hosts: frozenset[str]


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


def status(parts: Parts, _given: dict[str, Any]) -> dict[str, Any]:
    """Return version, URLs, data folder, accounts and counts."""
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


def list_requests(parts: Parts, given: dict[str, Any]) -> dict[str, Any]:
    """Return the number of matching requests, and the last of them, oldest first.

    `after` is the number of a request: those up to it are left out.
    """
    after = whole_number("after", given.pop("after", "0"))
    limit = whole_number("limit", given.pop("limit", str(SHOWN)))
    if "status" in given:
        given["status"] = whole_number("status", given["status"])
    found = Requests(record for record in parts.log.records() if record.number > after)(**given)
    shown = found[max(0, len(found) - limit) :]
    return {"count": len(found), "requests": [record.to_json() for record in shown]}


def clear_requests(parts: Parts, _given: dict[str, Any]) -> dict[str, Any]:
    """Forget the requests so far."""
    parts.log.clear()
    return {"count": 0, "requests": []}


def list_faults(parts: Parts, _given: dict[str, Any]) -> dict[str, Any]:
    """Return the fault rules in force."""
    return {"faults": [fault.to_json() for fault in parts.faults]}


def add_fault(parts: Parts, given: dict[str, Any]) -> dict[str, Any]:
    """Add a fault rule."""
    return parts.faults.add(**given).to_json()


def show_fault(parts: Parts, given: dict[str, Any]) -> dict[str, Any]:
    """Return one fault rule."""
    return _fault(parts, given["id"]).to_json()


def remove_fault(parts: Parts, given: dict[str, Any]) -> dict[str, Any]:
    """Remove a fault rule; the answer shows how often it fired."""
    fault = _fault(parts, given["id"])
    fault.remove()
    return fault.to_json()


def clear_faults(parts: Parts, _given: dict[str, Any]) -> dict[str, Any]:
    """Remove all fault rules; the answer shows how often they fired."""
    shown = list_faults(parts, {})
    parts.faults.clear()
    return shown


def show_clock(parts: Parts, _given: dict[str, Any]) -> dict[str, Any]:
    """Return the clock's time."""
    now = parts.clock.now()
    return {
        "time": now,
        "date": dt.datetime.fromtimestamp(now, dt.UTC).isoformat(timespec="milliseconds"),
        "offset": parts.clock.offset,
    }


def change_clock(parts: Parts, given: dict[str, Any]) -> dict[str, Any]:
    """Set the clock or move it on."""
    match given:
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
    return show_clock(parts, {})


def reset_clock(parts: Parts, _given: dict[str, Any]) -> dict[str, Any]:
    """Go back to the machine's time."""
    parts.clock.reset()
    return show_clock(parts, {})


def reset(parts: Parts, given: dict[str, Any]) -> dict[str, Any]:
    """Empty accounts, and forget requests, faults and the clock's change."""
    names = given.get("accounts")
    if names is not None and not isinstance(names, list):
        raise ArgumentError("accounts", f"accounts must be a list of names, not {names!r}")
    return {"accounts": parts.reset(names)}


def _fault(parts: Parts, text: str) -> Fault:
    number = whole_number("id", text)
    for fault in parts.faults:
        if fault.id == number:
            return fault
    raise ControlError(404, f"fault rule {number} does not exist", "id")


def _moment(date: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(date)
    except ValueError:
        raise ArgumentError("time", f"time {date!r} is not a date such as 2026-01-31T12:00:00Z") from None


Handler = Callable[[Parts, dict[str, Any]], dict[str, Any]]
