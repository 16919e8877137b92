"""An append that is done once, however often it is tried.

Nothing at a file's end tells who wrote it. So a note says before the append where it will begin: what is
there when somebody tries again is the append's own, or shows that it was not done.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.notes import Note
from airflow_provider_adls.model.errors import BadOffsetError

if TYPE_CHECKING:
    from airflow_provider_adls.lake.places import Place

#: Times that another writer may be faster.
_ATTEMPTS = 20


def append_once(place: Place, content: bytes, name: str) -> bool:
    """Add to the end of a file, which is made if it is not there, unless the append of this name was done.

    :param name: names the append; a second one of the same name must have the same content.
    :returns: whether it was done now.
    :raises BadOffsetError: if other writers are always faster.
    """
    filesystem, note = place.filesystem, Note(place, name)
    with suppress(FileExistsError):
        filesystem.pipe_file(place.path, b"", mode="create")
    noted = note.read() or ""
    start, written = (int(noted), 0) if noted.isdigit() else (None, 0)
    if start is not None:
        there = filesystem.cat_file(place.path, start, start + len(content)) if content else b""
        # Another writer was there before this append, or it was broken off in the middle.
        start, written = (start, len(there)) if content.startswith(there) else (None, 0)
    done = start is not None and written == len(content)
    for attempt in range(1, _ATTEMPTS + 1):
        if done:
            break
        if start is None:
            start, written = filesystem.info(place.path)["size"], 0
            note.write(str(start))
        try:
            filesystem.append(place.path, content[written:], start + written)
            break
        except BadOffsetError:
            if attempt == _ATTEMPTS:
                raise
            start = None
    note.remove()
    return not done
