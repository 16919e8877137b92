"""Settling of requests whose answer was lost: each function looks at the lake to find out what was done.

Each is a `Settle` of the transport: it returns `DONE` if the work was done, None if it was not and may be
sent again, and raises the error where that cannot be known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from airflow_provider_adls.client.transport import DONE, Answer
from airflow_provider_adls.model.errors import BadOffsetError, PathNotFoundError, RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow_provider_adls.model.status import FileStatus


class _Looks(Protocol):
    async def status(self, path: str) -> FileStatus: ...


class _Appends(Protocol):
    async def append(self, path: str, content: bytes, *, offset: int, close: bool = True) -> None: ...


async def status_or_none(client: _Looks, path: str) -> FileStatus | None:
    """Return the status of a path; None if nothing exists there."""
    try:
        return await client.status(path)
    except PathNotFoundError:
        return None


async def created(client: _Looks, path: str, error: RequestError) -> Answer | None:
    """Settle an exclusive creation.

    An existing file may be another writer's, and the caller asked to be the first.
    """
    if await status_or_none(client, path):
        raise error
    return None


async def appended(client: _Appends, path: str, end: int, *, close: bool) -> Answer | None:
    """Settle an append: if it was done, nothing can be appended at its old end.

    The length does not show it, since the service shows it late (`close=False`). The SDKs probe the same way.

    :param end: offset after the last byte of the append.
    """
    try:
        await client.append(path, b"", offset=end, close=close)
    except BadOffsetError:
        return None
    return DONE


async def deleted(client: _Looks, path: str) -> Answer | None:
    """Settle a deletion."""
    return None if await status_or_none(client, path) else Answer(200, {}, [b'{"boolean":true}'])


async def renamed(
    client: _Looks, source: str, destination: str, known: FileStatus, error: RequestError
) -> Answer | None:
    """Settle a rename: if it was done, the source is gone, and the destination has its status.

    :param known: status of the source before the rename, which keeps type, length and times.
    """
    if await status_or_none(client, source):
        return None
    found = await status_or_none(client, destination)
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
    client: _Looks, path: str, sources: Sequence[str], before: FileStatus | None, error: RequestError
) -> Answer | None:
    """Settle a concatenation: if it was done, its sources are gone, and its destination has changed.

    :param before: status of the destination before the request, None if it did not exist.
    """
    left = [source for source in sources if await status_or_none(client, source)]
    if len(left) == len(sources):
        return None
    now = await status_or_none(client, path)
    if left or now is None or (before and _same(now, before)):
        raise error
    return DONE


async def restored(
    client: _Looks, destination: str, before: FileStatus | None, error: RequestError
) -> Answer | None:
    """Settle a restore: if it was done, its destination has changed.

    :param before: status of the destination before the request, None if it did not exist.
    """
    now = await status_or_none(client, destination)
    if now is None:
        return None
    if before and _same(now, before):
        # Nothing was done; or, for a copy, under a name that is not known.
        raise error
    return DONE
