"""`transcoded`: a file that is compressed or decompressed on the way from one store to another.

The result is written to a temporary file of the worker, since a store wants a file's length before its
content, and reads it in any order: memory is bounded, and the disk holds the results of the files that are
under way. The same content gives the same bytes each time: no time and no name is part of them.
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
import uuid
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from airflow_provider_adls.lake.blocks import BLOCK
from airflow_provider_adls.lake.disk import in_thread
from airflow_provider_adls.lake.sources import InPieces

if TYPE_CHECKING:
    from airflow_provider_adls.lake.sources import Source

#: The change of a content; None where it stays as it is.
Coding: TypeAlias = Literal["gzip", "zstd", "decompress"]
CODINGS = ("gzip", "zstd", "decompress")
#: Endings of names, by the format of the content.
SUFFIXES = {"gzip": ".gz", "zstd": ".zst"}
#: A gzip header without a name, whose time is 0.
_GZIP = 16 + zlib.MAX_WBITS
#: Bytes of zstd that are decompressed at once: each four may become 128 KiB.
_ZSTD_BYTES = 1024


def require(coding: str) -> None:
    """Raise if what a coding needs is not installed.

    :raises ValueError: naming the package.
    """
    if coding == "zstd" and importlib.util.find_spec("zstandard") is None:
        raise ValueError("zstd needs the package zstandard: install airflow-provider-adls[zstd]")


def coding_of(name: str, compression: Coding | None) -> Coding | None:
    """Return what is done with a file.

    :param name: of the file; what ends in .gz or .zst is compressed already.
    """
    is_compressed = name.endswith(tuple(SUFFIXES.values()))
    return compression if is_compressed is (compression == "decompress") else None


def coded_name(name: str, compression: Coding | None) -> str:
    """Return the name of a copy, which has the format's ending if it is compressed, and none if not."""
    coding = coding_of(name, compression)
    if coding is None:
        return name
    return name.rpartition(".")[0] if coding == "decompress" else name + SUFFIXES[coding]


@asynccontextmanager
async def transcoded(
    source: Source, name: str, coding: Coding, read: Callable[[int], object]
) -> AsyncIterator[Source]:
    """Yield the compressed or decompressed content of a file, as a file to be copied.

    :param name: the file, whose ending says what it is compressed by.
    :param read: is called with numbers of bytes that were read.
    :raises ValueError: for what cannot be decompressed.
    :raises SourceChangedError: if the file became another meanwhile.
    """
    coder = _coder(name, coding)
    with tempfile.TemporaryFile(prefix="adls-") as file:

        def write(pieces: Sequence[bytes]) -> None:
            for piece in pieces:
                file.writelines(coder.feed(piece))

        offset = 0
        while offset < source.size:
            length = min(BLOCK, source.size - offset)
            # One answer holds a small file as it was at one moment.
            small = offset == 0 and source.size <= BLOCK
            await in_thread(write, [await source.whole()] if small else await source.read(offset, length))
            read(length)
            offset += length
        await in_thread(file.writelines, coder.finish())
        await in_thread(file.flush)
        await source.verify()
        yield _Spooled(file.fileno(), os.fstat(file.fileno()).st_size, source)


class _Spooled(InPieces):
    """The content of a temporary file, whose source is another file.

    :param size: bytes.
    """

    def __init__(self, file: int, size: int, source: Source) -> None:
        self._file = file
        self._source = source
        self.size = size
        #: No other try has it: compressed again, the same file may have other bytes.
        self.version = uuid.uuid4().hex

    async def whole(self) -> bytes:
        """Return all of it."""
        (content,) = await self.read(0, self.size)
        return content

    async def read(self, offset: int, length: int) -> Sequence[bytes]:
        """Return so many bytes of it, in one piece."""
        return [await in_thread(os.pread, self._file, length, offset)]

    async def verify(self) -> None:
        """Find out whether the file that it was made of is still the same."""
        await self._source.verify()


class _Coder(Protocol):
    """Compresses or decompresses."""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield what a piece becomes."""
        ...

    def finish(self) -> Iterator[bytes]:
        """Yield the rest."""
        ...


class _Compressor:
    def __init__(self, compressor: Any) -> None:
        self._compressor = compressor

    def feed(self, piece: bytes) -> Iterator[bytes]:
        yield self._compressor.compress(piece)

    def finish(self) -> Iterator[bytes]:
        yield self._compressor.flush()


class _Decompressor:
    """Decompresses members, or frames, that follow each other.

    :param begin: returns a decompressor of one.
    :param most: bytes that are fed at once, and bounds of what they become.
    """

    def __init__(self, name: str, begin: Callable[[], Any], *bounds: int, most: int = BLOCK) -> None:
        self._name = name
        self._begin = begin
        self._bounds = bounds
        self._most = most
        self._one: Any = None
        self._is_any = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        for start in range(0, len(piece), self._most):
            yield from self._decompress(piece[start : start + self._most])

    def _decompress(self, data: bytes) -> Iterator[bytes]:
        is_full = False
        while data or is_full:
            if self._one is None:
                # Zeros between members, and at the end, fill a block of a tape.
                data = data.lstrip(b"\0") if self._is_any else data
                if not data:
                    return
                self._one, self._is_any = self._begin(), True
            try:
                content = self._one.decompress(data, *self._bounds)
            except Exception as error:
                raise ValueError(f"{self._name} cannot be decompressed: {error}") from error
            yield content
            is_full = bool(self._bounds) and len(content) == self._bounds[0]
            data = getattr(self._one, "unconsumed_tail", b"")
            if self._one.eof:
                data, self._one, is_full = self._one.unused_data, None, False

    def finish(self) -> Iterator[bytes]:
        if self._one is not None or not self._is_any:
            raise ValueError(f"{self._name} cannot be decompressed: it ends in the middle")
        yield b""


def _coder(name: str, coding: Coding) -> _Coder:
    if coding == "gzip":
        return _Compressor(zlib.compressobj(wbits=_GZIP))
    is_zstd = coding == "zstd" or name.endswith(SUFFIXES["zstd"])
    if not is_zstd:
        return _Decompressor(name, lambda: zlib.decompressobj(wbits=_GZIP), BLOCK)
    require("zstd")
    import zstandard

    if coding == "zstd":
        return _Compressor(zstandard.ZstdCompressor().compressobj())
    return _Decompressor(name, zstandard.ZstdDecompressor().decompressobj, most=_ZSTD_BYTES)
