"""Operators for directories and files.

A path is absolute, ``/raw/2026``, in the account of operator or connection, or a URL,
``adl://account/raw/2026``, in any account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import arguments
from airflow_provider_adls.operators.arguments import ADLSGen1Operator
from airflow_provider_adls.operators.preview import ADLSGen1PreviewOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1CreateDirectoryOperator(ADLSGen1Operator):
    """Make a directory, and those above it; one that exists is left as it is.

    .. code-block:: python

        ADLSGen1CreateDirectoryOperator(task_id="make", path="/raw/{{ ds }}", permission="750")

    :param path: the directory. (templated)
    :param permission: octal digits for a directory that is made; None leaves it to the service. (templated)
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: the path.
    """

    template_fields: Sequence[str] = ("path", "permission", "account_name", "adls_gen1_conn_id")
    needed = ("path", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.lake_path,
        "permission": arguments.permission,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self, *, path: str, permission: str | None = None, account_name: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.permission = permission
        self.account_name = account_name
        self.judge()

    def execute(self, context: Context) -> str:  # noqa: ARG002 - Airflow's signature
        """Make the directory."""
        return self.hook_for_execution().make_directory(self.path, permission=self.permission)


class ADLSGen1ListOperator(ADLSGen1Operator):
    """List the files of a directory, or those that a glob matches.

    .. code-block:: python

        days = ADLSGen1ListOperator(task_id="days", path="/raw/2026/*/day*.csv")
        Process.partial(task_id="process").expand(path=days.output)

    :param path: a directory, a file, or a glob with ``*``, ``?``, ``[…]`` or ``**``. (templated)
    :param recursive: whether to go into directories.
    :param include_directories: whether directories are listed too.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: sorted paths, in the form of ``path``. A glob that matches nothing gives an empty list.
    """

    template_fields: Sequence[str] = ("path", "account_name", "adls_gen1_conn_id")
    needed = ("path", "recursive", "include_directories", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.lake_path,
        "recursive": arguments.flag,
        "include_directories": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        path: str,
        recursive: bool = False,
        include_directories: bool = False,
        account_name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.recursive = recursive
        self.include_directories = include_directories
        self.account_name = account_name
        self.judge()

    def execute(self, context: Context) -> list[str]:  # noqa: ARG002 - Airflow's signature
        """List the paths."""
        return self.hook_for_execution().list_paths(
            self.path, recursive=self.recursive, include_directories=self.include_directories
        )


class ADLSGen1DeleteOperator(ADLSGen1PreviewOperator):
    """Delete a file or directory, all that a glob matches, or a list of paths.

    .. code-block:: python

        ADLSGen1DeleteOperator(task_id="clean", path="/staging/{{ ds }}", recursive=True)

    :param path: a path, a glob, or a list of paths, which are taken as they stand. (templated)
    :param recursive: whether directories may be deleted with what they hold.
    :param ignore_if_missing: whether it is right if nothing is there, as it is for a task that is tried
        again.
    :param ignore_not_found: the official operator's name for ``ignore_if_missing``.
    :param preview: whether nothing is deleted, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``deleted``, the number of paths that were there; of a preview also ``paths``, the first 100
        of them.
    """

    template_fields: Sequence[str] = ("path", "account_name", "adls_gen1_conn_id")
    needed = ("path", "recursive", "ignore_if_missing", "preview", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.deletable_paths,
        "recursive": arguments.flag,
        "ignore_if_missing": arguments.flag,
        "preview": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        path: str | Sequence[str],
        recursive: bool = False,
        ignore_if_missing: bool = True,
        ignore_not_found: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.recursive = recursive
        self.ignore_if_missing = ignore_if_missing
        self.also_called("ignore_if_missing", "ignore_not_found", ignore_not_found, default=True)
        self.judge()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Delete the paths."""
        return hook.delete_paths(
            self.path,
            recursive=self.recursive,
            ignore_if_missing=self.ignore_if_missing,
            preview=preview,
        )
