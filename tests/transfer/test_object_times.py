"""When a file of another store was written."""

from datetime import UTC, datetime

import pytest

from airflow_provider_adls.transfer.object_content import modified


@pytest.mark.parametrize(
    "info",
    [
        {"mtime": 1767225600.5},
        {"LastModified": datetime(2026, 1, 1, 0, 0, 0, 500_000, UTC)},
        {"mtime": datetime(2026, 1, 1, 0, 0, 0, 500_000)},  # noqa: DTZ001 - as SFTP gives it
        {"updated": "2026-01-01T00:00:00.500Z"},
    ],
)
def test_times(info):
    """A time is read in each form that stores give it in."""
    assert modified(info) == 1767225600.5


@pytest.mark.parametrize("info", [{}, {"updated": "yesterday"}, {"mtime": None}])
def test_no_time(info):
    """A time that is not there, or cannot be read, is none."""
    assert modified(info) is None
