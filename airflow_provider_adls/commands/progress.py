"""`Progress`: a transfer's progress on the standard error: a bar on a terminal, steady lines elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.commands.output import printable

if TYPE_CHECKING:
    from types import TracebackType

    from rich.live import Live

    from airflow_provider_adls.transfer.report import Report


class Progress:
    """Shows the progress of one transfer, from its start to the end of the block.

    :param quiet: whether nothing is shown.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._live: Live | None = None

    def log(self, line: str, *values: object) -> None:
        """Print a line of the transfer's log on its progress, where no bar does.

        The command prints what the other lines say at its end.
        """
        from airflow_provider_adls.transfer.report import PROGRESS

        if line is PROGRESS and not (self._quiet or sys.stderr.isatty()):
            print(printable(line % values), file=sys.stderr, flush=True)

    def begin(self, report: Report) -> None:
        """Show a transfer that begins."""
        if not self._quiet and sys.stderr.isatty():
            self._live = _bar(report)
            self._live.start()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()


def _bar(report: Report) -> Live:
    from rich.console import Console
    from rich.live import Live
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    console = Console(stderr=True)
    columns: list[Any] = [
        TextColumn("{task.fields[files]:,} of {task.fields[total_files]:,} files"),
        BarColumn(),
        DownloadColumn(binary_units=True),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    ]
    progress = Progress(*columns, console=console)
    task = progress.add_task("", total=report.total_bytes, files=0, total_files=report.total_files)

    def drawn() -> Any:
        progress.update(task, completed=report.moved, files=report.files)
        return progress.get_renderable()

    # Drawn from the report by a thread: counting costs a transfer nothing more.
    return Live(console=console, get_renderable=drawn, refresh_per_second=8, transient=True)
