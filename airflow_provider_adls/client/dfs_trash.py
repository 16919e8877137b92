"""`DfsTrash`: expiry and deleted items of a Gen2 container, by the account's Blob face."""

from __future__ import annotations

import uuid
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import unquote

from airflow_provider_adls.client import settle
from airflow_provider_adls.client.dfs_paths import DfsPaths
from airflow_provider_adls.client.dfs_values import read_deleted_page
from airflow_provider_adls.client.dialect import Request
from airflow_provider_adls.client.transport import DONE
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathExistsError, RequestError
from airflow_provider_adls.model.operations import PAGE_SIZE

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import ExpiryOption, RestoreAction
    from airflow_provider_adls.client.results import DeletedPage
    from airflow_provider_adls.client.transport import Answer

_OPTIONS = {"RelativeToCreationDate": "RelativeToCreation"}


class DfsTrash(DfsPaths):
    """Documented at `DataLakeClient`."""

    async def set_expiry(self, path: str, option: ExpiryOption, milliseconds: int | None = None) -> None:
        """Set when a file expires; an absolute time is one of whole seconds."""
        self._need_blob_face("SetBlobExpiry", path)
        headers = {"x-ms-expiry-option": _OPTIONS.get(option, option)}
        if milliseconds is not None:
            at = formatdate(milliseconds / 1000, usegmt=True) if option == "Absolute" else str(milliseconds)
            headers["x-ms-expiry-time"] = at
        await self._transport.send(Request("SetBlobExpiry", path, headers=headers))

    async def deleted_page(self, hint: str, *, token: str = "", limit: int = PAGE_SIZE) -> DeletedPage:
        """Return one page of the deleted items whose paths begin so, of an account with soft delete."""
        self._need_blob_face("ListBlobs", hint)
        begin = hint.strip("/")
        parameters = {"maxresults": str(limit)} | ({"prefix": begin} if begin else {})
        request = Request("ListBlobs", "/", parameters | ({"marker": token} if token else {}))
        return await self._read(request, lambda answer: read_deleted_page(answer.body))

    async def restore(
        self, token: str, destination: str, *, directory: bool = False, action: RestoreAction | None = None
    ) -> None:
        """Bring a deleted item back; one that replaces a file is put under a hidden name first.

        :raises UnsupportedOperationError: for ``copy``: the service makes up no other name.
        """
        self._need_blob_face("UndeleteBlob", destination)
        if action == "copy":
            self._unsupported(
                "UndeleteBlob", destination, "the service makes up no other name for a deleted item"
            )
        if "?deletionid=" not in token or not unquote(token.partition("?")[0]):
            raise ValueError(f"{token!r:.100} is not the token of a deleted item")
        existing = await settle.status_or_none(self, destination)
        if existing and (action is None or directory):
            raise self._error(
                Request("UndeleteBlob", destination), PathExistsError, "something exists there", status=None
            )
        target = destination
        if existing:
            target = paths.join(paths.parent(destination), f".{uuid.uuid4().hex}.part")
        await self._undelete(token, target)
        if existing:
            await self.rename(target, destination, overwrite=True)

    async def _undelete(self, token: str, path: str) -> None:
        async def look(_: RequestError) -> Answer | None:
            return DONE if await settle.status_or_none(self, path) else None

        await self._transport.send(
            Request("UndeleteBlob", path, headers={"x-ms-undelete-source": token}), look
        )

    def _need_blob_face(self, operation: str, path: str) -> None:
        if not self._has_blob_face:
            self._unsupported(
                operation,
                path,
                f"{self.endpoint} does not say where the account's Blob face is, which alone can do this",
            )
