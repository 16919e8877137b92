"""The recordings of the real Gen2 service, and how they fall into runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.fidelity import recordings

FOLDER = Path(__file__).parents[3].parent / "shared" / "gen2"
FILE = FOLDER / "recordings.json.gz"
_FACES = {"account.dfs.core.windows.net": "dfs", "account.blob.core.windows.net": "blob"}
_MISSING = ("FilesystemNotFound", "ContainerNotFound")
_OMITTED = "!!! The request body has been omitted"


@dataclass(frozen=True)
class Exchange:
    """One request and what the real service answered.

    :param target: path of the request, as it was sent.
    :param request_headers: by name in lower case, as the headers of the answer.
    """

    face: str
    method: str
    target: str
    query: dict[str, str]
    request_headers: dict[str, str]
    request_body: bytes
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def container(self) -> str:
        return unquote(self.target).strip("/").partition("/")[0]

    @property
    def path(self) -> str:
        return unquote(self.target).strip("/").partition("/")[2].strip("/")

    @property
    def code(self) -> str:
        return self.headers.get("x-ms-error-code", "")

    @property
    def about(self) -> str:
        words = [f"{name}={value}" for name, value in self.query.items() if name in _TELLING]
        return f"{self.face} {self.method} {self.target} {' '.join(words)}"


_TELLING = ("resource", "restype", "comp", "action", "mode", "position", "flush", "showonly", "include")


class Run(recordings.Run):
    """One test of an SDK, with what the account kept of deleted paths."""

    @property
    def retention(self) -> int | None:
        """Days that the account kept what was deleted, as far as the recording shows it."""
        kept = any(
            "x-ms-deletion-id" in each.headers or each.query.get("showonly") == "deleted"
            for each in self.exchanges
        )
        return 7 if kept else None

    @property
    def container_retention(self) -> int | None:
        """The same of containers."""
        kept = any("deleted" in each.query.get("include", "") for each in self.exchanges)
        return 7 if kept else None


def load() -> list[Run]:
    """Return all runs of all recordings that go to files."""
    return [run for name, exchanges in recordings.read(FILE).items() for run in runs(name, exchanges)]


def runs(name: str, recorded: list[dict[str, Any]]) -> Iterator[Run]:
    """Give a recording's exchanges, cut where the first request of a Python test comes again."""
    exchanges = [_exchange(each) for each in recorded if each["host"] in _FACES]
    run = Run(name, 1)
    for each in exchanges:
        first = run.exchanges[0] if run.exchanges else None
        again = first and (first.method, first.target, first.query) == (each.method, each.target, each.query)
        if again and name.startswith("python/"):
            yield run
            run = Run(name, run.number + 1)
        run.exchanges.append(each)
    if run.exchanges:
        yield run


def outside(run: Run) -> Iterator[tuple[int, str]]:
    """Give the containers that a run did not make itself, with the place where each is first met."""
    seen: set[str] = set()
    for place, each in enumerate(run.exchanges):
        if not each.container or each.container in seen:
            continue
        makes = each.method == "PUT" and not each.path and each.query.get("comp") in (None, "undelete")
        if each.code in _MISSING:
            continue
        seen.add(each.container)
        if not (makes and each.status == 201):
            yield place, each.container


def _exchange(recorded: dict[str, Any]) -> Exchange:
    query = recorded["query"]
    return Exchange(
        face=_FACES[recorded["host"]],
        method=recorded["method"],
        target=recorded["path"],
        query=dict(parse_qsl(query, keep_blank_values=True)) if isinstance(query, str) else query,
        request_headers={name.lower(): value for name, value in recorded["request_headers"].items()},
        request_body=_content(recorded["request_body"], recorded["request_headers"]),
        status=recorded["status"],
        headers={name.lower(): value for name, value in recorded["headers"].items()},
        body=_content(recorded["body"], {}),
    )


def _content(body: str | dict[str, str] | None, headers: dict[str, str]) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str) and body.startswith(_OMITTED):
        length = next((value for name, value in headers.items() if name.lower() == "content-length"), "0")
        return bytes(int(length))
    return recordings.content(body)
