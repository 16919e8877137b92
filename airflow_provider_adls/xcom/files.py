"""The files of large XComs: their settings, their names, and which values of the database name one."""

from __future__ import annotations

import hashlib
import re
import uuid
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import fsspec.utils
from airflow.providers.common.compat.sdk import ObjectStoragePath, conf

from airflow_provider_adls.model.paths import possible_name

_SECTION = "common.io"
#: Most bytes of a name. Identifiers of Airflow are up to 512 characters, nine bytes each when encoded.
_MAX_NAME = 512


@cache
def _folder() -> Any:
    """Return the directory of the files; None if none is configured."""
    path = conf.get(_SECTION, "xcom_objectstorage_path", fallback=None)
    return ObjectStoragePath(path) if path else None


@cache
def threshold() -> int:
    """Return the least bytes of a value that is stored as a file; less than 0 for no value."""
    return int(conf.getint(_SECTION, "xcom_objectstorage_threshold", fallback=-1))


@cache
def suffix_of() -> tuple[str | None, str]:
    """Return the compression of new files, and the end of their names.

    :raises ValueError: if nothing that is installed can compress so.
    """
    compression = conf.get(_SECTION, "xcom_objectstorage_compression", fallback=None)
    if not compression:
        return None, ".json"
    for suffix, name in fsspec.utils.compressions.items():
        if name == compression:
            return compression, f".json.{suffix}"
    known = ", ".join(sorted(set(fsspec.utils.compressions.values())))
    raise ValueError(f"[{_SECTION}] xcom_objectstorage_compression = {compression}: must be one of {known}")


def file_path(
    dag_id: str | None,
    run_id: str | None,
    task_id: str | None,
    map_index: int | None,
    key: str | None,
    suffix: str,
) -> Any:
    """Return the file of a value, `<dag>/<run>/<task>/[<map index>/]<key>.json` below the folder.

    A value that Airflow does not name has a name of its own.

    :raises ValueError: if no folder is configured.
    """
    if (folder := _folder()) is None:
        raise ValueError(
            f"[{_SECTION}] xcom_objectstorage_path is not set, and xcom_objectstorage_threshold is: name a"
            " directory, such as adl://adls_gen1_default@lake/xcom"
        )
    names = [dag_id or "NO_DAG_ID", run_id or "NO_RUN_ID", task_id or "NO_TASK_ID"]
    if map_index is not None and map_index >= 0:
        names.append(str(map_index))
    whose = None not in (dag_id, run_id, task_id, key)
    file = _bounded(str(key)) if whose else str(uuid.uuid4())
    return folder.joinpath(*map(_bounded, names), f"{file}{suffix}")


def _bounded(text: str) -> str:
    name = possible_name(text)
    if len(name) <= _MAX_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()
    # Not with half of an escaped character at its end.
    return f"{re.sub('%.?$', '', name[: _MAX_NAME - len(digest) - 1])}~{digest}"


def stored_path(value: Any) -> Any:
    """Return the file that a value of the database names; None if it is a value.

    Its connection may have another id than today's folder.
    """
    if not isinstance(value, str) or "://" not in value:
        return None
    if (folder := _folder()) is None:
        return None
    start = _without_connection(str(folder)).rstrip("/") + "/"
    url = _without_connection(value)
    if not url.startswith(start) or ".." in url.split("/"):
        return None
    return folder / url.removeprefix(start)


def _without_connection(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{url.partition('://')[2].removeprefix(parts.netloc)}"
