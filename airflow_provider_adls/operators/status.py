"""Operators that ask about one path: its status, the sizes below it, the rights on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import ONE_PATH, flag, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1GetStatusOperator(ADLSGen1Operator):
    """Return the status of a file or directory.

    .. code-block:: python

        ADLSGen1GetStatusOperator(task_id="status", path="/raw/{{ ds }}.csv", ignore_if_missing=True)

    :returns: ``path``, ``type`` (``file`` or ``directory``), ``size``, ``modified``, ``expires``, ``owner``,
        ``group``, ``permission``, ``has_acl``; None if the path does not exist.
    """

    pushes_keys = True
    arguments = (
        ONE_PATH,
        flag("ignore_if_missing", "whether a missing path gives None instead of an error"),
    )

    def __init__(self, *, path: str, ignore_if_missing: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.ignore_if_missing = ignore_if_missing
        self.validate()

    def execute(self, context: Context) -> dict[str, Any] | None:  # noqa: ARG002 - Airflow's signature
        """Ask for the status."""
        hook = self.hook_for_execution()
        return hook.find_status(self.path) if self.ignore_if_missing else hook.get_status(self.path)


class ADLSGen1ContentSummaryOperator(ADLSGen1Operator):
    """Return the numbers of directories, files and bytes below a path, counted by the service.

    .. code-block:: python

        ADLSGen1ContentSummaryOperator(task_id="size", path="/raw/{{ ds }}")

    :returns: ``path``, ``directories`` (a directory counts itself), ``files``, ``bytes``.
    """

    pushes_keys = True
    arguments = (ONE_PATH,)

    def __init__(self, *, path: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.validate()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Ask for the numbers."""
        return self.hook_for_execution().content_summary(self.path)


class ADLSGen1CheckAccessOperator(ADLSGen1Operator):
    """Fail early if the connection's client lacks a right that later tasks need.

    .. code-block:: python

        ADLSGen1CheckAccessOperator(task_id="may_write", path="/curated", rights="-wx")

    :returns: ``path``, ``rights``, and whether they are ``granted``.
    """

    pushes_keys = True
    arguments = (
        ONE_PATH,
        templated("rights", kinds.rights, "three characters, such as ``r-x``", required=True),
        flag("ignore_if_denied", "whether missing rights give a result instead of an error"),
    )

    def __init__(self, *, path: str, rights: str, ignore_if_denied: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.rights = rights
        self.ignore_if_denied = ignore_if_denied
        self.validate()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Check the rights."""
        hook = self.hook_for_execution()
        return hook.check_access(self.path, self.rights, ignore_if_denied=self.ignore_if_denied)
