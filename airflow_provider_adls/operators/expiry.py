"""Operators for when files vanish by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import arguments, file_rules
from airflow_provider_adls.operators.everywhere import ADLSGen1EverywhereOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1SetExpiryOperator(ADLSGen1EverywhereOperator):
    """Say when the service is to delete files. Only files expire, and one that is made anew does not.

    .. code-block:: python

        ADLSGen1SetExpiryOperator(
            task_id="expire", path="/raw/{{ ds }}", expires_in=timedelta(days=30), recursive=True
        )

    :param path: a path, a glob, which may match nothing, or a list of paths, which are taken as they
        stand. (templated)
    :param expires_at: a time with its zone, or the same in ISO 8601, ``{{ data_interval_end.add(days=30) }}``
        for instance. One that has passed deletes the files. (templated)
    :param expires_in: in place of that a timedelta, or seconds, from now: a task that is tried again begins
        the span anew. (templated)
    :param since_creation: whether that span begins at each file's creation.
    :param recursive: whether directories stand for all files in them.
    :param continue_on_failure: whether the others are changed where one cannot be, so that the task succeeds
        and its result says what failed; or the first failure is the task's.
    :param preview: whether nothing is changed, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: numbers of ``files`` that were changed and of what ``failed``, ``directories``, 0, and the first
        100 ``failures``, each with ``path`` and ``error``. Of a preview also the first 100 ``paths``.
    """

    template_fields: Sequence[str] = (
        *ADLSGen1EverywhereOperator.template_fields,
        "expires_at",
        "expires_in",
    )
    needed = (*ADLSGen1EverywhereOperator.needed, "since_creation")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        **ADLSGen1EverywhereOperator.rules,
        "expires_at": file_rules.moment,
        "expires_in": file_rules.span,
        "since_creation": arguments.flag,
    }

    def __init__(
        self,
        *,
        expires_at: datetime | str | None = None,
        expires_in: timedelta | float | str | None = None,
        since_creation: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.expires_at = expires_at
        self.expires_in = expires_in
        self.since_creation = since_creation
        self.judge()

    def judge_together(self) -> None:
        """Just one of a time and a span is given, and only a span has a beginning."""
        if self.expires_at is None and self.expires_in is None:
            raise self.wrong("expires_at", "or expires_in must have a value")
        if None not in (self.expires_at, self.expires_in):
            raise self.wrong("expires_in", "has no meaning beside expires_at")
        if self.since_creation is True and self.expires_in is None:
            raise self.wrong("since_creation", "needs expires_in")

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Set the expiry."""
        return hook.set_expiry(
            self.path,
            expires_at=self.expires_at,
            expires_in=self.expires_in,
            since_creation=self.since_creation,
            **self.options(preview=preview),
        )


class ADLSGen1ClearExpiryOperator(ADLSGen1EverywhereOperator):
    """Let files stay for good that were to expire.

    .. code-block:: python

        ADLSGen1ClearExpiryOperator(task_id="keep", path="/raw/{{ ds }}", recursive=True)

    :param path: a path, a glob, which may match nothing, or a list of paths, which are taken as they
        stand. (templated)
    :param recursive: whether directories stand for all files in them.
    :param continue_on_failure: whether the others are changed where one cannot be, so that the task succeeds
        and its result says what failed; or the first failure is the task's.
    :param preview: whether nothing is changed, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: as of `ADLSGen1SetExpiryOperator`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.judge()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Clear the expiry."""
        return hook.clear_expiry(self.path, **self.options(preview=preview))
