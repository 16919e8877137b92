"""From the lake to the machine that runs the task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import arguments, path_rules
from airflow_provider_adls.transfers.base import TransferOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1ToLocalOperator(TransferOperator):
    """Download a file, a directory with all that is in it, or what a glob matches.

    .. code-block:: python

        ADLSGen1ToLocalOperator(task_id="download", remote_path="/curated/*.csv", local_path="/data/in")

    A file becomes ``local_path``, or keeps its name below it where that ends with a slash. What a
    directory holds, or a glob matches, goes below ``local_path`` in the shape that it has. A file comes into
    view whole or not at all; one that is there stays as it was until then.

    :param remote_path: path, URL or glob in the lake. (templated)
    :param local_path: path on the machine that runs the task. (templated)
    :param overwrite: whether files that are there are replaced; `replace` is another name for it.
    :param if_exists: what is done where files may not be replaced: ``fail`` before anything is copied, or
        ``skip`` those that are there, which a task that is tried again copied in its first try.
    :param keep_directory_structure: whether a tree keeps its shape; if not, all files go into one directory.
    :param ignore_if_missing: whether it is right if there is nothing to copy.
    :param delete_source: whether a file is deleted when its copy is there and found whole.
    :param ignore_failures: whether files that cannot be copied are told of in the result, and the others are
        copied; if not, the first failure ends the task.
    :param preview: whether nothing is done, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``files`` and ``bytes`` that were copied, and ``path``, where they are; the numbers of files
        ``skipped``, ``failed`` and ``deleted``; the first 100 ``paths``, ``skipped_paths``, ``failed_paths``
        and ``deleted_paths``, where there are any.
    """

    template_fields: Sequence[str] = ("remote_path", "local_path", "account_name", "adls_gen1_conn_id")
    reads = ("remote_path",)
    writes = ("local_path",)
    needed = ("remote_path", "local_path", *TransferOperator.flags, "preview", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "remote_path": arguments.lake_glob,
        "local_path": path_rules.target_of(arguments.local_path),
        **TransferOperator.flag_rules,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(self, *, remote_path: str, local_path: str | PathLike[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.remote_path = remote_path
        self.local_path = arguments.as_string(local_path)
        self.judge()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Copy the files, or say which would be."""
        return hook.download(self.remote_path, self.local_path, **self.options(preview=preview))
