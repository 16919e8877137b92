"""The guide to the file system says what is true: its examples run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "filesystem.md"


def test_examples(connect, account):
    """All Python of the page runs, in order, with the account `lake` and the default connection."""
    connect()
    examples = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert len(examples) == 4
    script = "\n".join(examples).replace("lake/", f"{account}/")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
