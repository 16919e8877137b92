"""The pictures of the documentation."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_documentation_shows_the_pictures():
    """The pages of documentation show every picture that is there, and no other."""
    pages = "".join(page.read_text("utf-8") for page in DOCS.glob("*.md"))
    taken = {file.name for file in (DOCS / "images").glob("*")}
    assert set(re.findall(r"\(images/([^)]+)\)", pages)) == taken
