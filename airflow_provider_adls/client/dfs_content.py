"""`DfsContent`: content of files in a Gen2 container, read, made, appended to and put together."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from contextlib import aclosing
from typing import TYPE_CHECKING

from airflow_provider_adls.client.dfs_paths import permission_headers
from airflow_provider_adls.client.dfs_rights import DfsRights
from airflow_provider_adls.client.dfs_staging import OffsetStaging
from airflow_provider_adls.client.dialect import Request
from airflow_provider_adls.client.transport import DONE
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import (
    ADLSGen1Error,
    BadOffsetError,
    RequestError,
    ServiceError,
    SourceChangedError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from airflow_provider_adls.client.interface import Take
    from airflow_provider_adls.client.pieces import Content
    from airflow_provider_adls.client.staging import PartName, Staging
    from airflow_provider_adls.client.transport import Answer
    from airflow_provider_adls.model.status import FileStatus

#: Seconds that a file is leased for, from the end of an append to its flush: the least that the service
#: grants, for a writer that is killed in between keeps others out so long.
_LEASE = 15
#: Seconds that another writer waits for the end of a lease.
_PATIENCE = 60
_LEASED = frozenset({"LeaseAlreadyPresent", "LeaseIdMissing", "LeaseIdMismatch"})
#: The file was written by the Blob face, block by block or as a whole: it cannot be appended to as it is.
_OF_BLOB_FACE = "InvalidFlushOperation"


class DfsContent(DfsRights):
    """Documented at `DataLakeClient`."""

    async def read_pieces(
        self, path: str, *, offset: int = 0, length: int | None = None, etag: str | None = None
    ) -> list[bytes]:
        """Return the bytes of a file in pieces."""
        part = _Part(path, offset, length, etag)
        pieces: list[bytes] = []
        while part.is_open:
            try:
                answer = await self._transport.send(part.request())
            except RequestError as error:
                await self._end(part, error)
                return pieces
            part.check(answer)
            pieces.extend(answer.pieces)
            part.advance(sum(map(len, answer.pieces)))
        if length == 0:
            await self._check_version(path, etag)
        return pieces

    async def read_into(
        self, take: Take, path: str, *, offset: int, length: int, etag: str | None = None
    ) -> int:
        """Hand over bytes of a file as they arrive."""
        part = _Part(path, offset, length, etag)
        while part.is_open:
            try:
                part.advance(await self._transport.receive(part.request(), take, part.offset, part.check))
            except RequestError as error:
                await self._end(part, error)
                break
        return part.offset - offset

    async def stream(
        self, path: str, *, offset: int = 0, length: int | None = None, etag: str | None = None
    ) -> AsyncIterator[bytes]:
        """Yield the bytes of a file as they arrive."""
        part = _Part(path, offset, length, etag)
        while part.is_open:
            received = 0
            try:
                async with aclosing(self._transport.stream(part.request(), part.check)) as chunks:
                    async for chunk in chunks:
                        received += len(chunk)
                        yield chunk
            except RequestError as error:
                await self._end(part, error)
                return
            part.advance(received)
        if length == 0:
            await self._check_version(path, etag)

    async def _end(self, part: _Part, error: RequestError) -> None:
        part.end(error)
        # A range of a directory is beyond its end, as one of an empty file is.
        if not part.offset and (await self.status(part.path)).is_directory:
            raise IsADirectoryError(f"{part.path} is a directory")

    async def _check_version(self, path: str, etag: str | None) -> None:
        status = await self.status(path)
        if etag and status.etag != etag:
            raise SourceChangedError(path, copied=False)

    async def create(
        self,
        path: str,
        content: bytes = b"",
        *,
        overwrite: bool = True,
        permission: str | None = None,
        close: bool = True,  # noqa: ARG002 - a flush always shows the length
    ) -> None:
        """Make a file: by one request, or with content and a permission under a hidden name first."""
        self._check_size(content)
        headers = (
            permission_headers(permission)
            if overwrite
            else {
                "If-None-Match": "*",
                **permission_headers(permission),
            }
        )
        if not content:
            await self._send_creation(Request("CreatePathFile", path, headers=headers))
        elif permission is None and self._has_blob_face:
            headers["x-ms-blob-type"] = "BlockBlob"
            await self._send_creation(Request("PutBlob", path, content=content, headers=headers))
        else:
            await self._create_hidden(path, content, overwrite=overwrite, permission=permission)

    async def _create_hidden(
        self, path: str, content: bytes, *, overwrite: bool, permission: str | None
    ) -> None:
        hidden = paths.join(paths.parent(path), f".{uuid.uuid4().hex}.part")
        try:
            await self.create(hidden, permission=permission)
            # Nobody else has this name, so that both may be sent again at once.
            appending = Request("AppendFile", hidden, {"position": "0", "flush": "true"}, content)
            etag = await self._read(appending, lambda answer: answer.headers["ETag"].strip('"'))
            await self._rename(hidden, path, overwrite=overwrite, etag=etag)
        except BaseException:
            # The failure that led here matters more, and must not be hidden by this one.
            with contextlib.suppress(ADLSGen1Error):
                await asyncio.shield(self.delete(hidden))
            raise

    def staging(self, directory: str, name: Callable[[], str], part: PartName | None = None) -> Staging:
        """Return a file to be written under a hidden name."""
        return OffsetStaging(self, directory, name, part)

    async def append_unflushed(
        self, path: str, content: Content, offset: int, *, lease: str | None = None
    ) -> None:
        """Send bytes at an offset, not visible until the flush; sent twice they are the same.

        :param lease: id that the file is leased by from now on, if it is free.
        """
        headers = {}
        if lease:
            headers = {
                "x-ms-lease-action": "acquire",
                "x-ms-proposed-lease-id": lease,
                "x-ms-lease-duration": str(_LEASE),
            }
        await self._transport.send(Request("AppendFile", path, {"position": str(offset)}, content, headers))

    async def flush(
        self,
        path: str,
        length: int,
        *,
        known: FileStatus | None = None,
        lease: str | None = None,
        added: bytes = b"",
        keeps_rest: bool = False,
    ) -> None:
        """Make the bytes that were sent visible.

        :param length: bytes that the file has then.
        :param known: status that the file must have still.
        :param lease: id that it is leased by, and no longer then.
        :param added: its last bytes, by which a lost answer is settled; empty for a file of one writer.
        :param keeps_rest: whether bytes that were sent beyond the length are kept for a later flush.
        :raises BadOffsetError: if the bytes up to the length did not all arrive, or the file was changed.
        """
        headers = {"If-Match": f'"{known.etag}"'} if known else {}
        if lease:
            headers |= {"x-ms-lease-id": lease, "x-ms-lease-action": "release"}
        kind = "retainUncommittedData" if keeps_rest else "close"
        request = Request("FlushFile", path, {"position": str(length), kind: "true"}, headers=headers)

        async def look(error: RequestError) -> Answer | None:
            now = await self.status(path)
            if now.length != length or (known and now.etag == known.etag):
                return None
            if added and await self.read(path, offset=length - len(added), length=len(added)) != added:
                raise error
            return DONE

        try:
            await self._transport.send(request, look)
        except ServiceError as error:
            if error.status != 412:
                raise
            raise self._error(
                request, BadOffsetError, "the file was changed meanwhile", status=412
            ) from error

    async def append(self, path: str, content: bytes, *, offset: int, close: bool = True) -> None:  # noqa: ARG002 - Gen2 has no open files
        """Add to the end of a file, which is leased meanwhile: two writers at one offset would mix."""
        self._check_size(content)
        lease = str(uuid.uuid4())
        waited = 0.0
        while True:
            known = await self.status(path)
            if known.is_directory or known.length != offset:
                raise self._error(
                    Request("AppendFile", path),
                    BadOffsetError,
                    f"the file has {known.length} bytes, not {offset}",
                    status=None,
                )
            if not content:
                return
            try:
                await self.append_unflushed(path, content, offset, lease=lease)
            except ServiceError as error:
                if error.remote_exception == _OF_BLOB_FACE:
                    await self._rewrite(path, known)
                    continue
                if error.remote_exception not in _LEASED or waited > _PATIENCE:
                    raise
                # Another writer appends.
                await asyncio.sleep(0.05 + waited / 10)
                waited += 0.05 + waited / 10
            else:
                break
        try:
            await self.flush(path, offset + len(content), known=known, lease=lease, added=content)
        except BaseException:
            with contextlib.suppress(ADLSGen1Error):
                await asyncio.shield(self._release(path, lease))
            raise

    async def _release(self, path: str, lease: str) -> None:
        headers = {"x-ms-lease-action": "release", "x-ms-lease-id": lease}
        await self._transport.send(Request("LeasePath", path, headers=headers))

    async def _rewrite(self, path: str, known: FileStatus) -> None:
        """Write a file anew, so that it can be appended to; it keeps its rights.

        :param known: its status.
        :raises SourceChangedError: if it was changed meanwhile.
        """
        acl = await self._entries(path)
        staging = self.staging(paths.parent(path), lambda: f".{uuid.uuid4().hex}.part")
        try:
            await self._copy(path, staging, 0, known)
            await staging.whole(known.length)
            await self.set_acl(staging.path, acl)
            await staging.place(path, exclusive=False)
        except BaseException:
            await asyncio.shield(staging.discard())
            raise

    async def _copy(self, path: str, staging: Staging, start: int, known: FileStatus) -> None:
        """Copy a file into one that is being written, block by block.

        :param start: offset that it begins at there.
        :param known: its status.
        """
        step = self.limits.body
        for offset in range(0, known.length, step):
            block = await self.read(
                path, offset=offset, length=min(step, known.length - offset), etag=known.etag
            )
            await staging.write(start + offset, block)


class _Part:
    """A part of a file that is read by one request or more, all of them of one version.

    :param length: bytes of it; None for all that the service answers with.
    :param etag: of the version; None for that of the first answer.
    """

    def __init__(self, path: str, offset: int, length: int | None, etag: str | None) -> None:
        self.path = path
        self.offset = offset
        self._rest = length
        self._etag = etag and f'"{etag}"'
        self.is_open = length != 0

    def request(self) -> Request:
        """Return the request for what is left of it."""
        headers = {}
        if self.offset or self._rest is not None:
            end = "" if self._rest is None else self.offset + self._rest - 1
            headers["Range"] = f"bytes={self.offset}-{end}"
        if self._etag is not None:
            headers["If-Match"] = self._etag
        return Request("ReadFile", self.path, headers=headers, reads=True, length=self._rest)

    def check(self, answer: Answer) -> None:
        """Take the version of the first answer.

        :raises IsADirectoryError: if it is of a directory.
        :raises SourceChangedError: if it is of another part than was asked for.
        """
        if answer.headers.get("x-ms-resource-type") == "directory":
            raise IsADirectoryError(f"{self.path} is a directory")
        if self.offset and answer.status != 206:
            raise SourceChangedError(self.path, copied=False)
        self._etag = self._etag or answer.headers.get("ETag")

    def advance(self, received: int) -> None:
        """Count what has arrived, which may be less than was asked for, and is nothing at the end."""
        self.offset += received
        if self._rest is not None:
            self._rest -= received
        self.is_open = bool(self._rest and received)

    def end(self, error: RequestError) -> None:
        """Take an error for the end of the file, if it says so.

        :raises SourceChangedError: if the file became another between two answers.
        """
        if error.status == 412 and self._etag is not None:
            raise SourceChangedError(self.path, copied=False) from error
        # The range begins at the file's end, or after it.
        if error.status != 416:
            raise error
