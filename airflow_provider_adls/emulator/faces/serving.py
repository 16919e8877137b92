"""Serving: from a face's request to its handler and back, the same for both faces."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from airflow_provider_adls.emulator.answer import Answer
from airflow_provider_adls.emulator.faces import bodies
from airflow_provider_adls.emulator.faces.asks import Ask, Reply
from airflow_provider_adls.emulator.gen2.answers import common_headers
from airflow_provider_adls.emulator.gen2.errors import StorageError, refused
from airflow_provider_adls.emulator.rules import expiry
from airflow_provider_adls.emulator.rules.gen2.calls import FileCall, checked_path
from airflow_provider_adls.emulator.rules.refusals import Denied, Exists, Invalid, Missing, Refusal
from airflow_provider_adls.emulator.store import StoreError
from airflow_provider_adls.model import gen2

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.gen2.account import StorageAccount
    from airflow_provider_adls.emulator.gen2.answers import Face
    from airflow_provider_adls.emulator.gen2.caller import Caller
    from airflow_provider_adls.emulator.gen2.mount import Asked
    from airflow_provider_adls.emulator.rules.gen2.namespaces import Namespaces

logger = logging.getLogger(__name__)

Handle = Callable[[FileCall, Ask], Reply]
KeepRetention = Callable[["StorageAccount", int | None], object]
#: Refusals of both generations, in the words of this one.
_CODES: dict[type[Refusal], str] = {
    Denied: "AuthorizationPermissionMismatch",
    Exists: "PathConflict",
    Invalid: "InvalidInput",
    Missing: "PathNotFound",
}
_VERSION = "x-ms-version"
_SLASHES = ("/", "%2f")
_KEY = "x-ms-encryption-key-sha256"
_SCOPE = "x-ms-encryption-scope"


class FaceService:
    """One face of all accounts.

    :param face: its name.
    :param namespaces: the files.
    :param handlers: by the name of the operation.
    :param with_body: operations whose requests have content.
    :param codes: the face's own codes, by the codes of the rules.
    :param keep_retention: stores with an account how many days it keeps deleted paths.
    """

    def __init__(
        self,
        face: Face,
        namespaces: Namespaces,
        handlers: Mapping[str, Handle],
        with_body: frozenset[str],
        codes: Mapping[str, str],
        keep_retention: KeepRetention,
    ) -> None:
        self._face = face
        self._namespaces = namespaces
        self._handlers = handlers
        self._with_body = with_body
        self._codes = codes
        self._keep_retention = keep_retention

    async def handle(
        self, request: web.Request, account: StorageAccount, asked: Asked, caller: Caller
    ) -> web.StreamResponse:
        """Answer a request of a signed-in caller.

        :raises StorageError: for a refusal, in the face's own words.
        """
        try:
            reply = await self._reply(request, account, asked, caller)
        except StorageError as error:
            code = self._codes.get(error.code)
            if code is None:
                raise
            own = refused(code, error.headers)
            raise StorageError(
                error.status if error.status == _NOT_MODIFIED else own.status,
                code,
                own.message,
                error.headers,
            ) from None
        headers = common_headers(request, self._face, self._namespaces.clock.now()) | reply.headers
        if reply.reader is not None:
            return await _stream(request, reply, headers)
        if hdrs.CONTENT_LENGTH not in headers:
            headers[hdrs.CONTENT_LENGTH] = str(len(reply.body))
        return Answer(status=reply.status, headers=headers, body=reply.body or None)

    async def _reply(
        self, request: web.Request, account: StorageAccount, asked: Asked, caller: Caller
    ) -> Reply:
        handler = self._handlers.get(asked.operation or "")
        if handler is None:
            raise refused("UnsupportedQueryParameter" if asked.query else "UnsupportedHttpVerb")
        version = request.headers.get(_VERSION, gen2.NEWEST)
        if not gen2.is_version(version):
            raise refused("InvalidHeaderValue")
        if self._face == "blob" and asked.address.path and asked.path.lower().endswith(_SLASHES):
            # Issues of arrow and rclone: a blob's name does not end so.
            raise refused("InvalidUri")
        ask = Ask(
            account.name,
            checked_path(asked.address.path),
            asked.query,
            request.headers,
            version,
            lambda: f"{request.scheme}://{request.host}{_prefix(request, asked)}",
        )
        try:
            if asked.operation not in self._with_body:
                return self._perform(handler, self._call(request, account, asked, caller), ask)
            streamed = asked.operation in bodies.STREAMED
            upload = self._namespaces.store.upload
            ask.body = await bodies.receive(request, version, upload, streamed=streamed)
            try:
                return self._perform(handler, self._call(request, account, asked, caller), ask)
            finally:
                ask.body.close()
        except Refusal as refusal:
            raise refused(_CODES.get(type(refusal), "InvalidInput")) from None
        except StoreError as error:
            logger.exception("%s %s failed", asked.operation, ask.path)
            raise StorageError(500, "InternalError", str(error)) from error

    def _perform(self, handler: Handle, call: FileCall, ask: Ask) -> Reply:
        expiry.purge(call)
        with call.store.transaction():
            return handler(call, ask)

    def _call(self, request: web.Request, account: StorageAccount, asked: Asked, caller: Caller) -> FileCall:
        return FileCall(
            self._namespaces.store,
            account.name,
            caller.principal._replace(super_user=caller.role in ("owner", "contributor")),
            self._namespaces.clock.now_ms(),
            container=asked.address.container,
            role=caller.role,
            may_overwrite=caller.may_overwrite,
            retention=account.retention_days,
            container_retention=account.container_retention_days,
            keep_retention=lambda days: self._keep_retention(account, days),
            sku=account.sku,
            kind=account.kind,
            key=request.headers.get(_KEY, ""),
            scope=request.headers.get(_SCOPE) or asked.query.get("ses", ""),
            versions=self._namespaces.versions,
        )


def _prefix(request: web.Request, asked: Asked) -> str:
    """Return the path before what is the face's own."""
    return request.raw_path.partition("?")[0].removesuffix(asked.path)


_NOT_MODIFIED = 304


async def _stream(request: web.Request, reply: Reply, headers: dict[str, str]) -> web.StreamResponse:
    answer = web.StreamResponse(status=reply.status, headers=headers)
    assert reply.reader is not None
    with reply.reader as reader:
        await answer.prepare(request)
        for chunk in reader:
            await answer.write(chunk)
            # As long as the system takes it all, nobody else would have a turn.
            await asyncio.sleep(0)
    await answer.write_eof()
    return answer
