"""`LocalToADLSGen1Operator`: from the machine that runs the task to a lake."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.transfers.base import LAKE_DESTINATION, LISTED, source
from airflow_provider_adls.transfers.written import WritingTransferOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class LocalToADLSGen1Operator(WritingTransferOperator):
    """Upload a file, a directory with everything below it, or the matches of a glob.

    .. code-block:: python

        LocalToADLSGen1Operator(task_id="upload", local_path="/data/out", remote_path="/raw/{{ ds }}")
    """

    arguments = (
        source("local_path", kinds.local_paths, f"path or glob on the machine that runs the task{LISTED}"),
        LAKE_DESTINATION,
    )

    def __init__(
        self,
        *,
        local_path: str | PathLike[str] | Sequence[str | PathLike[str]],
        remote_path: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.local_path = kinds.as_string(local_path)
        self.remote_path = remote_path
        self.validate()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Copy the files, or find out which would be copied."""
        return hook.upload(self.local_path, self.remote_path, **self.options(preview=preview))
