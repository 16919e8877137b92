"""`adls-gen1 emulator seed`: copy a folder of this machine into an account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.commands import remote
from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.model.paths import account_name

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from airflow_provider_adls.emulator import seeds


def add_arguments(seed: argparse.ArgumentParser) -> None:
    """Add the action's options."""
    seed.add_argument(
        "account",
        metavar="ACCOUNT[/CONTAINER]",
        help="name of the Gen1 account, which is made if it is missing, or of a storage account with the"
        " container, which is made if it is missing",
    )
    seed.add_argument(
        "folder",
        type=Path,
        metavar="FOLDER",
        help="folder whose files and directories are copied",
    )
    remote.add_arguments(seed)
    seed.add_argument("--path", default="/", help="directory that takes it (default: /)")
    seed.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Copy a folder into an account.

    :raises EmulatorError: for a file that cannot be copied, before anything is sent; and for a refusal.
    """
    # The other commands do without what sends files.
    import asyncio

    import aiohttp

    from airflow_provider_adls.emulator import seeds
    from airflow_provider_adls.emulator.rules.gen2.calls import checked_path

    name, slash, container = arguments.account.partition("/")
    try:
        account = name if slash else account_name(name)
    except PathError as error:
        raise EmulatorError(str(error)) from error
    check = {"check": checked_path} if slash else {}
    items = seeds.read(arguments.folder.expanduser(), arguments.path, **check)
    emulator = remote.Remote(remote.ready_path(arguments))
    status = emulator.ask("GET", "/emulator/status")
    if slash and account not in status["storage_accounts"]:
        raise EmulatorError(
            f"storage account {account} does not exist: start --storage-account {account} makes one"
        )
    known = container in status["storage_accounts"][account] if slash else account in status["accounts"]
    try:
        asyncio.run(_fill(emulator, account, container if slash else None, items, make=not known))
    except* EmulatorError as errors:
        # Those that come with the first are of files that were under way with it.
        raise _first(errors) from None
    except* (aiohttp.ClientError, OSError) as errors:
        raise EmulatorError(f"the emulator went away in the middle: {_first(errors)}") from None
    files = sum(item.source is not None for item in items)
    made = "" if known else ", which was made"
    what = f"container {arguments.account}" if slash else f"account {account}"
    print(f"Filled {what}{made}. Files: {files}, directories: {len(items) - files}.")
    return 0


async def _fill(
    emulator: remote.Remote, account: str, container: str | None, items: Sequence[seeds.Item], *, make: bool
) -> None:
    from airflow_provider_adls.emulator import seeds

    async with seeds.Sender(emulator.ready, emulator.context) as sender:
        if container is not None:
            put = await seeds.open_container(sender, account, container)
        else:
            put = await seeds.open_account(sender, account, make=make)
        await sender.fill(put, items)


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    found: BaseException = errors
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
