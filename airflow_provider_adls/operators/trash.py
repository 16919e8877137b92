"""Operators for what was deleted.

Only super users of an account may look there, and the service keeps items as long as it likes: the .NET SDK,
whose operations these are, promises no more than a best effort.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.hooks.trash import RESTORE_IF_EXISTS, RestoreIfExists
from airflow_provider_adls.model.paths import parse
from airflow_provider_adls.operators import arguments, file_rules, path_rules
from airflow_provider_adls.operators.arguments import ADLSGen1Operator
from airflow_provider_adls.operators.once import work_of
from airflow_provider_adls.operators.preview import ADLSGen1PreviewOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1ListTrashOperator(ADLSGen1Operator):
    """List deleted files and directories that can be restored.

    .. code-block:: python

        ADLSGen1ListTrashOperator(task_id="deleted", path="/raw", limit=100)

    :param path: where they were, or a part of that; the root stands for all of the account. (templated)
    :param limit: most items to look for; None for all.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: the last ones first, for each the ``path`` that it had, its ``type``, when it was ``deleted``
        (ISO 8601), and the ``token`` that names it.
    """

    template_fields: Sequence[str] = ("path", "account_name", "adls_gen1_conn_id")
    needed = ("path", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.lake_path,
        "limit": file_rules.number,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(self, *, path: str = "/", limit: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.limit = limit
        self.judge()

    def execute(self, context: Context) -> list[dict[str, Any]]:  # noqa: ARG002 - Airflow's signature
        """List the items."""
        return self.hook_for_execution().list_trash(self.path, limit=self.limit)


class ADLSGen1RestoreOperator(ADLSGen1PreviewOperator):
    """Bring a deleted file or directory back.

    .. code-block:: python

        ADLSGen1RestoreOperator(task_id="back", path="/raw/2026-01-01.csv")

    :param path: that it had. (templated)
    :param destination_path: path in the same account that it gets; None for the one that it
        had. (templated)
    :param token: which of several items that had this path, as the list of them names it; None for the
        last one. (templated)
    :param if_exists: what becomes of what is there: ``fail``; ``overwrite``, which replaces a file; or
        ``copy``, which gives the restored one another name.
    :param preview: whether nothing is restored, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``path``, where it is now; ``type``; when it was ``deleted``; whether it was ``restored`` now,
        and not by an earlier try.
    """

    template_fields: Sequence[str] = (
        "path",
        "destination_path",
        "token",
        "account_name",
        "adls_gen1_conn_id",
    )
    needed = ("path", "if_exists", "preview", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.lake_path,
        "destination_path": path_rules.target,
        "token": arguments.text,
        "if_exists": arguments.one_of(*RESTORE_IF_EXISTS),
        "preview": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

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
        self.judge()

    def judge_together(self) -> None:
        """Nothing comes back in another account."""
        path, destination = self.path, self.destination_path
        if isinstance(path, str) and isinstance(destination, str) and arguments.is_known([path, destination]):
            path_rules.refuse_other_account(self, "destination_path", parse(path), parse(destination))

    def execute(self, context: Context) -> Any:
        """Bring it back, or only say what would be."""
        self._once = work_of(context)
        return super().execute(context)

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Bring it back."""
        return hook.restore_path(
            self.path,
            destination=self.destination_path,
            token=self.token,
            if_exists=self.if_exists,
            preview=preview,
            once=self._once,
        )
