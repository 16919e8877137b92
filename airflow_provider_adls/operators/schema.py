"""The columns of a file, where its beginning or its end tells them cheaply."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from contextlib import closing
from typing import IO, Any, NamedTuple

#: Bytes of a text file that are looked at for its first line.
HEAD = 64 * 1024
#: JSON's types by those that Python reads them as.
_JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}

Opener = Callable[[], IO[bytes]]


class Column(NamedTuple):
    """A column.

    :param name: its name.
    :param type: what the file says of it; empty where it says nothing.
    """

    name: str
    type: str = ""


def columns(name: str, opener: Opener) -> list[Column]:
    """Columns of a file, by the ending of its name.

    CSV and TSV tell them in their first line, JSON lines in their first object, and Parquet at its end, where
    pyarrow is installed.

    :param opener: opens the file for reading.
    :returns: none for any other file, and for one that tells none.
    """
    read = _READERS.get(name.rpartition(".")[2].lower())
    return read(opener) if read else []


def _first_line(opener: Opener) -> str:
    with closing(opener()) as file:
        head = file.read(HEAD)
    line, end, _ = head.partition(b"\n")
    # A line that goes on beyond what was read is not known.
    return line.decode("utf-8-sig").rstrip("\r") if end or len(head) < HEAD else ""


def _separated(separator: str) -> Callable[[Opener], list[Column]]:
    def read(opener: Opener) -> list[Column]:
        return [
            Column(name) for row in csv.reader([_first_line(opener)], delimiter=separator) for name in row
        ]

    return read


def _json_lines(opener: Opener) -> list[Column]:
    line = _first_line(opener)
    found: Any = json.loads(line) if line.strip() else None
    if not isinstance(found, dict):
        return []
    return [Column(name, _JSON_TYPES.get(type(value), "")) for name, value in found.items()]


def _parquet(opener: Opener) -> list[Column]:
    try:
        from pyarrow import parquet
    except ImportError:
        return []
    with closing(opener()) as file:
        return [Column(field.name, str(field.type)) for field in parquet.read_schema(file)]


_READERS: dict[str, Callable[[Opener], list[Column]]] = {
    "csv": _separated(","),
    "jsonl": _json_lines,
    "ndjson": _json_lines,
    "parquet": _parquet,
    "tsv": _separated("\t"),
}
