"""`stored_connection`: a connection by its id, and what is wrong where Airflow finds none."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from airflow.providers.common.compat.sdk import AirflowNotFoundException, BaseHook

from airflow_provider_adls.model.errors import ADLSGen1Error, ConnectionFieldError, named_error
from airflow_provider_adls.model.redaction import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.connection.values import StoredConnection

#: Keys that Airflow takes (`Connection.from_json`); any other makes it find no connection at all.
_KEYS = frozenset({"conn_type", "description", "extra", "host", "login", "password", "port", "schema"})


class ConnectionNotFoundError(ConnectionFieldError, AirflowNotFoundException):
    """Airflow has no connection of this id, neither for a worker nor for a triggerer."""


def stored_connection(conn_id: str, get: Callable[[str], StoredConnection] | None = None) -> StoredConnection:
    """Return the connection of an id.

    :param get: a hook's own way to get it, which its subclasses may change; None for Airflow's.
    :raises ConnectionNotFoundError: if there is none.
    :raises ConnectionFieldError: if the environment's cannot be read; Airflow would say that there is none.
    """
    try:
        return (get or BaseHook.get_connection)(conn_id)
    except AirflowNotFoundException:
        variable = f"AIRFLOW_CONN_{conn_id.upper()}"
        if not (text := os.environ.get(variable, "").strip()):
            raise ConnectionNotFoundError(
                f"connection {conn_id!r} does not exist: make it (Admin, Connections), set {variable}, or"
                " correct the id",
                field="conn_id",
            ) from None
        raise ConnectionFieldError(
            f"connection {conn_id!r}: Airflow cannot read the environment's {variable}: {_why(text)}"
        ) from None


def error_of_event(name: str, message: str) -> ADLSGen1Error:
    """Return the error that a trigger's event names, of the class that a worker would have raised."""
    if name in (ConnectionNotFoundError.__name__, AirflowNotFoundException.__name__):
        return ConnectionNotFoundError(message, field="conn_id")
    return named_error(name, message)


def _why(text: str) -> str:
    """Return what is wrong with a variable; of its text nothing is shown but the names of keys."""
    if not text.startswith("{"):
        return (
            "it is neither JSON, which begins with {, nor a URI, in which every part is percent-encoded"
            " (/ is %2F, @ is %40, # is %23, ? is %3F)"
        )
    try:
        strange = sorted(map(shown, json.loads(text).keys() - _KEYS))
    except json.JSONDecodeError as error:
        return f"it is not JSON: {error.msg}, line {error.lineno}, column {error.colno}"
    except RecursionError:
        return "it is nested too deeply to be a connection"
    if strange:
        return f"it has no key {', '.join(strange)}; what the form has under Extra Fields is in extra"
    return "a value is of another type than it should be: port is a number, extra an object, the rest text"
