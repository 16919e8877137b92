"""`AccountSender`: copies files and directories into a Gen1 account."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, urlencode

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.seeds.parts import parts

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.seeds.items import Item
    from airflow_provider_adls.emulator.seeds.sending import Sender

_ARM = "https://management.core.windows.net/"
_LAKE = "https://datalake.azure.net/"
_POLL = 0.05


async def make_account(sender: Sender, name: str) -> None:
    """Make an account in resource group `rg`, where `start --account` makes them too."""
    path = (
        f"/subscriptions/{sender.ready['subscription_id']}/resourceGroups/{well_known.RESOURCE_GROUP}"
        f"/providers/Microsoft.DataLakeStore/accounts/{name}?api-version=2016-11-01"
    )
    token = await sender.token(_ARM)
    body = json.dumps({"location": well_known.LOCATION}).encode()
    account = await sender.send("PUT", path, token, data=body, headers={"Content-Type": "application/json"})
    while json.loads(account)["properties"]["provisioningState"] == "Creating":
        await asyncio.sleep(_POLL)
        account = await sender.send("GET", path, token)


class AccountSender:
    """The file system of a Gen1 account.

    :param sender: the client that sends requests.
    :param account: name of the account.
    :param token: for its files.
    """

    def __init__(self, sender: Sender, account: str, token: str) -> None:
        self._sender = sender
        self._prefix = f"/adls/{account}"
        self._token = token

    @classmethod
    async def open(cls, sender: Sender, account: str) -> Self:
        """Sign in, and return the file system of an account."""
        return cls(sender, account, await sender.token(_LAKE))

    async def put(self, item: Item) -> None:
        """Make a directory, or write a file."""
        if item.source is None:
            await self._do("PUT", item, "MKDIRS")
            return
        rest = parts(item.source)
        await self._do("PUT", item, "CREATE", next(rest), write="true", overwrite="true")
        for part in rest:
            await self._do("POST", item, "APPEND", part, append="true")

    async def _do(
        self, method: str, item: Item, operation: str, data: bytes | None = None, /, **query: str
    ) -> None:
        parameters = urlencode({"op": operation, **query}, quote_via=quote)
        path = f"{self._prefix}/webhdfs/v1{quote(item.path)}?{parameters}"
        try:
            await self._sender.send(method, path, self._token, data=data)
        except EmulatorError as error:
            raise EmulatorError(f"{operation} {item.path}: {error}") from None
