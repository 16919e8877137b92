"""Parquet: `ParquetWriter`, whose types come from all rows, and `parquet_rows`."""

from __future__ import annotations

import json
import pickle
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from airflow_provider_adls.sql.values import as_text, plain

#: Digits that Parquet's widest decimal has.
_MAX_DIGITS = 76
#: Bytes in memory of a row group, which chunks of rows are gathered into.
_ROW_GROUP = 32 * 2**20
_INT64 = range(-(2**63), 2**63)


class ColumnType:
    """The type that holds every value of a column seen so far."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.whole = 0
        self.scale = 0

    def add(self, value: Any) -> None:
        """Add a value that the type must hold."""
        kind = _kind(value)
        if kind is not None:
            self.kinds.add(kind)
        if kind == "decimal" or (kind == "int" and value not in _INT64):
            digits, exponent = Decimal(value).as_tuple()[1:]
            self.kinds.add("decimal")
            self.scale = max(self.scale, -int(exponent))
            self.whole = max(self.whole, len(digits) + int(exponent))
        elif kind == "int":
            self.whole = max(self.whole, len(str(abs(value))))

    def arrow(self) -> pa.DataType:
        """Return Arrow's type; text where the values have none in common, or are all None."""
        simple = {
            "bool": pa.bool_(),
            "int": pa.int64(),
            "float": pa.float64(),
            "bytes": pa.binary(),
            "date": pa.date32(),
            "datetime": pa.timestamp("us"),
            "instant": pa.timestamp("us", tz="UTC"),
            "time": pa.time64("us"),
            "duration": pa.duration("us"),
        }
        if len(self.kinds) == 1 and (only := next(iter(self.kinds))) in simple:
            return simple[only]
        if self.kinds == {"int", "float"}:
            return pa.float64()
        if self.kinds in ({"decimal"}, {"int", "decimal"}):
            digits = max(self.whole + self.scale, 1)
            if digits <= _MAX_DIGITS:
                return (
                    pa.decimal128(digits, self.scale) if digits <= 38 else pa.decimal256(digits, self.scale)
                )
        return pa.string()


def _kind(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return "decimal" if value.is_finite() else "other"
    if isinstance(value, datetime):
        return "datetime" if value.tzinfo is None else "instant"
    # A boolean is a whole number for Python, and comes first.
    kinds = {
        bool: "bool",
        int: "int",
        float: "float",
        bytes: "bytes",
        bytearray: "bytes",
        memoryview: "bytes",
        date: "date",
        time: "time",
        timedelta: "duration",
    }
    return next((kind for cls, kind in kinds.items() if isinstance(value, cls)), "other")


class ParquetWriter:
    """Writes rows as Parquet, once all of them are seen: a database does not say the types of all its values.

    Until then the rows are in a temporary file of this machine.
    """

    def __init__(self, file: IO[bytes], columns: Sequence[str]) -> None:
        self._file = file
        self._columns = columns
        self._types = [ColumnType() for _ in columns]
        self._spool = tempfile.TemporaryFile(prefix="adls-gen1-")  # noqa: SIM115 - closed in close

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Keep a chunk of rows."""
        if not rows:
            return
        kept = [[_picklable(value) for value in row] for row in rows]
        for row in kept:
            for one, value in zip(self._types, row, strict=True):
                one.add(value)
        pickle.dump(kept, self._spool)

    def close(self) -> None:
        """Write the file."""
        types = [one.arrow() for one in self._types]
        schema = pa.schema(list(zip(self._columns, types, strict=True)))
        with self._spool, pq.ParquetWriter(self._file, schema) as out:
            self._spool.seek(0)
            held: list[pa.Table] = []
            for rows in self._chunks():
                arrays = [
                    pa.array([_fitting(value, to) for value in column], to)
                    for column, to in zip(zip(*rows, strict=True), types, strict=True)
                ]
                held.append(pa.Table.from_arrays(arrays, schema=schema))
                if sum(table.nbytes for table in held) >= _ROW_GROUP:
                    out.write_table(pa.concat_tables(held))
                    held.clear()
            if held:
                out.write_table(pa.concat_tables(held))

    def _chunks(self) -> Iterator[list[list[Any]]]:
        while True:
            try:
                yield pickle.load(self._spool)  # noqa: S301 - written by this process, into a file without a name
            except EOFError:
                return


def _picklable(value: Any) -> Any:
    """Return a value that can be kept: a driver's own objects as JSON has them."""
    if isinstance(value, memoryview):
        return bytes(value)
    if value is None or isinstance(value, str) or _kind(value) != "other" or isinstance(value, Decimal):
        return value
    found = plain(value)
    return json.dumps(found, ensure_ascii=False) if isinstance(found, (list, dict)) else found


def _fitting(value: Any, to: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_string(to):
        return as_text(value)
    if pa.types.is_decimal(to):
        return Decimal(value)
    return value


def parquet_rows(
    file: IO[bytes], columns: Sequence[str] | None, chunk: int
) -> Iterator[tuple[Sequence[str], list[Sequence[Any]]]]:
    """Yield chunks of a file's rows; see :func:`formats.rows`."""
    try:
        source = pq.ParquetFile(file)
    except pa.ArrowInvalid as error:
        raise ValueError(f"it is not Parquet: {error}") from None
    names = source.schema_arrow.names
    if missing := [name for name in columns or () if name not in names]:
        raise ValueError(f"the file has no column {missing[0]!r}: it has {', '.join(names)}")
    chosen = list(columns or names)
    for batch in source.iter_batches(batch_size=chunk, columns=chosen):
        held = [[_loaded(value) for value in batch.column(name).to_pylist()] for name in chosen]
        yield chosen, list(zip(*held, strict=True))


def _loaded(value: Any) -> Any:
    return json.dumps(plain(value), ensure_ascii=False) if isinstance(value, (list, dict)) else value
