"""Operators for the expiry of files."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import flag, templated
from airflow_provider_adls.operators.base import ADLSGen1BulkOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1SetExpiryOperator(ADLSGen1BulkOperator):
    """Set when the service deletes files. Only files expire; one that is overwritten has no expiry.

    .. code-block:: python

        ADLSGen1SetExpiryOperator(
            task_id="expire", path="/raw/{{ ds }}", expires_in=timedelta(days=30), recursive=True
        )
    """

    arguments = (
        templated(
            "expires_at",
            kinds.moment,
            "a time with its zone, as an object or in ISO 8601, such as "
            "``{{ data_interval_end.add(days=30) }}``; a past time deletes the files",
        ),
        templated(
            "expires_in",
            kinds.span,
            "in place of that, a timedelta or seconds from now; a retry starts the span again",
        ),
        flag("since_creation", "whether the span begins at each file's creation"),
        flag("recursive", "whether directories stand for all files below them"),
    )

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
        self.validate()

    def validate_together(self) -> None:
        """Refuse a time beside a span, neither, and a beginning without a span."""
        if self.expires_at is None and self.expires_in is None:
            raise self.error("expires_at", "set expires_at or expires_in")
        if None not in (self.expires_at, self.expires_in):
            raise self.error("expires_in", "has no meaning beside expires_at")
        if self.since_creation is True and self.expires_in is None:
            raise self.error("since_creation", "needs expires_in")

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Set the expiry."""
        return hook.set_expiry(
            self.path,
            expires_at=self.expires_at,
            expires_in=self.expires_in,
            since_creation=self.since_creation,
            **self.options(preview=preview),
        )


class ADLSGen1ClearExpiryOperator(ADLSGen1BulkOperator):
    """Remove the expiry of files, so that they are kept.

    .. code-block:: python

        ADLSGen1ClearExpiryOperator(task_id="keep", path="/raw/{{ ds }}", recursive=True)
    """

    arguments = (flag("recursive", "whether directories stand for all files below them"),)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validate()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Clear the expiry."""
        return hook.clear_expiry(self.path, **self.options(preview=preview))
