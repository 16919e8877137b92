"""Operators that look at one path: what is there, how much is below it, what one may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import arguments, file_rules
from airflow_provider_adls.operators.arguments import ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1GetStatusOperator(ADLSGen1Operator):
    """Say what is at a path.

    .. code-block:: python

        ADLSGen1GetStatusOperator(task_id="status", path="/raw/{{ ds }}.csv", ignore_if_missing=True)

    :param path: the file or directory. (templated)
    :param ignore_if_missing: whether nothing there is an answer, None, and no error.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``path``, ``type`` (``file`` or ``directory``), ``size``, ``modified``, ``expires``, ``owner``,
        ``group``, ``permission``, ``has_acl``; None if nothing is there.
    """

    template_fields: Sequence[str] = ("path", "account_name", "adls_gen1_conn_id")
    needed = ("path", "ignore_if_missing", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.lake_path,
        "ignore_if_missing": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(self, *, path: str, ignore_if_missing: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.ignore_if_missing = ignore_if_missing
        self.judge()

    def execute(self, context: Context) -> dict[str, Any] | None:  # noqa: ARG002 - Airflow's signature
        """Look at the path."""
        hook = self.hook_for_execution()
        return hook.find_status(self.path) if self.ignore_if_missing else hook.get_status(self.path)


class ADLSGen1ContentSummaryOperator(ADLSGen1Operator):
    """Count directories, files and bytes below a path; the service does it.

    .. code-block:: python

        ADLSGen1ContentSummaryOperator(task_id="size", path="/raw/{{ ds }}")

    :param path: the file or directory. (templated)
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``path``, ``directories`` (a directory counts itself), ``files``, ``bytes``.
    """

    template_fields: Sequence[str] = ("path", "account_name", "adls_gen1_conn_id")
    needed = ("path", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.lake_path,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(self, *, path: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.judge()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Have it counted."""
        return self.hook_for_execution().content_summary(self.path)


class ADLSGen1CheckAccessOperator(ADLSGen1Operator):
    """Fail early if the connection's client lacks a right that later tasks need.

    .. code-block:: python

        ADLSGen1CheckAccessOperator(task_id="may_write", path="/curated", rights="-wx")

    :param path: the file or directory. (templated)
    :param rights: three characters, ``r-x`` for instance. (templated)
    :param ignore_if_denied: whether missing rights are an answer, and no error.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``path``, ``rights``, and whether they are ``granted``.
    """

    template_fields: Sequence[str] = ("path", "rights", "account_name", "adls_gen1_conn_id")
    needed = ("path", "rights", "ignore_if_denied", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.lake_path,
        "rights": file_rules.rights,
        "ignore_if_denied": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(self, *, path: str, rights: str, ignore_if_denied: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.rights = rights
        self.ignore_if_denied = ignore_if_denied
        self.judge()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Ask the service."""
        hook = self.hook_for_execution()
        return hook.check_access(self.path, self.rights, ignore_if_denied=self.ignore_if_denied)
