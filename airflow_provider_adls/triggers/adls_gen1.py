"""Triggers: what the triggerer waits for in the lake, for tasks and for the watchers of assets."""

from __future__ import annotations

from airflow_provider_adls.triggers.waiting import WaitingTrigger
from airflow_provider_adls.waiting.conditions import DirectorySizeCondition, PathCondition, UnchangedCondition


class ADLSGen1PathTrigger(WaitingTrigger):
    """Waits until something is at a path, or a glob matches.

    .. code-block:: python

        arrivals = Asset(
            "arrivals",
            watchers=[AssetWatcher(name="csv", trigger=ADLSGen1PathTrigger("/in/*.csv", min_age=60))],
        )

    :param path: a path, or a glob with ``*``, ``?``, ``[…]`` or ``**``.
    :param min_size: bytes that a file has at least. With one of these only files count.
    :param max_size: bytes that it has at most.
    :param min_age: seconds for which it was not modified.
    :param max_age: seconds within which it was modified.
    :param since: ISO 8601, time at or after which it was modified.
    :param min_matches: how many must be there; 1 by default.
    :param max_paths: how many are named to a task; 1,000 by default.
    """

    waits_for = PathCondition


class ADLSGen1UnchangedTrigger(WaitingTrigger):
    """Waits until files have been as they are for a while: an upload has ended.

    A watcher gets one event for all the files, each time that they have settled anew.

    :param path: a directory with all that is in it, a file, or a glob of them.
    :param inactivity_period: seconds for which nothing may have changed; 3,600 by default.
    :param min_objects: files that must be there; 1 by default.
    :param allow_delete: whether files may vanish meanwhile; True by default.
    :param max_paths: how many are named to a task; 1,000 by default.
    """

    waits_for = UnchangedCondition


class ADLSGen1DirectorySizeTrigger(WaitingTrigger):
    """Waits until a directory, with the directories in it, holds enough files or bytes.

    A watcher gets one event each time that this comes about.

    :param path: the directory.
    :param min_files: files that it holds at least.
    :param min_bytes: bytes that these have together at least.
    """

    waits_for = DirectorySizeCondition
