"""`TimesOperator`, the base of the operators that choose files by their time of modification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.model.times import Period
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import Argument, is_known, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator

if TYPE_CHECKING:
    from airflow_provider_adls.model.times import Span, Time, Times

_NAMES = ("modified_after", "modified_before", "older_than")
#: What is added where a data interval without a length leaves no time between two bounds.
_EMPTY_INTERVAL = (
    ". Airflow 3 gives the runs of a cron expression or a timedelta intervals without a length: schedule the"
    " DAG with CronDataIntervalTimetable or DeltaDataIntervalTimetable, or set create_cron_data_intervals and"
    " create_delta_data_intervals of [scheduler]"
)
#: The values of a template of these arguments that has none.
_NOTHING = (None, "", "None")


class TimesOperator(ADLSGen1Operator):
    """Base of the operators that choose files, and no directories, by their time of modification.

    A bound whose template gives no value is an error: without it the task would take all files.
    """

    arguments: ClassVar[Sequence[Argument]] = (
        templated(
            "modified_after",
            kinds.time,
            "only files that were modified at this time or later: a datetime, a date, or ISO 8601 such as"
            " ``{{ data_interval_start }}``, UTC if it has no zone",
        ),
        templated(
            "modified_before",
            kinds.time,
            "only files that were modified before this time, and not at it: intervals that follow each other"
            " have each file once",
        ),
        templated(
            "older_than",
            kinds.span,
            "only files that were modified longer ago: a timedelta, seconds, or ISO 8601 such as ``P30D``,"
            " counted from the moment at which the task begins its work",
        ),
    )

    def __init__(
        self,
        *,
        modified_after: Time | None = None,
        modified_before: Time | None = None,
        older_than: Span | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.modified_after = modified_after
        self.modified_before = modified_before
        self.older_than = older_than

    @property
    def times(self) -> Times:
        """The arguments, as the hook takes them."""
        return {
            "modified_after": self.modified_after,
            "modified_before": self.modified_before,
            "older_than": self.older_than,
        }

    def validate(self, *, at_parse: bool = True) -> None:
        """Check every argument.

        :raises ValueError: naming the argument, also for a template that gave no value.
        """
        for name in () if at_parse else _NAMES:
            if name in self._unrendered and getattr(self, name) in _NOTHING:
                raise self.error(
                    name,
                    f"{self._unrendered[name]!r} has no value in this run, and without it all files would be"
                    " chosen: a run without a data interval has dag_run.run_after",
                )
        super().validate(at_parse=at_parse)

    def validate_together(self) -> None:
        """Refuse a period that ends before it begins."""
        super().validate_together()
        bounds = self.modified_after, self.modified_before
        if None not in bounds and all(map(is_known, bounds)):
            try:
                Period.of(*bounds)
            except ValueError as error:
                message = str(error).partition(": ")[2]
                if any("data_interval" in str(self._unrendered.get(name)) for name in _NAMES):
                    message += _EMPTY_INTERVAL
                raise self.error("modified_after", message) from None
