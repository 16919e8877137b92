"""The examples of docstrings and guides, as they stand there."""

from __future__ import annotations

import inspect
import re
import textwrap
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from airflow_provider_adls.provider_info import get_provider_info

ROOT = Path(__file__).parents[2]


class Example(NamedTuple):
    """A piece of Python, and where it stands.

    :param name: class or page that shows it, usable as the id of a task group.
    :param module: module of the class; None for a page.
    """

    name: str
    module: str | None
    code: str


def docstring_examples() -> list[Example]:
    """Return the examples of all operators, transfers, sensors and triggers."""
    info = get_provider_info()
    modules = [
        *(name for kind in ("operators", "sensors", "triggers") for name in info[kind][0]["python-modules"]),
        *(transfer["python-module"] for transfer in info["transfers"]),
    ]
    found = []
    for module in map(import_module, modules):
        for name, member in inspect.getmembers(module, inspect.isclass):
            if member.__module__ == module.__name__ and not name.startswith("_"):
                blocks = re.findall(r"code-block:: python\n\n((?:        .*\n|\n)+)", member.__doc__ or "")
                found += [Example(name, module.__name__, textwrap.dedent(block)) for block in blocks]
    return found


def guide_examples(page: str) -> list[Example]:
    """Return the examples of a page that no example DAG holds."""
    text = (ROOT / page).read_text()
    blocks = re.findall(r"(<!-- include: [^>]*-->\n)?```python\n(.*?)```", text, re.DOTALL)
    own = [code for included, code in blocks if not included]
    return [Example(f"guide_{number}", None, code) for number, code in enumerate(own)]
