"""`LOGGING_CONFIG`: Airflow's own logging configuration, with task logs in a lake.

It is named by `[logging] logging_config_class`. Airflow's own module raises an error for a
`remote_base_log_folder` whose scheme is not in its list, and with it every command of Airflow fails. So that
module is imported here as if no remote logs were wanted. If the folder is not in a lake, everything here is
that module's own.
"""

from __future__ import annotations

import inspect
import os
from copy import deepcopy
from importlib import import_module
from types import ModuleType
from typing import Any

from airflow.providers.common.compat.sdk import conf

from airflow_provider_adls.connection_form import DEFAULT_CONNECTION_ID
from airflow_provider_adls.logs.remote import OPTIONS, ADLSGen1RemoteLogIO, handler_options

_SCHEMES = ("adl://", "adls://")
_SWITCH = "AIRFLOW__LOGGING__REMOTE_LOGGING"


def _airflows_own() -> ModuleType:
    return import_module("airflow.config_templates.airflow_local_settings")


def _without_remote_logs() -> ModuleType:
    before = os.environ.get(_SWITCH)
    os.environ[_SWITCH] = "False"
    try:
        return _airflows_own()
    finally:
        if before is None:
            del os.environ[_SWITCH]
        else:
            os.environ[_SWITCH] = before


def _in_a_lake() -> bool:
    folder = conf.get("logging", "remote_base_log_folder", fallback="") or ""
    return conf.getboolean("logging", "remote_logging", fallback=False) and folder.lower().startswith(
        _SCHEMES
    )


def _logging_config(remote: ADLSGen1RemoteLogIO) -> dict[str, Any]:
    """Return Airflow's configuration, with the options of its file handler, and on 2.11 with our handler."""
    from airflow.utils.log.file_task_handler import FileTaskHandler

    own: dict[str, Any] = deepcopy(_without_remote_logs().DEFAULT_LOGGING_CONFIG)
    task = own["handlers"]["task"]
    known = inspect.signature(FileTaskHandler.__init__).parameters.keys() - {"self", "base_log_folder"}
    for name, value in handler_options().items():
        if name in known:
            task[name] = value
        elif name not in OPTIONS:
            raise ValueError(
                f"[logging] remote_task_handler_kwargs has no option {name!r}: it takes"
                f" {', '.join(sorted(known | OPTIONS))}"
            )
    if not _knows_remote_io():
        task["class"] = "airflow_provider_adls.logs.handler.ADLSGen1TaskHandler"
        task["remote_base"] = remote.remote_base
        task["delete_local_copy"] = remote.delete_local_copy
    return own


def _knows_remote_io() -> bool:
    try:
        import_module("airflow.logging.remote")
    except ImportError:
        return False
    return True


#: Airflow looks for these three names.
LOGGING_CONFIG: dict[str, Any]
REMOTE_TASK_LOG: Any
DEFAULT_REMOTE_CONN_ID: str | None
if _in_a_lake():
    REMOTE_TASK_LOG = ADLSGen1RemoteLogIO.from_config()
    DEFAULT_REMOTE_CONN_ID = DEFAULT_CONNECTION_ID
    LOGGING_CONFIG = _logging_config(REMOTE_TASK_LOG)
else:
    LOGGING_CONFIG = _airflows_own().DEFAULT_LOGGING_CONFIG
    REMOTE_TASK_LOG = getattr(_airflows_own(), "REMOTE_TASK_LOG", None)
    DEFAULT_REMOTE_CONN_ID = getattr(_airflows_own(), "DEFAULT_REMOTE_CONN_ID", None)
