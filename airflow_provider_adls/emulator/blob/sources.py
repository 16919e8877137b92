"""Sources: the blob that a copy names by its URL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from airflow_provider_adls.emulator.gen2.errors import StorageError, refused
from airflow_provider_adls.emulator.rules.gen2 import content
from airflow_provider_adls.emulator.rules.gen2.calls import checked_path

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.faces.asks import Ask
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.store import Node

_FACES = ("blob", "dfs")


def source(call: FileCall, ask: Ask) -> Node:
    """Return the file that a copy reads, of the same account.

    :raises StorageError: if there is none, or the URL names another account.
    """
    parts = urlsplit(ask.header("x-ms-copy-source"))
    names = unquote(parts.path).strip("/").split("/")
    account = (parts.hostname or "").partition(".")[0]
    if len(names) > len(_FACES) and names[0] in _FACES and names[1] == ask.account:
        account, names = names[1], names[2:]
    if account != ask.account or len(names) < len(("container", "blob")):
        raise refused("CannotVerifyCopySource")
    try:
        node = content.demand_read(
            replace(call, container=names[0]),
            checked_path("/".join(names[1:])),
            ask.conditions("x-ms-source-"),
            ask.header("x-ms-source-lease-id"),
        )
    except StorageError as error:
        if error.status in (304, 412):
            raise refused("SourceConditionNotMet") from None
        raise refused("CannotVerifyCopySource") from None
    if node.directory:
        raise refused("OperationNotSupportedOnDirectory")
    return node
