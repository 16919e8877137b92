"""Attributes of files and directories, from what people write: permission, expiry, access control list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from airflow_provider_adls.model.acl import AclEntry, parse_entry, parse_spec
from airflow_provider_adls.model.acl import permission as permission_bits

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
        if when.tzinfo is None:
            raise ValueError(f"time {when} has no zone: it would expire at another hour elsewhere")
        await client.set_expiry(path, "Absolute", (when - _EPOCH) // _MILLISECOND)
    else:
        if when <= timedelta(0):
            raise ValueError(f"span {when} is not positive")
        option: ExpiryOption = "RelativeToCreationDate" if since_creation else "RelativeToNow"
        await client.set_expiry(path, option, when // _MILLISECOND)


def acl_entries(acl: Acl, *, rights: bool = True) -> list[AclEntry]:
    """Return the entries of an access control list.

    :param rights: whether they must carry rights; where entries are removed they may be left out.
    :raises ValueError: naming the entry that cannot be read.
    """
    if isinstance(acl, str):
        return parse_spec(acl, rights=rights)
    return [parse_entry(one, rights=rights) if isinstance(one, str) else one for one in acl]
