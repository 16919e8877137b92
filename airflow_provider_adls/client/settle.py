"""What became of a request whose answer was lost, found out by looking at what is there.

Each function is a `Settle` of the transport: it gives `DONE` if the work was done, None if it was not
and may be asked for again, and raises where nobody can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.client.transport import DONE, Answer
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import BadOffsetError, PathNotFoundError, RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.model.status import FileStatus


async def status_or_none(client: DataLakeClient, path: str) -> FileStatus | None:
    """What is at a path, None for nothing."""
    try:
        return await client.status(path)
    except PathNotFoundError:
        return None


async def created(client: DataLakeClient, path: str, error: RequestError) -> Answer | None:
    """Whether an exclusive creation was done.

    A file that is there may be another writer's: its being the first to create is just what was asked.
    """
    if await status_or_none(client, path):
        raise error
    return None


async def appended(client: DataLakeClient, path: str, end: int, *, close: bool) -> Answer | None:
    """Whether an append was done: then nothing can be appended at its end.

    The length would not tell, since the service shows it late (`close=False`). The SDKs probe the same way.

    :param end: offset after the last byte of the append.
    """
    try:
        await client.append(path, b"", offset=end, close=close)
    except BadOffsetError:
        return None
    return DONE


async def deleted(client: DataLakeClient, path: str) -> Answer | None:
    """Whether a deletion was done."""
    return None if await status_or_none(client, path) else Answer(200, {}, [b'{"boolean":true}'])


async def renamed(
    client: DataLakeClient, source: str, destination: str, known: FileStatus, error: RequestError
) -> Answer | None:
    """Whether a rename was done: the source is gone, and what it was is at the destination.

    :param known: status of the source before the rename, which keeps type, length and times.
    """
    if await status_or_none(client, source):
        return None
    candidates = [destination]
    if known.is_directory:
        # An existing directory takes the source in.
        candidates.append(paths.join(destination, paths.name(source)))
    for path in candidates:
        found = await status_or_none(client, path)
        if found and _same(found, known):
            return Answer(200, {}, [b'{"boolean":true}'])
    raise error


def _same(one: FileStatus, other: FileStatus) -> bool:
    return (one.type, one.length, one.modification_time) == (
        other.type,
        other.length,
        other.modification_time,
    )


async def concatenated(
    client: DataLakeClient, path: str, sources: Sequence[str], before: FileStatus | None, error: RequestError
) -> Answer | None:
    """Whether a concatenation was done: its sources are gone, and its destination is another than before.

    :param before: status of the destination before the request, None for nothing.
    """
    left = [source for source in sources if await status_or_none(client, source)]
    if len(left) == len(sources):
        return None
    now = await status_or_none(client, path)
    if left or now is None or (before and _same(now, before)):
        raise error
    return DONE


async def restored(
    client: DataLakeClient, destination: str, before: FileStatus | None, error: RequestError
) -> Answer | None:
    """Whether a deleted item was brought back: then its destination is another than before.

    :param before: status of the destination before the request, None for nothing.
    """
    now = await status_or_none(client, destination)
    if now is None:
        return None
    if before and _same(now, before):
        # Nothing was done; or, for a copy, under a name that nobody knows.
        raise error
    return DONE
