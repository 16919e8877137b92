"""Does one job once: `python -m benchmarks.job SERVICE SIDE JOB URL FOLDER`.

It prints as JSON its seconds, the seconds of processor time of this process, and the most memory in MiB that
it took beyond what it had before.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import sides, sides_gen2

SIDES = {"gen1": sides.SIDES, "gen2": sides_gen2.SIDES}


def memory_of(field: str) -> int:
    """Return a figure of this process's memory, in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


def main(service: str, side: str, job: str, url: str, into: str) -> None:
    """Do a job, and print what it took."""
    mover, folder = SIDES[service][side](url), Path(into)
    mover.begin()
    local, target = folder / ("big" if job.endswith("file") else "tree"), f"/{side}-{job}"
    work: dict[str, Callable[[], Any]] = {
        "up_tree": lambda: mover.up_tree(local, target),
        "down_tree": lambda: mover.down_tree("/tree", folder / f"back-{side}"),
        "up_file": lambda: mover.up_file(local, target),
        "down_file": lambda: mover.down_file("/big", folder / f"back-{side}"),
        "up_mixed": lambda: getattr(mover, "up_mixed", mover.up_tree)(folder / "mixed", target),
        "copy_tree": lambda: mover.copy_tree("/tree", target),
        "walk": lambda: mover.walk("/walk"),
        "ls": lambda: mover.ls("/many"),
    }
    resident = memory_of("VmRSS")
    # The peak counts from here on.
    Path("/proc/self/clear_refs").write_text("5")
    idle = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    work[job]()
    seconds = time.perf_counter() - began
    end = resource.getrusage(resource.RUSAGE_SELF)
    spent = end.ru_utime + end.ru_stime - idle.ru_utime - idle.ru_stime
    print(
        json.dumps({"seconds": seconds, "processor": spent, "memory": (memory_of("VmHWM") - resident) / 1024})
    )
    sys.stdout.flush()
    # What the SDK's threads and the loops hold is not part of the job.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:6])
