"""`ADLSGen1ToLocalOperator`: from a lake to the machine that runs the task."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.transfers.base import LAKE_SOURCE, TransferOperator, destination

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1ToLocalOperator(TransferOperator):
    """Download a file, a directory with everything below it, or the matches of a glob.

    .. code-block:: python

        ADLSGen1ToLocalOperator(task_id="download", remote_path="/curated/*.csv", local_path="/data/in")
    """

    arguments = (
        LAKE_SOURCE,
        destination("local_path", kinds.written(kinds.local_path), "path on the machine that runs the task"),
    )

    def __init__(
        self, *, remote_path: str | Sequence[str], local_path: str | PathLike[str], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.remote_path = remote_path
        self.local_path = kinds.as_string(local_path)
        self.validate()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Copy the files, or find out which would be copied."""
        return hook.download(self.remote_path, self.local_path, **self.options(preview=preview))
