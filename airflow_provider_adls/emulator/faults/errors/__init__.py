"""`known` and `default_status`: the errors that a rule can answer with, in each service's words.

Errors that a service raises itself are defined with the service, and used from there. Those of an overloaded
or failing service are here: names, codes and statuses by their sources, texts assumed where none gives them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.faults.errors import arm, lake, login, storage

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.emulator.hosts import Service


def known(error: str, service: Service | None) -> tuple[str, Service]:
    """Return an error's name as its service writes it, and the service.

    :param service: the one that it must be of, if it is known.
    :raises ArgumentError: for a name that the service does not have.
    """
    if not isinstance(error, str):
        raise ArgumentError("error", f"error must be a name, not {error!r}")
    if service in (None, "lake") and (name := lake.known(error)):
        return name, "lake"
    if service in (None, "login") and (name := login.known(error)):
        return name, "login"
    if service in ("dfs", "blob") and (name := storage.known(error)):
        return name, service
    if service == "arm" and (name := arm.known(error)):
        return name, "arm"
    forms: dict[Service, str] = {
        "lake": f"one of {', '.join(lake.NAMES)}",
        "login": "AADSTS and a number",
        "dfs": "a word, as ServerBusy is",
        "blob": "a word, as ServerBusy is",
        "arm": "a word, as ServiceUnavailable is",
    }
    must = "; ".join(f"{form} ({name})" for name, form in forms.items() if service in (None, name))
    raise ArgumentError("error", f"error {error!r} is unknown: it must be {must}")


def default_status(error: str, service: Service) -> int:
    """Return the status of an error.

    :raises ArgumentError: if it is not known.
    """
    statuses: dict[Service, Callable[[str], int | None]] = {
        "lake": lake.default_status,
        "arm": arm.default_status,
        "login": login.default_status,
        "dfs": storage.default_status,
        "blob": storage.default_status,
    }
    status = statuses[service](error)
    if status is None:
        raise ArgumentError("status", f"status must be given: that of {error} is not known")
    return status
