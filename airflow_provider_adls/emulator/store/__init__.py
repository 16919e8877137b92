"""`open_store`: the emulator's storage, metadata in SQLite and content beside it, without rules."""

from airflow_provider_adls.emulator.store.blocks import Block
from airflow_provider_adls.emulator.store.content import Reader, Upload
from airflow_provider_adls.emulator.store.documents import Documents
from airflow_provider_adls.emulator.store.errors import (
    StoreDamagedError,
    StoreError,
    StoreLockedError,
    StoreVersionError,
)
from airflow_provider_adls.emulator.store.folder import open_store
from airflow_provider_adls.emulator.store.nodes import ACCOUNTS, Node
from airflow_provider_adls.emulator.store.store import Store, Totals
from airflow_provider_adls.emulator.store.trash import Deleted

__all__ = [
    "ACCOUNTS",
    "Block",
    "Deleted",
    "Documents",
    "Node",
    "Reader",
    "Store",
    "StoreDamagedError",
    "StoreError",
    "StoreLockedError",
    "StoreVersionError",
    "Totals",
    "Upload",
    "open_store",
]
