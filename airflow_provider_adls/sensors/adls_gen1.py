"""Sensors for paths: a task waits until a condition holds in a lake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import Argument, fixed, templated
from airflow_provider_adls.sensors.waiting import WaitingSensor
from airflow_provider_adls.waiting.conditions import (
    MOST_PATHS,
    DirectorySizeCondition,
    PathCondition,
    UnchangedCondition,
)

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
    waits until nobody has written to them for a while.

    :returns: sorted paths, of files and directories, in the form of ``path``; the first `max_paths`.
    """

    arguments: ClassVar[Sequence[Argument]] = (
        templated(
            "path",
            kinds.lake_glob,
            "a file or directory, or a glob with ``*``, ``?``, ``[…]`` or ``**``",
            required=True,
        ),
        fixed(
            "min_size",
            kinds.anything,
            "least bytes of a file; with a limit on size, age or time, directories do not match",
        ),
        fixed("max_size", kinds.anything, "most bytes of a file"),
        fixed("min_age", kinds.anything, "seconds or timedelta since it was last modified, at least"),
        fixed("max_age", kinds.anything, "seconds or timedelta since it was last modified, at most"),
        templated("since", kinds.anything, "time since which it was modified, ISO 8601"),
        fixed("min_matches", kinds.anything, "least number of matches", required=True),
        fixed("max_paths", kinds.anything, "most paths to return", required=True),
    )

    waits_for = PathCondition
    trigger_name = "ADLSGen1PathTrigger"

    def __init__(
        self,
        *,
        path: str,
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
        self.min_size = min_size
        self.max_size = max_size
        self.min_age = min_age
        self.max_age = max_age
        # Templates are text.
        self.since = since.isoformat() if isinstance(since, datetime) else since
        self.min_matches = min_matches
        self.max_paths = max_paths
        self.validate()


class ADLSGen1UpdatedSensor(ADLSGen1PathSensor):
    """Wait until a file, or one that a glob matches, was modified since a time.

    .. code-block:: python

        ADLSGen1UpdatedSensor(task_id="updated", path="/master/customers.csv")

    :returns: sorted paths.
    """

    arguments = (
        templated("path", kinds.lake_glob, "a file or a glob", required=True),
        templated(
            "since",
            kinds.anything,
            "time since which it was modified, ISO 8601; by default the start of the run's data interval, or "
            "the time of a run without one",
            required=True,
        ),
    )

    def __init__(self, *, path: str, since: datetime | str = _INTERVAL_START, **kwargs: Any) -> None:
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
            kinds.lake_glob,
            "a directory with everything below it, a file, or a glob of them",
            required=True,
        ),
        fixed(
            "inactivity_period",
            kinds.anything,
            "seconds or timedelta without a change",
            required=True,
        ),
        fixed("min_objects", kinds.anything, "least number of files", required=True),
        fixed(
            "allow_delete",
            kinds.anything,
            "whether files may disappear meanwhile; if not, the task fails",
            required=True,
        ),
        fixed("max_paths", kinds.anything, "most paths to return", required=True),
    )

    waits_for = UnchangedCondition
    trigger_name = "ADLSGen1UnchangedTrigger"

    def __init__(
        self,
        *,
        path: str,
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
        if self.reschedule and not self.deferrable and self.allow_delete is False:
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
        templated("path", kinds.lake_glob, "the directory; not a glob", required=True),
        fixed("min_files", kinds.anything, "least number of files"),
        fixed(
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
