"""Triggers for paths in a lake, for tasks and for the watchers of assets."""

from __future__ import annotations

from airflow_provider_adls.triggers.waiting import WaitingTrigger
from airflow_provider_adls.waiting.conditions import DirectorySizeCondition, PathCondition, UnchangedCondition


class ADLSGen1PathTrigger(WaitingTrigger):
    """Wait until a path exists, or a glob matches.

    .. code-block:: python

        arrivals = Asset(
            "arrivals",
            watchers=[AssetWatcher(name="csv", trigger=ADLSGen1PathTrigger("/in/*.csv", min_age=60))],
        )

    :param path: a path, or a glob with ``*``, ``?``, ``[…]`` or ``**``.
    :param min_size: least bytes of a file; with a limit on size, age or time, directories do not match.
    :param max_size: most bytes of a file.
    :param min_age: seconds since it was last modified, at least.
    :param max_age: seconds since it was last modified, at most.
    :param since: time since which it was modified, ISO 8601.
    :param min_matches: least number of matches; 1 by default.
    :param max_paths: most paths of a task's result; 1,000 by default.
    :param use_regex: whether `path` is a regular expression that whole paths have to match.
    """

    waits_for = PathCondition


class ADLSGen1UnchangedTrigger(WaitingTrigger):
    """Wait until files have not changed for a while: an upload has ended.

    A watcher gets one event for all the files, each time that they have settled again.

    :param path: a directory with everything below it, a file, or a glob of them.
    :param inactivity_period: seconds without a change; 3,600 by default.
    :param min_objects: least number of files; 1 by default.
    :param allow_delete: whether files may disappear meanwhile; True by default.
    :param max_paths: most paths of a task's result; 1,000 by default.
    """

    waits_for = UnchangedCondition


class ADLSGen1DirectorySizeTrigger(WaitingTrigger):
    """Wait until a directory holds enough files or bytes, those of its subdirectories included.

    A watcher gets one event each time that the condition becomes true.

    :param path: the directory.
    :param min_files: least number of files.
    :param min_bytes: least number of bytes of all of them.
    """

    waits_for = DirectorySizeCondition
