"""`Output`: what a command prints, for people or as JSON, and never anything else on its standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


class Output:
    """The standard output of a command.

    It keeps the stream of the moment that it was made in: what libraries print later goes elsewhere.

    :param as_json: whether each record is printed as a JSON object on a line of its own.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        if sys.stdout is None:
            # What Python makes of a descriptor that is closed when it starts.
            raise OSError("the standard output is closed")
        self._stream = sys.stdout
        self.is_terminal = self._stream.isatty()

    @classmethod
    def of_command(cls) -> Output:
        """Return the output of the running command, which gets one if it has none yet."""
        output: Output = click.get_current_context().meta.setdefault("out", cls())
        return output

    def record(self, record: Mapping[str, Any], text: str) -> None:
        """Print a record: as JSON, or as the text."""
        self.line(json.dumps(record, ensure_ascii=False) if self.as_json else text)

    def records(
        self, records: Iterable[Mapping[str, Any]], columns: Sequence[str], *, right: Sequence[str] = ()
    ) -> None:
        """Print records: as JSON, or as a table with a line for each.

        :param columns: keys of the records.
        :param right: those whose values are aligned to the right.
        """
        if self.as_json:
            for record in records:
                self.record(record, "")
            return
        rows = [[self._cell(record.get(name)) for name in columns] for record in records]
        if not rows:
            return
        rows.insert(0, [name.upper() for name in columns])
        widths = [max(len(row[index]) for row in rows) for index in range(len(columns))]
        for row in rows:
            cells = [
                cell.rjust(width) if name in right else cell.ljust(width)
                for cell, width, name in zip(row, widths, columns, strict=True)
            ]
            self.line("  ".join(cells).rstrip())

    def properties(self, record: Mapping[str, Any]) -> None:
        """Print one record: as JSON, or each property on a line."""
        width = max(len(name) for name in record)
        text = "\n".join(f"{name:<{width}}  {self._cell(value)}" for name, value in record.items())
        self.record(record, text)

    def name(self, name: str) -> str:
        """Return a name as it can be shown: a terminal gets no control characters."""
        return printable(name) if self.is_terminal else name

    def line(self, text: str, end: str = "\n") -> None:
        """Print a line, in UTF-8 whatever the locale says."""
        self.write(f"{text}{end}".encode(errors="surrogateescape"))

    def write(self, data: bytes) -> None:
        """Print bytes as they are."""
        self._stream.buffer.write(data)

    def flush(self) -> None:
        """Send what is printed on its way.

        :raises BrokenPipeError: if the reader has gone.
        """
        self._stream.flush()

    def _cell(self, value: Any) -> str:
        if value is None:
            return "-"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, Mapping):
            return ", ".join(f"{key}={self._cell(item)}" for key, item in value.items()) or "-"
        if isinstance(value, (list, tuple)):
            return ", ".join(self._cell(item) for item in value) or "-"
        return self.name(str(value))


def printable(text: str) -> str:
    """Return a text whose control characters are escaped, which could steer a terminal."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def spelled(size: int, *, human: bool = True) -> str:
    """Return a number of bytes as people read it, or as it is."""
    if not human or size < 1024:
        return f"{size} B" if human else str(size)
    number = float(size)
    for unit in _UNITS:
        if number < 1024 or unit == _UNITS[-1]:
            break
        number /= 1024
    return f"{number:.1f} {unit}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 file`, `2 files`, `2 directories`."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"
