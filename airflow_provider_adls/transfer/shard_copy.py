"""`copy_shard`: the files of one shard copied, chunk by chunk, each chunk noted in the shard's ledger."""

from __future__ import annotations

import time
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.lake.streams import work_off
from airflow_provider_adls.lake.trees import File
from airflow_provider_adls.transfer.ledger import Ledger
from airflow_provider_adls.transfer.options import Copy, Item, Options
from airflow_provider_adls.transfer.report import Report
from airflow_provider_adls.transfer.run import Run
from airflow_provider_adls.transfer.shards import read_shard, shard_lines
from airflow_provider_adls.transfer.stores import Traffic

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    from airflow_provider_adls.transfer.differences import Line
    from airflow_provider_adls.transfer.shards import Piece
    from airflow_provider_adls.transfer.specification import Specification
    from airflow_provider_adls.transfer.state import TransferState
    from airflow_provider_adls.transfer.stores import End

#: A chunk ends after so many lines, bytes or seconds: a task that is killed copies so much once more.
CHUNK = 256
CHUNK_BYTES = 2**30
CHUNK_SECONDS = 5.0
#: So many lines of which each failed end a try: it is not the files.
_HOPELESS = 16
#: Characters of a reason in the ledger.
_REASON = 300


@dataclass
class ShardProgress:
    """Progress of a shard, from its ledger.

    :param upto: lines that were worked on.
    :param failed: lines that failed, by place, each with the reason.
    :param seconds: duration of the chunks.
    """

    upto: int = 0
    files: int = 0
    bytes: int = 0
    seconds: float = 0.0
    tries: int = 0
    requests: int = 0
    throttled: int = 0
    retried: int = 0
    lanes: int = 0
    began: float | None = None
    ended: float | None = None
    failed: dict[str, tuple[Line, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: list[dict[str, Any]]) -> ShardProgress:
        """Return what the lines of a ledger say."""
        progress = cls()
        for line in lines:
            progress.add(line)
        return progress

    def add(self, line: dict[str, Any]) -> None:
        """Count a line of the ledger."""
        if "try" in line:
            self.tries = line["try"]
            self.began = self.began or line["at"]
            return
        self.upto = line["upto"]
        self.files += line["files"]
        self.bytes += line["bytes"]
        self.seconds += line["seconds"]
        self.ended = line["at"]
        self.requests += line.get("requests", 0)
        self.throttled += line.get("throttled", 0)
        self.retried += line.get("retried", 0)
        self.lanes = line.get("lanes", self.lanes)
        for place in line.get("mended", ()):
            del self.failed[place]
        for entry, reason in line.get("failed", ()):
            self.failed[entry[1]] = (entry, reason)

    def result(self) -> dict[str, int]:
        """Return the numbers of copied files and bytes, and of what failed."""
        return {"files": self.files, "bytes": self.bytes, "failed": len(self.failed)}


def ledger_name(number: int) -> str:
    """Return the name of a shard's ledger in the state."""
    return f"ledger/{number:04d}"


def verified_name(number: int) -> str:
    """Return the name of the file that says what the verification of a shard found."""
    return f"verified/{number:04d}.json"


async def copy_shard(
    state: TransferState,
    source: End,
    target: End,
    specification: Specification,
    number: int,
    log: Callable[..., object],
) -> dict[str, int]:
    """Copy what the ledger does not have yet, and once more what failed in an earlier try.

    :param log: takes lines on the progress, with %-arguments.
    :returns: ``files`` and ``bytes`` that all tries have copied, and the number of files that ``failed``.
    :raises OvertakenError: if another try of the shard has begun.
    :raises OSError: if files could not be copied, and failures are not ignored; all others are copied then.
    """
    shard = await read_shard(state, number)
    ledger = await Ledger.take_over(state.client, state.path(ledger_name(number)))
    work = _Work(source, target, specification, ledger, log)
    total = sum(piece.lines for piece in shard)
    if work.progress.upto or ledger.former_writers:
        log("shard %d goes on after %d of %d entries", number, work.progress.upto, total)
    if work.progress.upto < total or work.progress.failed:
        # What an earlier verification found is of what an earlier try left.
        await state.client.delete(state.path(verified_name(number)))
        work.expect(shard)
        async with work.report.log_progress():
            await work.mend([line for line, _ in work.progress.failed.values()])
            await work.go_on(shard_lines(state, shard, work.progress.upto))
    if work.progress.failed and not specification.ignore_failures:
        raise work.failure()
    return work.progress.result()


class _ShardReport(Report):
    """Counts a try of a shard, and keeps the reasons of failures until the ledger has them."""

    reasons: dict[str, str]

    def add_failure(self, path: str, error: Exception) -> None:
        """Count a file that could not be copied."""
        super().add_failure(path, error)
        self.reasons[path] = f"{type(error).__name__}: {error}"[:_REASON]


class _Work:
    def __init__(
        self,
        source: End,
        target: End,
        specification: Specification,
        ledger: Ledger,
        log: Callable[..., object],
    ) -> None:
        self._source = source
        self._target = target
        self._ledger = ledger
        self.progress = ShardProgress.of(ledger.lines)
        self._patient = specification.ignore_failures
        self.report = _ShardReport(target.shown, log, source.shown)
        self.report.reasons = {}
        # A failure of one file is the ledger's, whatever the transfer does about it at the end.
        options = Options(
            ignore_failures=True, verify=specification.verify, resume=bool(ledger.former_writers)
        )
        self._run = Run(
            source, target, options, self.report, lambda *_: None, keep_times=specification.mode == "sync"
        )

    def expect(self, shard: list[Piece]) -> None:
        """Note in the report what is left of the shard."""
        self.report.total_files = sum(piece.files for piece in shard) - self.progress.files
        self.report.total_bytes = sum(piece.bytes for piece in shard) - self.progress.bytes
        self.report.is_counted = True

    def failure(self) -> OSError:
        """Return the error that names what failed."""
        failed = self.progress.failed
        place, (_, reason) = next(iter(failed.items()))
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        return OSError(
            f"{self._shown(place)}{more} was not copied: {reason}; a retry copies what failed and what is"
            " left. What the source no longer has, a new transfer_id leaves out"
        )

    def _shown(self, place: str) -> str:
        store = self._target.store
        return store.shown(store.join(self._target.path, place))

    async def go_on(self, lines: AsyncGenerator[tuple[int, Line], None]) -> None:
        """Copy the lines, chunk by chunk."""
        upto = self.progress.upto
        former = self._ledger.former_writers
        async with aclosing(lines):
            chunk: list[Line] = []
            size = 0
            async for number, line in lines:
                if chunk and (len(chunk) == CHUNK or size + _size(line) > CHUNK_BYTES):
                    upto = await self._chunks(chunk, upto)
                    await self._sweep(chunk, former)
                    chunk, size, former = [], 0, []
                chunk.append(line)
                size += _size(line)
                assert number == upto + len(chunk) - 1
            if chunk:
                await self._chunks(chunk, upto)
                await self._sweep(chunk, former)

    async def _chunks(self, chunk: list[Line], upto: int) -> int:
        """Copy a chunk, and note it in as many lines as its seconds make."""
        while chunk:
            done = await self._copy(chunk)
            upto += done.lines
            await self._note(done, upto)
            if not self._patient and len(done.failed) == done.lines >= _HOPELESS:
                # The service, or the rights, and not a file: each of the others would wait for its failure.
                raise self.failure()
            chunk = chunk[done.lines :]
        return upto

    async def mend(self, lines: list[Line]) -> None:
        """Copy once more what failed."""
        for start in range(0, len(lines), CHUNK):
            chunk = lines[start : start + CHUNK]
            done = await self._copy(chunk, patience=float("inf"))
            failed = {line[1] for line, _ in done.failed}
            mended = [line[1] for line in chunk if line[1] not in failed]
            await self._note(done, self.progress.upto, mended=mended)
        await self._sweep(lines, self._ledger.former_writers)

    async def _copy(self, lines: list[Line], patience: float = CHUNK_SECONDS) -> _Done:
        """Copy lines until all are copied, or the time is up."""
        done = _Done()
        began = time.monotonic()
        files, moved, before = self.report.files, self.report.bytes, self._traffic()

        async def copy(line: Line) -> None:
            # In their order, so that those that were begun are the first ones.
            if not done.lines or time.monotonic() - began <= patience:
                done.lines += 1
                await self._run.do(self._item(line))

        await work_off(copy, _batches(lines), self._run.width)
        done.seconds = time.monotonic() - began
        done.files, done.bytes = self.report.files - files, self.report.bytes - moved
        done.traffic = self._traffic().since(before)
        reasons = self.report.reasons
        done.failed = [(line, reasons[path]) for line in lines if (path := self._shown(line[1])) in reasons]
        reasons.clear()
        return done

    def _item(self, line: Line) -> Item:
        source, target, place = self._source, self._target, line[1]
        path = target.store.join(target.path, place)
        if line[0] == "make":
            return path
        return Copy(File(place, source.store.join(source.path, place), line[2], line[3]), path)

    def _traffic(self) -> Traffic:
        here, there = self._source.store, self._target.store
        both = [there.traffic] if here == there else [here.traffic, there.traffic]
        return Traffic(*(sum(numbers) for numbers in zip(*both, strict=True)))

    async def _sweep(self, lines: list[Line], former: list[str]) -> None:
        """Remove what dead tries left of the files that were under way, when these are copied.

        The names of hidden files say whose they are, so it goes at once, also that of another machine; before
        the copy it would be lost to a big file that goes on with it.
        """
        store, root = self._target.store, self._target.path
        directories = {store.join(root, line[1].rpartition("/")[0]) for line in lines if line[0] == "copy"}
        if former and directories:
            await store.remove_hidden(directories, tuple(former))

    async def _note(self, done: _Done, upto: int, mended: list[str] | None = None) -> None:
        line: dict[str, Any] = {
            "upto": upto,
            "files": done.files,
            "bytes": done.bytes,
            "seconds": round(done.seconds, 3),
            "at": round(time.time(), 3),
            **done.traffic._asdict(),
        }
        if mended:
            line["mended"] = mended
        if done.failed:
            line["failed"] = done.failed
        await self._ledger.append(line)
        self.progress.add(line)


@dataclass
class _Done:
    """Result of a chunk."""

    lines: int = 0
    files: int = 0
    bytes: int = 0
    seconds: float = 0.0
    traffic: Traffic = field(default_factory=Traffic)
    failed: list[tuple[Line, str]] = field(default_factory=list)


async def _batches(lines: list[Line]) -> AsyncIterator[list[Line]]:
    yield lines


def _size(line: Line) -> int:
    return line[2] if line[0] == "copy" else 0
