"""What stands behind the accounts: their file systems, and the handlers of the two faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.storage.containers import Containers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.storage.accounts import FileSystems
    from airflow_provider_adls.emulator.storage.answers import Face
    from airflow_provider_adls.emulator.storage.service import Handler
    from airflow_provider_adls.emulator.store import Store


def mounted(store: Store, clock: Clock) -> tuple[FileSystems, Mapping[Face, Handler]]:
    """Return the file systems over a store, and what answers requests to them, by face."""
    return Containers(store.documents, clock), {}
