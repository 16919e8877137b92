"""Reports of the files that a task reads and writes, to Airflow's lineage collector.

OpenLineage's provider brings a collector, and sends its content when the task ends. Without one nothing is
collected.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from weakref import WeakKeyDictionary

from airflow_provider_adls.assets.adls_gen1 import asset_uri
from airflow_provider_adls.model.paths import Location, is_unfinished

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import HookLineageCollector

Action: TypeAlias = Literal["read", "written"]


class _Reporter:
    """The context of our reports: the collector keeps reports of different contexts apart."""


_REPORTER = _Reporter()
#: Reports that each collector has, since a file is read in many blocks.
_reported: WeakKeyDictionary[HookLineageCollector, set[tuple[Action, str]]] = WeakKeyDictionary()
_unrecorded: ContextVar[bool] = ContextVar("unrecorded", default=False)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Keep files of the block out of the task's lineage, since they are not its data."""
    before = _unrecorded.set(True)
    try:
        yield
    finally:
        _unrecorded.reset(before)


def report_lake_file(action: Action, account: str, path: str) -> None:
    """Report a file in a lake.

    :param account: short name of the account, or `container@account`, as a `Location` has it.
    :param path: absolute path in it.
    """
    if not is_unfinished(path):
        _report(action, asset_uri(Location(account, path)))


def report_file(action: Action, path: str) -> None:
    """Report a file of this machine, or of another store.

    :param path: a path, or a URL.
    """
    _report(action, path if "://" in path else f"file://{Path(path).absolute()}")


def _report(action: Action, uri: str) -> None:
    collector = None if _unrecorded.get() else _collector()
    if collector is None:
        return
    reported = _reported.setdefault(collector, set())
    if (action, uri) in reported:
        return
    reported.add((action, uri))
    collected = collector.collected_assets
    known = collected.inputs if action == "read" else collected.outputs
    # ObjectStoragePath reports a file before the file system below it does.
    if all(one.asset.uri != uri for one in known):
        add = collector.add_input_asset if action == "read" else collector.add_output_asset
        add(context=_REPORTER, uri=uri)


def _collector() -> Any:
    from airflow.providers.common.compat.lineage.hook import get_hook_lineage_collector
    from airflow.providers.common.compat.sdk import NoOpCollector

    collector = get_hook_lineage_collector()  # type: ignore[no-untyped-call] # Airflow's has no types
    return None if isinstance(collector, NoOpCollector) else collector
