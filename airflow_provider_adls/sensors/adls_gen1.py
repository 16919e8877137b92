"""Sensors for paths: a task waits until a condition holds in a lake."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.providers.common.compat.sdk import AirflowSensorTimeout

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import Argument, fixed, flag, is_known, templated
from airflow_provider_adls.sensors.waiting import WaitingSensor
from airflow_provider_adls.waiting.conditions import (
    MOST_PATHS,
    DirectorySizeCondition,
    PathCondition,
    UnchangedCondition,
)

if TYPE_CHECKING:
    from airflow_provider_adls.waiting.several import Paths

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

#: A run without a data interval, such as one that an asset triggered, has `run_after`.
_INTERVAL_START = "{{ data_interval_start | default(dag_run.run_after, true) }}"


class ADLSGen1PathSensor(WaitingSensor):
    """Wait until a path exists, or a glob matches.

    .. code-block:: python

        arrived = ADLSGen1PathSensor(
            task_id="arrived", path="/raw/{{ ds }}/*.csv", min_size=1, min_age=60, deferrable=True
        )
        Process.partial(task_id="process").expand(path=arrived.output)

    Files that this package is uploading do not exist yet. Those of other clients grow in place: `min_age`
    waits until they were not written to for a while.

    :returns: sorted paths, of files and directories, in the form of ``path``; the first `max_paths`.
    """

    arguments: ClassVar[Sequence[Argument]] = (
        templated(
            "path",
            kinds.each(kinds.text),
            "a file or directory, or a glob with ``*``, ``?``, ``[…]`` or ``**``; or a list of them in one"
            " account, each of which must be there",
            required=True,
        ),
        flag(
            "use_regex",
            "whether `path` is a regular expression that whole paths have to match, such as"
            r" ``/raw/\d{4}/day_\d\d\.csv``; the search begins in the last directory that is named literally",
        ),
        fixed(
            "check_fn",
            kinds.function,
            "function that returns whether the wait is over. It gets a list of the matches, each a dictionary"
            " with ``path``, ``length`` and ``modified`` (ISO 8601), the first `max_paths` by path, and if it"
            " has ``**kwargs``, the task's context. It runs in a worker, with `deferrable` too: the trigger"
            " reports the matches, a worker calls the function, and if that returns False, the task is"
            " deferred again and the next look comes an interval later",
        ),
        templated(
            "min_size",
            kinds.anything,
            "least bytes of a file; with a limit on size, age or time, directories do not match",
        ),
        templated("max_size", kinds.anything, "most bytes of a file"),
        templated("min_age", kinds.anything, "seconds or timedelta since it was last modified, at least"),
        templated("max_age", kinds.anything, "seconds or timedelta since it was last modified, at most"),
        templated("since", kinds.anything, "time since which it was modified, ISO 8601"),
        templated("min_matches", kinds.anything, "least number of matches", required=True),
        templated("max_paths", kinds.anything, "most paths to return", required=True),
    )

    waits_for = PathCondition
    trigger_name = "ADLSGen1PathTrigger"

    def __init__(
        self,
        *,
        path: Paths,
        use_regex: bool = False,
        check_fn: Callable[..., bool] | None = None,
        min_size: int | None = None,
        max_size: int | None = None,
        min_age: timedelta | float | None = None,
        max_age: timedelta | float | None = None,
        since: datetime | str | None = None,
        min_matches: int = 1,
        max_paths: int = MOST_PATHS,
        **kwargs: Any,
    ) -> None:
        super().__init__(path=path, **kwargs)
        self.use_regex = use_regex
        self.check_fn = check_fn
        self.min_size = min_size
        self.max_size = max_size
        self.min_age = min_age
        self.max_age = max_age
        # Templates are text.
        self.since = since.isoformat() if isinstance(since, datetime) else since
        self.min_matches = min_matches
        self.max_paths = max_paths
        self.validate()

    def accepts(self, files: list[dict[str, Any]], context: Context) -> bool:
        """Return whether `check_fn` returns True, or is None."""
        if self.check_fn is None:
            return True
        kinds_taken = {parameter.kind for parameter in signature(self.check_fn).parameters.values()}
        takes_context = Parameter.VAR_KEYWORD in kinds_taken
        accepted = self.check_fn(files, **context) if takes_context else self.check_fn(files)
        if not accepted:
            self.log_look(f"{self.path}: check_fn does not accept {len(files)} matches")
        return bool(accepted)

    def waited_for(self) -> dict[str, Any]:
        """Return the path, the values of the condition, and the state of a task with a `check_fn`."""
        carried = {"looks": 0} if self.check_fn else None
        return {**super().waited_for(), "carried": carried}

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Return the trigger's findings, or wait on if `check_fn` does not accept it.

        :raises AirflowSensorTimeout: if no time is left to wait.
        """
        result = super().execute_complete(context, event)
        if self.check_fn is None or self.accepts(event["files"], context):
            return result
        carried = event["carried"]
        left = self.timeout - (time.time() - carried["since"])
        if left <= 0:
            raise AirflowSensorTimeout(
                f"check_fn accepted nothing in {self.timeout:g} s and {carried['looks']} looks"
            )
        self._defer(timeout=left, carried=carried)
        return None

    def _defer(self, **arguments: Any) -> None:
        if self.check_fn:
            arguments = {"carried": {"looks": 1, "since": time.time()}, **arguments}
        super()._defer(**arguments)


