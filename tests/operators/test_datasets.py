"""Columns of files, by their first lines."""

from __future__ import annotations

import io

import pytest

from airflow_provider_adls.operators.datasets import HEAD, header


@pytest.mark.parametrize(
    ("separator", "content", "expected"),
    [
        (",", b'order,"pieces, all"\n1,2\n', ["order", "pieces, all"]),
        (",", b"\xef\xbb\xbforder,gr\xc3\xb6\xc3\x9fe\r\n", ["order", "größe"]),
        ("\t", b"order\tpieces", ["order", "pieces"]),
        (",", b"", []),
        (",", b"," * (HEAD + 1), []),
    ],
)
def test_header(separator, content, expected):
    """The first line names the columns, unless it is longer than what is read."""
    assert header(lambda: io.BytesIO(content), separator) == expected
