"""A connection by its id; where Airflow finds none though the environment has one, why it cannot be read."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from airflow.providers.common.compat.sdk import AirflowNotFoundException, BaseHook

from airflow_provider_adls.model.errors import ConnectionFieldError

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.connection.values import StoredConnection

#: What Airflow takes (`Connection.from_json`); anything else makes it find no connection at all.
_KEYS = frozenset({"conn_type", "description", "extra", "host", "login", "password", "port", "schema"})


def stored_connection(conn_id: str, get: Callable[[str], StoredConnection] | None = None) -> StoredConnection:
    """The connection of an id.

    :param get: a hook's own way to get it, which its subclasses may change; None for Airflow's.
    :raises ConnectionFieldError: if the environment's cannot be read; Airflow would say that there is none.
    :raises AirflowNotFoundException: if there is none.
    """
    try:
        return (get or BaseHook.get_connection)(conn_id)
    except AirflowNotFoundException:
        variable = f"AIRFLOW_CONN_{conn_id.upper()}"
        if not (text := os.environ.get(variable, "").strip()):
            raise
        raise ConnectionFieldError(
            f"connection {conn_id!r}: Airflow cannot read the environment's {variable}: {_why(text)}"
        ) from None


def _why(text: str) -> str:
    """What is wrong with a variable, of whose text nothing is shown but the names of keys."""
    if not text.startswith("{"):
        return (
            "it is neither JSON, which begins with {, nor a URI, in which every part is percent-encoded"
            " (/ is %2F, @ is %40, # is %23, ? is %3F)"
        )
    try:
        strange = sorted(json.loads(text).keys() - _KEYS)
    except json.JSONDecodeError as error:
        return f"it is not JSON: {error.msg}, line {error.lineno}, column {error.colno}"
    if strange:
        return (
            f"it has no key {', '.join(map(repr, strange))}; what the form has under Extra Fields is in extra"
        )
    return "a value is of another type than it should be: port is a number, extra an object, the rest text"