class ADLSGen1UpdatedSensor(ADLSGen1PathSensor):
    """Wait until a file, or one that a glob matches, was modified since a time.

    .. code-block:: python

        ADLSGen1UpdatedSensor(task_id="updated", path="/master/customers.csv")

    :returns: sorted paths.
    """

    arguments = (
        templated(
            "path",
            kinds.each(kinds.text),
            "a file or a glob, or a list of them, each of which must be updated",
            required=True,
        ),
        templated(
            "since",
            kinds.anything,
            "time since which it was modified, ISO 8601; by default the start of the run's data interval, or "
            "the time of a run without one",
            required=True,
        ),
    )

    def __init__(self, *, path: Paths, since: datetime | str = _INTERVAL_START, **kwargs: Any) -> None:
        super().__init__(path=path, since=since, **kwargs)


class ADLSGen1UnchangedSensor(WaitingSensor):
    """Wait until files have not changed for a while: an upload has ended.

    .. code-block:: python

        ADLSGen1UnchangedSensor(task_id="whole", path="/in/{{ ds }}", inactivity_period=600, min_objects=3)

    A file's time of modification counts, so that a task that starts after the upload's end need not wait the
    whole period. A change without one, a file that was removed or moved in, counts from the look that found
    it; in the mode ``reschedule``, where each look is the first, it does not count.

    :returns: sorted paths of the files, in the form of ``path``; the first `max_paths`.
    """

    arguments = (
        templated(
            "path",
            kinds.each(kinds.text),
            "a directory with everything below it, a file, or a glob of them; or a list of these,"
            " each of which must be unchanged",
            required=True,
        ),
        templated(
            "inactivity_period",
            kinds.anything,
            "seconds or timedelta without a change",
            required=True,
        ),
        templated("min_objects", kinds.anything, "least number of files", required=True),
        templated(
            "allow_delete",
            kinds.anything,
            "whether files may disappear meanwhile; if not, the task fails",
            required=True,
        ),
        templated("max_paths", kinds.anything, "most paths to return", required=True),
    )

    waits_for = UnchangedCondition
    trigger_name = "ADLSGen1UnchangedTrigger"

    def __init__(
        self,
        *,
        path: Paths,
        inactivity_period: timedelta | float = 60 * 60,
        min_objects: int = 1,
        allow_delete: bool = True,
        max_paths: int = MOST_PATHS,
        **kwargs: Any,
    ) -> None:
        super().__init__(path=path, **kwargs)
        self.inactivity_period = inactivity_period
        self.min_objects = min_objects
        self.allow_delete = allow_delete
        self.max_paths = max_paths
        self.validate()

    def validate_together(self) -> None:
        """Refuse to remember files in a mode that does not remember."""
        super().validate_together()
        remembers = self.deferrable or not self.reschedule
        if (
            not remembers
            and is_known(self.allow_delete)
            and str(self.allow_delete).strip().lower() == "false"
        ):
            raise self.error(
                "allow_delete",
                "mode='reschedule' does not remember the files of an earlier look: use deferrable=True or"
                " mode='poke'",
            )


class ADLSGen1DirectorySizeSensor(WaitingSensor):
    """Wait until a directory holds enough files or bytes, those of its subdirectories included.

    .. code-block:: python

        ADLSGen1DirectorySizeSensor(task_id="enough", path="/in/{{ ds }}", min_files=24)

    :returns: ``path``, and the numbers of ``files`` and ``bytes``.
    """

    arguments = (
        templated("path", kinds.text, "the directory; not a glob", required=True),
        templated("min_files", kinds.anything, "least number of files"),
        templated(
            "min_bytes",
            kinds.anything,
            "least number of bytes of all of them; set `min_files` or `min_bytes`",
        ),
    )

    waits_for = DirectorySizeCondition
    trigger_name = "ADLSGen1DirectorySizeTrigger"

    def __init__(
        self, *, path: str, min_files: int | None = None, min_bytes: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(path=path, **kwargs)
        self.min_files = min_files
        self.min_bytes = min_bytes
        self.validate()
