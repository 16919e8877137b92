"""Connections of Airflow's: a hook that finds those that its pages store too."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

#: Mark of Airflow 3's commands that may read connections from its database.
_PROCESS_CONTEXT = "_AIRFLOW_PROCESS_CONTEXT"


def connected_hook(conn_id: str, account: str | None) -> ADLSGen1Hook:
    """Return a hook whose connection was read.

    :raises ModuleNotFoundError: where there is no Airflow.
    :raises ConnectionFieldError: for a field that is missing or malformed.
    """
    with reading_the_database(), contextlib.redirect_stdout(sys.stderr), _silenced():
        try:
            from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
        except ImportError as error:
            raise ModuleNotFoundError(f"--conn-id needs Airflow: {error}") from error
        hook = ADLSGen1Hook(conn_id, account)
        # Reads it while the database may be asked.
        _ = hook.settings
    return hook


@contextlib.contextmanager
def _silenced() -> Iterator[None]:
    """Leave out what Airflow logs while it is loaded and asked; a failure is raised, too."""
    log = logging.getLogger("airflow")
    before = log.level
    log.setLevel(logging.CRITICAL)
    # Where Python has no such option, Airflow 2 has its deprecations shown.
    sys.warnoptions.append("ignore")
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        sys.warnoptions.pop()
        log.setLevel(before)


@contextlib.contextmanager
def reading_the_database() -> Iterator[None]:
    """Let Airflow find the connections that its pages store, as its own commands do."""
    before = os.environ.get(_PROCESS_CONTEXT)
    os.environ[_PROCESS_CONTEXT] = "server"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_PROCESS_CONTEXT]
        else:
            os.environ[_PROCESS_CONTEXT] = before
