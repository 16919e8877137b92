"""`WaitingSensor`, the base of the sensors for paths: it looks until a condition holds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.model.errors import ADLSGen1Error
from airflow_provider_adls.model.paths import Location
from airflow_provider_adls.operators.arguments import is_known
from airflow_provider_adls.sensors.looking import LookingSensor
from airflow_provider_adls.waiting.conditions import Condition, Look, names, plain
from airflow_provider_adls.waiting.several import Paths, check_paths, condition_for, location_of, shown

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class WaitingSensor(LookingSensor):
    """Base of the sensors that look at a lake until a condition holds.

    A subclass has an argument for each value of its condition.
    """

    #: Class of the condition.
    waits_for: ClassVar[type[Any]]

    trigger_module = "airflow_provider_adls.triggers.adls_gen1"
    place = "path"
    unknown = "path"

    def __init__(self, *, path: Paths, account_name: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.account_name = account_name
        self._condition: Condition | None = None

    def validate_together(self) -> None:
        """Refuse values that the condition refuses, and paths that it cannot look at."""
        values = self._values()
        if not is_known(plain(values)):
            return
        try:
            self._condition_of_one()
        except ValueError as error:
            raise ValueError(f"{type(self).__name__} {self.task_id!r}, argument {error}") from None
        if is_known(self.path):
            try:
                check_paths(self.path, self._condition_of_one)
            except ValueError as error:
                raise self.error("path", str(error)) from None

    def look(self, context: Context) -> Any:
        """Look once."""
        from fsspec.asyn import sync

        from airflow_provider_adls.lake.view import View

        location = location_of(self.path)
        filesystem = self.hook.filesystem_of(location.account)
        if self._condition is None:
            self._condition = self._new_condition()
        view = View(filesystem.client)
        look: Look = sync(filesystem.loop, _look, self._condition, view, location.path)
        self.log_look(f"{shown(self.path)}: {look.summary}", key=look.change_key)

        def named(path: str) -> str:
            return Location(location.account, path).url()

        if not look.matches or not self.accepts(look.files(named), context):
            return None
        return self._condition.value(look, [named(path) for path in look.paths])

    def accepts(self, files: list[dict[str, Any]], context: Context) -> bool:  # noqa: ARG002 - subclasses look at it
        """Return whether the task ends with what the condition found; by default it does."""
        return True

    def waited_for(self) -> dict[str, Any]:
        """Return the path, and the values of the condition."""
        return {"path": self.path, **plain(self._values())}

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in names(self.waits_for)}

    def _new_condition(self) -> Condition:
        return condition_for(self.path, self._condition_of_one)

    def _condition_of_one(self) -> Condition:
        condition: Condition = self.waits_for(**self._values())
        return condition


async def _look(condition: Condition, view: Any, path: str) -> Look:
    try:
        return await condition.look(view, path, time.time())
    except ADLSGen1Error as error:
        await view.explain(error)
        raise
