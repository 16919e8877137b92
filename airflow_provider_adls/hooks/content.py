"""`ContentMixin`: writes, appends to, reads and joins files."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.appends import append, append_once
from airflow_provider_adls.lake.attributes import set_expiry
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.joins import join
from airflow_provider_adls.lake.places import NAMED, Place
from airflow_provider_adls.lake.records import counted, log_done
from airflow_provider_adls.lake.sources import lake_source
from airflow_provider_adls.lake.uploads import Replacement, save
from airflow_provider_adls.model.acl import permission as permission_bits
from airflow_provider_adls.model.errors import PathExistsError

if TYPE_CHECKING:
    from airflow_provider_adls.lake.joins import IfExists

#: Most bytes that `read_file` returns by default: what an XCom holds on every database.
MAX_BYTES = 48 * 1024
ContentFormat = Literal["text", "json", "base64"]
CONTENT_FORMATS = ("text", "json", "base64")


class ContentMixin(PlacesMixin):
    """The hook's methods for the content of files. Errors are those of `model.errors`."""

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
        """Write a file, which appears whole, with its permission and expiry, or not at all.

        :param data: text, bytes, or a value that is written as JSON.
        :param overwrite: whether an existing file is replaced; if not, one with other bytes is an error, and
            one with the same bytes is not, as on a retry.
        :param encoding: of text and JSON.
        :param permission: octal digits; None leaves it to the service.
        :param expires: when the service deletes it, or how long from now; None for never.
        :param preview: whether nothing is written, and the result says what would be.
        :returns: ``path``, ``bytes``, and whether it was ``written`` or existed already.
        :raises PathExistsError: if it exists with other bytes and may not be overwritten.
        :raises IsADirectoryError: if the path is a directory.
        """
        place = self.place(path)
        content = as_bytes(data, encoding)
        result = {"path": place.name, "bytes": len(content), "written": True}
        if permission is not None:
            permission_bits(permission)
        if not overwrite and self._holds(place, content):
            log_done("Left as it is, for it holds these bytes already", [place.name])
            return {**result, "written": False} | ({"preview": True} if preview else {})
        if preview:
            existing = run(place.view.status(place.path))
            if existing and existing.is_directory:
                raise IsADirectoryError(f"{place.name} is a directory")
            return {"preview": True, **result, "overwritten": existing is not None}

        async def prepare(hidden: str) -> None:
            assert expires is not None
            await set_expiry(place.client, hidden, expires)

        upload = Replacement(
            place.client,
            place.path,
            exclusive=not overwrite,
            permission=permission,
            prepare=None if expires is None else prepare,
        )
        run(with_hints(place.client, save(upload, content)))
        log_done(f"Wrote {counted(len(content), 'byte')}", [place.name])
        return result

    def _holds(self, place: Place, content: bytes) -> bool:
        """Return whether a file of just this content exists.

        :raises PathExistsError: if something else exists.
        """
        existing = run(place.view.status(place.path))
        if existing is None:
            return False
        same = not existing.is_directory and existing.length == len(content)
        if same and run(_read(place)) == content:
            return True
        raise PathExistsError(
            "it exists and may not be overwritten",
            path=place.path,
            account=place.account,
        )

    def append_to_file(
        self, path: str, data: Any, *, encoding: str = "utf-8", once: str | None = None
    ) -> dict[str, Any]:
        """Add to the end of a file; a missing one is created.

        :param data: text, bytes, or a value that is written as JSON.
        :param encoding: of text and JSON.
        :param once: a name for this append, so that a retry does not repeat it. The offset is first noted in
            a hidden file beside the file, which is removed afterwards.
        :returns: ``path``, the number of ``bytes``, and whether this call ``appended`` them, and not an
            earlier one of the same name.
        """
        place = self.place(path)
        content = as_bytes(data, encoding)
        appended = True
        if once is None:
            run(with_hints(place.client, append(place.client, place.path, content)))
        else:
            appended = run(with_hints(place.client, append_once(place, content, once)))
        done = "Appended" if appended else "An earlier try has appended"
        log_done(f"{done} {counted(len(content), 'byte')}", [place.name])
        return {"path": place.name, "bytes": len(content), "appended": appended}

    def read_file(
        self,
        path: str,
        *,
        content_format: ContentFormat = "text",
        encoding: str = "utf-8",
        max_bytes: int = MAX_BYTES,
    ) -> Any:
        """Return the content of a small file.

        :param content_format: ``text``; ``json``, whose value is returned; or ``base64``, for bytes that are
            not text.
        :param encoding: of text and JSON.
        :param max_bytes: most bytes that the file may have.
        :raises ValueError: for a file that has more, or is not of the format, naming it.
        :raises PathNotFoundError: if nothing exists.
        """
        place = self.place(path)
        source = run(with_hints(place.client, lake_source(place, copied=False)))
        if (size := source.size) > max_bytes:
            raise ValueError(
                f"{place.name} has {size} bytes, and max_bytes is {max_bytes}: read it in a task of your own,"
                " by the hook's filesystem, and hand on its path"
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
        """Concatenate files into one.

        The service does it in one request, whatever the size, and removes the sources. Sources that are kept
        are copied through this machine.

        :param sources: a glob, whose matches are sorted by name, or a list, in its order.
        :param path: the new file.
        :param if_exists: treatment of an existing file: ``fail``, ``overwrite``, or ``append`` the
            sources to it.
        :param keep_sources: whether the sources are kept.
        :param preview: whether nothing is done, and the result says what would be.
        :returns: ``path``, its size in ``bytes``, and the number of ``files`` that this call concatenated, 0
            if an earlier one did; of a preview also the first 100 sources, ``paths``.
        :raises PathNotFoundError: for a missing source, or a glob that matches nothing while ``path`` does
            not exist either.
        :raises PathExistsError: if the file exists, and ``if_exists`` is ``fail``.
        """
        place = self.place(path)
        places = self._sources(sources, place)
        if preview:
            return self._joined(place, places, if_exists)
        work = sources if isinstance(sources, str) else None
        work_done = join(place, places, if_exists, keep_sources=keep_sources, name=work)
        done = run(with_hints(place.client, work_done))
        size = run(place.client.status(place.path)).length
        joined = [one.name for one in places] if done else []
        log_done(f"Joined {counted(len(joined), 'file')} to {place.name}, of {counted(size, 'byte')}", joined)
        return {"path": place.name, "files": len(places) if done else 0, "bytes": size}

    def _sources(self, sources: str | Iterable[str], place: Place) -> list[Place]:
        if not isinstance(sources, str):
            return [self.place(one) for one in sources]
        found = self._selected(sources)
        # A glob may match the file that an earlier call made.
        return [one for one in found if one.path != place.path or not one.is_in(place)]

    def _joined(self, place: Place, places: list[Place], if_exists: IfExists) -> dict[str, Any]:
        """Return the preview of a join."""
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

    :raises ValueError: for any other value, and for text that the encoding does not have.
    """
    if isinstance(data, (bytes, bytearray)):
        return bytes(data)
    try:
        # JSON has no NaN, which Python's writes all the same.
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"must be text, bytes, or what JSON can hold: {error}") from None
    return text.encode(encoding)
