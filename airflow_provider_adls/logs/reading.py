"""Logs read from a lake: the files of one try, and their lines, block by block."""

from __future__ import annotations

import asyncio
import codecs
import logging
from typing import TYPE_CHECKING

from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.logs.uploads import PATIENCE
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathNotFoundError

if TYPE_CHECKING:
    from collections.abc import Generator

    from airflow_provider_adls.client.interface import DataLakeClient

logger = logging.getLogger(__name__)
#: Bytes that one request asks for.
BLOCK = 2**20


async def log_files(client: DataLakeClient, path: str) -> dict[str, int]:
    """Return the sizes of a log's file and of those of its triggers, which have longer names, by path.

    :raises TimeoutError: if the lake does not answer in time.
    """
    directory, name = paths.parent(path), paths.name(path)
    found: dict[str, int] = {}
    try:
        async with asyncio.timeout(PATIENCE):
            async for page in client.pages(directory):
                files = [one for one in page if one.name.startswith(name) and not one.is_directory]
                found |= {paths.join(directory, one.name): one.length for one in files}
    except PathNotFoundError:
        return {}
    return dict(sorted(found.items()))


def log_lines(client: DataLakeClient, path: str, size: int) -> Generator[str, None, None]:
    """Yield the lines of a file, without their ends; no more than a block and a line are held.

    What cannot be read is said by a last line, for a page that shows a part is better than one that fails.

    :param client: only for this file; it is closed.
    :param size: bytes to read.
    """
    decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
    offset, rest = 0, ""
    try:
        while offset < size:
            block = run(_read(client, path, offset, min(BLOCK, size - offset)))
            if not block:
                break
            offset += len(block)
            *lines, rest = (rest + decode(block)).split("\n")
            yield from lines
        if rest := rest + decode(b"", final=True):
            yield rest
    # Whatever it is, the page shows the other logs.
    except Exception as error:
        logger.warning("%s could not be read", path, exc_info=True)
        yield f"The rest of {path} could not be read: {type(error).__name__}: {error}"
    finally:
        run(client.close())


async def _read(client: DataLakeClient, path: str, offset: int, length: int) -> bytes:
    async with asyncio.timeout(PATIENCE):
        return await client.read(path, offset=offset, length=length)
