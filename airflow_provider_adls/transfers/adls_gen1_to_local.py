"""From the lake to the machine that runs the task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import arguments
from airflow_provider_adls.operators.arguments import ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1ToLocalOperator(ADLSGen1Operator):
    """Download a file, a directory with all that is in it, or what a glob matches.

    .. code-block:: python

        ADLSGen1ToLocalOperator(task_id="download", remote_path="/curated/*.csv", local_path="/data/in")

    A file becomes ``local_path``, or keeps its name below it where that ends with a slash. What a
    directory holds, or a glob matches, goes below ``local_path`` in the shape that it has in the lake. A
    file comes into view whole or not at all; one that is there stays as it was until then.

    :param remote_path: path, URL or glob in the lake. (templated)
    :param local_path: path on the machine that runs the task. (templated)
    :param overwrite: False if none of the files may be there yet; that is looked at before the first is
        downloaded. A task that is tried again then meets the files of its first try.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``files``, ``bytes``, and the ``path`` on this machine.
    """

    template_fields: Sequence[str] = ("remote_path", "local_path", "account_name", "adls_gen1_conn_id")
    needed = ("remote_path", "local_path", "overwrite", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "remote_path": arguments.lake_path,
        "local_path": arguments.local_path,
        "overwrite": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        remote_path: str,
        local_path: str | PathLike[str],
        overwrite: bool = True,
        account_name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.remote_path = remote_path
        self.local_path = arguments.as_string(local_path)
        self.overwrite = overwrite
        self.account_name = account_name
        self.judge()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Download the files."""
        return self.hook_for_execution().download(self.remote_path, self.local_path, overwrite=self.overwrite)
