"""Builds wheel and sdist into `dist`, twice, and checks them; writes what they need and under which licence.

Two builds of one commit are equal byte by byte: times come from the commit.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"


def build(folder: Path) -> list[Path]:
    """Build wheel and sdist into a folder, and return their files.

    :raises subprocess.CalledProcessError: if the build fails.
    """
    committed = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    environment = {**os.environ, "SOURCE_DATE_EPOCH": committed}
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return sorted(folder.iterdir())


def main() -> int:
    """Build, compare, check, and list.

    :return: 0, or 1 if two builds differ.
    """
    shutil.rmtree(DIST, ignore_errors=True)
    built = build(DIST)
    with tempfile.TemporaryDirectory() as folder:
        again = build(Path(folder))
        changed = [
            one.name
            for one, other in zip(built, again, strict=True)
            if not filecmp.cmp(one, other, shallow=False)
        ]
    if changed:
        print(f"Two builds of one commit differ: {', '.join(changed)}", file=sys.stderr)
        return 1
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *map(str, built)], check=True)
    listing = ["environment", "--output-reproducible", "--output-file", str(DIST / "sbom.cdx.json")]
    subprocess.run([sys.executable, "-m", "cyclonedx_py", *listing, sys.executable], check=True)
    for path in sorted(DIST.iterdir()):
        print(f"{path.stat().st_size:>10,} {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
