"""`ContainerSender`: copies files and directories into a container of a storage account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.seeds.parts import parts

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.seeds.items import Item
    from airflow_provider_adls.emulator.seeds.sending import Sender

_STORAGE = "https://storage.azure.com/"
#: The version whose appends can flush.
_VERSION = {"x-ms-version": "2021-12-02"}


class ContainerSender:
    """The files of a container.

    :param sender: the client that sends requests.
    :param account: storage account.
    :param container: its container.
    :param token: for storage.
    """

    def __init__(self, sender: Sender, account: str, container: str, token: str) -> None:
        self._sender = sender
        self._prefix = f"/dfs/{account}/{container}"
        self._token = token

    @classmethod
    async def open(cls, sender: Sender, account: str, container: str) -> Self:
        """Sign in, and return the files of a container, which is made if it does not exist."""
        files = cls(sender, account, container, await sender.token(_STORAGE))
        await files._do("PUT", "", "resource=filesystem", allowed=("FilesystemAlreadyExists",))
        return files

    async def put(self, item: Item) -> None:
        """Make a directory, which keeps what it has, or write a file."""
        if item.path == "/":
            return
        if item.source is None:
            await self._do(
                "PUT",
                item.path,
                "resource=directory",
                headers={"If-None-Match": "*"},
                allowed=("PathAlreadyExists",),
            )
            return
        await self._do("PUT", item.path, "resource=file")
        position = 0
        for part in parts(item.source):
            if part:
                await self._do("PATCH", item.path, f"action=append&position={position}", part)
                position += len(part)
        if position:
            await self._do("PATCH", item.path, f"action=flush&position={position}")

    async def _do(
        self,
        method: str,
        path: str,
        query: str,
        data: bytes | None = None,
        *,
        headers: dict[str, str] | None = None,
        allowed: tuple[str, ...] = (),
    ) -> None:
        url = f"{self._prefix}{quote(path)}?{query}"
        try:
            await self._sender.send(
                method,
                url,
                self._token,
                data=data or b"",
                headers={**_VERSION, **(headers or {})},
                allowed=allowed,
            )
        except EmulatorError as error:
            raise EmulatorError(f"{query.partition('&')[0]} {path or '/'}: {error}") from None
