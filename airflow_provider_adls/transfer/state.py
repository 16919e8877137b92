"""`TransferState`: the files in a lake that hold all that the tasks of one transfer know of each other."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.lake.uploads import Replacement, create_whole, save
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow_provider_adls.client.interface import DataLakeClient


class TransferState:
    """A directory of a lake.

    :param folder: path of the directory.
    """

    def __init__(self, client: DataLakeClient, folder: str) -> None:
        self.client = client
        self.folder = folder

    @classmethod
    def of(cls, client: DataLakeClient, state_path: str, transfer_id: str) -> TransferState:
        """Return the state of a transfer: a directory below `state_path`, whatever characters its id has."""
        return cls(client, paths.join(state_path, *map(paths.possible_name, transfer_id.split("/"))))

    def path(self, name: str) -> str:
        """Return the path of a file of the state."""
        return paths.join(self.folder, name)

    async def read(self, name: str) -> bytes | None:
        """Return the content of a file; None if it is missing."""
        path = self.path(name)
        try:
            status = await self.client.status(path)
            return await self.client.read(path, length=status.length) if status.length else b""
        except PathNotFoundError:
            return None

    async def read_json(self, name: str) -> Any:
        """Return the value of a JSON file; None if it is missing."""
        content = await self.read(name)
        return None if content is None else json.loads(content)

    async def make_json(self, name: str, value: Any) -> Any:
        """Write a JSON file unless it exists, and return what it holds then: the first writer counts."""
        content = json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")
        try:
            if len(content) <= self.client.limits.body:
                await create_whole(self.client, self.path(name), content, exclusive=True)
            else:
                await save(Replacement(self.client, self.path(name), exclusive=True), content)
        except PathExistsError:
            held = await self.read_json(name)
            if held is None:
                # Not the file exists, but one in place of a directory above it.
                raise
            return held
        return value

    async def write(self, name: str, content: bytes) -> None:
        """Write a file; an existing one is replaced."""
        await save(Replacement(self.client, self.path(name)), content)

    async def write_lines(self, name: str, lines: Sequence[Any]) -> None:
        """Write a file of JSON lines, compressed."""
        text = "".join(f"{json.dumps(line, ensure_ascii=False, separators=(',', ':'))}\n" for line in lines)
        await self.write(name, gzip.compress(text.encode(errors="surrogatepass"), 1, mtime=0))

    async def read_lines(self, name: str) -> list[Any]:
        """Return the lines of such a file.

        :raises PathNotFoundError: if it is missing.
        """
        content = await self.read(name)
        if content is None:
            raise PathNotFoundError(
                "a file of the transfer's state is missing: begin again with another transfer_id",
                path=self.path(name),
                account=self.client.account,
            )
        text = gzip.decompress(content).decode(errors="surrogatepass")
        # Not splitlines: names may hold characters that end a line for it, and JSON leaves some as they are.
        return [json.loads(line) for line in text.split("\n") if line]
