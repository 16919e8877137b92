"""`LocalToADLSGen1Operator`: from the machine that runs the task to a lake."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import templated
from airflow_provider_adls.transfers.base import TransferOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class LocalToADLSGen1Operator(TransferOperator):
    """Upload a file, a directory with everything below it, or the matches of a glob.

    .. code-block:: python

        LocalToADLSGen1Operator(task_id="upload", local_path="/data/out", remote_path="/raw/{{ ds }}")

    ``remote_path`` is the new path of a single file, or with a slash at its end the directory for it. The
    files of a directory or a glob keep their relative paths below it. A file appears whole or not at all; an
    existing one is unchanged until then.

    :returns: the numbers of copied ``files`` and ``bytes``; ``path``, their destination; the numbers of files
        ``skipped``, ``failed`` and ``deleted``; the first 100 ``paths``, ``skipped_paths``, ``failed_paths``
        and ``deleted_paths``, where there are any.
    """

    arguments = (
        templated(
            "local_path",
            kinds.local_path,
            "path or glob on the machine that runs the task",
            required=True,
            lineage="input",
        ),
        templated("remote_path", kinds.target, "path or URL in the lake", required=True, lineage="output"),
    )

    def __init__(self, *, local_path: str | PathLike[str], remote_path: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.local_path = kinds.as_string(local_path)
        self.remote_path = remote_path
        self.validate()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Copy the files, or find out which would be copied."""
        return hook.upload(self.local_path, self.remote_path, **self.options(preview=preview))
