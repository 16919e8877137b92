"""`ContentMixin`: files written from data, appended to, read and joined."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.appends import append, append_once
from airflow_provider_adls.lake.attributes import set_expiry, set_permission
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.joins import join
from airflow_provider_adls.lake.places import NAMED, Place
from airflow_provider_adls.lake.sources import lake_source
from airflow_provider_adls.lake.uploads import Replacement, save
from airflow_provider_adls.model.errors import PathExistsError

if TYPE_CHECKING:
    from airflow_provider_adls.lake.joins import IfExists

#: Most bytes that `read_file` returns by default: what an XCom holds on every database.
MAX_BYTES = 48 * 1024
ContentFormat = Literal["text", "json", "base64"]
CONTENT_FORMATS = ("text", "json", "base64")


class ContentMixin(PlacesMixin):
    """The hook's methods for what is in files. Errors are those of `gen1.errors`."""

    def write_file(
        self,
        path: str,
        data: Any,
        *,
        overwrite: bool = True,
        encoding: str = "utf-8",
        permission: str | None = None,
        expires: datetime | timedelta | None = None,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Write a file, which comes into view whole, with its permission and expiry, or not at all.

        :param data: text, bytes, or a value that is written as JSON.
        :param overwrite: False if the file may not exist yet, unless it holds the same bytes, as it does for
            a retry.
        :param encoding: of text and JSON.
        :param permission: octal digits; None leaves it to the service.
        :param expires: when the service is to delete it, or how long from now; None for never.
        :param preview: whether nothing is written, and the result says what would be.
        :returns: ``path``, ``bytes``, and whether it was ``written`` or was there already.
        :raises PathExistsError: if it is there with other content and may not be overwritten.
        :raises IsADirectoryError: if a directory is there.
        """
        place = self.place(path)
        content = as_bytes(data, encoding)
        result = {"path": place.name, "bytes": len(content), "written": True}
        if not overwrite and self._holds(place, content):
            return {**result, "written": False} | ({"preview": True} if preview else {})
        if preview:
            existing = run(place.view.status(place.path))
            if existing and existing.is_directory:
                raise IsADirectoryError(f"{place.name} is a directory")
            return {"preview": True, **result, "overwritten": existing is not None}

        async def prepare(hidden: str) -> None:
            if permission is not None:
                await set_permission(place.client, hidden, permission)
            if expires is not None:
                await set_expiry(place.client, hidden, expires)

        upload = Replacement(
            place.client,
            place.path,
            exclusive=not overwrite,
            prepare=prepare if permission is not None or expires is not None else None,
        )
        run(with_hints(place.client, save(upload, content)))
        return result

    def _holds(self, place: Place, content: bytes) -> bool:
        """Return whether a file of just this content exists.

        :raises PathExistsError: if something else is.
        """
        existing = run(place.view.status(place.path))
        if existing is None:
            return False
        same = not existing.is_directory and existing.length == len(content)
        if same and run(_read(place)) == content:
            return True
        raise PathExistsError(
            "it exists and may not be overwritten",
            operation="CREATE",
            path=place.path,
            account=place.account,
        )

    def append_to_file(
        self, path: str, data: Any, *, encoding: str = "utf-8", once: str | None = None
    ) -> dict[str, Any]:
        """Add to the end of a file, which is made if it is not there.

        :param data: text, bytes, or a value that is written as JSON.
        :param encoding: of text and JSON.
        :param once: a name for this append, so that a retry does not repeat it. Its offset
            is written to a hidden file beside the file before, which is removed afterwards.
        :returns: ``path``, ``bytes`` that were added, and whether they were ``appended`` now, and not by an
            earlier call of the same name.
        """
        place = self.place(path)
        content = as_bytes(data, encoding)
        appended = True
        if once is None:
            run(with_hints(place.client, append(place.client, place.path, content)))
        else:
            appended = run(with_hints(place.client, append_once(place, content, once)))
        return {"path": place.name, "bytes": len(content), "appended": appended}

    def read_file(
        self,
        path: str,
        *,
        content_format: ContentFormat = "text",
        encoding: str = "utf-8",
        max_bytes: int = MAX_BYTES,
    ) -> Any:
        """Return all that is in a small file.

        :param content_format: ``text``; ``json``, of which the value is given; or ``base64``, for bytes that
            are no text.
        :param encoding: of text and JSON.
        :param max_bytes: most that the file may have.
        :raises ValueError: for a file that has more, or is not of the format, naming it.
        :raises PathNotFoundError: if nothing is there.
        """
        place = self.place(path)
        source = run(with_hints(place.client, lake_source(place, copied=False)))
        if (size := source.size) > max_bytes:
            raise ValueError(
                f"{place.name} has {size} bytes, and max_bytes is {max_bytes}: read it in a task of your own,"
                " by the hook's filesystem, and give on its path"
            )
        content = run(with_hints(place.client, source.read_verified(0, size)))
        if content_format == "base64":
            return base64.b64encode(content).decode()
        try:
            text = content.decode(encoding)
            return json.loads(text) if content_format == "json" else text
        except UnicodeDecodeError as error:
            raise ValueError(
                f"{place.name} is not {encoding} text: {error}; base64 takes any bytes"
            ) from None
        except json.JSONDecodeError as error:
            raise ValueError(f"{place.name} is not JSON: {error}") from None

    def join_files(
        self,
        sources: str | Iterable[str],
        path: str,
        *,
        if_exists: IfExists = "fail",
        keep_sources: bool = False,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Put files together into one.

        The service does it by one request whatever their size, and takes the sources away. They are kept
        by copying them through this machine.

        :param sources: a glob, whose matches go by their names, or a list, in its order.
        :param path: the file that they become.
        :param if_exists: what is done with an existing one; ``append`` leaves it before the sources.
        :param keep_sources: whether the sources stay.
        :param preview: whether nothing is done, and the result says what would be.
        :returns: ``path``; ``bytes`` that the file has now; ``files`` that were put together now, 0 if an
            earlier call has done it; of a preview ``preview``, and ``paths``, the first 100 sources, too.
        :raises PathNotFoundError: for a source that is not there, or a glob that matches nothing where no
            file is at ``path`` either.
        :raises PathExistsError: if the file is there and may not be.
        """
        place = self.place(path)
        places = self._sources(sources, place)
        if preview:
            return self._joined(place, places, if_exists)
        work = sources if isinstance(sources, str) else None
        work_done = join(place, places, if_exists, keep_sources=keep_sources, name=work)
        done = run(with_hints(place.client, work_done))
        size = run(place.client.status(place.path)).length
        return {"path": place.name, "files": len(places) if done else 0, "bytes": size}

    def _sources(self, sources: str | Iterable[str], place: Place) -> list[Place]:
        if not isinstance(sources, str):
            return [self.place(one) for one in sources]
        found = self._selected(sources)
        # A glob may match what an earlier call has made of its matches.
        return [one for one in found if one.path != place.path or not one.is_in(place)]

    def _joined(self, place: Place, places: list[Place], if_exists: IfExists) -> dict[str, Any]:
        """Return what a join would return."""
        size = sum(run(with_hints(one.client, one.client.status(one.path))).length for one in places)
        if existing := run(place.view.status(place.path)):
            if if_exists == "fail" and places:
                raise PathExistsError("it exists and may not be overwritten", path=place.path)
            if if_exists == "append" or not places:
                size += existing.length
        return {
            "preview": True,
            "path": place.name,
            "files": len(places),
            "bytes": size,
            "paths": [one.name for one in places[:NAMED]],
        }


async def _read(place: Place) -> bytes:
    return await (await lake_source(place, copied=False)).whole()


def as_bytes(data: Any, encoding: str = "utf-8") -> bytes:
    """Return text, bytes, or a value as JSON, as the bytes of a file.

    :raises ValueError: for what is neither, and for text that the encoding does not have.
    """
    if isinstance(data, (bytes, bytearray)):
        return bytes(data)
    try:
        # JSON has no NaN, which Python's writes all the same.
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"must be text, bytes, or what JSON can hold: {error}") from None
    return text.encode(encoding)
