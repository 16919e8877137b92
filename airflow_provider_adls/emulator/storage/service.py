"""The two faces of storage accounts, mounted: an account's host names, or `/dfs/NAME` and `/blob/NAME`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from airflow_provider_adls.emulator.record import note
from airflow_provider_adls.emulator.storage import answers, errors, mount
from airflow_provider_adls.emulator.storage.caller import KEY_HOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.storage.account import StorageAccount
    from airflow_provider_adls.emulator.storage.accounts import StorageAccounts
    from airflow_provider_adls.emulator.storage.caller import Caller


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
    :param faces: what answers, by face.
    :param clock: the time of the answers.
    """

    def __init__(
        self, accounts: StorageAccounts, faces: Mapping[answers.Face, Handler], clock: Clock
    ) -> None:
        self._accounts = accounts
        self._faces = faces
        self._clock = clock

    async def handle(
        self, request: web.Request, face: answers.Face, name: str, prefix: str = ""
    ) -> web.StreamResponse:
        """Answer a request to an account.

        :param name: the account.
        :param prefix: what stands before `/{container}` in the path of the request.
        """
        asked = mount.asked(request, face, prefix)
        note(account=name, operation=asked.operation, path=asked.shown)
        try:
            account = self._accounts.find(name)
            if account is None:
                raise errors.account_missing(name)
            handler = self._faces.get(face)
            if handler is None:
                raise errors.refused("UnsupportedHttpVerb")
            return await handler.handle(request, account, asked, KEY_HOLDER)
        except errors.StorageError as error:
            return self.refusal(request, face, error)

    def refusal(self, request: web.Request, face: answers.Face, error: errors.StorageError) -> web.Response:
        """Return the answer to a refused request."""
        return answers.refusal(request, face, error, self._clock)
