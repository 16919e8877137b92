"""`TransferOperator`, the base of the transfers: the flags that say how files go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import Argument, fixed, flag
from airflow_provider_adls.operators.base import ADLSGen1PreviewOperator


class TransferOperator(ADLSGen1PreviewOperator):
    """Base of the transfers, with their flags."""

    flags = (
        "overwrite",
        "if_exists",
        "keep_directory_structure",
        "ignore_if_missing",
        "delete_source",
        "ignore_failures",
    )
    arguments: ClassVar[Sequence[Argument]] = (
        flag("overwrite", "whether existing files are replaced", alias="replace"),
        fixed(
            "if_exists",
            kinds.one_of("fail", "skip"),
            "where files may not be replaced: ``fail`` before anything is copied, or ``skip`` existing ones,"
            " which a task that is retried copied in its first try",
            required=True,
        ),
        flag(
            "keep_directory_structure",
            "whether a tree keeps its shape; if not, all files go into one directory",
        ),
        flag("ignore_if_missing", "whether the task succeeds if there is nothing to copy"),
        flag(
            "delete_source",
            "whether a file is deleted once its copy is verified, and directories below the source that this"
            " empties; the source itself stays",
        ),
        flag(
            "ignore_failures",
            "whether files that cannot be read or copied are listed in the result and the others are copied;"
            " if not, the first failure ends the task",
        ),
    )

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
        self.accept_alias("overwrite", "replace", replace, default=True)
        self.if_exists = if_exists
        self.keep_directory_structure = keep_directory_structure
        self.ignore_if_missing = ignore_if_missing
        self.delete_source = delete_source
        self.ignore_failures = ignore_failures

    def validate_together(self) -> None:
        """Refuse to skip files that are to be replaced."""
        if self.overwrite is True and self.if_exists == "skip":
            raise self.error("if_exists", "has no meaning with overwrite=True, which replaces existing files")

    def options(self, *, preview: bool) -> dict[str, Any]:
        """Return the flags, as the hook takes them."""
        return {name: getattr(self, name) for name in self.flags} | {"preview": preview}
