"""`keep_part`: attributes of a part of a tree given to its copy, by the task that has the part."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.lake.keep import KeepRecord, parse_keep
from airflow_provider_adls.transfer.keep import TreeAttributes
from airflow_provider_adls.transfer.manifest import part_places, read_parts
from airflow_provider_adls.transfer.sync import PatternFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.transfer.specification import Specification
    from airflow_provider_adls.transfer.state import TransferState
    from airflow_provider_adls.transfer.stores import End


def _name(number: int) -> str:
    return f"kept/{number:04d}.json"


async def keep_part(
    state: TransferState,
    source: End,
    target: End,
    specification: Specification,
    number: int,
    log: Callable[..., object],
) -> dict[str, int]:
    """List a part of both trees, and set what differs of what is to be kept.

    Another try lists the part again, and sets what is left.

    :returns: numbers of attributes that were ``kept``, and ``not_kept``.
    """
    attributes = TreeAttributes(source, target, parse_keep(specification.keep))
    places, stops = await part_places(state, number)
    chosen = PatternFilter(specification.sync_options)
    for place in places:
        await attributes.keep_tree(
            root=place,
            stops=stops,
            chosen=chosen,
            directories=not specification.include,
            period=specification.period,
        )
    record = attributes.record
    log("part %d: %s", number, record.line())
    await state.write(
        _name(number), json.dumps(record.summary(), ensure_ascii=False).encode(errors="replace")
    )
    return {"kept": record.kept.total(), "not_kept": record.not_kept.total()}


async def read_kept(state: TransferState) -> tuple[dict[str, Any], list[int]]:
    """Return what all parts kept, and the numbers of parts that were not worked on to their end."""
    record, missing = KeepRecord(), []
    for number in range(len(await read_parts(state))):
        found = await state.read_json(_name(number))
        if found is None:
            missing.append(number)
        else:
            record.add(found)
    return record.summary(), missing
