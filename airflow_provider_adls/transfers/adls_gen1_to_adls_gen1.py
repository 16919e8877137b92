"""`ADLSGen1CopyOperator`: from one place in a lake to another, in any account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import DESTINATION_CONNECTION, templated
from airflow_provider_adls.operators.keep import FAIL_UNLESS_KEPT, KEEP, RETURNED, validate_keep
from airflow_provider_adls.transfers.base import LISTED, TransferOperator, destination, source

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1CopyOperator(TransferOperator):
    """Copy a file, a directory with everything below it, or the matches of a glob, through the worker.

    .. code-block:: python

        ADLSGen1CopyOperator(
            task_id="copy",
            source_path="adl://old/raw/{{ ds }}",
            destination_path="adl://new/raw/{{ ds }}",
            destination_conn_id="the_new_lake",
            keep=["permission", "owner", "expiry"],
        )
        ADLSGen1CopyOperator(
            task_id="take",
            source_path=["/raw/{{ ds }}/a.csv", "/raw/{{ ds }}/day1.csv"],
            destination_path="/taken/{{ ds }}",
        )
    """

    returned = f"{TransferOperator.returned}; {RETURNED}"

    arguments = (
        source("source_path", kinds.lake_paths, f"path, URL or glob{LISTED}"),
        destination("destination_path", kinds.target, "path or URL"),
        DESTINATION_CONNECTION,
        templated(
            "adls_gen1_conn_id",
            kinds.text,
            "id of a connection of type `adls_gen1`, for the source",
            required=True,
        ),
        KEEP,
        FAIL_UNLESS_KEPT,
    )

    def __init__(
        self,
        *,
        source_path: str | Sequence[str],
        destination_path: str,
        destination_conn_id: str | None = None,
        keep: str | Sequence[str] | None = None,
        fail_unless_kept: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source_path = source_path
        self.destination_path = destination_path
        self.destination_conn_id = destination_conn_id
        self.keep = keep
        self.fail_unless_kept = fail_unless_kept
        self.validate()

    def validate_together(self) -> None:
        """Refuse a copy onto or into itself."""
        super().validate_together()
        self.refuse_inside("source_path", "destination_path")
        validate_keep(self, self.keep, "source_path", "destination_path")

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Copy the files, or find out which would be copied."""
        return hook.copy(
            self.source_path,
            self.destination_path,
            destination_conn_id=self.destination_conn_id,
            keep=self.keep,
            fail_unless_kept=self.fail_unless_kept,
            **self.options(preview=preview),
        )
