"""`secrets_masker`: the one place of the connection's room that uses a private part of Airflow."""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: Modules with the masker of a process's log, in Airflow 3 and in 2.11.
_MASKERS = ("airflow.sdk._shared.secrets_masker", "airflow.utils.log.secrets_masker")


def secrets_masker() -> Any:
    """Return the masker of this process's log; its `patterns` can be discarded, which no public name offers.

    :raises ImportError: if no Airflow that we know has one.
    """
    for name in _MASKERS:
        try:
            return import_module(name)._secrets_masker()  # noqa: SLF001 - there is no public name for it
        except ImportError:
            continue
    raise ImportError(f"Airflow's masker is in none of {', '.join(_MASKERS)}")
