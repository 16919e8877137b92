"""Looks for the client secret and for tokens where they must not be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from scripts.airflow_api import AirflowApi
    from scripts.stack import Stack

#: Every signed token is base64 of a JSON object, so it begins with these letters.
TOKEN = re.compile(rb"eyJ[\w-]{12,}")


def spellings(secret: str) -> set[bytes]:
    """The secret as it is, in a URL, in a form and in JSON."""
    quoted = {quote(secret, safe=""), quote(secret), json.dumps(secret)[1:-1]}
    return {text.encode() for text in {secret} | quoted}


@dataclass
class Search:
    """What was searched, and where a secret was found.

    :param secret: the client secret.
    """

    secret: str = field(repr=False)
    counts: dict[str, int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def look(self, kind: str, where: str, content: bytes, *, tokens: bool = True) -> None:
        """Search one thing.

        :param kind: what it is counted under, in the plural.
        :param where: named if a secret is found.
        :param content: all of it.
        :param tokens: whether a token is a leak there too.
        """
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if any(spelling in content for spelling in spellings(self.secret)):
            self.found.append(f"the client secret, in {where}")
        if tokens and TOKEN.search(content):
            self.found.append(f"a token, in {where}")

    def look_in_files(self, folder: Path, kind: str) -> None:
        """Search every file below a folder."""
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            self.look(kind, str(file), file.read_bytes())

    def look_in_run(self, api: AirflowApi, dag: str, run: str) -> None:
        """Search the rendered fields and XComs of a DAG run."""
        for task in api.tasks(dag, run):
            for name, value in (task["rendered_fields"] or {}).items():
                self.look("rendered fields", f"rendered field {name} of {task['task_id']}", dumped(value))
        for xcom in api.xcoms(dag, run):
            self.look("XComs", f"XCom {xcom['key']} of {xcom['task_id']}", dumped(xcom["value"]))

    def summary(self) -> str:
        """How much was searched: ``12 logs, 30 rendered fields, 7 XComs``."""
        return ", ".join(f"{count} {kind}" for kind, count in self.counts.items())


def search_for_secrets(stack: Stack, dag: str, *runs: str) -> Search:
    """Search every log, the runs' rendered fields and XComs, and Airflow's database, for secret and token."""
    search = Search(stack.emulator["client_secret"])
    for logs in (stack.logs, stack.home / "logs"):
        search.look_in_files(logs, "logs")
    for run in runs:
        search.look_in_run(stack.api, dag, run)
    for file in stack.home.glob("airflow.db*"):
        # Its columns are encrypted, so that chance may spell a token's beginning.
        search.look("database files", str(file), file.read_bytes(), tokens=False)
    return search


def dumped(value: Any) -> bytes:
    """Every text in a JSON value, one a line, as it was before JSON escaped it."""
    return "\n".join(texts(value)).encode()


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys too."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield str(key)
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    else:
        yield str(value)
