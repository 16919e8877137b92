"""Open files, as `open` gives them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from fsspec.asyn import sync
from fsspec.spec import AbstractBufferedFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from airflow_provider_adls.filesystem.content import Content
    from airflow_provider_adls.lake.uploads import Upload

#: Bytes that lines are cut from: fsspec looks for each line's end on its own, at 200 times the cost.
_WINDOW = 2**20
_NEWLINE = ord("\n")
_UPLOAD_MODES = {"wb": "overwrite", "xb": "create", "ab": "append"}


class ADLSGen1File(AbstractBufferedFile):
    """A file that is open for reading or writing, in blocks of 4 MiB.

    What is written appears when the file is closed; if the `with` block that writes it fails, nothing
    does. Appends of more than 4 MiB appear block by block. A file that is replaced while it is read raises
    `SourceChangedError`.
    """

    DEFAULT_BLOCK_SIZE = 4 * 2**20
    fs: Content
    loc: int

    _upload: Upload | None = None
    _window = b""
    #: Offset of the window in the file.
    _window_start = 0

    def readline(self, size: int | None = -1) -> bytes:
        """Return the next line, with its end; empty at the end of the file.

        :param size: bytes that are returned at most; negative or None for the whole line.
        """
        begin = self.loc - self._window_start
        if 0 <= begin < len(self._window) and (size is None or size < 0):
            end = self._window.find(b"\n", begin) + 1
            if end:
                self.loc += end - begin
                return self._window[begin:end]
        return self._read_line(size)

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line
            at = self.loc
            # Lines that end inside the window, until the caller reads, seeks or closes in between.
            for line in io.BytesIO(self._window[at - self._window_start :]):
                if self.loc != at or self.closed or line[-1] != _NEWLINE:
                    break
                at = self.loc = at + len(line)
                yield line

    def __next__(self) -> bytes:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def readlines(self, hint: int | None = -1) -> list[bytes]:
        """Return the lines that are left.

        :param hint: bytes after which no further line is read; None or less than 1 for all.
        """
        lines, length = [], 0
        for line in self:
            lines.append(line)
            length += len(line)
            if hint is not None and 0 < hint <= length:
                break
        return lines

    def close(self) -> None:
        """Close the file; what was written appears now."""
        super().close()
        self._window = b""

    def _read_line(self, size: int | None) -> bytes:
        """Return a line that ends beyond the window, which moves on to where the next line begins."""
        start = self.loc
        most = None if size is None or size < 0 else size
        pieces: list[bytes] = []
        length = 0
        while most is None or length < most:
            window: bytes = self.read(_WINDOW)
            if not window:
                break
            end = window.find(b"\n") + 1
            taken = window[: end or None]
            pieces.append(taken)
            self._window, self._window_start = window, start + length
            length += len(taken)
            if end:
                break
        line = b"".join(pieces)[:most]
        self.loc = start + len(line)
        return line

    def _fetch_range(self, start: int, end: int) -> bytes:
        content: bytes = sync(self.fs.loop, self.fs._read_opened, self.path, self.details, start, end)  # noqa: SLF001 - the file system's own class of files
        return content

    def _initiate_upload(self) -> None:
        self._upload = self.fs._upload(  # noqa: SLF001 - as above
            self.path,
            _UPLOAD_MODES[self.mode],
            hold=not self.autocommit,
            prepare=self.kwargs.get("prepare"),
        )

    def _upload_chunk(self, final: bool = False) -> bool:  # noqa: FBT001, FBT002 - fsspec's
        assert self._upload is not None
        try:
            sync(self.fs.loop, self._upload.write, self.buffer.getvalue())
            if final and self.autocommit:
                sync(self.fs.loop, self._upload.commit)
        except BaseException:
            # What came after a lost block must not make it a file.
            self.discard()
            raise
        return True

    def commit(self) -> None:
        """Put what was written in its place; a transaction does it at its end."""
        self.close()
        # A file whose `with` block failed has been discarded, however the transaction ends.
        if self._upload is not None:
            sync(self.fs.loop, self._upload.commit)

    def discard(self) -> None:
        """Drop what was written."""
        upload, self._upload = self._upload, None
        self.closed = True
        if upload is not None:
            sync(self.fs.loop, upload.discard)

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        if kind is not None and self.writable():
            self.discard()
        else:
            self.close()


class ADLSGen1TextFile(io.TextIOWrapper):
    """A text file, of which nothing appears if the `with` block that writes it fails."""

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        binary = self.buffer
        if kind is not None and isinstance(binary, ADLSGen1File) and binary.writable():
            binary.discard()
        super().__exit__(kind, error, trace)
