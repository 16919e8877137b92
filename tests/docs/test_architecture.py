"""What docs/architecture.md and CONTRIBUTING.md name is where they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "airflow_provider_adls"
PAGES = (ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md")
#: Files that a clone gets by `make`, or that a reader makes.
MADE = {".venv/bin/python", "dist/"}
NAMED = sorted(
    {
        (page.name, name)
        for page in PAGES
        for name in re.findall(r"`([\w.-]+/[\w./-]*)`", page.read_text())
        if name not in MADE
    }
)


@pytest.mark.parametrize(("page", "name"), NAMED)
def test_files_exist(page, name):
    """Each file and folder that a page names is in the package or in the repository."""
    assert (PACKAGE / name).exists() or (ROOT / name).exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """Each link to a file of the repository leads to one."""
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_drawing_has_every_room():
    """Each folder of the package stands in the drawing of the floors."""
    drawing = PAGES[0].read_text().split("```")[1]
    rooms = {folder.parent.name for folder in PACKAGE.glob("*/__init__.py")} - {"gen1"}
    assert {room for room in rooms if not re.search(rf"\b{room}\b", drawing)} == set()
