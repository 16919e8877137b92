"""Builds a virtual environment that make targets run in, and mends a half-built one.

Run by the Python that the environment is to have, with the file of its pinned versions and, for more than
running the package takes, the name of an extra:
`python scripts/build_env.py .venv .venv/.complete constraints.txt dev`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINNED = ROOT / "constraints.txt"
#: Mark of an environment that the package runs in; one with an extra has it too.
RUNNABLE = ".runnable"
#: Seconds from one line on pip's progress to the next.
PROGRESS_INTERVAL = 10.0
QUIET = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}


def is_complete(mark: Path, pinned: Path = PINNED) -> bool:
    """Whether the environment was built after its sources last changed."""
    sources = (ROOT / "pyproject.toml", pinned)
    return mark.exists() and all(mark.stat().st_mtime >= source.stat().st_mtime for source in sources)


def build(folder: Path, mark: Path, pinned: Path = PINNED, extra: str = "") -> int:
    """Install the package and its pinned dependencies.

    :param folder: the environment's.
    :param mark: file in it that says that all this is there. It is written last, with the mark of a
        runnable one, and taken away first: without that, the environment is half-built.
    :param pinned: pip's constraints: the version of each dependency.
    :param extra: the package's extra that is installed too; empty for none.
    :return: pip's exit code.
    """
    runnable = folder / RUNNABLE
    if not runnable.exists():
        shutil.rmtree(folder, ignore_errors=True)
    for stale in (mark, runnable):
        stale.unlink(missing_ok=True)
    if not folder.exists():
        print(f"Building {folder}, which takes a minute or two, once.", flush=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--progress-bar", "off"]
    code = install([*pip, "--constraint", str(pinned), "--editable", f".[{extra}]" if extra else "."])
    if code == 0:
        runnable.touch()
        mark.touch()
    return code


def install(command: list[str]) -> int:
    """Run pip, and print a line on its progress every few seconds.

    :param command: pip's, which is not quiet.
    :return: its exit code; it wrote its errors itself.
    """
    found, printed = 0, time.monotonic()
    with subprocess.Popen(
        command, env=os.environ | QUIET, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            found += line.startswith("Collecting ")
            if line.startswith("Installing collected packages: "):
                print(f"  installing {line.count(',') + 1} packages", flush=True)
            elif found and time.monotonic() - printed > PROGRESS_INTERVAL:
                printed = time.monotonic()
                print(f"  {found} packages collected", flush=True)
    return process.returncode


def main() -> int:
    """Build unless another did meanwhile.

    :return: 0, or pip's exit code.
    """
    folder, mark, pinned = (Path(argument).absolute() for argument in sys.argv[1:4])
    # Each environment has pins of its own, so two environments can be built at once, and one cannot.
    fcntl.flock(os.open(pinned, os.O_RDONLY), fcntl.LOCK_EX)
    return 0 if is_complete(mark, pinned) else build(folder, mark, pinned, *sys.argv[4:])


if __name__ == "__main__":
    sys.exit(main())
