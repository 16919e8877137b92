"""`RightsMixin`: permissions, owners, access control lists and expiry, of one path or of many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.attributes import Acl, acl_entries, moment_or_span, set_expiry
from airflow_provider_adls.lake.bulk import Change, Entry, change_acl_trees, change_all
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.model.modes import changed, check

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import AclMode, DataLakeClient

_VERBS: dict[AclMode, str] = {"set": "set_acl", "modify": "modify_acl", "remove": "remove_acl_entries"}


class RightsMixin(PlacesMixin):
    """The hook's methods for rights and expiry.

    Each that changes something takes a path, a glob, which may match nothing, or a list of paths, and

    - ``recursive``: whether everything below the directories is changed too, sixteen at a time;
    - ``continue_on_failure``: whether the others are changed where one cannot be; if not, the first failure
      stops them and is raised. Changes that were made stay, and trying again does no harm;
    - ``preview``: whether nothing is changed, and the result says what would be;

    and returns the numbers of changed ``directories`` and ``files`` and of paths that ``failed``, and the
    first 100 ``failures``, each with ``path`` and ``error``; of a preview also the first 100 ``paths``.
    """

    def set_permission(self, path: str | Iterable[str], permission: str, **options: bool) -> dict[str, Any]:
        """Set permissions.

        :param permission: octal digits, ``750``, or what `chmod` takes, ``u=rwX,g=rX,o=``: with ``X`` only
            directories, and files that are executable already, become so.
        :raises ValueError: for a permission that is neither.
        """
        check(permission)

        async def change(client: DataLakeClient, item: Entry) -> None:
            bits = changed(permission, int(item.permission, 8), directory=item.directory)
            await client.set_permission(item.path, f"{bits:o}")

        return self._change(path, change, **options)

    def set_owner(
        self,
        path: str | Iterable[str],
        *,
        owner: str | None = None,
        group: str | None = None,
        **options: bool,
    ) -> dict[str, Any]:
        """Set owner, owning group, or both; only a super user may change the owner.

        :param owner: object id of a user or service principal.
        :param group: object id of a group.
        :raises ValueError: if neither is given.
        """
        if not owner and not group:
            raise ValueError("set_owner needs an owner, a group, or both")

        async def change(client: DataLakeClient, item: Entry) -> None:
            await client.set_owner(item.path, owner=owner, group=group)

        return self._change(path, change, **options)

    def get_acl(self, path: str) -> dict[str, Any]:
        """Return the access control list of a file or directory.

        :returns: ``path``, ``owner``, ``group``, ``permission``, ``sticky_bit``, and ``entries``, as text.
        """
        place = self.place(path)
        status = run(with_hints(place.client, place.client.acl(place.path)))
        return {
            "path": place.name,
            "owner": status.owner,
            "group": status.group,
            "permission": status.permission,
            "sticky_bit": status.sticky_bit,
            "entries": [str(entry) for entry in status.entries],
        }

    def set_acl(self, path: str | Iterable[str], acl: Acl, **options: bool) -> dict[str, Any]:
        """Replace access control lists.

        :param acl: the whole list; ``user::``, ``group::`` and ``other::`` must be among its entries. Files
            below directories get it without the default entries.
        :raises ValueError: naming the entry that cannot be read.
        """
        return self._change_acl(path, acl, "set", **options)

    def modify_acl(self, path: str | Iterable[str], acl: Acl, **options: bool) -> dict[str, Any]:
        """Add entries to access control lists, or change existing ones.

        :param acl: entries, as for `set_acl`.
        :raises ValueError: naming the entry that cannot be read.
        """
        return self._change_acl(path, acl, "modify", **options)

    def remove_acl_entries(self, path: str | Iterable[str], acl: Acl, **options: bool) -> dict[str, Any]:
        """Remove entries of access control lists.

        :param acl: entries, with or without rights: ``default:user:<id>``.
        :raises ValueError: naming the entry that cannot be read.
        """
        return self._change_acl(path, acl, "remove", rights=False, **options)

    def remove_default_acl(self, path: str | Iterable[str], **options: bool) -> dict[str, Any]:
        """Remove all default entries of directories, so that new children get none."""

        async def change(client: DataLakeClient, item: Entry) -> None:
            await client.remove_default_acl(item.path)

        return self._change(path, change, _is_directory, **options)

    def remove_acl(self, path: str | Iterable[str], **options: bool) -> dict[str, Any]:
        """Remove all entries but those of owner, owning group and other, the default ones too."""

        async def change(client: DataLakeClient, item: Entry) -> None:
            await client.remove_acl(item.path)

        return self._change(path, change, **options)

    def set_expiry(
        self,
        path: str | Iterable[str],
        *,
        expires_at: datetime | str | None = None,
        expires_in: timedelta | float | str | None = None,
        since_creation: bool = False,
        **options: bool,
    ) -> dict[str, Any]:
        """Set when the service deletes files. Only files expire; one that is overwritten has no expiry.

        :param expires_at: a time with its zone, as an object or in ISO 8601.
        :param expires_in: a span, or its seconds, from now: it starts again with each call.
        :param since_creation: whether the span begins at each file's creation.
        :param options: with ``recursive`` directories stand for all files below them.
        :raises ValueError: unless just one time or span is given, for a time without a zone, and for a span
            that is not positive.
        :raises IsADirectoryError: for a directory, unless ``recursive``.
        """
        when = moment_or_span(expires_at, expires_in)
        return self._change_expiry(path, when, since_creation=since_creation, **options)

    def clear_expiry(self, path: str | Iterable[str], **options: bool) -> dict[str, Any]:
        """Remove the expiry of files, so that they are kept; options as for :meth:`set_expiry`."""
        return self._change_expiry(path, None, **options)

    def _change_expiry(
        self,
        path: str | Iterable[str],
        when: datetime | timedelta | None,
        *,
        since_creation: bool = False,
        **options: bool,
    ) -> dict[str, Any]:
        async def change(client: DataLakeClient, item: Entry) -> None:
            await set_expiry(client, item.path, when, since_creation=since_creation)

        def applies(item: Entry) -> bool:
            if item.directory and not options.get("recursive"):
                raise IsADirectoryError(
                    f"{item.path} is a directory, and only files expire: recursive stands for the files in it"
                )
            return not item.directory

        return self._change(path, change, applies, **options)

    def _change_acl(
        self, path: str | Iterable[str], acl: Acl, mode: AclMode, *, rights: bool = True, **options: bool
    ) -> dict[str, Any]:
        entries = acl_entries(acl, rights=rights)
        recursive = options.get("recursive", False)
        if recursive and not options.get("preview"):
            continue_on_failure = options.get("continue_on_failure", False)
            return run(
                change_acl_trees(self._selected(path), entries, mode, continue_on_failure=continue_on_failure)
            )

        async def change(client: DataLakeClient, item: Entry) -> None:
            # For a file with default entries the service's error says that it takes none.
            await getattr(client, _VERBS[mode])(item.path, entries)

        # Files get no default entries.
        directories_only = recursive and all(entry.default for entry in entries)
        return self._change(path, change, _is_directory if directories_only else None, **options)

    def _change(
        self,
        path: str | Iterable[str],
        change: Change,
        applies: Callable[[Entry], bool] | None = None,
        /,
        **options: bool,
    ) -> dict[str, Any]:
        return run(change_all(self._selected(path), change, applies, **options))


def _is_directory(item: Entry) -> bool:
    return item.directory
