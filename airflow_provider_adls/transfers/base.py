"""What the transfers have in common: how files go, and what is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from airflow_provider_adls.operators import arguments
from airflow_provider_adls.operators.preview import ADLSGen1PreviewOperator


class TransferOperator(ADLSGen1PreviewOperator):
    """A transfer with its flags.

    :param overwrite: whether files that are there are replaced.
    :param replace: another name for `overwrite`.
    :param if_exists: what is done where files may not be replaced: ``fail`` before anything is copied, or
        ``skip`` those that are there.
    :param keep_directory_structure: whether a tree keeps its shape; if not, all files go into one directory.
    :param ignore_if_missing: whether it is right if there is nothing to copy.
    :param delete_source: whether a file is deleted when its copy is there and found whole.
    :param ignore_failures: whether files that cannot be copied are told of in the result, and the others are
        copied; if not, the first failure ends the task.
    """

    flags = (
        "overwrite",
        "if_exists",
        "keep_directory_structure",
        "ignore_if_missing",
        "delete_source",
        "ignore_failures",
    )
    flag_rules: ClassVar[Mapping[str, arguments.Rule]] = {
        **dict.fromkeys((*flags, "preview"), arguments.flag),
        "if_exists": arguments.one_of("fail", "skip"),
    }

    def __init__(
        self,
        *,
        overwrite: bool = True,
        replace: bool | None = None,
        if_exists: Literal["fail", "skip"] = "fail",
        keep_directory_structure: bool = True,
        ignore_if_missing: bool = False,
        delete_source: bool = False,
        ignore_failures: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.overwrite = overwrite
        self.also_called("overwrite", "replace", replace, default=True)
        self.if_exists = if_exists
        self.keep_directory_structure = keep_directory_structure
        self.ignore_if_missing = ignore_if_missing
        self.delete_source = delete_source
        self.ignore_failures = ignore_failures

    def judge_together(self) -> None:
        """What is skipped is not replaced."""
        if self.overwrite is True and self.if_exists == "skip":
            raise self.wrong("if_exists", "has no meaning with overwrite=True, which replaces what is there")

    def options(self, *, preview: bool) -> dict[str, Any]:
        """The flags, as the hook takes them."""
        return {name: getattr(self, name) for name in self.flags} | {"preview": preview}
