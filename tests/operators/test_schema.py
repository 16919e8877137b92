"""Columns of files, by their endings."""

from __future__ import annotations

import io

import pyarrow as pa
import pytest
from pyarrow import parquet

from airflow_provider_adls.operators.schema import HEAD, Column, columns


def of(name: str, content: bytes) -> list[Column]:
    return columns(name, lambda: io.BytesIO(content))


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("day.csv", b'order,"pieces, all"\n1,2\n', ["order", "pieces, all"]),
        ("day.CSV", b"\xef\xbb\xbforder,gr\xc3\xb6\xc3\x9fe\r\n", ["order", "größe"]),
        ("day.tsv", b"order\tpieces", ["order", "pieces"]),
        ("day.csv", b"", []),
        ("day.csv", b"," * (HEAD + 1), []),
        ("day.txt", b"order,pieces\n", []),
        ("csv", b"", []),
    ],
)
def test_separated_values(name, content, expected):
    """The first line tells the names, where it is one and is not endless."""
    assert [Column(name) for name in expected] == of(name, content)


def test_json_lines():
    """The first object tells names and types; what is no object tells nothing."""
    line = b'{"order": 1, "price": 1.5, "paid": true, "shop": null, "tags": []}\n'
    types = {"order": "integer", "price": "number", "paid": "boolean", "shop": "", "tags": "array"}
    assert [Column(*one) for one in types.items()] == of("day.jsonl", line + b"{}")
    assert of("day.ndjson", b"[1]\n") == []


def test_parquet():
    """A Parquet file tells names and types at its end."""
    file = io.BytesIO()
    parquet.write_table(pa.table({"order": [1], "shop": ["a"]}), file)
    assert of("day.parquet", file.getvalue()) == [Column("order", "int64"), Column("shop", "string")]
