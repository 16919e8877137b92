"""`Report`: the counts of a transfer, in the log while it goes on and in a summary at its end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from bisect import insort
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from airflow_provider_adls.lake.records import counted, listed

#: Seconds between two lines of the log.
INTERVAL = 10.0
#: The line that is logged at each interval.
PROGRESS = "%s, %s%s, %s/s%s%s"
#: Paths that a summary names of each kind, so that it stays small.
NAMED = 100


@dataclass
class Report:
    """Counts a transfer.

    Of the paths of each kind it keeps the first hundred, however many there are.

    :param path: destination of the files, as people write it.
    :param log: takes a line of the log, with %-arguments.
    :param source: source of the files; empty for no line at the beginning.
    :param total_files: files that are to be copied.
    :param total_bytes: bytes that they have.
    """

    path: str
    log: Callable[..., object]
    source: str = ""
    total_files: int = 0
    total_bytes: int = 0
    #: Whether the totals are those of all files, and not of those that were found so far.
    is_counted: bool = False
    files: int = 0
    bytes: int = 0
    skipped: int = 0
    failed: int = 0
    deleted: int = 0
    moved: int = 0
    #: Bytes that were read, where copies have another length.
    read: int | None = None
    paths: dict[str, list[Any]] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    def name(self, kind: str, what: Any) -> None:
        """Name a path; the summary has the first of each kind."""
        named = self.paths.setdefault(kind, [])
        if len(named) < NAMED or str(what) < str(named[-1]):
            # Files are done in any order, and a second try should say what the first did.
            insort(named, what, key=str)
            del named[NAMED:]

    def add_copy(self, path: str, size: int, *, read: int = 0) -> None:
        """Count a file that was copied.

        :param size: bytes that were written.
        :param read: bytes that they were made of.
        """
        self.files += 1
        if self.read is not None:
            self.read += read
        self.bytes += size
        self.name("paths", path)

    def add_skipped(self, path: str) -> None:
        """Count a file that stays as it is."""
        self.skipped += 1
        self.name("skipped_paths", path)

    def add_failure(self, path: str, error: Exception) -> None:
        """Count a file that could not be copied."""
        self.failed += 1
        self.log("%s was not copied: %s", path, error)
        self.name("failed_paths", {"path": path, "error": f"{type(error).__name__}: {error}"})

    def add_deletion(self, path: str) -> None:
        """Count a file that was deleted."""
        self.deleted += 1
        self.name("deleted_paths", path)

    def add_bytes(self, number: int) -> None:
        """Count bytes that have arrived."""
        self.moved += number

    def summary(self, **more: Any) -> dict[str, Any]:
        """Return the counts, and the first paths of each kind, as JSON."""
        counts = {name: getattr(self, name) for name in ("files", "bytes", "skipped", "failed", "deleted")}
        if self.read is not None:
            counts["source_bytes"] = self.read
        return {**counts, "path": self.path, **self.paths, **more}

    @contextlib.asynccontextmanager
    async def log_progress(self) -> AsyncIterator[None]:
        """Log the beginning, the progress at a steady rate, and the result at the end."""
        if self.source:
            self.log("Copying %s to %s%s", self.source, self.path, self._expected())
        logging = asyncio.create_task(self._log_steadily())
        try:
            yield
        finally:
            logging.cancel()
        seconds = time.monotonic() - self._began
        self.log(
            "%s, %s to %s in %.1f s (%s/s, %.0f files/s); %d skipped, %d failed, %d deleted",
            counted(self.files, "file"),
            _spelled(self.bytes),
            self.path,
            seconds,
            _spelled(round(self.bytes / seconds)),
            self.files / seconds,
            self.skipped,
            self.failed,
            self.deleted,
        )
        for kind, done, number in (
            ("paths", "Copied", self.files),
            ("skipped_paths", "Skipped", self.skipped),
            ("deleted_paths", "Deleted", self.deleted),
        ):
            if named := self.paths.get(kind):
                self.log("%s", listed(done, named, number))

    def _expected(self) -> str:
        if not self.is_counted:
            return ""
        return f": {counted(self.total_files, 'file')}, {_spelled(self.total_bytes)}"

    async def _log_steadily(self) -> None:
        bytes_before = files_before = 0
        while True:
            await asyncio.sleep(INTERVAL)
            self.log(
                PROGRESS,
                f"{self.files} of {counted(self.total_files, 'file')}"
                if self.is_counted
                else counted(self.files, "file"),
                _spelled(self.moved),
                f" of {_spelled(self.total_bytes)}" if self.is_counted else "",
                _spelled(round((self.moved - bytes_before) / INTERVAL)),
                f", {(self.files - files_before) / INTERVAL:.0f} files/s" if self.files else "",
                self._time_left(),
            )
            bytes_before, files_before = self.moved, self.files

    def _time_left(self) -> str:
        """Return what is left at the rate so far, by bytes or by files, whichever takes longer."""
        if not self.is_counted or not self.files:
            return ""
        done = self.files + self.skipped + self.failed
        shares = [(done, self.total_files), (self.moved, self.total_bytes)]
        left = max(((total - part) / part for part, total in shares if part), default=0.0)
        seconds = max(0, round((time.monotonic() - self._began) * left))
        return f", about {timedelta(seconds=seconds)} left"


def _spelled(number: int) -> str:
    """Return a number of bytes as people read it."""
    size = float(number)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024 or unit == "GiB":
            break
        size /= 1024
    return f"{number} B" if unit == "B" else f"{size:.1f} {unit}"
