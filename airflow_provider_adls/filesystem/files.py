"""Open files, as `open` gives them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from fsspec.asyn import sync
from fsspec.spec import AbstractBufferedFile

if TYPE_CHECKING:
    from types import TracebackType

    from airflow_provider_adls.filesystem.content import Content
    from airflow_provider_adls.lake.uploads import Upload

_UPLOAD_MODES = {"wb": "overwrite", "xb": "create", "ab": "append"}


class ADLSGen1File(AbstractBufferedFile):
    """A file that is open for reading or writing, in blocks of 4 MiB.

    What is written appears when the file is closed; if the `with` block that writes it fails, nothing
    does. Appends of more than 4 MiB appear block by block.
    """

    DEFAULT_BLOCK_SIZE = 4 * 2**20
    fs: Content

    _upload: Upload | None = None

    def _initiate_upload(self) -> None:
        self._upload = self.fs._upload(self.path, _UPLOAD_MODES[self.mode], hold=not self.autocommit)  # noqa: SLF001 - as above

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
        # A file whose `with` block failed has been discarded, whatever becomes of the transaction.
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
