"""Operators for deleted files and directories: list and restore.

Only super users of an account may use them. How long the service keeps an item is not defined: the .NET SDK,
whose operations these are, promises a best effort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.hooks.trash import RESTORE_IF_EXISTS, RestoreIfExists
from airflow_provider_adls.model.paths import parse
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import fixed, is_known, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator, ADLSGen1PreviewOperator, work_of

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1ListTrashOperator(ADLSGen1Operator):
    """List deleted files and directories that can be restored.

    .. code-block:: python

        ADLSGen1ListTrashOperator(task_id="deleted", path="/raw", limit=100)

    :returns: a list, the last deleted first: the former ``path``, ``type``, the time ``deleted`` (ISO 8601),
        and the ``token`` that identifies the item.
    """

    arguments = (
        templated(
            "path",
            kinds.lake_path,
            "former path of the items, or the beginning of it; the root stands for the whole account",
            required=True,
        ),
        templated("limit", kinds.count, "most items to return; None for all"),
    )

    def __init__(self, *, path: str = "/", limit: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.limit = limit
        self.validate()

    def execute(self, context: Context) -> list[dict[str, Any]]:  # noqa: ARG002 - Airflow's signature
        """List the items."""
        return self.hook_for_execution().list_trash(self.path, limit=self.limit)


class ADLSGen1RestoreOperator(ADLSGen1PreviewOperator):
    """Restore a deleted file or directory.

    .. code-block:: python

        ADLSGen1RestoreOperator(task_id="back", path="/raw/2026-01-01.csv")

    :returns: ``path``, its path now; ``type``; the time ``deleted``; and whether this try ``restored`` it,
        and not an earlier one.
    """

    arguments = (
        templated("path", kinds.lake_path, "the former path", required=True),
        templated(
            "destination_path",
            kinds.target,
            "new path in the same account; None for the former one",
        ),
        templated(
            "token",
            kinds.text,
            "token of one of several items with this path, from the list; None for the last deleted",
        ),
        fixed(
            "if_exists",
            kinds.one_of(*RESTORE_IF_EXISTS),
            "if the path exists: ``fail``; ``overwrite`` a file; or ``copy``, which gives the restored item "
            "another name",
            required=True,
        ),
    )

    def __init__(
        self,
        *,
        path: str,
        destination_path: str | None = None,
        token: str | None = None,
        if_exists: RestoreIfExists = "fail",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.destination_path = destination_path
        self.token = token
        self.if_exists: RestoreIfExists = if_exists
        self._once: str | None = None
        self.validate()

    def validate_together(self) -> None:
        """Refuse a destination in another account."""
        path, destination = self.path, self.destination_path
        if isinstance(path, str) and isinstance(destination, str) and is_known([path, destination]):
            self.refuse_other_account("destination_path", parse(path), parse(destination))

    def execute(self, context: Context) -> Any:
        """Restore the item, or find out what would be restored."""
        self._once = work_of(context)
        return super().execute(context)

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Restore the item."""
        return hook.restore_path(
            self.path,
            destination=self.destination_path,
            token=self.token,
            if_exists=self.if_exists,
            preview=preview,
            once=self._once,
        )
