"""Attributes of files and directories, from what people write: permission, expiry, access control list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from airflow_provider_adls.model.acl import AclEntry, parse_spec
from airflow_provider_adls.model.acl import permission as permission_bits
from airflow_provider_adls.model.times import parse_time, span

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient, ExpiryOption

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
#: An access control list: ``user::rwx,group::r-x``, or its entries, as text or values.
Acl = str | Iterable[str | AclEntry]


async def set_permission(client: DataLakeClient, path: str, permission: str | int) -> None:
    """Set the permission of a file or directory.

    :param permission: octal digits, ``"750"``, or their value, ``0o750``.
    :raises ValueError: if it is not in 0 to 1777, octal.
    """
    digits = f"{permission:o}" if isinstance(permission, int) else permission
    permission_bits(digits)
    await client.set_permission(path, digits)


async def set_expiry(
    client: DataLakeClient, path: str, when: datetime | timedelta | None, *, since_creation: bool = False
) -> None:
    """Set when the service deletes a file.

    :param when: a time with its zone, a span, or None for never.
    :param since_creation: whether a span begins at the file's creation, and not now.
    :raises ValueError: for a time without a zone, or a span that is not positive.
    """
    if when is None:
        await client.set_expiry(path, "NeverExpire")
    elif isinstance(when, datetime):
        await client.set_expiry(path, "Absolute", (moment(when) - _EPOCH) // _MILLISECOND)
    else:
        option: ExpiryOption = "RelativeToCreationDate" if since_creation else "RelativeToNow"
        await client.set_expiry(path, option, span(when) // _MILLISECOND)


def acl_entries(acl: Acl, *, rights: bool = True) -> list[AclEntry]:
    """Return the entries of an access control list.

    :param rights: whether they must carry rights; where entries are removed they may be left out.
    :raises ValueError: for no entries, a malformed one, or one that stands twice.
    """
    return parse_spec(acl if isinstance(acl, str) else ",".join(map(str, acl)), rights=rights)


def moment_or_span(
    expires_at: datetime | str | None, expires_in: timedelta | float | str | None
) -> datetime | timedelta:
    """Return the time or span that is given.

    :raises ValueError: unless it is just one, a time with a zone or a positive span.
    """
    if (expires_at is None) == (expires_in is None):
        raise ValueError("either expires_at or expires_in must be given")
    if expires_at is not None:
        return moment(expires_at)
    assert expires_in is not None
    return span(expires_in)


def moment(value: datetime | str) -> datetime:
    """Return a time with its zone.

    :raises ValueError: for one without, and for text that is not ISO 8601.
    """
    if isinstance(value, str):
        value = parse_time(value)
    if value.tzinfo is None:
        raise ValueError(f"time {value} has no zone: it would expire at another hour elsewhere")
    return value
