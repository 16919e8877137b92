"""`StrictRendering`: templates of a trigger that a task starts in are rendered as a worker renders them."""

from __future__ import annotations

from typing import Any


class TriggerArgumentError(ValueError, TypeError):
    """An argument that cannot be right.

    A TypeError too, since that is the only error of a constructor that a triggerer outlives.
    """


class StrictRendering:
    """Mixin that renders templates strictly: an undefined name is an error, as it is in a worker.

    Airflow's triggerer puts an empty string in its place, so that in a run without a logical date
    ``/raw/{{ ds }}/*.csv`` would be ``/raw//*.csv``.
    """

    _render_error: Exception | None = None

    def render_template_fields(self, context: Any, jinja_env: Any = None) -> None:
        """Render the templates; Airflow calls it, and an error is kept for the trigger's event."""
        from jinja2 import StrictUndefined

        base: Any = super()
        environment = jinja_env or base.get_template_env()
        try:
            base.render_template_fields(context, environment.overlay(undefined=StrictUndefined))
        except Exception as error:  # noqa: BLE001 - whatever a template calls may raise anything
            self._render_error = error

    def check_rendered(self) -> None:
        """Raise the error of a template.

        :raises TriggerArgumentError: if one could not be rendered.
        """
        if self._render_error is not None:
            raise TriggerArgumentError(
                f"{type(self).__name__}: a template cannot be rendered: {self._render_error}"
            ) from self._render_error
