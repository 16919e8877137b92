"""`Ledger`: a file of JSON lines in the lake that says how far a task has come, with one writer at a time.

A task whose supervisor was killed goes on beside its retry. Each append names the offset that it expects, so
that the first one of the retry makes every later one of the other task fail. It costs no request.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.lake.hidden import unfinished_name
from airflow_provider_adls.model.errors import BadOffsetError, PathNotFoundError, RequestError

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient

#: Times that a new writer lets the old one append first.
_ATTEMPTS = 20


class OvertakenError(RuntimeError):
    """Another try of the same task has taken the ledger over: this one must stop."""


class Ledger:
    """The ledger of one writer.

    :param path: of the file.
    :param offset: length that the file has.
    :param lines: number of its lines when this writer took it over.
    """

    def __init__(self, client: DataLakeClient, path: str, offset: int, lines: list[dict[str, Any]]) -> None:
        self._client = client
        self._path = path
        self._offset = offset
        self.lines = lines

    @classmethod
    async def take_over(cls, client: DataLakeClient, path: str) -> Ledger:
        """Return the ledger, and stop every other writer at its next append.

        The line that does so names this process as the names of hidden files do.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            content = await _content(client, path)
            if content is None:
                await _make(client, path)
                content = b""
            lines = _lines(content)
            tries = sum("try" in line for line in lines)
            ledger = cls(client, path, len(content), lines)
            try:
                await ledger.append({"try": tries + 1, "writer": writer(), "at": round(time.time(), 3)})
            except OvertakenError:
                # The old writer, or another new one, was faster.
                if attempt == _ATTEMPTS:
                    raise
                continue
            return ledger
        raise AssertionError  # the loop returns or raises

    async def append(self, line: dict[str, Any]) -> None:
        """Add a line.

        :raises OvertakenError: if another writer has taken the ledger over.
        """
        content = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")
        content += b"\n"
        try:
            await self._client.append(self._path, content, offset=self._offset)
        except BadOffsetError as error:
            written = await self._client.read(self._path, offset=self._offset, length=len(content))
            # The answer to this very append was lost.
            if written != content:
                raise OvertakenError(
                    f"another try of this task has taken over {self._path}: this one stops, and the other"
                    " goes on"
                ) from error
        self._offset += len(content)

    @property
    def former_writers(self) -> list[str]:
        """Prefix of the hidden files of the tries before this one."""
        return [line["writer"] for line in self.lines if "writer" in line]


def writer() -> str:
    """Return what the names of this process's hidden files begin with."""
    return unfinished_name()[:25]


async def read_ledger(client: DataLakeClient, path: str) -> list[dict[str, Any]]:
    """Return the lines of a ledger, without taking it over; a missing one has none."""
    return _lines(await _content(client, path) or b"")


async def _content(client: DataLakeClient, path: str) -> bytes | None:
    try:
        status = await client.status(path)
        # More may be there by now, and the length that counts is that of what was read.
        return await client.read(path, length=status.length) if status.length else b""
    except PathNotFoundError:
        return None


async def _make(client: DataLakeClient, path: str) -> None:
    try:
        await client.create(path, overwrite=False)
    except RequestError as error:
        # Another writer made it, or the answer was lost.
        try:
            await client.status(path)
        except PathNotFoundError:
            raise error from None


def _lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]
