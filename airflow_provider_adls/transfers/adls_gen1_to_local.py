"""`ADLSGen1ToLocalOperator`: from a lake to the machine that runs the task."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import templated
from airflow_provider_adls.transfers.base import TransferOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1ToLocalOperator(TransferOperator):
    """Download a file, a directory with everything below it, or the matches of a glob.

    .. code-block:: python

        ADLSGen1ToLocalOperator(task_id="download", remote_path="/curated/*.csv", local_path="/data/in")

    ``local_path`` is the new path of a single file, or with a slash at its end the directory for it. The
    files of a directory or a glob keep their relative paths below it. A file appears whole or not at all; an
    existing one is unchanged until then.

    :returns: the numbers of copied ``files`` and ``bytes``; ``path``, their destination; the numbers of files
        ``skipped``, ``failed`` and ``deleted``; the first 100 ``paths``, ``skipped_paths``, ``failed_paths``
        and ``deleted_paths``, where there are any.
    """

    arguments = (
        templated(
            "remote_path", kinds.lake_glob, "path, URL or glob in the lake", required=True, lineage="input"
        ),
        templated(
            "local_path",
            kinds.written(kinds.local_path),
            "path on the machine that runs the task",
            required=True,
            lineage="output",
        ),
    )

    def __init__(self, *, remote_path: str, local_path: str | PathLike[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.remote_path = remote_path
        self.local_path = kinds.as_string(local_path)
        self.validate()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Copy the files, or find out which would be copied."""
        return hook.download(self.remote_path, self.local_path, **self.options(preview=preview))
