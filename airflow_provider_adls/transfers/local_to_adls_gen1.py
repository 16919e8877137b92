"""From the machine that runs the task to the lake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import arguments
from airflow_provider_adls.operators.arguments import ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class LocalToADLSGen1Operator(ADLSGen1Operator):
    """Upload a file, a directory with all that is in it, or what a glob matches.

    .. code-block:: python

        LocalToADLSGen1Operator(task_id="upload", local_path="/data/out", remote_path="/raw/{{ ds }}")

    A file becomes ``remote_path``, or keeps its name below it where that ends with a slash. What a
    directory holds, or a glob matches, goes below ``remote_path`` in the shape that it has here. A file
    comes into view whole or not at all; one that is there stays as it was until then.

    :param local_path: path or glob on the machine that runs the task. (templated)
    :param remote_path: path or URL in the lake. (templated)
    :param overwrite: False if none of the files may be there yet; that is looked at before the first is
        uploaded. A task that is tried again then meets the files of its first try.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``files``, ``bytes``, and the ``path`` in the lake.
    """

    template_fields: Sequence[str] = ("local_path", "remote_path", "account_name", "adls_gen1_conn_id")
    needed = ("local_path", "remote_path", "overwrite", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "local_path": arguments.local_path,
        "remote_path": arguments.lake_path,
        "overwrite": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        local_path: str | PathLike[str],
        remote_path: str,
        overwrite: bool = True,
        account_name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.local_path = arguments.as_string(local_path)
        self.remote_path = remote_path
        self.overwrite = overwrite
        self.account_name = account_name
        self.judge()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Upload the files."""
        return self.hook_for_execution().upload(self.local_path, self.remote_path, overwrite=self.overwrite)
