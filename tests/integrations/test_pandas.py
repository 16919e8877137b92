"""pandas reads and writes `adl://` URLs."""

from __future__ import annotations

import pandas as pd
import pytest

FRAME = pd.DataFrame({"day": ["mon", "tue", "mon"], "n": [1, 2, 3], "name": ["a", "é", "文"]})


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz"])
def test_csv(url, options, name):
    """A CSV file is the same after it was written and read, compressed too."""
    FRAME.to_csv(f"{url}/{name}", index=False, storage_options=options)
    pd.testing.assert_frame_equal(FRAME, pd.read_csv(f"{url}/{name}", storage_options=options))


def test_csv_in_chunks(url, options):
    """A CSV file that is larger than a block is read chunk by chunk."""
    large = pd.concat([FRAME] * 200_000, ignore_index=True)
    large.to_csv(f"{url}/x.csv", index=False, storage_options=options)
    with pd.read_csv(f"{url}/x.csv", storage_options=options, chunksize=250_000) as chunks:
        assert sum(chunk["n"].sum() for chunk in chunks) == 1_200_000


def test_parquet(url, options):
    """A Parquet file is the same, and so is a choice of its columns."""
    FRAME.to_parquet(f"{url}/x.parquet", storage_options=options)
    pd.testing.assert_frame_equal(FRAME, pd.read_parquet(f"{url}/x.parquet", storage_options=options))
    some = pd.read_parquet(f"{url}/x.parquet", columns=["n"], storage_options=options)
    pd.testing.assert_frame_equal(FRAME[["n"]], some)


def test_partitioned(url, options, fs):
    """A tree of partitions is written, and read whole or by a filter."""
    FRAME.to_parquet(f"{url}/tree", partition_cols=["day"], storage_options=options)
    assert {name.split("/")[-2] for name in fs.find(url)} == {"day=mon", "day=tue"}
    found = pd.read_parquet(f"{url}/tree", filters=[("day", "==", "mon")], storage_options=options)
    assert sorted(found["n"]) == [1, 3]


def test_url_with_its_connection(account, options):
    """Without options, the URL itself may name the connection."""
    url = f"adl://{options['conn_id']}@{account}/raw/x.csv"
    FRAME.to_csv(url, index=False)
    pd.testing.assert_frame_equal(FRAME, pd.read_csv(url))


def test_missing(url, options):
    """What is missing is a missing file."""
    with pytest.raises(FileNotFoundError):
        pd.read_csv(f"{url}/nothing.csv", storage_options=options)
