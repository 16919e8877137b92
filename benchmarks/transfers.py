"""How fast transfers are: ours, the SDKs', adlfs and bare aiohttp on the same work, over a neutral server.

The sides take turns, each in a process of its own, once without latency and once with the 20 ms of a service
in the next region. Medians of several rounds count. A ratio above 1 is faster than the other side.
`python -m benchmarks.transfers [--services gen1 gen2] [--rounds N] [--save FILE] [--plot FILE]` prints a
table; the files get it as Markdown and as a picture.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.job import SIDES as SIDES_OF
from benchmarks.plot import plot

SMALL_FILES = 1000
SMALL = 1024
BIG = 256 * 2**20
MIXED = 500
DIRECTORIES = 2000
NAMES = 100_000
LATENCIES = (0, 20)
#: By service; adlfs speaks Gen2 alone.
SIDES = {"gen1": ("ours", "sdk", "bare"), "gen2": ("ours", "sdk", "adlfs", "bare")}


class Job(NamedTuple):
    """A piece of work.

    :param name: of the method that does it.
    :param title: for the table.
    :param items: files, directories or names that it is about.
    """

    name: str
    title: str
    items: int


JOBS = (
    Job("up_tree", f"upload {SMALL_FILES:,} x 1 KiB", SMALL_FILES),
    Job("down_tree", f"download {SMALL_FILES:,} x 1 KiB", SMALL_FILES),
    Job("up_file", "upload one file of 256 MiB", 1),
    Job("down_file", "download one file of 256 MiB", 1),
    Job("up_mixed", f"upload {MIXED} x 1 KiB and 4 x 64 MiB", MIXED + 4),
    Job("copy_tree", f"copy {SMALL_FILES:,} x 1 KiB inside the lake", SMALL_FILES),
    Job("walk", f"walk {DIRECTORIES:,} directories", DIRECTORIES),
    Job("ls", f"list {NAMES:,} names", NAMES),
)
WIDTHS = (4, 38, 5, 6, 6, 6, 8, 32, 24)
HEAD = (
    "service",
    "work",
    "latency",
    "x SDK",
    "x adlfs",
    "of bare",
    "requests",
    "us of processor an item",
    "MiB over idle",
)


class Result(NamedTuple):
    """What a side took for a job: medians."""

    seconds: float
    processor: float
    memory: float
    requests: int


@contextmanager
def neutral(service: str, latency: int) -> Iterator[str]:
    """Run the neutral server; give its URL."""
    command = [sys.executable, "-m", "benchmarks.serve", service, str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def count(url: str) -> int:
    """Return how many requests came since the last time."""
    with urllib.request.urlopen(f"{url}/count") as answer:  # noqa: S310 - the neutral server's
        return sum(json.load(answer).values())


def fill(service: str, url: str, folder: Path, jobs: list[str]) -> None:
    """Put what downloads, walks and listings read into the lake."""
    bare = SIDES_OF[service]["bare"](url)
    bare.begin()
    bare.up_tree(folder / "tree", "/tree")
    bare.up_file(folder / "big", "/big")
    if "walk" in jobs:
        bare.make_directories([f"/walk/{number % 40:02}/{number:05}" for number in range(DIRECTORIES - 41)])
    if "ls" in jobs:
        bare.make_directories([f"/many/{number:06}" for number in range(NAMES)])
    bare.end()


def run(service: str, side: str, job: Job, url: str, folder: Path) -> Result:
    """Let a side do a job once."""
    back = folder / f"back-{side}"
    count(url)
    command = [sys.executable, "-m", "benchmarks.job", service, side, job.name, url, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    requests = count(url) - 1
    if job.name == "down_tree" and sum(path.is_file() for path in back.rglob("*")) != SMALL_FILES:
        raise SystemExit(f"{side} did not download all files")
    if job.name == "down_file" and back.stat().st_size != BIG:
        raise SystemExit(f"{side} did not download the whole file")
    shutil.rmtree(back, ignore_errors=True)
    back.unlink(missing_ok=True)
    return Result(**json.loads(done.stdout.splitlines()[-1]), requests=requests)


def median(results: list[Result]) -> Result:
    """Return the median of each figure."""
    seconds, processor, memory, requests = (
        statistics.median(figures) for figures in zip(*results, strict=True)
    )
    return Result(seconds, processor, memory, int(requests))


def row(service: str, job: Job, latency: int, by_side: dict[str, Result]) -> tuple[str, ...]:
    """Return the table's row of a job."""
    ours = by_side["ours"]

    def others(figure: Callable[[Result], str]) -> str:
        found = [f"{side} {figure(result)}" for side, result in by_side.items() if side != "ours"]
        return f"{figure(ours)} ({', '.join(found)})"

    def times(side: str, digits: int = 1) -> str:
        return f"{by_side[side].seconds / ours.seconds:.{digits}f}" if side in by_side else "-"

    return (
        service.capitalize(),
        job.title,
        f"{latency} ms",
        times("sdk"),
        times("adlfs"),
        times("bare", 2),
        f"{ours.requests:,}",
        others(lambda result: f"{result.processor / job.items * 1e6:,.0f}"),
        others(lambda result: f"{result.memory:.0f}"),
    )


