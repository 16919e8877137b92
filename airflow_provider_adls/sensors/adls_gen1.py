"""Sensors: tasks that wait for something in the lake."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from airflow_provider_adls.operators import arguments
from airflow_provider_adls.sensors.waiting import WaitingSensor
from airflow_provider_adls.waiting.conditions import (
    MOST_PATHS,
    DirectorySizeCondition,
    PathCondition,
    UnchangedCondition,
)

_RULES: Mapping[str, arguments.Rule] = {
    "path": arguments.lake_glob,
    "account_name": arguments.account,
    "deferrable": arguments.flag,
    "start_from_trigger": arguments.flag,
    "adls_gen1_conn_id": arguments.text,
}
_NEEDED = ("path", "deferrable", "start_from_trigger", "adls_gen1_conn_id")

#: A run that is not of an interval, one that an asset started for instance, has a time of its own.
_INTERVAL_START = "{{ data_interval_start | default(dag_run.run_after, true) }}"


class ADLSGen1PathSensor(WaitingSensor):
    """Wait until something is at a path, or a glob matches.

    .. code-block:: python

        arrived = ADLSGen1PathSensor(
            task_id="arrived", path="/raw/{{ ds }}/*.csv", min_size=1, min_age=60, deferrable=True
        )
        Process.partial(task_id="process").expand(path=arrived.output)

    Files that this package is uploading are not there yet. Those of other clients grow where they are:
    `min_age` waits for them to be left alone.

    :param path: a file or directory, or a glob with ``*``, ``?``, ``[…]`` or ``**``. (templated)
    :param min_size: bytes that a file has at least. With one of these, directories do not count.
    :param max_size: bytes that it has at most.
    :param min_age: seconds or timedelta for which it was not modified.
    :param max_age: seconds or timedelta within which it was modified.
    :param since: time at or after which it was modified, ISO 8601. (templated)
    :param min_matches: how many must be there.
    :param max_paths: how many are returned.
    :param kwargs: as every sensor here, see `WaitingSensor`.
    :returns: sorted paths of what is there, files and directories, in the form of ``path``; of more than
        `max_paths` the first.
    """

    template_fields: Sequence[str] = (*WaitingSensor.template_fields, "since")
    needed: ClassVar[Collection[str]] = (*_NEEDED, "min_matches", "max_paths")
    rules: ClassVar[Mapping[str, arguments.Rule]] = _RULES
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
        # Airflow's templates are text, and a time is none.
        self.since = since.isoformat() if isinstance(since, datetime) else since
        self.min_matches = min_matches
        self.max_paths = max_paths
        self.judge()


class ADLSGen1UpdatedSensor(ADLSGen1PathSensor):
    """Wait until a file, or one that a glob matches, was modified since a time.

    .. code-block:: python

        ADLSGen1UpdatedSensor(task_id="updated", path="/master/customers.csv")

    :param path: a file or a glob. (templated)
    :param since: time at or after which it was modified, ISO 8601; the start of the run's data interval, or
        what the run has in place of one. (templated)
    :param kwargs: as `ADLSGen1PathSensor`.
    :returns: sorted paths.
    """

    needed = (*ADLSGen1PathSensor.needed, "since")

    def __init__(self, *, path: str, since: datetime | str = _INTERVAL_START, **kwargs: Any) -> None:
        super().__init__(path=path, since=since, **kwargs)


class ADLSGen1UnchangedSensor(WaitingSensor):
    """Wait until files have been as they are for a while: an upload has ended.

    .. code-block:: python

        ADLSGen1UnchangedSensor(task_id="whole", path="/in/{{ ds }}", inactivity_period=600, min_objects=3)

    A file's own time of modification counts, so that who begins to wait after the upload's end need not wait
    the whole period. What no time shows, a file that was removed or moved in, counts from the look that saw
    it; in the mode ``reschedule``, where each look is the first, it does not count.

    :param path: a directory with all that is in it, a file, or a glob of them. (templated)
    :param inactivity_period: seconds or timedelta for which nothing may have changed.
    :param min_objects: files that must be there.
    :param allow_delete: whether files may vanish meanwhile; if not, that ends the task.
    :param max_paths: how many are returned.
    :param kwargs: as every sensor here, see `WaitingSensor`.
    :returns: sorted paths of the files, in the form of ``path``; of more than `max_paths` the first.
    """

    needed = (*_NEEDED, "inactivity_period", "min_objects", "allow_delete", "max_paths")
    rules: ClassVar[Mapping[str, arguments.Rule]] = _RULES
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
        self.judge()
        if self.reschedule and not self.deferrable and allow_delete is False:
            raise ValueError(
                f"{type(self).__name__} {self.task_id!r}, argument 'allow_delete': with mode='reschedule'"
                " nobody remembers what was there; use deferrable=True or mode='poke'"
            )


class ADLSGen1DirectorySizeSensor(WaitingSensor):
    """Wait until a directory, with the directories in it, holds enough files or bytes.

    .. code-block:: python

        ADLSGen1DirectorySizeSensor(task_id="enough", path="/in/{{ ds }}", min_files=24)

    :param path: the directory; it is no glob. (templated)
    :param min_files: files that it holds at least.
    :param min_bytes: bytes that these have together at least. One of the two must have a value.
    :param kwargs: as every sensor here, see `WaitingSensor`.
    :returns: ``path``, and the numbers of ``files`` and ``bytes``.
    """

    needed = _NEEDED
    rules: ClassVar[Mapping[str, arguments.Rule]] = _RULES
    waits_for = DirectorySizeCondition
    trigger_name = "ADLSGen1DirectorySizeTrigger"

    def __init__(
        self, *, path: str, min_files: int | None = None, min_bytes: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(path=path, **kwargs)
        self.min_files = min_files
        self.min_bytes = min_bytes
        self.judge()
