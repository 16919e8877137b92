"""`Blobs`: numbered byte strings that grow at their end, in memory or in one file each.

A blob's bytes beyond the length that the metadata names do not count: a process that was killed
between writing content and naming it leaves such bytes, and the next write goes over them.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from airflow_provider_adls.emulator.files import make_folder, open_private, private_folder

#: Sub-folders that blobs are spread over, so that none grows to the size of the lake.
FAN_OUT = 256
_NUMBER = re.compile(r"[1-9a-f][0-9a-f]{0,15}")


class Blobs(Protocol):
    """Numbered byte strings."""

    def write(self, blob: int, offset: int, data: bytes) -> None:
        """Put bytes at an offset up to the end of a blob; a new blob starts at 0."""

    def read(self, blob: int, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from an offset.

        :raises FileNotFoundError: for a missing blob.
        """

    def remove(self, blob: int) -> None:
        """Remove a blob, if it exists."""

    def __iter__(self) -> Iterator[int]:
        """Return the numbers of all blobs, in no order."""


class MemoryBlobs:
    """Blobs that end with the process."""

    def __init__(self) -> None:
        self._blobs: dict[int, bytearray] = {}

    def write(self, blob: int, offset: int, data: bytes) -> None:
        """Put bytes at an offset."""
        self._blobs.setdefault(blob, bytearray())[offset:] = data

    def read(self, blob: int, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from an offset."""
        try:
            content = self._blobs[blob]
        except KeyError:
            raise FileNotFoundError(f"no blob {blob}") from None
        return bytes(content[offset : offset + size])

    def remove(self, blob: int) -> None:
        """Forget a blob."""
        self._blobs.pop(blob, None)

    def __iter__(self) -> Iterator[int]:
        return iter(tuple(self._blobs))


class FileBlobs:
    """Blobs as files under a folder, which is made when the first is written.

    :raises OSError: if the folder, or one in it that holds blobs, is a link.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if os.path.lexists(folder):
            for part in (folder, *folder.glob("[0-9a-f][0-9a-f]")):
                private_folder(part)

    def write(self, blob: int, offset: int, data: bytes) -> None:
        """Put bytes at an offset; they are the system's, and outlive this process, on return."""
        path = self._path(blob)
        try:
            handle = os.open(path, os.O_WRONLY)
        except FileNotFoundError:
            make_folder(path.parent)
            handle = open_private(path, os.O_WRONLY)
        try:
            rest = memoryview(data)
            while rest:
                written = os.pwrite(handle, rest, offset)
                rest, offset = rest[written:], offset + written
        finally:
            os.close(handle)

    def read(self, blob: int, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from an offset."""
        handle = os.open(self._path(blob), os.O_RDONLY)
        try:
            return os.pread(handle, size, offset)
        finally:
            os.close(handle)

    def remove(self, blob: int) -> None:
        """Forget a blob."""
        # A blob that cannot be removed now is removed when the folder is opened next: no change fails for it.
        with contextlib.suppress(OSError):
            self._path(blob).unlink()

    def __iter__(self) -> Iterator[int]:
        for folder in self._folder.glob("[0-9a-f][0-9a-f]"):
            # A plain scan: a path object for each of a hundred thousand files would take a second.
            with os.scandir(folder) as files:
                # Files of others, as of a desktop's file manager, are kept.
                yield from [int(file.name, 16) for file in files if _NUMBER.fullmatch(file.name)]

    def _path(self, blob: int) -> Path:
        return self._folder / f"{blob % FAN_OUT:02x}" / f"{blob:x}"
