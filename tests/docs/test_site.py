"""The documentation's site builds without a warning, and its reference leaves nothing out."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from airflow_provider_adls.operators.base import ADLSGen1Operator
from scripts import reference
from tests.docs.test_compared import there

ROOT = Path(__file__).parents[2]
LOADED = re.compile(r'<(?:script|img|link rel="(?:stylesheet|preconnect)")[^>]*(?:src|href)="([^"]+)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site's folder."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_it_builds(site):
    """Every page of the navigation is built, and every link between pages leads to a place that exists."""
    assert (site / "index.html").exists()
    assert (site / "reference" / "file-operators" / "index.html").exists()


def test_pages_load_nothing_from_other_hosts(site):
    """No page loads a script, a font, a style or a picture from elsewhere."""
    for page in site.rglob("*.html"):
        loaded = LOADED.findall(page.read_text())
        assert loaded
        assert [url for url in loaded if "//" in url] == [], page


def test_the_reference_has_every_class():
    """Each class that Airflow knows of by the provider's metadata stands in the reference."""
    pages = "".join(reference.page(*entry) for entry in reference.PAGES.values())
    missing = {name for name in there() if f"\n## {name}\n" not in pages}
    # Airflow 2.11 alone has this one, and a page of its own says how.
    assert missing <= {"ADLSGen1TaskHandler"}


def test_the_reference_has_every_argument():
    """Each parameter of an operator's constructor stands in its table, with a description."""
    for _, modules in (reference.PAGES["file-operators"], reference.PAGES["transfers"]):
        page = reference.page("", modules)
        for module in modules:
            found = inspect.getmodule(__import__(f"{reference.PACKAGE}.{module}", fromlist=["_"]))
            for name, member in reference.members(found):
                if not (inspect.isclass(member) and issubclass(member, ADLSGen1Operator)):
                    continue
                part = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
                for parameter in inspect.signature(member.__init__).parameters.values():
                    if parameter.name != "self" and parameter.kind is not parameter.VAR_KEYWORD:
                        assert re.search(rf"^\| `{parameter.name}` \|[^|]*\| \S", part, re.MULTILINE), (
                            name,
                            parameter.name,
                        )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (":param a: one\n    and two\n:returns: ``x``", ({"a": "one and two"}, "``x``")),
        ("Text.\n\n:param b: |x|\n\nMore text.", ({"b": "|x|"}, "")),
    ],
)
def test_docstrings_are_taken_apart(written, expected):
    """Fields may go over lines, and text may follow them."""
    doc = reference.parse(written)
    assert (doc.parameters, doc.returns) == expected
    assert ("More" in doc.text) == ("More" in written)


def test_code_in_docstrings_is_fenced():
    """A block of code becomes a fenced one, and the text goes on behind it."""
    text = reference.to_markdown("A.\n\n.. code-block:: python\n\n    if x:\n        y()\n\nB :class:`~a.B`.")
    assert text == "A.\n\n```python\nif x:\n    y()\n```\n\nB `a.B`."
