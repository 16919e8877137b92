"""CSV and JSON lines: `CsvWriter`, `JsonWriter`, `csv_rows`, `json_rows`.

CSV is that of RFC 4180, with PostgreSQL's rule for None: an empty field is None, and `""` an empty text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from airflow_provider_adls.sql.values import as_text, plain, typed

_SPECIAL = re.compile(r'[,"\r\n]|^$|^\ufeff')
_FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|$)')
#: Most characters of a record. A quote that does not end would make one of the rest of the file.
_MAX_RECORD = 2**26
Chunk = tuple[Sequence[str], list[Sequence[Any]]]


class CsvWriter:
    """Writes rows as CSV.

    :param own: whether the file is closed at the end.
    """

    def __init__(self, file: IO[bytes], columns: Sequence[str], *, header: bool, own: bool) -> None:
        self._file = file
        self._own = own
        if header:
            self.write([columns])

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write a chunk of rows."""
        lines = (",".join(_field(as_text(value)) for value in row) + "\n" for row in rows)
        self._file.write("".join(lines).encode())

    def close(self) -> None:
        """End the file, if it is the writer's own."""
        if self._own:
            self._file.close()


def _field(value: str | None) -> str:
    if value is None:
        return ""
    return '"' + value.replace('"', '""') + '"' if _SPECIAL.search(value) else value


class JsonWriter:
    """Writes rows as lines of JSON, each a dictionary by the columns' names.

    :param header: not used; JSON always names its columns.
    :param own: whether the file is closed at the end.
    """

    def __init__(self, file: IO[bytes], columns: Sequence[str], *, header: bool, own: bool) -> None:  # noqa: ARG002 - as CsvWriter
        self._file = file
        self._own = own
        self._columns = columns

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write a chunk of rows."""
        lines = (
            json.dumps(dict(zip(self._columns, map(plain, row), strict=True)), ensure_ascii=False) + "\n"
            for row in rows
        )
        self._file.write("".join(lines).encode())

    def close(self) -> None:
        """End the file, if it is the writer's own."""
        if self._own:
            self._file.close()


def _lines(file: IO[bytes]) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(f"line {number} is not UTF-8: {error.reason}") from None


def _records(lines: Iterable[str]) -> Iterator[list[str | None]]:
    record, quotes = "", 0
    for number, line in enumerate(lines, 1):
        record += line
        quotes += line.count('"')
        if len(record) > _MAX_RECORD:
            raise ValueError(
                f"line {number}: a record has more than {_MAX_RECORD} characters: a quote too few?"
            )
        if quotes % 2 == 0:
            # An empty line is not a record: some writers end with one.
            if record.strip("\r\n"):
                yield _fields(record, number)
            record, quotes = "", 0
    if record:
        raise ValueError("the last record ends inside of quotes: the file is not whole")


def _fields(record: str, number: int) -> list[str | None]:
    record = record.removesuffix("\n").removesuffix("\r")
    fields: list[str | None] = []
    at = 0
    while True:
        match = _FIELD.match(record, at)
        if match is None:
            raise ValueError(f"line {number} is not CSV at character {at + 1}: {record[at : at + 40]!r}")
        quoted, bare, end = match.groups()
        fields.append(quoted.replace('""', '"') if quoted is not None else bare or None)
        if not end:
            return fields
        at = match.end()


def csv_rows(
    file: IO[bytes], columns: Sequence[str] | None, types: Mapping[str, str], chunk: int, *, header: bool
) -> Iterator[Chunk]:
    """Yield chunks of rows of CSV; see :func:`formats.rows`."""
    records = _records(_lines(file))
    if header:
        first = next(records, None)
        if first is None:
            return
        names = [name or "" for name in first]
        if len(set(names)) < len(names):
            raise ValueError(f"two columns of the header have one name: {', '.join(names)}")
    elif columns is None:
        raise ValueError("without a header, give columns")
    else:
        names = list(columns)
    picked = _picked(names, columns)
    chosen = [names[place] for place in picked]
    kinds = [types.get(name) for name in chosen]

    def parsed() -> Iterator[Sequence[Any]]:
        for number, record in enumerate(records, 1):
            if len(record) != len(names):
                raise ValueError(f"row {number} has {len(record)} fields, and the columns are {len(names)}")
            yield [
                _typed(record[place], kind, number, name)
                for place, kind, name in zip(picked, kinds, chosen, strict=True)
            ]

    yield from ((chosen, rows) for rows in chunks(parsed(), chunk))


def json_rows(
    file: IO[bytes], columns: Sequence[str] | None, types: Mapping[str, str], chunk: int
) -> Iterator[Chunk]:
    """Yield chunks of rows of JSON lines; see :func:`formats.rows`."""
    chosen: list[str] = list(columns or ())

    def parsed() -> Iterator[Sequence[Any]]:
        for number, line in enumerate(_lines(file), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line, parse_float=_number)
            except ValueError as error:
                raise ValueError(f"line {number} is not JSON: {error}") from None
            if not isinstance(row, dict):
                raise ValueError(f"line {number} is not a dictionary of columns")  # noqa: TRY004 - the content is wrong, not a type
            if not chosen:
                chosen.extend(row)
            if columns is None and (others := row.keys() - set(chosen)):
                raise ValueError(
                    f"line {number} has a column {min(others)!r}, which the first line has not: give columns"
                )
            yield [_typed(row.get(name), types.get(name), number, name) for name in chosen]

    yield from ((chosen, rows) for rows in chunks(parsed(), chunk))


class _Number(float):
    """A number of JSON with the digits that it is written with, for decimals."""

    text: str

    def __str__(self) -> str:
        return self.text


def _number(text: str) -> float:
    number = _Number(text)
    number.text = text
    return number


def _typed(value: Any, kind: str | None, number: int, name: str) -> Any:
    try:
        value = typed(value, kind)
    except ValueError as error:
        raise ValueError(f"row {number}, column {name!r}: {error}") from None
    return float(value) if isinstance(value, _Number) else value


def _picked(names: Sequence[str], columns: Sequence[str] | None) -> list[int]:
    if columns is None:
        return list(range(len(names)))
    if missing := [name for name in columns if name not in names]:
        raise ValueError(f"the file has no column {missing[0]!r}: it has {', '.join(names)}")
    return [names.index(name) for name in columns]


def chunks(rows: Iterable[Sequence[Any]], size: int) -> Iterator[list[Sequence[Any]]]:
    """Yield lists of so many rows; the last may have fewer."""
    held: list[Sequence[Any]] = []
    for row in rows:
        held.append(row)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held
