"""The two faces of storage accounts, mounted: an account's host names, or `/dfs/NAME` and `/blob/NAME`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from aiohttp import hdrs, web

from airflow_provider_adls.emulator.gen2 import answers, batch, errors, mount
from airflow_provider_adls.emulator.gen2.sign_in import delegation
from airflow_provider_adls.emulator.record import note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.gen2.account import StorageAccount
    from airflow_provider_adls.emulator.gen2.accounts import StorageAccounts
    from airflow_provider_adls.emulator.gen2.caller import Caller
    from airflow_provider_adls.emulator.gen2.sign_in.door import StorageDoor


_DELEGATION, _BATCH = "GetUserDelegationKey", "BatchBlob"
#: Operations that a batch may hold (documented).
_IN_BATCH = frozenset({"DeleteBlob", "SetBlobTier"})


class Handler(Protocol):
    """One face of the file systems."""

    async def handle(
        self, request: web.Request, account: StorageAccount, asked: mount.Asked, caller: Caller
    ) -> web.StreamResponse:
        """Answer a request of a signed-in caller.

        :param asked: operation, container, path and query of the request.
        :raises StorageError: for a refusal, which the service writes in the words of the face.
        """
        ...


class StorageService:
    """Signs callers in and hands their requests to the face that they address.

    :param accounts: the storage accounts.
    :param faces: service of each face.
    :param door: signs callers in.
    :param tenant: id of the tenant.
    :param clock: the time of the answers.
    """

    def __init__(
        self,
        accounts: StorageAccounts,
        faces: Mapping[answers.Face, Handler],
        door: StorageDoor,
        tenant: str,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._faces = faces
        self._door = door
        self._tenant = tenant
        self._clock = clock

    async def handle(
        self, request: web.Request, face: answers.Face, name: str, prefix: str = ""
    ) -> web.StreamResponse:
        """Answer a request to an account.

        :param name: the account.
        :param prefix: text before `/{container}` in the path of the request.
        """
        asked = mount.asked(request, face, prefix)
        note(account=name, operation=asked.operation, path=asked.shown)
        try:
            account = self._accounts.find(name)
            if account is None:
                raise errors.account_missing(name)
            if not account.hns:
                raise errors.namespace_flat(name)
            caller = self._door.admit(request, account, asked, prefix)
            note(principal=caller.principal)
            if asked.operation == _DELEGATION:
                return await self._delegate(request, account, caller)
            if asked.operation == _BATCH:
                return await self._batch(request, account, face, prefix)
            return await self._faces[face].handle(request, account, asked, caller)
        except errors.StorageError as error:
            return self.refusal(request, face, error)

    async def _batch(
        self, request: web.Request, account: StorageAccount, face: answers.Face, prefix: str
    ) -> web.StreamResponse:
        # The signature of the whole lets nothing in but the parts, each of which is signed for itself.
        done: list[tuple[str, web.Response]] = []
        for id_, part in await batch.parts(request, prefix):
            asked = mount.asked(part, face, prefix)
            try:
                if asked.operation not in _IN_BATCH:
                    raise errors.refused("InvalidInput")
                caller = self._door.admit(part, account, asked, prefix)
                answer = await self._faces[face].handle(part, account, asked, caller)
                assert isinstance(answer, web.Response)
            except errors.StorageError as error:
                answer = self.refusal(part, face, error)
            done.append((id_, answer))
        kind, body = batch.content(done)
        headers = answers.common_headers(request, face, self._clock.now())
        return web.Response(status=202, body=body, headers={**headers, hdrs.CONTENT_TYPE: kind})

    async def _delegate(
        self, request: web.Request, account: StorageAccount, caller: Caller
    ) -> web.StreamResponse:
        # A key or a signature has no identity that could delegate anything.
        if request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")[0].lower() != "bearer":
            raise errors.refused("AuthenticationFailed")
        if caller.role == "none":
            raise errors.refused("AuthorizationPermissionMismatch")
        now = self._clock.now()
        headers = answers.common_headers(request, "blob", now)
        version = request.headers.get(answers.VERSION, "")
        body = delegation.answer(account, await request.read(), caller.object_id, self._tenant, version, now)
        return web.Response(body=body, content_type="application/xml", headers=headers)

    def refusal(self, request: web.Request, face: answers.Face, error: errors.StorageError) -> web.Response:
        """Return the answer to a refused request."""
        return answers.refusal(request, face, error, self._clock)
