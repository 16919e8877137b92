"""`ObjectStorageToADLSGen1Operator`: from any store that Airflow opens to a lake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import templated
from airflow_provider_adls.transfers.base import LAKE_DESTINATION, OTHER_SOURCE
from airflow_provider_adls.transfers.written import WritingTransferOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ObjectStorageToADLSGen1Operator(WritingTransferOperator):
    """Copy a file, a tree, or the matches of a glob from S3, GCS, SFTP or other stores.

    .. code-block:: python

        ObjectStorageToADLSGen1Operator(
            task_id="fetch",
            source_path="s3://bucket/orders/{{ ds }}",
            source_conn_id="aws_default",
            remote_path="/raw/orders/{{ ds }}",
        )
    """

    arguments = (
        OTHER_SOURCE,
        templated("source_conn_id", kinds.text, "id of that store's connection"),
        LAKE_DESTINATION,
    )

    def __init__(
        self,
        *,
        source_path: str | Sequence[str],
        remote_path: str,
        source_conn_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source_path = source_path
        self.remote_path = remote_path
        self.source_conn_id = source_conn_id
        self.validate()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Copy the files, or find out which would be copied."""
        return hook.import_objects(
            self.source_path,
            self.remote_path,
            source_conn_id=self.source_conn_id,
            **self.options(preview=preview),
        )
