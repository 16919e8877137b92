"""Operators for directories and files.

A path is absolute, ``/raw/2026``, in the account of operator or connection, or a URL,
``adl://account/raw/2026``, in any account.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.lake.records import counted, log_done
from airflow_provider_adls.model.errors import PathNotFoundError
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import DESTINATION_CONNECTION, flag, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator, ADLSGen1PreviewOperator
from airflow_provider_adls.operators.times import TimesOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1CreateDirectoryOperator(ADLSGen1Operator):
    """Make a directory, and those above it; one that exists is left as it is.

    .. code-block:: python

        ADLSGen1CreateDirectoryOperator(task_id="make", path="/raw/{{ ds }}", permission="750")

    :returns: the path.
    """

    arguments = (
        templated("path", kinds.target, "the directory", required=True),
        templated(
            "permission",
            kinds.permission,
            "octal digits for a directory that is made; None leaves it to the service",
        ),
    )

    def __init__(
        self, *, path: str, permission: str | None = None, account_name: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.permission = permission
        self.account_name = account_name
        self.validate()

    def execute(self, context: Context) -> str:  # noqa: ARG002 - Airflow's signature
        """Make the directory."""
        return self.hook_for_execution().make_directory(self.path, permission=self.permission)


class ADLSGen1ListOperator(TimesOperator):
    """List the files of a directory, or those that a glob matches.

    .. code-block:: python

        days = ADLSGen1ListOperator(task_id="days", path="/raw/2026/**/day*.csv")
        Process.partial(task_id="process").expand(path=days.output)

    With a time the list has files alone.

    :returns: sorted paths, in the form of ``path``; with ``detail`` a dictionary for each: ``path``, ``type``
        (``file`` or ``directory``), ``size``, ``modified``, ``expires``, ``owner``, ``group``,
        ``permission``, ``has_acl``. A glob that matches nothing gives an empty list.
    """

    arguments = (
        templated(
            "path",
            kinds.lake_glob,
            "a directory, a file, or a glob with ``*``, ``?``, ``[…]`` or ``**``",
            required=True,
        ),
        flag("recursive", "whether to go into directories"),
        flag("include_files", "whether files are listed"),
        flag("include_directories", "whether directories are listed too"),
        flag("detail", "whether each entry has its status, and not the path alone"),
        templated(
            "limit",
            kinds.count,
            "most paths to return, the first by name, since an XCom is limited in size; None for all. A "
            "directory, or a glob in it, is listed no further than that; a tree is listed as a whole",
        ),
        flag("ignore_if_missing", "whether a path where nothing exists is an empty list, and not an error"),
    )

    def __init__(
        self,
        *,
        path: str,
        recursive: bool = False,
        include_files: bool = True,
        include_directories: bool = False,
        detail: bool = False,
        limit: int | None = None,
        ignore_if_missing: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.recursive = recursive
        self.include_files = include_files
        self.include_directories = include_directories
        self.detail = detail
        self.limit = limit
        self.ignore_if_missing = ignore_if_missing
        self.validate()

    def validate_together(self) -> None:
        """Refuse a list of nothing, and directories where files are chosen by their time."""
        super().validate_together()
        if self.include_directories is True and any(value is not None for value in self.times.values()):
            raise self.error(
                "include_directories", "a directory is not chosen by its time: leave it out, or list apart"
            )
        if self.include_files is False and self.include_directories is False:
            raise self.error("include_files", "set include_files or include_directories to True")

    def execute(self, context: Context) -> list[Any]:  # noqa: ARG002 - Airflow's signature
        """List the paths."""
        hook = self.hook_for_execution()
        listing: Callable[..., list[Any]] = hook.list_entries if self.detail else hook.list_paths
        try:
            found = listing(
                self.path,
                recursive=self.recursive,
                include_files=self.include_files,
                include_directories=self.include_directories,
                limit=self.limit,
                **self.times,
            )
        except PathNotFoundError:
            if not self.ignore_if_missing:
                raise
            found = []
        log_done(
            f"Found {counted(len(found), 'path')}", [one["path"] if self.detail else one for one in found]
        )
        return found


class ADLSGen1DeleteOperator(TimesOperator, ADLSGen1PreviewOperator):
    """Delete a file or directory, everything that a glob matches, or a list of paths.

    .. code-block:: python

        ADLSGen1DeleteOperator(task_id="clean", path="/staging/{{ ds }}", recursive=True)
        ADLSGen1DeleteOperator(task_id="retain", path="/logs", recursive=True, older_than="P30D")

    With a time only files count: those that the path or glob stands for and, with ``recursive``, those below
    directories. Directories that this empties go, but never the one that the path names, or that is before
    the wildcards of a glob; one that holds anything younger, or was empty before, stays.

    :returns: ``deleted``, the number of deleted paths, and ``paths``, the first 100 of them.
    """

    arguments = (
        templated(
            "path",
            kinds.deletable_paths,
            "a path, a glob, or a list of paths, which are taken literally",
            required=True,
        ),
        flag("recursive", "whether directories may be deleted with their contents"),
        flag(
            "ignore_if_missing",
            "whether the task succeeds if the path does not exist, as on a retry",
            alias="ignore_not_found",
        ),
    )

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
        self.accept_alias("ignore_if_missing", "ignore_not_found", ignore_not_found, default=True)
        self.validate()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Delete the paths."""
        return hook.delete_paths(
            self.path,
            recursive=self.recursive,
            ignore_if_missing=self.ignore_if_missing,
            preview=preview,
            **self.times,
        )


class ADLSGen1MoveOperator(TimesOperator, ADLSGen1PreviewOperator):
    """Move a file or directory, everything that a glob matches, or a list of paths.

    .. code-block:: python

        ADLSGen1MoveOperator(
            task_id="archive", source_path="/incoming/*.csv", destination_path="/archive/{{ ds }}/"
        )

    Inside an account each move is a rename, whatever its size; to another account files are copied and then
    deleted. A retry passes over what an earlier try has moved. With a time only files are moved.

    :returns: ``moved``, the number of paths that this try moved, ``path``, their destination, and the first
        100 of their new ``paths``; of a preview in place of these the first 100 ``moves``, each with
        ``source`` and ``destination``.
    """

    arguments = (
        templated(
            "source_path",
            kinds.lake_paths,
            "a path, a glob, which may match nothing, or a list of paths, which are taken literally",
            required=True,
            lineage="input",
        ),
        templated(
            "destination_path",
            kinds.target,
            "new path of a single source, or with a slash at its end the directory for it; several "
            "sources always go into a directory",
            required=True,
            lineage="output",
        ),
        DESTINATION_CONNECTION,
        flag(
            "overwrite",
            "whether files may replace files; a directory replaces nothing. All destinations are checked "
            "before the first move",
        ),
    )

    def __init__(
        self,
        *,
        source_path: str | Sequence[str],
        destination_path: str,
        destination_conn_id: str | None = None,
        overwrite: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source_path = source_path
        self.destination_path = destination_path
        self.destination_conn_id = destination_conn_id
        self.overwrite = overwrite
        self.validate()

    def validate_together(self) -> None:
        """Refuse a move into itself."""
        super().validate_together()
        self.refuse_inside("source_path", "destination_path", itself=False)

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Move the paths."""
        return hook.move_paths(
            self.source_path,
            self.destination_path,
            destination_conn_id=self.destination_conn_id,
            overwrite=self.overwrite,
            preview=preview,
            **self.times,
        )
