"""Completion of paths of the lake, and the script that makes a shell ask for it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from airflow_provider_adls.commands.sign_in import Session

#: Most entries of a directory that are looked at.
_LIMIT = 500


def complete_path(session: Callable[[], Session], incomplete: str) -> list[CompletionItem]:
    """Return the paths that begin so, by one listing of their directory; none where that fails.

    :param session: signs in.
    """
    if not incomplete.startswith(("/", "adl://")):
        return [CompletionItem(incomplete, type="file")]
    directory, _, start = incomplete.rpartition("/")
    # A shell shows no errors while it completes.
    with contextlib.suppress(Exception):
        entries = session().lake.list_entries(f"{directory}/", include_directories=True, limit=_LIMIT)
        found = [(entry["path"], entry["type"] == "directory") for entry in entries]
        return [
            CompletionItem(f"{directory}/{name}{'/' if is_directory else ''}", type="plain")
            for path, is_directory in found
            if (name := path.rpartition("/")[2]).startswith(start)
        ]
    return []
