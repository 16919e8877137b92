"""A real Airflow runs a real pipeline over a stored connection; `--stay` leaves it running.

Everything is written below one folder, `.demo` in the checkout, and stays there to be looked at.
"""

from __future__ import annotations

import argparse
import csv
import fcntl
import filecmp
import importlib.metadata
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from scripts.airflow_api import AirflowApiError
from scripts.leaks import search_for_secrets
from scripts.processes import INTERRUPTS, ProcessFailedError
from scripts.stack import Stack
from scripts.watch import follow

ROOT = Path(__file__).parents[1]
DAG = "adls_gen1_etl"
#: File that a demo holds a lock on, and by which a later one knows that the folder is a demo's.
LOCK = "demo.lock"
#: Account of the connection, made at the start, so that the page's test button finds it. Airflow warns of
#: values of a connection that are too short to mask, which are those of four letters and less.
CONNECTION_ACCOUNT = "demolake"
#: What the pipeline makes and deletes.
PIPELINE_ACCOUNT = "pipeline"
#: What the connection names for the run on Gen2.
CONTAINER = "orders"


class InterruptedByUserError(BaseException):
    """Ctrl-C, or a polite kill.

    :param number: the signal's.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Reporter:
    """Writes one line a piece of news, with the seconds since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start

    def __call__(self, part: str, text: str) -> None:
        """Tell of a part."""
        print(f"{self.seconds:6.1f} s  {part:<18} {text}", flush=True)


def on_signal(number: int, _frame: object) -> None:
    """Leave, once; what follows is the clean-up, which a second signal does not break."""
    for each in INTERRUPTS:
        signal.signal(each, signal.SIG_IGN)
    raise InterruptedByUserError(number)


