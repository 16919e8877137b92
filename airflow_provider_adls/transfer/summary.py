"""`write_summary`: the report of a transfer of many tasks, as JSON and as a page, from their ledgers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.transfer.ledger import read_ledger
from airflow_provider_adls.transfer.manifest import read_indexes
from airflow_provider_adls.transfer.page import render
from airflow_provider_adls.transfer.shard_copy import ShardProgress, ledger_name
from airflow_provider_adls.transfer.shard_delete import LEDGER
from airflow_provider_adls.transfer.shard_keep import read_kept
from airflow_provider_adls.transfer.shard_verify import read_verified
from airflow_provider_adls.transfer.shards import read_shards

if TYPE_CHECKING:
    from airflow_provider_adls.transfer.specification import Specification
    from airflow_provider_adls.transfer.state import TransferState

REPORT = "report.json"
PAGE = "report.html"
FAILED = "failed.jsonl.gz"


async def write_summary(state: TransferState, specification: Specification) -> dict[str, Any]:
    """Write the report, even if other tasks failed, and return it.

    ``problems`` says in words what is not done; it is empty for a transfer that is complete.
    """
    problems: list[str] = []
    indexes: list[dict[str, Any]] = []
    shards: list[dict[str, Any]] = []
    failed: list[list[str]] = []
    try:
        indexes = await read_indexes(state)
        for number, shard in enumerate(await read_shards(state)):
            progress = ShardProgress.of(await read_ledger(state.client, state.path(ledger_name(number))))
            shards.append(_row(number, progress, sum(piece.lines for piece in shard)))
            shards[-1]["verified"] = await read_verified(state, number) is not None
            failed += [[place, reason] for place, (_, reason) in progress.failed.items()]
    except (ValueError, FileNotFoundError) as error:
        problems.append(str(error))
    if specification.ignore_failures:
        _accept_failures(shards)
    problems += [f"shard {row['shard']} is {row['state']}" for row in shards if row["state"] != "done"]
    deletions = await read_ledger(state.client, state.path(LEDGER))
    wanted = {line["deletions"] for line in indexes if "deletions" in line}
    if not wanted <= {line["piece"] for line in deletions if "piece" in line}:
        problems.append("the destination has files that the source does not have: they were not deleted")
    kept: dict[str, Any] = {}
    if specification.keep:
        kept, missing = await read_kept(state)
        problems += [f"{', '.join(specification.keep)} of part {number} were not set" for number in missing]
        if specification.fail_unless_kept:
            problems += [f"{name} of {number} could not be kept" for name, number in kept["not_kept"].items()]
    report = {
        "source": specification.source_path,
        "destination": specification.destination_path,
        "mode": specification.mode,
        "state": state.folder,
        "report": state.path(REPORT),
        "page": state.path(PAGE),
        "complete": not problems,
        "problems": problems,
        **_totals(shards),
        "skipped": sum(line["alike"] for line in indexes),
        "deleted": sum(line["deleted"] for line in deletions if "piece" in line),
        **kept,
        "shards": shards,
    }
    await state.write_lines(FAILED, failed)
    await state.write(REPORT, json.dumps(report, ensure_ascii=False, indent=1).encode(errors="replace"))
    page = render(report, failed[:100])
    await state.write(PAGE, page.encode(errors="replace"))
    return report


def _accept_failures(shards: list[dict[str, Any]]) -> None:
    for row in shards:
        if row["failed"] and row["state"].startswith("without"):
            row["state"] = "done"


def _row(number: int, progress: ShardProgress, total: int) -> dict[str, Any]:
    state = "done"
    if progress.upto < total:
        state = f"not copied to its end: {progress.upto} of {total} entries"
    elif progress.failed:
        state = f"without {len(progress.failed)} files that could not be copied"
    return {
        "shard": number,
        "state": state,
        **progress.result(),
        "entries": total,
        "tries": progress.tries,
        "seconds": round(progress.seconds, 1),
        "files_per_second": _rate(progress.files, progress.seconds),
        "bytes_per_second": _rate(progress.bytes, progress.seconds),
        "requests": progress.requests,
        "throttled": progress.throttled,
        "retried": progress.retried,
        "lanes": progress.lanes,
        "began": progress.began,
        "ended": progress.ended,
    }


def _totals(shards: list[dict[str, Any]]) -> dict[str, Any]:
    totals: dict[str, Any] = {
        name: sum(row[name] for row in shards)
        for name in ("files", "bytes", "failed", "requests", "throttled", "retried")
    }
    began = [row["began"] for row in shards if row["began"] is not None]
    ended = [row["ended"] for row in shards if row["ended"] is not None]
    seconds = max(ended) - min(began) if began and ended else 0.0
    return totals | {
        "seconds": round(seconds, 1),
        "files_per_second": _rate(totals["files"], seconds),
        "bytes_per_second": _rate(totals["bytes"], seconds),
        "tries": sum(row["tries"] for row in shards),
    }


def _rate(number: int, seconds: float) -> float:
    return round(number / seconds, 1) if seconds else 0.0
