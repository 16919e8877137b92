"""Operators for directories and files.

A path is absolute, ``/raw/2026``, in the account of operator or connection, or a URL,
``adl://account/raw/2026``, in any account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import arguments, file_rules, path_rules
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
        "path": path_rules.target,
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

        days = ADLSGen1ListOperator(task_id="days", path="/raw/2026/**/day*.csv")
        Process.partial(task_id="process").expand(path=days.output)

    :param path: a directory, a file, or a glob with ``*``, ``?``, ``[…]`` or ``**``. (templated)
    :param recursive: whether to go into directories.
    :param include_files: whether files are listed.
    :param include_directories: whether directories are listed too.
    :param detail: whether more than the path is told of each.
    :param limit: most paths to list, the first by name, for an XCom holds so many only; None for all. A
        directory, or a glob in it, is listed no further than that, a tree is looked at as a whole.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: sorted paths, in the form of ``path``; with ``detail`` a dictionary for each: ``path``, ``type``
        (``file`` or ``directory``), ``size``, ``modified``, ``expires``, ``owner``, ``group``,
        ``permission``, ``has_acl``. A glob that matches nothing gives an empty list.
    """

    template_fields: Sequence[str] = ("path", "account_name", "adls_gen1_conn_id")
    needed = ("path", "recursive", "include_files", "include_directories", "detail", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.lake_glob,
        "recursive": arguments.flag,
        "include_files": arguments.flag,
        "include_directories": arguments.flag,
        "detail": arguments.flag,
        "limit": file_rules.number,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        path: str,
        recursive: bool = False,
        include_files: bool = True,
        include_directories: bool = False,
        detail: bool = False,
        limit: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.recursive = recursive
        self.include_files = include_files
        self.include_directories = include_directories
        self.detail = detail
        self.limit = limit
        self.judge()

    def judge_together(self) -> None:
        """Something is to be listed."""
        if self.include_files is False and self.include_directories is False:
            raise self.wrong("include_files", "or include_directories must be True")

    def execute(self, context: Context) -> list[Any]:  # noqa: ARG002 - Airflow's signature
        """List the paths."""
        hook = self.hook_for_execution()
        listing: Callable[..., list[Any]] = hook.list_entries if self.detail else hook.list_paths
        return listing(
            self.path,
            recursive=self.recursive,
            include_files=self.include_files,
            include_directories=self.include_directories,
            limit=self.limit,
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


class ADLSGen1MoveOperator(ADLSGen1PreviewOperator):
    """Move a file or directory, all that a glob matches, or a list of paths.

    .. code-block:: python

        ADLSGen1MoveOperator(
            task_id="archive", source_path="/incoming/*.csv", destination_path="/archive/{{ ds }}/"
        )

    Inside an account each move is a rename, done at once whatever it moves; to another account files are
    copied and then deleted. What was moved by an earlier try is not missed.

    :param source_path: a path, a glob, which may match nothing, or a list of paths, which are taken as they
        stand. (templated)
    :param destination_path: what one path becomes, or the directory that it goes into if that ends with a
        slash; several always go into it. (templated)
    :param overwrite: whether files may replace files; a directory replaces nothing. Whether anything is in
        the way is looked at before the first is moved.
    :param preview: whether nothing is moved, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``moved``, the number of paths that were moved now, and ``path``, where they are; of a preview
        also the first 100 ``moves``, each with ``source`` and ``destination``.
    """

    template_fields: Sequence[str] = ("source_path", "destination_path", "account_name", "adls_gen1_conn_id")
    reads = ("source_path",)
    writes = ("destination_path",)
    needed = ("source_path", "destination_path", "overwrite", "preview", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "source_path": arguments.lake_paths,
        "destination_path": path_rules.target,
        "overwrite": arguments.flag,
        "preview": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        source_path: str | Sequence[str],
        destination_path: str,
        overwrite: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source_path = source_path
        self.destination_path = destination_path
        self.overwrite = overwrite
        self.judge()

    def judge_together(self) -> None:
        """Nothing goes into itself."""
        path_rules.refuse_inside(self, "source_path", "destination_path", itself=False)

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Move the paths."""
        return hook.move_paths(
            self.source_path, self.destination_path, overwrite=self.overwrite, preview=preview
        )
