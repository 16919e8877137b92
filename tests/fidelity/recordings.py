"""The recordings of the real service, and how they fall into runs."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2].parent / "shared" / "golden"
FILE = FOLDER / "recordings.json.gz"
#: A pause that ends a run.
PAUSE = timedelta(minutes=10)
#: How the SDK's tests call their working directory; one of them uses `/tmp` besides.
WORKING_DIRECTORY = re.compile(r"azure_(python_sdk_)?test_dir")
PREFIXES = ("/webhdfs/v1", "/webhdfsext")


@dataclass(frozen=True)
class Exchange:
    """One request and the real service's answer.

    :param path: normalised path in the account.
    :param target: path of the request, prefix and all, as it was sent, decoded.
    :param query: parameters as they were sent.
    :param parameters: the same, by name in lower case.
    :param headers: of the answer, by name in lower case.
    """

    method: str
    target: str
    path: str
    query: dict[str, str]
    parameters: dict[str, str]
    request_headers: dict[str, str]
    request_body: bytes
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def operation(self) -> str:
        return self.parameters["op"].upper()

    @property
    def extended(self) -> bool:
        return self.target.lower().startswith(PREFIXES[1])

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Run:
    """One test of an SDK, run once against the real service."""

    recording: str
    number: int
    exchanges: list[Any] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.recording} #{self.number}"


def first_segment(path: str) -> str:
    return path.split("/")[1]


def load() -> list[Run]:
    """Return all runs of all recordings."""
    return [run for name, exchanges in read(FILE).items() for run in runs(name, map(exchange, exchanges))]


def read(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the exchanges of each recording in a file."""
    recordings: dict[str, list[dict[str, Any]]] = json.loads(gzip.decompress(file.read_bytes()))
    return recordings


def runs(name: str, exchanges: Iterator[Exchange]) -> Iterator[Run]:
    """Split a recording's exchanges at pauses and changes of the working directory."""
    run, directory, before = Run(name, 1), "", None
    for each in exchanges:
        now = parsedate_to_datetime(each.headers["date"])
        here = first_segment(each.path)
        working = bool(WORKING_DIRECTORY.match(here))
        moved = bool(working and directory and here != directory)
        if run.exchanges and (moved or (before and now - before >= PAUSE)):
            yield run
            run, directory = Run(name, run.number + 1), ""
        run.exchanges.append(each)
        before, directory = now, here if working else directory
    yield run


def exchange(recorded: dict[str, Any]) -> Exchange:
    target = recorded["path"]
    prefix = next(prefix for prefix in PREFIXES if target.lower().startswith(prefix))
    names = [name for name in target[len(prefix) :].split("/") if name not in ("", ".")]
    return Exchange(
        method=recorded["method"],
        target=target,
        path="/" + "/".join(names),
        query=recorded["query"],
        parameters={name.lower(): value for name, value in recorded["query"].items()},
        request_headers=recorded["request_headers"],
        request_body=content(recorded["request_body"]),
        status=recorded["status"],
        headers=recorded["headers"],
        body=content(recorded["body"]),
    )


def content(body: str | dict[str, str]) -> bytes:
    """Return a recorded body."""
    return body.encode() if isinstance(body, str) else base64.b64decode(body["base64"])
