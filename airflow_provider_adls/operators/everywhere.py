"""What operators have in common that change one path, many, or all that is in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from airflow_provider_adls.operators import arguments
from airflow_provider_adls.operators.preview import ADLSGen1PreviewOperator


class ADLSGen1EverywhereOperator(ADLSGen1PreviewOperator):
    """An operator that makes one change to a path, a glob, or a list of paths, and to what is in them.

    :param path: a path, a glob, or a list of paths, which are taken as they stand.
    :param recursive: whether all that is in the directories is changed too, sixteen at a time.
    :param continue_on_failure: whether the others are changed where one cannot be, so that the task succeeds
        and its result says what failed; or the first failure is the task's.
    """

    template_fields: Sequence[str] = ("path", "account_name", "adls_gen1_conn_id")
    needed: ClassVar[Collection[str]] = (
        "path",
        "recursive",
        "continue_on_failure",
        "preview",
        "adls_gen1_conn_id",
    )
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.lake_paths,
        "recursive": arguments.flag,
        "continue_on_failure": arguments.flag,
        "preview": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        path: str | Sequence[str],
        recursive: bool = False,
        continue_on_failure: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.recursive = recursive
        self.continue_on_failure = continue_on_failure

    def options(self, *, preview: bool) -> dict[str, bool]:
        """The arguments that the hook's methods have in common."""
        return {
            "recursive": self.recursive,
            "continue_on_failure": self.continue_on_failure,
            "preview": preview,
        }
