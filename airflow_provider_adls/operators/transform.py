"""An operator that makes files of the lake into others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.hooks.subprocess import stop_commands
from airflow_provider_adls.operators import arguments, file_rules, path_rules
from airflow_provider_adls.operators.preview import ADLSGen1PreviewOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1FileTransformOperator(ADLSGen1PreviewOperator):
    """Make each file into another: download it, transform it on the worker, upload what that made.

    .. code-block:: python

        ADLSGen1FileTransformOperator(
            task_id="sort",
            source_path="/raw/{{ ds }}/*.csv",
            destination_path="/sorted/{{ ds }}",
            transform_script=["/opt/bin/sort-csv", "--by", "order"],
        )

    One file is on the worker at a time, in a folder that is removed afterwards. The new file comes into view
    whole or not at all. Cancelling the task stops the command, and all that it has started.

    :param source_path: a file, a directory with all that is in it, or a glob. (templated)
    :param destination_path: what one file becomes, or the directory that it goes into if that ends with a
        slash. What a directory holds, or a glob matches, goes below it in the shape that it has. (templated)
    :param transform_script: a program, or a list of a program and its arguments, to which the path of the
        file on the worker is given, the path of the file that it is to write, and ``script_args``. No shell
        reads it. What it says goes to the log. It sees no connection or other secret of the worker's
        environment: only ``PATH``, ``HOME``, the locale and the like. (templated)
    :param script_args: arguments that go behind the two paths. (templated)
    :param env: variables that the program sees beside those. (templated)
    :param python_callable: in place of a program a function, which is called with the two paths.
    :param op_kwargs: named arguments of the function. (templated)
    :param overwrite: False if none of the new files may be there yet; that is looked at before the first. A
        task that is tried again then meets the files of its first try.
    :param replace: the official operators' name for ``overwrite``.
    :param preview: whether nothing is done, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``files``, ``bytes_read``, ``bytes_written``, and ``path``, where they are; of a preview also
        the number of files that would be ``overwritten``, and the first 100 ``paths``.
    """

    template_fields: Sequence[str] = (
        "source_path",
        "destination_path",
        "transform_script",
        "script_args",
        "env",
        "op_kwargs",
        "account_name",
        "adls_gen1_conn_id",
    )
    reads = ("source_path",)
    writes = ("destination_path",)
    needed = ("source_path", "destination_path", "overwrite", "preview", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "source_path": arguments.lake_glob,
        "destination_path": path_rules.target,
        "transform_script": file_rules.command,
        "script_args": file_rules.strings,
        "env": arguments.string_mapping,
        "python_callable": file_rules.function,
        "op_kwargs": file_rules.keywords,
        "overwrite": arguments.flag,
        "preview": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        source_path: str,
        destination_path: str,
        transform_script: str | Sequence[str] | None = None,
        script_args: Sequence[str] | None = None,
        env: Mapping[str, str] | None = None,
        python_callable: Callable[..., Any] | None = None,
        op_kwargs: Mapping[str, Any] | None = None,
        overwrite: bool = True,
        replace: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source_path = source_path
        self.destination_path = destination_path
        self.transform_script = transform_script
        self.script_args = script_args
        self.env = env
        self.python_callable = python_callable
        self.op_kwargs = op_kwargs
        self.overwrite = overwrite
        self.also_called("overwrite", "replace", replace, default=True)
        self.judge()

    def judge_together(self) -> None:
        """Just one of a program and a function is given, with what is its own."""
        if (self.transform_script is None) == (self.python_callable is None):
            raise self.wrong("transform_script", "or python_callable must have a value, and not both")
        given = "transform_script" if self.python_callable is None else "python_callable"
        for name in ("op_kwargs",) if self.python_callable is None else ("script_args", "env"):
            if getattr(self, name) is not None:
                raise self.wrong(name, f"has no meaning beside {given}")
        path_rules.refuse_inside(self, "source_path", "destination_path", itself=False)

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Transform the files."""
        return hook.transform_files(
            self.source_path,
            self.destination_path,
            self._transform(),
            arguments=self.script_args or (),
            env=self.env,
            overwrite=self.overwrite,
            preview=preview,
        )

    def _transform(self) -> Callable[[str, str], Any] | Sequence[str]:
        if self.python_callable is not None:
            return partial(self.python_callable, **(self.op_kwargs or {}))
        assert self.transform_script is not None
        return [self.transform_script] if isinstance(self.transform_script, str) else self.transform_script

    def on_kill(self) -> None:
        """Stop the command, and the transfers."""
        stop_commands()
        super().on_kill()
