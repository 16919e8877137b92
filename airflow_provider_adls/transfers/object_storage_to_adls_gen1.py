"""From any store that Airflow knows to the lake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import arguments, path_rules
from airflow_provider_adls.transfers.base import TransferOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ObjectStorageToADLSGen1Operator(TransferOperator):
    """Copy a file, a directory with all that is in it, or what a glob matches, from S3, GCS, SFTP and others.

    .. code-block:: python

        ObjectStorageToADLSGen1Operator(
            task_id="fetch",
            source_path="s3://bucket/orders/{{ ds }}",
            source_conn_id="aws_default",
            remote_path="/raw/orders/{{ ds }}",
        )

    A file becomes ``remote_path``, or keeps its name below it where that ends with a slash. What a
    directory holds, or a glob matches, goes below ``remote_path`` in the shape that it has. A file comes into
    view whole or not at all; one that is there stays as it was until then.

    :param source_path: URL, or glob, of any scheme that Airflow's `ObjectStoragePath` takes: ``s3://``,
        ``gs://``, ``abfss://``, ``sftp://``, ``file://`` and others, by the providers that are installed.
        (templated)
    :param source_conn_id: id of that store's connection. (templated)
    :param remote_path: path or URL in the lake. (templated)
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

    template_fields: Sequence[str] = (
        "source_path",
        "remote_path",
        "source_conn_id",
        "account_name",
        "adls_gen1_conn_id",
    )
    reads = ("source_path",)
    writes = ("remote_path",)
    needed = ("source_path", "remote_path", *TransferOperator.flags, "preview", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "source_path": arguments.other_url,
        "remote_path": path_rules.target,
        "source_conn_id": arguments.text,
        **TransferOperator.flag_rules,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self, *, source_path: str, remote_path: str, source_conn_id: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.source_path = source_path
        self.remote_path = remote_path
        self.source_conn_id = source_conn_id
        self.judge()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Copy the files, or say which would be."""
        return hook.import_objects(
            self.source_path,
            self.remote_path,
            source_conn_id=self.source_conn_id,
            **self.options(preview=preview),
        )
