"""`ADLSGen1ToObjectStorageOperator`: from a lake to any store that Airflow opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import templated
from airflow_provider_adls.transfers.base import LAKE_SOURCE, OTHER_DESTINATION, TransferOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1ToObjectStorageOperator(TransferOperator):
    """Copy a file, a tree, or the matches of a glob to S3, GCS, SFTP or other stores.

    .. code-block:: python

        ADLSGen1ToObjectStorageOperator(
            task_id="hand_on",
            remote_path="/curated/{{ ds }}",
            destination_path="gs://bucket/curated/{{ ds }}",
            destination_conn_id="google_cloud_default",
        )
    """

    arguments = (
        LAKE_SOURCE,
        OTHER_DESTINATION,
        templated("destination_conn_id", kinds.text, "id of that store's connection"),
    )

    def __init__(
        self,
        *,
        remote_path: str | Sequence[str],
        destination_path: str,
        destination_conn_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.remote_path = remote_path
        self.destination_path = destination_path
        self.destination_conn_id = destination_conn_id
        self.validate()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Copy the files, or find out which would be copied."""
        return hook.export_objects(
            self.remote_path,
            self.destination_path,
            destination_conn_id=self.destination_conn_id,
            **self.options(preview=preview),
        )
