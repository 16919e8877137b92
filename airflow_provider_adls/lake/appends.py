"""Appends: at an offset, at the end, and one that is done once, however often it is tried.

Nothing at a file's end shows who wrote it. So a note says before the append where it will begin: what a retry
finds there is the append's own, or shows that it was not done.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.notes import Note
from airflow_provider_adls.lake.uploads import Addition, create_whole, save
from airflow_provider_adls.model.errors import BadOffsetError, PathExistsError
from airflow_provider_adls.model.operations import MAX_BODY

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.lake.places import Place

#: Times that another writer may be faster.
_ATTEMPTS = 20


async def append(client: DataLakeClient, path: str, data: bytes, offset: int | None = None) -> None:
    """Add to the end of a file.

    :param offset: length that the file must have, and so its only writer's proof that nobody else wrote;
        None for whatever it has, and for a file that is yet to be made.
    :raises BadOffsetError: if the file has another length; nothing is written then.
    """
    if offset is None:
        await save(Addition(client, path), data)
        return
    # An empty append is sent too: it checks the length.
    for start in range(0, len(data) or 1, MAX_BODY):
        await client.append(path, data[start : start + MAX_BODY], offset=offset + start)


async def append_once(place: Place, content: bytes, name: str) -> bool:
    """Add to the end of a file, which is made if it is missing, unless the append of this name was done.

    :param name: names the append; a second one of the same name must have the same content.
    :returns: whether it was done now.
    :raises BadOffsetError: if other writers are always faster.
    """
    client, path, note = place.client, place.path, Note(place, name)
    with suppress(PathExistsError):
        await create_whole(client, path, b"", exclusive=True, shared=True)
    noted = (await note.read() or b"").decode()
    start, written = (int(noted), 0) if noted.isdigit() else (None, 0)
    if start is not None:
        found = await client.read(path, offset=start, length=len(content)) if content else b""
        # Another writer was there before this append, or it was broken off in the middle.
        start, written = (start, len(found)) if content.startswith(found) else (None, 0)
    done = start is not None and written == len(content)
    for attempt in range(1, _ATTEMPTS + 1):
        if done:
            break
        if start is None:
            start, written = (await client.status(path)).length, 0
            await note.write(str(start).encode())
        try:
            await append(client, path, content[written:], start + written)
            break
        except BadOffsetError:
            if attempt == _ATTEMPTS:
                raise
            start = None
    await note.remove()
    return not done
