"""What the guides show of the example DAGs is what stands there.

A line ``<!-- include: example_dags/adls_gen1_watch.py watcher -->`` is followed by the part that lies between
``# [START watcher]`` and ``# [END watcher]`` of that file, as a block of code.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INCLUDES = [
    (page.relative_to(ROOT), *found)
    for page in sorted((ROOT / "docs").rglob("*.md"))
    for found in re.findall(
        r"<!-- include: (\S+) (\S+) -->\n```python\n(.*?)```\n", page.read_text(), re.DOTALL
    )
]


def part(file: str, name: str) -> str:
    """A marked part of a file, without its indentation."""
    text = (ROOT / file).read_text()
    found = re.findall(rf"^ *# \[START {name}\]\n(.*?)^ *# \[END {name}\]\n", text, re.DOTALL | re.MULTILINE)
    assert len(found) == 1, f"{file} has {len(found)} parts {name}"
    return textwrap.dedent(found[0])


@pytest.mark.parametrize(("page", "file", "name", "shown"), INCLUDES, ids=lambda value: str(value)[:40])
def test_parts(page, file, name, shown):
    """Each part that a page shows is the file's own."""
    assert part(file, name) == shown


def test_all_includes_are_looked_at():
    """No include is written so that it is passed over."""
    pages = (ROOT / "docs").rglob("*.md")
    assert sum(page.read_text().count("<!-- include:") for page in pages) == len(INCLUDES)
