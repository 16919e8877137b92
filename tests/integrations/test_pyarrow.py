"""pyarrow's datasets, tables and file systems on a lake."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from pyarrow import fs as arrow_fs

TABLE = pa.table({"day": ["mon", "tue", "mon"], "n": [1, 2, 3], "name": ["a", "é", "文"]})


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_dataset(fs, kind):
    """A partitioned dataset is written, found again, and filtered by its partitions."""
    layout = ds.partitioning(pa.schema([("day", pa.string())]), flavor="hive")
    ds.write_dataset(TABLE, "/raw/tree", format=kind, partitioning=layout, filesystem=fs)
    assert fs.ls("/raw/tree", detail=False) == ["/raw/tree/day=mon", "/raw/tree/day=tue"]
    found = ds.dataset("/raw/tree", format=kind, partitioning=layout, filesystem=fs)
    assert found.to_table().sort_by("n").select(TABLE.column_names).equals(TABLE)
    assert sorted(found.to_table(filter=ds.field("day") == "mon")["n"].to_pylist()) == [1, 3]


@pytest.mark.parametrize("behaviour", ["delete_matching", "overwrite_or_ignore"])
def test_dataset_over_another(fs, behaviour):
    """A dataset takes the place of one that is there, or goes beside it."""
    for number in range(2):
        ds.write_dataset(
            TABLE,
            "/raw/tree",
            format="parquet",
            filesystem=fs,
            basename_template=f"{number}-{{i}}.parquet",
            existing_data_behavior=behaviour,
        )
    assert len(fs.find("/raw/tree")) == (1 if behaviour == "delete_matching" else 2)


def test_parquet_file(fs):
    """A Parquet file of several row groups is read one by one."""
    pq.write_table(TABLE, "/raw/x.parquet", filesystem=fs, row_group_size=1)
    with fs.open("/raw/x.parquet") as file:
        parquet = pq.ParquetFile(file)
        assert parquet.num_row_groups == 3
        assert parquet.read_row_group(1)["name"].to_pylist() == ["é"]
    assert pq.read_table("/raw/x.parquet", filesystem=fs).equals(TABLE)


def test_csv_file(fs):
    """A CSV file is written and read as a stream."""
    arrow = arrow_fs.PyFileSystem(arrow_fs.FSSpecHandler(fs))
    with arrow.open_output_stream("/raw/x.csv") as stream:
        pa.csv.write_csv(TABLE, stream)
    with arrow.open_input_stream("/raw/x.csv") as stream:
        assert pa.csv.read_csv(stream).equals(TABLE)


def test_file_system(fs):
    """Pyarrow's own view of the file system distinguishes files, directories and nothing, and moves them."""
    arrow = arrow_fs.PyFileSystem(arrow_fs.FSSpecHandler(fs))
    arrow.create_dir("/raw/a/b")
    fs.pipe("/raw/a/f", b"123")
    kinds = [info.type for info in arrow.get_file_info(["/raw/a", "/raw/a/f", "/raw/no"])]
    assert kinds == [arrow_fs.FileType.Directory, arrow_fs.FileType.File, arrow_fs.FileType.NotFound]
    found = arrow.get_file_info(arrow_fs.FileSelector("/raw", recursive=True))
    assert sorted((info.path, info.size) for info in found if info.is_file) == [("/raw/a/f", 3)]
    arrow.move("/raw/a/f", "/raw/a/g")
    arrow.copy_file("/raw/a/g", "/raw/h")
    arrow.delete_dir("/raw/a")
    assert fs.find("/") == ["/raw/h"]
