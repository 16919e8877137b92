"""`open_account` and `open_container`: where files and directories are copied to."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.model.operations import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from airflow_provider_adls.emulator.seeds.items import Item, Put
    from airflow_provider_adls.emulator.seeds.sending import Sender

_ARM = "https://management.core.windows.net/"
_LAKE = "https://datalake.azure.net/"
_STORAGE = "https://storage.azure.com/"
#: The version of storage whose appends can flush.
_VERSION = {"x-ms-version": "2021-12-02"}
_POLL = 0.05


async def open_account(sender: Sender, account: str, *, make: bool) -> Put:
    """Return what copies into a Gen1 account.

    :param make: whether the account is made, in resource group `rg` as `start --account` does.
    """
    if make:
        await _make_account(sender, account)
    await sender.sign_in(_LAKE)

    async def do(method: str, item: Item, operation: str, data: bytes = b"", **query: str) -> None:
        parameters = urlencode({"op": operation, **query}, quote_via=quote)
        path = f"/adls/{account}/webhdfs/v1{quote(item.path)}?{parameters}"
        await sender.send(method, path, data, what=f"{operation} {item.path}")

    async def put(item: Item) -> None:
        if item.source is None:
            await do("PUT", item, "MKDIRS")
            return
        rest = _parts(item.source)
        await do("PUT", item, "CREATE", next(rest), write="true", overwrite="true")
        for part in rest:
            await do("POST", item, "APPEND", part, append="true")

    return put


async def open_container(sender: Sender, account: str, container: str) -> Put:
    """Return what copies into a container of a storage account; a missing one is made."""
    await sender.sign_in(_STORAGE)

    async def do(method: str, path: str, query: str, data: bytes = b"", unless: str = "") -> None:
        # A condition, so that a directory which exists keeps what it has.
        headers = {"If-None-Match": "*"} if unless == "PathAlreadyExists" else {}
        await sender.send(
            method,
            f"/dfs/{account}/{container}{quote(path)}?{query}",
            data,
            {**_VERSION, **headers},
            unless=unless,
            what=f"{query.partition('&')[0]} {path or '/'}",
        )

    async def put(item: Item) -> None:
        if item.source is None:
            await do("PUT", item.path, "resource=directory", unless="PathAlreadyExists")
            return
        await do("PUT", item.path, "resource=file")
        position = 0
        for part in filter(None, _parts(item.source)):
            await do("PATCH", item.path, f"action=append&position={position}", part)
            position += len(part)
        if position:
            await do("PATCH", item.path, f"action=flush&position={position}")

    await do("PUT", "", "resource=filesystem", unless="FilesystemAlreadyExists")
    return put


async def _make_account(sender: Sender, account: str) -> None:
    await sender.sign_in(_ARM)
    path = (
        f"/subscriptions/{sender.ready['subscription_id']}/resourceGroups/{well_known.RESOURCE_GROUP}"
        f"/providers/Microsoft.DataLakeStore/accounts/{account}?api-version=2016-11-01"
    )
    body = json.dumps({"location": well_known.LOCATION}).encode()
    made = await sender.send("PUT", path, body, {"Content-Type": "application/json"})
    while json.loads(made)["properties"]["provisioningState"] == "Creating":
        await asyncio.sleep(_POLL)
        made = await sender.send("GET", path)


def _parts(source: Path) -> Iterator[bytes]:
    """Read a file in pieces that a request may hold; the first one may be empty."""
    try:
        with source.open("rb") as file:
            yield file.read(MAX_BODY)
            while part := file.read(MAX_BODY):
                yield part
    except OSError as error:
        raise EmulatorError(f"{source} cannot be read: {error.strerror}") from error
