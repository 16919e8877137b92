"""`Attributes`: what fsspec has no word for, from permissions and expiry to joins and deleted items."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fsspec.asyn import sync_wrapper

from airflow_provider_adls.filesystem.base import Base, explained
from airflow_provider_adls.lake.appends import append
from airflow_provider_adls.lake.attributes import Acl, acl_entries, set_expiry, set_permission
from airflow_provider_adls.lake.joins import IfExists, join
from airflow_provider_adls.lake.observers import report
from airflow_provider_adls.lake.trash import deleted_items

if TYPE_CHECKING:
    from airflow_provider_adls.client import AclStatus, ContentSummary, DeletedItem, RestoreAction


class Attributes(Base):
    """Methods for the service's features beyond fsspec's; each method with a coroutine of its name."""

    @explained
    async def _set_permission(self, path: str, permission: str | int) -> None:
        """Set the permission of a file or directory.

        :param permission: octal digits, ``"750"``, or their value, ``0o750``.
        :raises ValueError: if it is not in 0 to 1777, octal.
        """
        where = self._place(path)
        await set_permission(where.client, where.path, permission)

    @explained
    async def _set_owner(self, path: str, owner: str | None = None, group: str | None = None) -> None:
        """Set owner, owning group, or both, by object id; only a super user may change the owner.

        :raises ValueError: if neither is given.
        """
        where = self._place(path)
        await where.client.set_owner(where.path, owner=owner, group=group)

    @explained
    async def _get_acl(self, path: str) -> AclStatus:
        """Return owner, permission and access control list of a file or directory."""
        where = self._place(path)
        return await where.client.acl(where.path)

    @explained
    async def _set_acl(self, path: str, acl: Acl) -> None:
        """Replace the access control list.

        :param acl: all of it; user, group and other must be among its entries.
        :raises ValueError: naming the entry that cannot be read.
        """
        where = self._place(path)
        await where.client.set_acl(where.path, acl_entries(acl))

    @explained
    async def _modify_acl(self, path: str, acl: Acl) -> None:
        """Add entries to the access control list, or change those that are there.

        :raises ValueError: naming the entry that cannot be read.
        """
        where = self._place(path)
        await where.client.modify_acl(where.path, acl_entries(acl))

    @explained
    async def _remove_acl_entries(self, path: str, acl: Acl) -> None:
        """Remove entries of the access control list.

        :param acl: entries, with rights or without them: ``default:user:<id>``.
        :raises ValueError: naming the entry that cannot be read.
        """
        where = self._place(path)
        await where.client.remove_acl_entries(where.path, acl_entries(acl, rights=False))

    @explained
    async def _remove_default_acl(self, path: str) -> None:
        """Remove all default entries of a directory, so that new children get none."""
        where = self._place(path)
        await where.client.remove_default_acl(where.path)

    @explained
    async def _remove_acl(self, path: str) -> None:
        """Remove all entries but those of owner, owning group and other."""
        where = self._place(path)
        await where.client.remove_acl(where.path)

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
        await set_expiry(where.client, where.path, when, since_creation=since_creation)

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
        await where.client.concatenate(
            where.path, [place.path for place in places], delete_source_directory=delete_source_directory
        )
        for source in places:
            report("read", source.account, source.path)
        report("written", where.account, where.path)

    @explained
    async def _content_summary(self, path: str) -> ContentSummary:
        """Return the numbers of directories, files and bytes below a path, counted by the service."""
        where = self._place(path)
        return await where.client.content_summary(where.path)

    @explained
    async def _check_access(self, path: str, rights: str) -> bool:
        """Return whether the caller has rights on a path.

        :param rights: three characters, ``r-x`` for instance.
        :raises FileNotFoundError: if nothing is at the path.
        """
        where = self._place(path)
        return await where.client.check_access(where.path, rights)

    @explained
    async def _append(self, path: str, data: bytes, offset: int | None = None) -> None:
        """Add to the end of a file.

        :param offset: length that the file must have, and so its only writer's proof that nobody else wrote;
            None for whatever it has, and for a file that is yet to be made.
        :raises BadOffsetError: if the file has another length; nothing is written then.
        """
        where = self._place(path)
        await append(where.client, where.path, data, offset)

    @explained
    async def _join(
        self,
        path: str,
        sources: list[str],
        if_exists: IfExists = "fail",
        keep_sources: bool = False,  # noqa: FBT001, FBT002 - as the sync face passes it on
        name: str | None = None,
    ) -> bool:
        """Put files together into one, so that a try that was broken off is finished by the next.

        :param path: destination.
        :param sources: files of the same account, in order; copies may come from several.
        :param if_exists: treatment of an existing destination; ``append`` leaves it, before them.
        :param keep_sources: whether the sources stay, and are copied through this machine.
        :param name: names the work for a retry that does not know the sources any more.
        :returns: False if an earlier call has done it.
        :raises ValueError: for no sources, one that stands twice, or one that is the destination.
        """
        places = [self._place(source) for source in sources]
        return await join(self._place(path), places, if_exists, keep_sources=keep_sources, name=name)

    @explained
    async def _deleted(self, path: str, limit: int | None = None) -> list[DeletedItem]:
        """Return deleted items of an account whose path contains the given one.

        :param path: former path, or part of it; the root stands for all.
        :param limit: most items to return.
        """
        where = self._place(path)
        return await deleted_items(where.client, where.path, limit)

    @explained
    async def _restore(
        self,
        path: str,
        token: str,
        directory: bool = False,  # noqa: FBT001, FBT002 - as the sync face passes it on
        action: RestoreAction | None = None,
    ) -> None:
        """Bring a deleted item back.

        :param path: path that it gets, in the account that it was deleted from.
        :param token: its name in the listing.
        :param directory: whether it is a directory.
        :param action: treatment of a name that is taken: ``overwrite`` replaces a file, ``copy`` takes
            another name; None for nothing.
        :raises PathNotFoundError: if there is no such item any more.
        :raises PathExistsError: if the name is taken, and no action was asked for.
        """
        where = self._place(path)
        await where.client.restore(token, where.path, directory=directory, action=action)

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

    join = sync_wrapper(_join)
    deleted = sync_wrapper(_deleted)
    restore = sync_wrapper(_restore)