def race(service: str, latency: int, arguments: argparse.Namespace) -> Iterator[tuple[str, ...]]:
    """Let the sides do all jobs over a service; yield a row for each."""
    base = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108 - memory, where there is some
    with tempfile.TemporaryDirectory(dir=base) as name, neutral(service, latency) as url:
        folder = Path(name)
        (folder / "big").write_bytes(bytes(range(256)) * (BIG // 256))
        (folder / "tree").mkdir()
        for number in range(SMALL_FILES):
            (folder / "tree" / f"{number:05}").write_bytes(bytes(SMALL))
        for kind, number, size in (("small", MIXED, SMALL), ("big", 4, 64 * 2**20)):
            (folder / "mixed" / kind).mkdir(parents=True)
            for each in range(number):
                (folder / "mixed" / kind / f"{each:05}").write_bytes(bytes(size))
        fill(service, url, folder, arguments.jobs)
        for job in JOBS:
            # A directory of Gen2 is listed as a tree is.
            if job.name not in arguments.jobs or (service == "gen2" and job.name == "ls"):
                continue
            results: dict[str, list[Result]] = {
                side: []
                for side in SIDES[service]
                # The SDKs have no copy inside a lake, and adlfs has one of the service's own.
                if side in arguments.sides and (job.name != "copy_tree" or side in ("ours", "bare"))
            }
            for _ in range(arguments.rounds):
                for side, taken in results.items():
                    taken.append(run(service, side, job, url, folder))
            yield row(service, job, latency, {side: median(taken) for side, taken in results.items()})


def main() -> None:
    """Measure everything, and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--services", nargs="*", default=list(SIDES), choices=SIDES)
    parser.add_argument("--sides", nargs="*", default=SIDES["gen2"], choices=SIDES["gen2"])
    parser.add_argument("--latencies", nargs="*", type=int, default=list(LATENCIES))
    parser.add_argument("--jobs", nargs="*", default=[job.name for job in JOBS])
    arguments = parser.parse_args()
    rows: list[tuple[str, ...]] = [HEAD]
    for service in arguments.services:
        for latency in arguments.latencies:
            for cells in race(service, latency, arguments):
                rows.append(cells)
                print("  ".join(map("{:>{}}".format, cells, WIDTHS)), flush=True)
    if arguments.plot:
        arguments.plot.write_text(plot(rows[1:]))
    if arguments.save:
        lines = [f"| {' | '.join(cells)} |" for cells in rows]
        arguments.save.write_text("\n".join([lines[0], "|---" * len(HEAD) + "|", *lines[1:]]) + "\n")


if __name__ == "__main__":
    main()
