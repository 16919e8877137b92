"""The formats of files with rows: which one a path has, its writer and its reader."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any, NamedTuple, Protocol, cast

from airflow_provider_adls.sql import text

Row = Sequence[Any]
FORMATS = ("csv", "jsonl", "parquet")
_SUFFIXES = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet"}


class Layout(NamedTuple):
    """Format of the rows in a file.

    :param format: one of `FORMATS`.
    :param compressed: whether gzip is around it.
    :param header: whether the first line of CSV has the columns' names.
    """

    format: str
    compressed: bool
    header: bool = True


class Writer(Protocol):
    """Writes rows into a file."""

    def write(self, rows: Sequence[Row]) -> None:
        """Write a chunk of rows."""

    def close(self) -> None:
        """Write the remaining rows; the file itself stays open."""


def layout(path: str, file_format: str | None, *, header: bool = True) -> Layout:
    """Return how rows stand in a file: by the format that is given, or by the end of its name.

    :raises ValueError: if neither says.
    """
    compressed = path.endswith(".gz")
    name = path.removesuffix(".gz")
    known = next((one for suffix, one in _SUFFIXES.items() if name.endswith(suffix)), None)
    chosen = file_format or known
    if chosen is None:
        ends = ", ".join(_SUFFIXES)
        raise ValueError(
            f"{path!r} does not end in one of {ends}, each with .gz or without: give file_format"
        )
    if chosen == "parquet":
        if compressed:
            raise ValueError(f"{path!r}: Parquet is compressed inside, without .gz")
        check_parquet()
    return Layout(chosen, compressed, header)


def check_parquet() -> None:
    """Refuse Parquet where pyarrow is not installed.

    :raises ValueError: naming the extra.
    """
    try:
        import pyarrow.parquet  # noqa: F401 - whether it is installed
    except ImportError:
        raise ValueError("Parquet needs pyarrow: pip install 'airflow-provider-adls[parquet]'") from None


def writer(file: IO[bytes], columns: Sequence[str], how: Layout) -> Writer:
    """Return the writer of a format; it writes a header at once.

    :param file: is not closed.
    """
    if how.format == "parquet":
        from airflow_provider_adls.sql.parquet import ParquetWriter

        return ParquetWriter(file, columns)
    out = _packed(file) if how.compressed else file
    kind: Callable[..., Writer] = text.CsvWriter if how.format == "csv" else text.JsonWriter
    return kind(out, columns, header=how.header, own=how.compressed)


def _packed(file: IO[bytes]) -> IO[bytes]:
    # Without the time, so that the same rows are the same bytes.
    return cast("IO[bytes]", gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0))


def rows(
    file: IO[bytes], how: Layout, columns: Sequence[str] | None, types: Mapping[str, str], chunk: int
) -> Iterator[tuple[Sequence[str], list[Row]]]:
    """Yield chunks of a file's rows, each with the names of their columns; an empty file has none.

    :param columns: names of the columns, in their order; None for those of the file.
    :param types: types of columns of CSV and JSON, by their names.
    :param chunk: most rows of a chunk.
    :raises ValueError: for content that is not of the format, with the row's number.
    """
    if how.format == "parquet":
        from airflow_provider_adls.sql.parquet import parquet_rows

        yield from parquet_rows(file, columns, chunk)
        return
    plain = cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if how.compressed else file
    if how.format == "csv":
        yield from text.csv_rows(plain, columns, types, chunk, header=how.header)
    else:
        yield from text.json_rows(plain, columns, types, chunk)
