"""Hooks of MkDocs: the pages of the site that no file of `docs/` is, and links that lead out of `docs/`."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

from scripts import reference

ROOT = Path(__file__).parents[1]
REPOSITORY = "https://github.com/airflow-provider-adls/airflow-provider-adls/blob/main/"
#: Pages that stand at the root of the repository, where GitHub and the package index look for them.
OUTSIDE = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "reporting.md",
}
_LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
_FENCE = re.compile(r"^(```.*?^```$)", re.MULTILINE | re.DOTALL)


def on_files(files: Files, config: Any) -> Files:
    """Add the reference, and the pages from the root of the repository."""
    for source, name in OUTSIDE.items():
        text = (ROOT / source).read_text("utf-8")
        # They lie one folder below the links' base.
        files.append(File.generated(config, name, content=_outside_fences(text, _from_root)))
    for name, (title, modules) in reference.PAGES.items():
        files.append(File.generated(config, f"reference/{name}.md", content=reference.page(title, modules)))
    return files


def on_page_markdown(markdown: str, page: Any, **_given: Any) -> str:
    """Turn links to files outside of `docs/` into links to the repository, or to their page of the site."""
    folder = posixpath.dirname(f"docs/{page.file.src_uri}")

    def change(match: re.Match[str]) -> str:
        target = match[2]
        if "://" in target or target.startswith("mailto:"):
            return match[0]
        path = posixpath.normpath(posixpath.join(folder, target))
        if path.startswith("docs/"):
            return match[0]
        if path in OUTSIDE:
            return f"{match[1]}{posixpath.relpath(f'docs/{OUTSIDE[path]}', folder)}{match[3] or ''}{match[4]}"
        if not (ROOT / path).exists():
            raise FileNotFoundError(f"{page.file.src_uri} links to {path}, which does not exist")
        return f"{match[1]}{REPOSITORY}{path}{match[3] or ''}{match[4]}"

    return _outside_fences(markdown, lambda text: _LINK.sub(change, text))


def _from_root(text: str) -> str:
    """Return a page of the repository's root with links as from a file of `docs/`."""

    def change(match: re.Match[str]) -> str:
        target = match[2]
        if "://" in target or target.startswith("mailto:"):
            return match[0]
        return f"{match[1]}{posixpath.relpath(target, 'docs')}{match[3] or ''}{match[4]}"

    return _LINK.sub(change, text)


def _outside_fences(text: str, change: Any) -> str:
    return "".join(part if part.startswith("```") else change(part) for part in _FENCE.split(text))
