"""polars reads and writes files that the file system opens; its own URL reader knows no `adl`."""

from __future__ import annotations

import polars as pl
import pyarrow.dataset as ds
from polars.testing import assert_frame_equal

FRAME = pl.DataFrame({"day": ["mon", "tue", "mon"], "n": [1, 2, 3], "name": ["a", "é", "文"]})


def test_csv(fs):
    """A CSV file is the same after it was written and read."""
    with fs.open("/raw/x.csv", "wb") as file:
        FRAME.write_csv(file)
    with fs.open("/raw/x.csv") as file:
        assert_frame_equal(FRAME, pl.read_csv(file))


def test_parquet(fs):
    """A Parquet file is the same after it was written and read."""
    with fs.open("/raw/x.parquet", "wb") as file:
        FRAME.write_parquet(file)
    with fs.open("/raw/x.parquet") as file:
        assert_frame_equal(FRAME, pl.read_parquet(file))


def test_partitioned(fs):
    """A tree of partitions is scanned lazily, by way of a pyarrow dataset."""
    table = FRAME.to_arrow()
    ds.write_dataset(table, "/raw/tree", format="parquet", partitioning=["day"], filesystem=fs)
    scan = pl.scan_pyarrow_dataset(ds.dataset("/raw/tree", partitioning=["day"], filesystem=fs))
    assert scan.filter(pl.col("day") == "mon").select(pl.col("n").sum()).collect().item() == 4
