"""`TrashMixin`: lists and restores deleted items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.filesystem.entries import moment
from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.notes import Note
from airflow_provider_adls.lake.records import log_done
from airflow_provider_adls.lake.trash import deleted_items
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError
from airflow_provider_adls.model.paths import is_unfinished

if TYPE_CHECKING:
    from airflow_provider_adls.client import DeletedItem
    from airflow_provider_adls.lake.places import Place

RestoreIfExists = Literal["fail", "overwrite", "copy"]
RESTORE_IF_EXISTS = ("fail", "overwrite", "copy")


class TrashMixin(PlacesMixin):
    """The hook's methods for deleted files and directories.

    Only super users of an account may use them. How long the service keeps an item is not defined: the .NET
    SDK, whose operations these are, promises a best effort.
    """

    def list_trash(self, path: str = "/", *, limit: int | None = None) -> list[dict[str, Any]]:
        """Return deleted items that can be restored, the last deleted first, without hidden files.

        :param path: former path of the items, or the beginning of it; the root stands for the whole account.
        :param limit: most items to look for; None for all.
        :returns: for each the former ``path``, ``type``, the time ``deleted`` (ISO 8601), and the ``token``
            that identifies the item.
        """
        place = self.place(path)
        items = _newest(run(with_hints(place.client, deleted_items(place.client, place.path, limit))))
        return [_described(place, item) for item in items if not is_unfinished(item.path)]

    def restore_path(
        self,
        path: str,
        *,
        destination: str | None = None,
        token: str | None = None,
        if_exists: RestoreIfExists = "fail",
        preview: bool = False,
        once: str | None = None,
    ) -> dict[str, Any]:
        """Restore a deleted file or directory.

        :param path: the former path.
        :param destination: new path in the same account; None for the former one.
        :param token: token of one of several items with this path; None for the last deleted.
        :param if_exists: if the path exists: ``fail``; ``overwrite`` a file; or ``copy``, which gives the
            restored item another name.
        :param preview: whether nothing is restored, and the result says what would be.
        :param once: a name for this call, so that a retry restores the item that it began with, and no older
            one. The item is noted in a hidden file, which is removed afterwards.
        :returns: ``path``, its path now; ``type``; the time ``deleted``; and whether this call ``restored``
            it, and not an earlier one. The service does not say which name a copy gets.
        :raises PathNotFoundError: if there is no such item, and the destination does not exist either.
        :raises PathExistsError: if the destination exists and may not be overwritten.
        :raises ValueError: for an unknown ``if_exists``, and a destination in another account.
        """
        if if_exists not in RESTORE_IF_EXISTS:
            raise ValueError(f"if_exists must be one of {', '.join(RESTORE_IF_EXISTS)}, not {if_exists!r}")
        place, target = self.place(path), self.place(destination or path)
        if not target.is_in(place):
            raise ValueError(f"{destination} is in another account than {path}, which it was deleted from")
        note = Note(target, once) if once and not preview else None
        noted = run(note.read()) if note else None
        token = noted.decode() if noted else token
        found = run(with_hints(place.client, deleted_items(place.client, place.path)))
        items = [item for item in found if item.path == place.path]
        item = next((item for item in _newest(items) if token in (None, item.token)), None)
        exists = run(target.view.status(target.path)) is not None
        if item is None and exists:
            if note:
                run(note.remove())
            return {"path": target.name, "type": None, "deleted": None, "restored": False}
        if item is None:
            raise PathNotFoundError(
                "the service knows no deleted item of this path, or keeps it no longer",
                path=place.path,
                account=place.account,
            )
        result = {**_described(target, item), "path": target.name, "restored": True}
        del result["token"]
        if exists and if_exists == "fail":
            raise PathExistsError(
                "it exists; if_exists may be overwrite or copy",
                path=target.path,
                account=place.account,
            )
        if preview:
            return {"preview": True, **result}
        if note:
            run(note.write(item.token.encode()))
        restored = place.client.restore(
            item.token,
            target.path,
            directory=item.type == "DIRECTORY",
            action=None if if_exists == "fail" else if_exists,
        )
        run(with_hints(place.client, restored))
        if note:
            run(note.remove())
        log_done(f"Restored {place.name} as", [target.name])
        return result


def _newest(items: list[DeletedItem]) -> list[DeletedItem]:
    return sorted(items, key=lambda item: item.deleted, reverse=True)


def _described(place: Place, item: DeletedItem) -> dict[str, Any]:
    return {
        "path": place.named(item.path),
        "type": item.type.lower(),
        "deleted": moment(item.deleted).isoformat(),
        "token": item.token,
    }
