"""`ADLSGen1FileTransformOperator`: make files of a lake into others by a program or a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.hooks.subprocess import stop_commands
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import DESTINATION_CONNECTION, fixed, flag, templated
from airflow_provider_adls.operators.base import ADLSGen1PreviewOperator
from airflow_provider_adls.operators.times import TimesOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1FileTransformOperator(TimesOperator, ADLSGen1PreviewOperator):
    """Transform files: download each, run a program or function on the worker, upload its output.

    .. code-block:: python

        ADLSGen1FileTransformOperator(
            task_id="sort",
            source_path="/raw/{{ ds }}/*.csv",
            destination_path="/sorted/{{ ds }}",
            transform_script=["/opt/bin/sort-csv", "--by", "order"],
        )

    One file is on the worker at a time, in a folder that is removed afterwards. The new file appears whole or
    not at all. Cancelling the task stops the program and its child processes.

    :returns: ``files``, ``bytes_read``, ``bytes_written``, and ``path``, their destination; of a preview
        also the number of files that would be ``overwritten``, and the first 100 ``paths``.
    """

    arguments = (
        templated(
            "source_path",
            kinds.lake_glob,
            "a file, a directory with everything below it, or a glob",
            required=True,
            lineage="input",
        ),
        templated(
            "destination_path",
            kinds.target,
            "new path of a single file, or with a slash at its end the directory for it. The files of a "
            "directory or a glob keep their relative paths below it",
            required=True,
            lineage="output",
        ),
        DESTINATION_CONNECTION,
        templated(
            "transform_script",
            kinds.command,
            "a program, or a list of a program and its arguments; it gets the path of the file on the "
            "worker, the path of the file to write, and ``script_args``. No shell reads it. Its output goes "
            "to the log. Of the worker's environment it sees ``PATH``, ``HOME``, the locale and the like, "
            "and no connection or other secret",
        ),
        templated("script_args", kinds.strings, "arguments after the two paths"),
        templated("env", kinds.string_mapping, "environment variables that the program sees too"),
        fixed(
            "python_callable",
            kinds.function,
            "in place of a program, a function that is called with the two paths",
        ),
        templated("op_kwargs", kinds.keywords, "keyword arguments of the function"),
        flag(
            "overwrite",
            "whether existing files are replaced; if not, one is an error before the first file is "
            "transformed, so that a retry fails at the files of the first try",
            alias="replace",
        ),
        flag("ignore_if_missing", "whether the task succeeds if no file is to be transformed"),
    )

    def __init__(
        self,
        *,
        source_path: str,
        destination_path: str,
        destination_conn_id: str | None = None,
        transform_script: str | Sequence[str] | None = None,
        script_args: Sequence[str] | None = None,
        env: Mapping[str, str] | None = None,
        python_callable: Callable[..., Any] | None = None,
        op_kwargs: Mapping[str, Any] | None = None,
        overwrite: bool = True,
        replace: bool | None = None,
        ignore_if_missing: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source_path = source_path
        self.destination_path = destination_path
        self.destination_conn_id = destination_conn_id
        self.transform_script = transform_script
        self.script_args = script_args
        self.env = env
        self.python_callable = python_callable
        self.op_kwargs = op_kwargs
        self.overwrite = overwrite
        self.accept_alias("overwrite", "replace", replace, default=True)
        self.ignore_if_missing = ignore_if_missing
        self.validate()

    def validate_together(self) -> None:
        """Refuse a program beside a function, neither, and arguments of the other one."""
        super().validate_together()
        if (self.transform_script is None) == (self.python_callable is None):
            raise self.error("transform_script", "set either transform_script or python_callable")
        given = "transform_script" if self.python_callable is None else "python_callable"
        for name in ("op_kwargs",) if self.python_callable is None else ("script_args", "env"):
            if getattr(self, name) is not None:
                raise self.error(name, f"has no meaning beside {given}")
        self.refuse_inside("source_path", "destination_path", itself=False)

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Transform the files."""
        return hook.transform_files(
            self.source_path,
            self.destination_path,
            self._transform(),
            destination_conn_id=self.destination_conn_id,
            arguments=self.script_args or (),
            env=self.env,
            overwrite=self.overwrite,
            ignore_if_missing=self.ignore_if_missing,
            preview=preview,
            **self.times,
        )

    def _transform(self) -> Callable[[str, str], Any] | Sequence[str]:
        if self.python_callable is not None:
            return partial(self.python_callable, **(self.op_kwargs or {}))
        assert self.transform_script is not None
        return [self.transform_script] if isinstance(self.transform_script, str) else self.transform_script

    def on_kill(self) -> None:
        """Stop the program and the transfers."""
        stop_commands()
        super().on_kill()
