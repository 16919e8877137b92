"""Builds the virtual environment that the make targets run in, and mends a half-built one.

Run by the Python that the environment is to have: `python scripts/build_env.py .venv .venv/.complete`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = (ROOT / "pyproject.toml", ROOT / "constraints.txt")
QUIET = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}


def is_complete(mark: Path) -> bool:
    """Whether the environment was built after its sources last changed."""
    return mark.exists() and all(mark.stat().st_mtime >= source.stat().st_mtime for source in SOURCES)


def build(folder: Path, mark: Path) -> int:
    """Install the package and its pinned dependencies.

    :param folder: the environment's.
    :param mark: file in it that is written last and taken away first: without it, it is half-built.
    :return: pip's exit code.
    """
    if not mark.exists():
        shutil.rmtree(folder, ignore_errors=True)
    mark.unlink(missing_ok=True)
    if not folder.exists():
        print(f"Building {folder}, which takes a minute or two, once.", flush=True)
        venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    command = [*pip, "--constraint", "constraints.txt", "--editable", ".[dev]"]
    code = subprocess.run(command, env=os.environ | QUIET, cwd=ROOT, check=False).returncode
    if code == 0:
        mark.touch()
    return code


def main() -> int:
    """Build unless another did meanwhile.

    :return: 0, or pip's exit code.
    """
    folder, mark = (Path(argument) for argument in sys.argv[1:])
    here = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(here, fcntl.LOCK_EX)
    return 0 if is_complete(mark) else build(folder, mark)


if __name__ == "__main__":
    sys.exit(main())
