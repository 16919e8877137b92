"""Permissions, owners and access control lists, of one path, of many, and of all that is in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.bulk import Change, Entry, change_acl_trees, change_all
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.model.acl import AclEntry, parse_spec
from airflow_provider_adls.model.modes import changed, check

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import AclMode, DataLakeClient

#: An access control list: ``user::rwx,group::r-x``, or its entries.
Acl = str | Iterable[str]
_VERBS: dict[AclMode, str] = {"set": "set_acl", "modify": "modify_acl", "remove": "remove_acl_entries"}


class RightsMixin(PlacesMixin):
    """The hook's methods for rights.

    Each that changes something takes a path, a glob, which may match nothing, or a list of paths, and

    - ``recursive``: whether all that is in the directories is changed too, sixteen at a time;
    - ``continue_on_failure``: whether the others are changed where one cannot be, or the first failure stops
      them and is raised. What has been changed stays so, and trying again does no harm;
    - ``preview``: whether nothing is changed, and the result says what would be;

    and returns numbers of ``directories`` and ``files``, of what ``failed``, and the first 100 ``failures``,
    each with ``path`` and ``error``; of a preview ``preview`` and the first 100 ``paths`` too.
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

        :param acl: all of it; ``user::``, ``group::`` and ``other::`` must be among its entries. Where
            all that is in directories is changed, files get it without the default entries.
        :raises ValueError: naming the entry that cannot be read.
        """
        return self._change_acl(path, acl, "set", **options)

    def modify_acl(self, path: str | Iterable[str], acl: Acl, **options: bool) -> dict[str, Any]:
        """Add entries to access control lists, or change those that are there.

        :param acl: entries, as for `set_acl`.
        :raises ValueError: naming the entry that cannot be read.
        """
        return self._change_acl(path, acl, "modify", **options)

    def remove_acl_entries(self, path: str | Iterable[str], acl: Acl, **options: bool) -> dict[str, Any]:
        """Remove entries of access control lists.

        :param acl: entries, with rights or without them: ``default:user:<id>``.
        :raises ValueError: naming the entry that cannot be read.
        """
        return self._change_acl(path, acl, "remove", rights=False, **options)

    def remove_default_acl(self, path: str | Iterable[str], **options: bool) -> dict[str, Any]:
        """Remove all default entries of directories, so that new children get none."""

        async def change(client: DataLakeClient, item: Entry) -> None:
            await client.remove_default_acl(item.path)

        return self._change(path, change, directories_only=True, **options)

    def remove_acl(self, path: str | Iterable[str], **options: bool) -> dict[str, Any]:
        """Remove all entries but those of owner, owning group and other, the default ones too."""

        async def change(client: DataLakeClient, item: Entry) -> None:
            await client.remove_acl(item.path)

        return self._change(path, change, **options)

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
        only_default = all(entry.default for entry in entries)
        return self._change(path, change, directories_only=recursive and only_default, **options)

    def _change(
        self,
        path: str | Iterable[str],
        change: Change,
        *,
        recursive: bool = False,
        continue_on_failure: bool = False,
        preview: bool = False,
        directories_only: bool = False,
    ) -> dict[str, Any]:
        return run(
            change_all(
                self._selected(path),
                change,
                applies=lambda item: item.directory or not directories_only,
                recursive=recursive,
                continue_on_failure=continue_on_failure,
                preview=preview,
            )
        )


def acl_entries(acl: Acl, *, rights: bool = True) -> list[AclEntry]:
    """Return the entries of an access control list.

    :param rights: whether they must carry rights; where entries are removed they may be left out.
    :raises ValueError: for no entries, a malformed one, or one that stands twice.
    """
    return parse_spec(acl if isinstance(acl, str) else ",".join(acl), rights=rights)
