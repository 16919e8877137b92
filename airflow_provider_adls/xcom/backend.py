"""`ADLSGen1XComBackend`: large XComs are files of a lake, and small ones stay in the database."""

from __future__ import annotations

import json
from typing import Any

from airflow.utils.json import XComDecoder, XComEncoder

from airflow_provider_adls.xcom.compat import BaseXCom
from airflow_provider_adls.xcom.files import file_path, stored_path, suffix_of, threshold


class ADLSGen1XComBackend(BaseXCom):
    """XCom backend that stores a value from a number of bytes on in a lake.

    .. code-block:: ini

        [core]
        xcom_backend = airflow_provider_adls.xcom.backend.ADLSGen1XComBackend

        [common.io]
        xcom_objectstorage_path = adl://adls_gen1_default@lake/xcom
        xcom_objectstorage_threshold = 1048576
        xcom_objectstorage_compression = gzip

    The settings are those of common.io's `XComObjectStorageBackend`, and what that backend stored is read
    and purged too. The database holds the URL of the file, and so does Airflow's page.
    """

    @staticmethod
    def serialize_value(
        value: Any,
        *,
        key: str | None = None,
        task_id: str | None = None,
        dag_id: str | None = None,
        run_id: str | None = None,
        map_index: int | None = None,
    ) -> Any:
        """Store a value that reaches the threshold as a file.

        The file's name follows from the run, the task and the key: a value that is set again replaces it.

        :returns: value for Airflow's database: the XCom's own, or the URL of the file.
        :raises ValueError: if the compression is not one that is installed.
        """
        content = json.dumps(value, cls=XComEncoder).encode()
        # A text that reads like the URL of such a file would be taken for one.
        if not 0 <= threshold() <= len(content) and stored_path(value) is None:
            return BaseXCom.serialize_value(value)
        compression, suffix = suffix_of()
        path = file_path(dag_id, run_id, task_id, map_index, key, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode="wb", compression=compression) as file:
            file.write(content)
        return BaseXCom.serialize_value(str(path))

    @staticmethod
    def deserialize_value(result: Any) -> Any:
        """Return the value of a row, from its file if it has one.

        :raises FileNotFoundError: naming the file, if it was deleted.
        """
        value = BaseXCom.deserialize_value(result)
        path = stored_path(value)
        return value if path is None else _read(path)

    def orm_deserialize_value(self) -> Any:
        """Return the value for Airflow 2's pages, or the URL of its file, which is not read."""
        return BaseXCom.deserialize_value(self)

    @staticmethod
    def purge(xcom: Any, session: Any = None) -> None:  # noqa: ARG004 - Airflow 2's
        """Delete the file of a row, if it has one: Airflow does so when a task runs again."""
        path = stored_path(xcom.value)
        if path is not None:
            path.unlink(missing_ok=True)


def _read(path: Any) -> Any:
    try:
        with path.open(mode="rb", compression="infer") as file:
            return json.loads(file.read(), cls=XComDecoder)
    except FileNotFoundError:
        raise FileNotFoundError(
            f"the XCom is in {path}, and this file does not exist any more: run the task that pushed it again"
        ) from None
