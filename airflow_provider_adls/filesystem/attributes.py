"""Beyond fsspec: permissions, owners, access control lists, expiry, concatenation, appends at an offset."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fsspec.asyn import sync_wrapper

from airflow_provider_adls.filesystem.base import explained
from airflow_provider_adls.filesystem.content import Content
from airflow_provider_adls.lake.observers import tell
from airflow_provider_adls.model.acl import AclEntry, parse_entry, parse_spec
from airflow_provider_adls.model.acl import permission as permission_bits
from airflow_provider_adls.model.operations import MAX_BODY

if TYPE_CHECKING:
    from airflow_provider_adls.client import AclStatus, ContentSummary, ExpiryOption

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
#: An access control list: ``user::rwx,group::r-x``, or its entries, as text or values.
Acl = str | Iterable[str | AclEntry]


class Attributes(Content):
    """What the service has and fsspec has no word for; each method with a coroutine of its name."""

    @explained
    async def _set_permission(self, path: str, permission: str | int) -> None:
        """Set the permission of a file or directory.

        :param permission: octal digits, ``"750"``, or their value, ``0o750``.
        :raises ValueError: if it is not in 0 to 1777, octal.
        """
        digits = f"{permission:o}" if isinstance(permission, int) else permission
        permission_bits(digits)
        where = self._place(path)
        await self._client(where).set_permission(where.path, digits)

    @explained
    async def _set_owner(self, path: str, owner: str | None = None, group: str | None = None) -> None:
        """Set owner, owning group, or both, by object id; only a super user may change the owner.

        :raises ValueError: if neither is given.
        """
        where = self._place(path)
        await self._client(where).set_owner(where.path, owner=owner, group=group)

    @explained
    async def _get_acl(self, path: str) -> AclStatus:
        """Owner, permission and access control list of a file or directory."""
        where = self._place(path)
        return await self._client(where).acl(where.path)

    @explained
    async def _set_acl(self, path: str, acl: Acl) -> None:
        """Replace the access control list.

        :param acl: all of it; user, group and other must be among its entries.
        :raises ValueError: naming the entry that cannot be read.
        """
        where = self._place(path)
        await self._client(where).set_acl(where.path, _entries(acl))

    @explained
    async def _modify_acl(self, path: str, acl: Acl) -> None:
        """Add entries to the access control list, or change those that are there.

        :raises ValueError: naming the entry that cannot be read.
        """
        where = self._place(path)
        await self._client(where).modify_acl(where.path, _entries(acl))

    @explained
    async def _remove_acl_entries(self, path: str, acl: Acl) -> None:
        """Remove entries of the access control list.

        :param acl: entries, with rights or without them: ``default:user:<id>``.
        :raises ValueError: naming the entry that cannot be read.
        """
        where = self._place(path)
        await self._client(where).remove_acl_entries(where.path, _entries(acl, rights=False))

    @explained
    async def _remove_default_acl(self, path: str) -> None:
        """Remove all default entries of a directory, so that new children get none."""
        where = self._place(path)
        await self._client(where).remove_default_acl(where.path)

    @explained
    async def _remove_acl(self, path: str) -> None:
        """Remove all entries but those of owner, owning group and other."""
        where = self._place(path)
        await self._client(where).remove_acl(where.path)

    @explained
    async def _set_expiry(
        self,
        path: str,
        when: datetime | timedelta | None,
        since_creation: bool = False,  # noqa: FBT001, FBT002 - as the sync face passes it on
    ) -> None:
        """Set when a file is deleted by the service.

        :param when: a time with its zone, a span, or None for never.
        :param since_creation: whether a span begins at the file's creation, and not now.
        :raises ValueError: for a time without a zone, or a span that is not positive.
        """
        where = self._place(path)
        client = self._client(where)
        if when is None:
            await client.set_expiry(where.path, "NeverExpire")
        elif isinstance(when, datetime):
            if when.tzinfo is None:
                raise ValueError(f"time {when} has no zone: it would expire at another hour elsewhere")
            await client.set_expiry(where.path, "Absolute", (when - _EPOCH) // _MILLISECOND)
        else:
            if when <= timedelta(0):
                raise ValueError(f"span {when} is not positive")
            option: ExpiryOption = "RelativeToCreationDate" if since_creation else "RelativeToNow"
            await client.set_expiry(where.path, option, when // _MILLISECOND)

    @explained
    async def _concat(
        self,
        path: str,
        sources: list[str],
        delete_source_directory: bool = False,  # noqa: FBT001, FBT002 - as the sync face passes it on
    ) -> None:
        """Put files together into one, by one request, and remove them.

        :param path: destination; what it holds already stays before the sources.
        :param sources: files of the same account, in order.
        :param delete_source_directory: whether the directory of the sources goes too, with all it holds.
        :raises ValueError: for no sources, one that stands twice or is the destination, or another account's.
        """
        where = self._place(path)
        places = [self._place(source) for source in sources]
        if foreign := [place.name for place in places if place.account != where.account]:
            raise ValueError(f"{foreign[0]} is in another account than {where.name}")
        await self._client(where).concatenate(
            where.path, [place.path for place in places], delete_source_directory=delete_source_directory
        )
        for source in places:
            tell("read", source.account, source.path)
        tell("written", where.account, where.path)

    @explained
    async def _content_summary(self, path: str) -> ContentSummary:
        """Numbers of directories, files and bytes below a path, counted by the service."""
        where = self._place(path)
        return await self._client(where).content_summary(where.path)

    @explained
    async def _check_access(self, path: str, rights: str) -> bool:
        """Whether the caller has rights on a path.

        :param rights: three characters, ``r-x`` for instance.
        :raises FileNotFoundError: if nothing is at the path.
        """
        where = self._place(path)
        return await self._client(where).check_access(where.path, rights)

    @explained
    async def _append(self, path: str, data: bytes, offset: int | None = None) -> None:
        """Add to the end of a file.

        :param offset: length that the file must have, and so its only writer's proof that nobody else wrote;
            None for whatever it has, and for a file that is yet to be made.
        :raises BadOffsetError: if the file has another length; nothing is written then.
        """
        if offset is None:
            await self._pipe_file(path, data, mode="append")
            return
        where = self._place(path)
        client = self._client(where)
        # Nothing is sent too: it asks for the length.
        for start in range(0, len(data) or 1, MAX_BODY):
            await client.append(where.path, data[start : start + MAX_BODY], offset=offset + start)

    set_permission = sync_wrapper(_set_permission)
    set_owner = sync_wrapper(_set_owner)
    get_acl = sync_wrapper(_get_acl)
    set_acl = sync_wrapper(_set_acl)
    modify_acl = sync_wrapper(_modify_acl)
    remove_acl_entries = sync_wrapper(_remove_acl_entries)
    remove_default_acl = sync_wrapper(_remove_default_acl)
    remove_acl = sync_wrapper(_remove_acl)
    set_expiry = sync_wrapper(_set_expiry)
    concat = sync_wrapper(_concat)
    content_summary = sync_wrapper(_content_summary)
    check_access = sync_wrapper(_check_access)
    append = sync_wrapper(_append)


def _entries(acl: Acl, *, rights: bool = True) -> list[AclEntry]:
    if isinstance(acl, str):
        return parse_spec(acl, rights=rights)
    return [parse_entry(one, rights=rights) if isinstance(one, str) else one for one in acl]
