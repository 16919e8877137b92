"""DuckDB queries `adl://` URLs through the registered file system."""

from __future__ import annotations

import duckdb
import pytest


@pytest.fixture
def lake(fs):
    """A connection of DuckDB that knows the file system."""
    with duckdb.connect() as connection:
        connection.register_filesystem(fs)
        connection.execute("CREATE TABLE t AS FROM (VALUES ('mon', 1), ('tue', 2), ('mon', 3)) AS v(day, n)")
        yield connection


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_files(lake, url, fs, kind):
    """A table is copied to a file, and queried from there, one file or several by a pattern."""
    fs.makedirs(url)
    for name in "ab":
        lake.execute(f"COPY t TO '{url}/{name}.{kind}'")
    assert lake.execute(f"SELECT sum(n) FROM '{url}/a.{kind}'").fetchone() == (6,)
    assert lake.execute(f"SELECT sum(n) FROM '{url}/*.{kind}'").fetchone() == (12,)


def test_partitioned(lake, url, fs):
    """A tree of partitions is written, and queried by its partitions."""
    lake.execute(f"COPY t TO '{url}' (FORMAT parquet, PARTITION_BY (day))")
    assert {name.split("/")[-2] for name in fs.find(url)} == {"day=mon", "day=tue"}
    query = f"SELECT sum(n) FROM read_parquet('{url}/*/*.parquet', hive_partitioning=true) WHERE day = 'mon'"
    assert lake.execute(query).fetchone() == (4,)
