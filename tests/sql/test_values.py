"""Values of databases in files, and values of files in databases."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

import pytest

from airflow_provider_adls.sql import parquet, text
from airflow_provider_adls.sql.values import as_text, plain, typed


class LargeObject:
    """A value that a driver reads when it is needed, as Oracle's has it."""

    def read(self) -> bytes:
        return b"\xff"


ID = uuid.UUID("3ab1c0de-0000-0000-0000-000000000000")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (2**70, 2**70),
        (1.5, 1.5),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.10"),
        (date(2026, 11, 29), "2026-11-29"),
        (datetime(2026, 11, 29, 1, tzinfo=UTC), "2026-11-29T01:00:00+00:00"),
        (time(1, 2), "01:02:00"),
        (memoryview(b"\x00"), "AA=="),
        ([1, Decimal("2.0"), None], [1, "2.0", None]),
        ({1: {"a": date(2026, 1, 1)}}, {"1": {"a": "2026-01-01"}}),
        ({ID}, [str(ID)]),
        (timedelta(days=1), "1 day, 0:00:00"),
        (LargeObject(), "/w=="),
    ],
)
def test_values_as_json(value, expected):
    """Arrays, documents, UUIDs and large objects of a database have a form in JSON and in CSV."""
    assert plain(value) == expected
    assert json.loads(json.dumps(plain(value))) == expected
    assert as_text(value) == (expected if isinstance(expected, str | None) else json.dumps(expected))


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, "int", None),
        ([1, {"a": "é"}], None, '[1, {"a": "é"}]'),
        ({"a": 1}, "text", '{"a": 1}'),
        (3.0, "int", 3),
        ("T", "bool", True),
        (False, "bool", False),
        ("AA==", "bytes", b"\x00"),
    ],
)
def test_types(value, kind, expected):
    """A value of a file becomes one of the type that is given."""
    assert typed(value, kind) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1.5, "int"),
        ("1,5", "float"),
        ("maybe", "bool"),
        ("29.11.2026", "date"),
        ("A", "bytes"),
        ("x", "decimal"),
    ],
)
def test_values_of_another_type(value, kind):
    """A value that is not of its type is an error that shows it, cut short."""
    with pytest.raises(ValueError, match=f"is not of type {kind}$"):
        typed(value, kind)
    with pytest.raises(ValueError, match="…"):
        typed("x" * 1000, "int")


def written(*chunks):
    file = BytesIO()
    writer = parquet.ParquetWriter(file, ["a"])
    for chunk in chunks:
        writer.write([[value] for value in chunk])
    writer.close()
    file.seek(0)
    return file


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([ID, None], "string", [str(ID), None]),
        ([[1, 2], {"a": ID}], "string", ["[1, 2]", json.dumps({"a": str(ID)})]),
        ([memoryview(b"1")], "binary", [b"1"]),
        ([1, 2.5], "double", [1.0, 2.5]),
        ([1, 2**64], "decimal128(20, 0)", [Decimal(1), Decimal(2**64)]),
        (
            [Decimal("1E+3"), 1, Decimal("0.10")],
            "decimal128(6, 2)",
            [Decimal(1000), Decimal(1), Decimal("0.1")],
        ),
        ([Decimal("1E+50"), Decimal("1E-50")], "string", [format(Decimal("1E+50"), "f"), f"0.{'0' * 49}1"]),
        ([Decimal("NaN"), Decimal(1)], "string", ["NaN", "1"]),
        ([1, "x", None], "string", ["1", "x", None]),
        ([None], "string", [None]),
        ([timedelta(days=1)], "duration[us]", [timedelta(days=1)]),
    ],
)
def test_a_type_that_holds_a_column(values, kind, expected):
    """The type of a column holds all its values, which come in chunks; where none does, it is text."""
    table = parquet.pq.read_table(written(*[[value] for value in values], []))
    assert str(table.schema.field("a").type) == kind
    assert table.column("a").to_pylist() == expected


def test_row_groups(monkeypatch):
    """Chunks are gathered into row groups of a bounded size."""
    monkeypatch.setattr(parquet, "_ROW_GROUP", 16)
    file = parquet.pq.ParquetFile(written([1, 2], [3], [4, 5]))
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [2, 3]


def test_columns_of_parquet():
    """A column that the file does not have is an error that names those that it has."""
    with pytest.raises(ValueError, match=r"the file has no column 'b': it has a$"):
        next(parquet.parquet_rows(written([1]), ["b"], 10))


def test_csv_without_an_end(monkeypatch):
    """A quote too few does not read the rest of a file into memory."""
    monkeypatch.setattr(text, "_MAX_RECORD", 10)
    with pytest.raises(ValueError, match="line 3: a record has more than 10 characters: a quote too few"):
        list(text.csv_rows(BytesIO(b'a\n"12345\n12345\n'), None, {}, 10, header=True))


def test_csv_without_a_header():
    """An empty file has no rows; one without a header needs the names of its columns."""
    assert list(text.csv_rows(BytesIO(), None, {}, 10, header=True)) == []
    with pytest.raises(ValueError, match="without a header, give columns"):
        list(text.csv_rows(BytesIO(b"1\n"), None, {}, 10, header=False))
