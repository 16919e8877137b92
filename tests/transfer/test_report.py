"""The report of a transfer."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from airflow_provider_adls.transfer import report
from airflow_provider_adls.transfer.report import NAMED, Report


@pytest.fixture
def lines():
    return []


@pytest.fixture
def counting(lines):
    return Report(
        "/t",
        lambda line, *values: lines.append(line % values),
        total_files=300,
        total_bytes=3 * 2**30,
        is_counted=True,
    )


async def test_progress(counting, lines, monkeypatch):
    """A line reports the progress at a steady rate, and one the whole at the end."""
    monkeypatch.setattr(report, "INTERVAL", 0.05)
    async with counting.log_progress():
        counting.add_copy("/t/1", 5)
        counting.add_bytes(2**20)
        while len(lines) < 2:  # noqa: ASYNC110 - a report only logs lines
            await asyncio.sleep(0)
        counting.add_skipped("/t/2")
    assert re.fullmatch(
        r"1 of 300 files, 1\.0 MiB of 3\.0 GiB, 20\.0 MiB/s, 20 files/s, about \d:\d\d:\d\d left", lines[0]
    )
    assert re.fullmatch(r"1 of 300 files, 1\.0 MiB of 3\.0 GiB, 0 B/s, 0 files/s, about .* left", lines[1])
    last = r"1 file, 5 B to /t in \d+\.\d s \(\d+ B/s, \d+ files/s\); 1 skipped, 0 failed, 0 deleted"
    assert re.fullmatch(last, lines[-3])
    assert lines[-2:] == ["Copied: /t/1", "Skipped: /t/2"]


async def test_the_log_names_what_was_done(lines):
    """The log names the first hundred files that were copied and deleted, and how many more there are."""
    moved = Report("/t", lambda line, *values: lines.append(line % values))
    async with moved.log_progress():
        for number in range(103):
            moved.add_copy(f"/t/{number:03} 1%", 1)
            moved.add_deletion(f"/s/{number:03}")
    copied, deleted = lines[-2:]
    assert copied.startswith("Copied: /t/000 1%, /t/001 1%")
    assert copied.endswith("/t/099 1%, and 3 more")
    assert deleted.startswith("Deleted: /s/000")


async def test_the_beginning(lines):
    """The first line names both ends, and what is to be copied where that is known."""
    for counted in (True, False):
        report_of = Report("/t", lambda line, *values: lines.append(line % values), "/s", total_files=2)
        report_of.is_counted = counted
        async with report_of.log_progress():
            pass
    assert lines[0] == "Copying /s to /t: 2 files, 0 B"
    assert lines[2] == "Copying /s to /t"


async def test_totals_that_are_not_known(counting, lines, monkeypatch):
    """A line names no total and no time that is left while files are still being found."""
    monkeypatch.setattr(report, "INTERVAL", 0.05)
    counting.is_counted = False
    async with counting.log_progress():
        counting.add_copy("/t/1", 5)
        while not lines:  # noqa: ASYNC110 - a report has no event
            await asyncio.sleep(0)
    assert lines[0] == "1 file, 0 B, 0 B/s, 20 files/s"


async def test_a_failure_ends_the_report(counting, lines, monkeypatch):
    """After a failure nothing more is reported, and no end."""
    monkeypatch.setattr(report, "INTERVAL", 0.01)
    with pytest.raises(OSError, match="no"):
        async with counting.log_progress():
            raise OSError("no")
    await asyncio.sleep(0.05)
    assert lines == []


def test_the_summary_is_small(counting):
    """A summary counts all, names the first of each kind in order, and is JSON."""
    for number in range(250, 0, -1):
        counting.add_copy(f"/t/{number:03}", 2)
        counting.add_failure(f"/t/x{number:03}", OSError("no"))
        counting.add_deletion(f"/t/y{number:03}")
        counting.add_skipped(f"/t/z{number:03}")
    summary = counting.summary(preview=True)
    assert summary == json.loads(json.dumps(summary))
    assert [summary[key] for key in ("files", "bytes", "skipped", "failed", "deleted")] == [
        250,
        500,
        250,
        250,
        250,
    ]
    assert [len(summary[key]) for key in summary if key.endswith("paths")] == [NAMED] * 4
    assert (summary["paths"][0], summary["paths"][-1]) == ("/t/001", "/t/100")
    assert summary["failed_paths"][0] == {"path": "/t/x001", "error": "OSError: no"}
