"""Notes of work that must not be done again: where it began, for who tries again.

A note is a hidden file beside the path that the work is on. It is written before the work and removed after
it, so that one that is found tells of a try that was broken off.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from airflow_provider_adls.model.paths import join, kept_name, parent

if TYPE_CHECKING:
    from airflow_provider_adls.lake.places import Place


class Note:
    """The note of a work.

    :param name: tells the work from other work on the same path.
    """

    def __init__(self, place: Place, name: str) -> None:
        self._filesystem = place.filesystem
        #: Where it is.
        self.path = join(parent(place.path), kept_name(place.path, name))

    def read(self) -> str | None:
        """What an earlier try has noted."""
        try:
            return str(self._filesystem.cat_file(self.path).decode())
        except FileNotFoundError:
            return None

    def write(self, text: str) -> None:
        """Note how the work begins."""
        self._filesystem.pipe_file(self.path, text.encode())

    def remove(self) -> None:
        """Forget it: the work is done."""
        with suppress(FileNotFoundError):
            self._filesystem.rm_file(self.path)