@contextmanager
def own_folder(folder: Path) -> Iterator[Path]:
    """The demo's folder, emptied, and nobody else's meanwhile.

    :raises ProcessFailedError: if another demo is at work in it, or it holds what no demo wrote.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()) and not (folder / LOCK).exists():
        raise ProcessFailedError("demo", f"does not empty {shown(folder)}, which is none of its own")
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ProcessFailedError("demo", f"is running already in {shown(folder)}") from None
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()
        yield folder


def shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    short = os.path.relpath(path)
    return str(path) if short.startswith("..") else short


class Outcome(NamedTuple):
    """A run of the pipeline on one service.

    :param requests: that the service had for files.
    :param seconds: from its start to its end.
    :param equal: what came back as it was made.
    :param totals: the table that it made, downloaded.
    :param run: id of the DAG run.
    """

    service: str
    container: str
    tasks: int
    requests: int
    seconds: float
    equal: str
    totals: Path
    run: str


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their heads, numbers to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    print()
    for number, row in enumerate(rows):
        cells = [
            cell.rjust(width) if rows[-1][index].replace(".", "").isdigit() else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  " + "   ".join(cells).rstrip())
        if number == 0:
            print("  " + "   ".join("─" * width for width in widths))
    print()


def compare(made: Path, downloaded: Path) -> str:
    """Return how much came back from the lake exactly as it was made.

    :raises ProcessFailedError: if a file is missing, is one too many, or differs.
    """
    names = {path.relative_to(made) for path in made.rglob("*") if path.is_file()}
    back = {path.relative_to(downloaded) for path in downloaded.rglob("*") if path.is_file()}
    if not names or names != back:
        raise ProcessFailedError("compare", f"{len(names)} files were made and {len(back)} came back")
    for name in names:
        if not filecmp.cmp(made / name, downloaded / name, shallow=False):
            raise ProcessFailedError("compare", f"{name} came back changed")
    size = sum((made / name).stat().st_size for name in names)
    return f"{len(names)} files, {size:,} bytes, equal byte by byte"


def run_pipeline(stack: Stack, report: Reporter, container: str | None) -> Outcome:
    """Run the DAG on one service, and check what it left.

    :param container: what the connection names for Gen2; None for Gen1.
    :raises ProcessFailedError: if anything was not right.
    """
    service = "Gen2" if container else "Gen1"
    files = stack.folder / "files" / service.lower()
    stack.use_container(container)
    began = report.seconds
    conf = {"account_name": PIPELINE_ACCOUNT, "working_folder": str(files)}
    run = stack.api.trigger(DAG, conf)
    report(
        f"DAG on {service}",
        "triggered" + (f"; its connection names the container {container}" if container else ""),
    )
    follow(stack, DAG, run, report)
    return Outcome(
        service,
        container or "",
        len(stack.api.tasks(DAG, run)),
        stack.count_requests("dfs" if container else "lake", PIPELINE_ACCOUNT),
        report.seconds - began,
        compare(files / "made", files / "downloaded" / "raw"),
        files / "downloaded" / "totals.csv",
        run,
    )


def print_outcomes(stack: Stack, outcomes: Sequence[Outcome]) -> None:
    """Print the pipeline's table, and what each service made of it.

    :raises ProcessFailedError: if the services' tables differ, or a secret is found anywhere.
    """
    first, *others = outcomes
    if any(other.totals.read_bytes() != first.totals.read_bytes() for other in others):
        raise ProcessFailedError("compare", "the services' totals differ")
    with first.totals.open(newline="", encoding="utf-8") as source:
        print_table(list(csv.reader(source)))
    if not all(one.requests for one in outcomes):
        raise ProcessFailedError("compare", "a service had no request for files")
    heads = ["service", "container", "tasks", "requests", "seconds", "files that came back"]
    rows = [
        [one.service, one.container, str(one.tasks), str(one.requests), f"{one.seconds:.1f}", one.equal]
        for one in outcomes
    ]
    print_table([heads, *rows])
    print(f"  files       {shown(stack.folder / 'files')}: made, downloaded, and totals.csv, by service")
    print(f"  logs        {shown(stack.logs)}, {shown(stack.home / 'logs')}")
    search = search_for_secrets(stack, DAG, *(one.run for one in outcomes))
    if search.found:
        raise ProcessFailedError("secrets", "were found: " + "; ".join(search.found))
    print(f"  secrets     none, nor a token, in {search.summary()}\n")


def fill_lake(stack: Stack) -> None:
    """Copy the files that the pipeline made into the connection's account, for users to see.

    :raises ProcessFailedError: if the emulator does not take them.
    """
    command = [str(Path(sys.executable).with_name("adls-gen1")), "emulator", "seed", CONNECTION_ACCOUNT]
    options = ["--path", "/shops", "--ready-file", str(stack.ready_file)]
    done = subprocess.run(
        [*command, str(stack.folder / "files" / "gen1" / "made"), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ProcessFailedError("seed", done.stderr.strip())


def wait_for_signal(stack: Stack) -> None:
    """Wait until the user has seen enough.

    :raises ProcessFailedError: if a part ends meanwhile.
    """
    with suppress(InterruptedByUserError):
        while True:
            stack.check()
            time.sleep(1)


def run(folder: Path, *, stay: bool) -> None:
    """Start, run and stop everything.

    :param folder: takes everything that is written.
    :param stay: leave Airflow running until a signal.
    :raises ProcessFailedError: if any part failed.
    """
    report = Reporter()
    version = importlib.metadata.version("apache-airflow-core")
    print(
        f"A pipeline on Azure Data Lake Storage, Gen1 and Gen2, and Airflow {version}. Ctrl-C ends it.\n",
        flush=True,
    )
    with own_folder(folder), Stack(folder, ROOT / "example_dags", CONNECTION_ACCOUNT) as stack:
        stack.start(report)
        stack.wait_for_dag(DAG)
        print_outcomes(stack, [run_pipeline(stack, report, container) for container in (None, CONTAINER)])
        if stay:
            stack.use_container(None)
            fill_lake(stack)
            for part, where in {
                "Airflow": f"{stack.api.url}  (no password; Admin → Connections tests the connection)",
                "emulator": f"{stack.emulator['url']}  (a page; its certificate is its own)",
                "files": f"adl://{CONNECTION_ACCOUNT}/shops: what the pipeline made",
                "your DAGs": f"{shown(stack.dags)}: a file that you put there appears within seconds",
            }.items():
                print(f"  {part:<11} {where}")
            print("  Ctrl-C ends it.\n", flush=True)
            wait_for_signal(stack)
        done = report.seconds
    report("stopped", f"after {report.seconds - done:.1f} s; nothing is left running")


def main() -> int:
    """Command line.

    :return: 0 if everything was as it should be, 1 if not, 128 and the signal's number if interrupted
        before that was known.
    """
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--stay", action="store_true", help="leave Airflow running until Ctrl-C")
    parser.add_argument("--folder", type=Path, default=ROOT / ".demo", help="takes all that is written")
    arguments = parser.parse_args()
    for number in INTERRUPTS:
        signal.signal(number, on_signal)
    try:
        run(arguments.folder.resolve(), stay=arguments.stay)
    except InterruptedByUserError as interruption:
        print("\nStopped; nothing is left running.", flush=True)
        return 128 + interruption.number
    except (ProcessFailedError, AirflowApiError) as error:
        print(f"\nFailed: {error}", file=sys.stderr)
        if isinstance(error, ProcessFailedError) and error.log:
            print(f"The end of {shown(error.log)}:\n\n{error.tail()}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
