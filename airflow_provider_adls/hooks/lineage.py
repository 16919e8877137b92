"""What a task reads and writes, told to Airflow's lineage collector.

OpenLineage's provider brings a collector, and sends what it holds when the task ends. Without one nothing is
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


class _Teller:
    """Who tells: the collector keeps apart what different ones tell of the same file."""


_TELLER = _Teller()
#: What each collector was told by us: a file is read in many blocks.
_told: WeakKeyDictionary[HookLineageCollector, set[tuple[Action, str]]] = WeakKeyDictionary()
_unrecorded: ContextVar[bool] = ContextVar("unrecorded", default=False)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Keep what is read and written in the block out of the task's lineage: it is not its data."""
    before = _unrecorded.set(True)
    try:
        yield
    finally:
        _unrecorded.reset(before)


def tell_collector(action: Action, account: str, path: str) -> None:
    """Tell of a file in a lake.

    :param account: short name of the account.
    :param path: absolute path in it.
    """
    if not is_unfinished(path):
        _tell(action, asset_uri(Location(account, path)))


def tell_file(action: Action, path: str) -> None:
    """Tell of a file of this machine, or of another store.

    :param path: a path, or a URL.
    """
    _tell(action, path if "://" in path else f"file://{Path(path).absolute()}")


def _tell(action: Action, uri: str) -> None:
    collector = None if _unrecorded.get() else _collector()
    if collector is None:
        return
    told = _told.setdefault(collector, set())
    if (action, uri) in told:
        return
    told.add((action, uri))
    collected = collector.collected_assets
    known = collected.inputs if action == "read" else collected.outputs
    # ObjectStoragePath tells of what goes through it, before the file system below it does.
    if all(one.asset.uri != uri for one in known):
        add = collector.add_input_asset if action == "read" else collector.add_output_asset
        add(context=_TELLER, uri=uri)


def _collector() -> Any:
    from airflow.providers.common.compat.lineage.hook import get_hook_lineage_collector
    from airflow.providers.common.compat.sdk import NoOpCollector

    collector = get_hook_lineage_collector()  # type: ignore[no-untyped-call] # Airflow's has no types
    return None if isinstance(collector, NoOpCollector) else collector
