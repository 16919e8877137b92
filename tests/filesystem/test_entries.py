"""A file's entry for fsspec."""

from __future__ import annotations

import stat
from datetime import UTC, datetime

from airflow_provider_adls.filesystem.entries import entry
from airflow_provider_adls.model.status import FileStatus


def test_file():
    """A file has its size, times in UTC, mode, owners and expiry."""
    status = FileStatus(
        "", "FILE", 5, 1_500_000_000_123, 1_400_000_000_000, "640", "o", "g", 1_600_000_000_000, True
    )
    assert entry("/f", status) == {
        "name": "/f",
        "size": 5,
        "type": "file",
        "modified": datetime(2017, 7, 14, 2, 40, 0, 123000, UTC),
        "created": datetime(2014, 5, 13, 16, 53, 20, tzinfo=UTC),
        "mtime": 1_500_000_000.123,
        "mode": stat.S_IFREG | 0o640,
        "owner": "o",
        "group": "g",
        "permission": "640",
        "expires": datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC),
        "has_acl": True,
    }


def test_directory():
    """A directory is one, has no size and never expires."""
    found = entry("lake", FileStatus("", "DIRECTORY", 0, 0, 0, "1770", "o", "g"))
    assert (found["type"], found["size"], found["expires"]) == ("directory", 0, None)
    assert stat.S_ISDIR(found["mode"])
    assert found["mode"] & stat.S_ISVTX
