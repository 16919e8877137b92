"""`NamedRendering`: an undefined name in a template is an error that names the argument."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

#: Names that are texts of the logical date; Airflow has a filter of each name.
_TEXTS = frozenset({"ds", "ds_nodash", "ts", "ts_nodash", "ts_nodash_with_tz"})
#: Names that a run without a logical date does not have on Airflow 3, as one by hand or of an asset.
_OF_LOGICAL_DATE = _TEXTS | {
    *("logical_date", "data_interval_start", "data_interval_end"),
    *("prev_data_interval_start_success", "prev_data_interval_end_success"),
}


class NamedRendering:
    """Mixin that names operator, task and argument where a template has an undefined name."""

    @abstractmethod
    def error(self, name: str, message: str) -> ValueError:
        """Return the error for a wrong argument."""
        ...

    def render_template_fields(self, context: Context, jinja_env: Any = None) -> None:
        """Render the templates; Airflow calls it.

        :raises ValueError: naming the argument with an undefined name.
        """
        from jinja2 import Undefined, UndefinedError

        base: Any = super()
        operator: Any = self
        environment = jinja_env or operator.get_template_env()
        try:
            base.render_template_fields(context, environment)
        except UndefinedError as undefined:
            # Those before it are rendered; this one still is a template.
            for name in operator.template_fields:
                try:
                    operator.render_template(getattr(self, name), context, environment)
                except UndefinedError:
                    raise self.error(name, _explained(str(undefined))) from undefined
            raise
        for name in operator.template_fields:
            # With native objects an undefined name alone is the value.
            if isinstance(value := getattr(self, name), Undefined):
                raise self.error(name, _explained(f"{value._undefined_name!r} is undefined"))  # noqa: SLF001 - jinja has no public one


def _explained(message: str) -> str:
    missing = message.split("'")[1] if message.count("'") > 1 else ""
    if missing not in _OF_LOGICAL_DATE:
        return message
    after = f"dag_run.run_after | {missing}" if missing in _TEXTS else "dag_run.run_after"
    return (
        f"{message}: this run has no logical date and no data interval, as one by hand or of an asset may"
        f" have none. Use dag_run.run_after, such as {{{{ {missing} | default({after}, true) }}}}"
    )
