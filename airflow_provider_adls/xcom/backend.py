"""`ADLSGen1XComBackend`: large XComs in a lake, under names that a lake can hold.

It needs `apache-airflow-providers-common-io`, and is configured as that provider's own backend is.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.common.io.xcom.backend import XComObjectStorageBackend

from airflow_provider_adls.model.paths import possible_name


class ADLSGen1XComBackend(XComObjectStorageBackend):
    """Airflow's backend for object storage, with run ids percent-encoded in the paths that it writes.

    .. code-block:: ini

        [core]
        xcom_backend = airflow_provider_adls.xcom.backend.ADLSGen1XComBackend

        [common.io]
        xcom_objectstorage_path = adl://adls_gen1_default@lake/xcom
        xcom_objectstorage_threshold = 1048576

    A stored XCom names its file, so it reads and purges what Airflow's own backend wrote, too.
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

        :returns: what Airflow keeps in its database: the value, or the URL of the file.
        """
        return XComObjectStorageBackend.serialize_value(
            value,
            key=key,
            task_id=task_id,
            dag_id=dag_id,
            run_id=None if run_id is None else possible_name(run_id),
            map_index=map_index,
        )
