"""Opening a data folder: one process at a time, one schema version, and nothing left of a crash."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path

from airflow_provider_adls.emulator.store.blobs import FileBlobs, MemoryBlobs
from airflow_provider_adls.emulator.store.errors import StoreError, StoreLockedError, StoreVersionError
from airflow_provider_adls.emulator.store.store import Store

#: Raised when a change of the tables would make an older program misread them.
SCHEMA_VERSION = 3
SEGMENTS = """
CREATE TABLE segments (
    number INTEGER PRIMARY KEY,
    node INTEGER NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    data BLOB
);
CREATE INDEX content ON segments (node, start);
CREATE INDEX in_blobs ON segments (number) WHERE data IS NULL;
"""
TRASH = """
CREATE TABLE trash (
    node INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    path TEXT NOT NULL,
    deleted INTEGER NOT NULL
);
CREATE INDEX deleted ON trash (account, node);
"""
SCHEMA = f"""
CREATE TABLE nodes (
    id INTEGER PRIMARY KEY,
    parent INTEGER NOT NULL,
    name TEXT NOT NULL,
    directory INTEGER NOT NULL,
    length INTEGER NOT NULL,
    synced INTEGER NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    accessed INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    permission INTEGER NOT NULL,
    owner TEXT NOT NULL,
    "group" TEXT NOT NULL,
    acl TEXT NOT NULL,
    lease TEXT NOT NULL,
    leased INTEGER NOT NULL,
    stream TEXT NOT NULL DEFAULT '',
    UNIQUE (parent, name)
);
CREATE INDEX expiring ON nodes (expires) WHERE expires > 0;
{SEGMENTS}{TRASH}CREATE TABLE documents (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
"""


#: What brings a folder of an older version to the next one, by the version that it has.
UPGRADES = {
    1: (
        f"ALTER TABLE segments RENAME TO old; {SEGMENTS}"  # noqa: S608 - our own SQL
        "INSERT INTO segments SELECT blob, node, start, length, NULL FROM old; DROP TABLE old;"
    ),
    2: f"ALTER TABLE nodes ADD COLUMN stream TEXT NOT NULL DEFAULT ''; {TRASH}",
}


def open_store(folder: Path | None) -> Store:
    """A store in a folder, which is made if need be; or in memory.

    :param folder: where the database, the content and the lock lie; None for memory.
    :raises StoreLockedError: if another process works on the folder.
    :raises StoreVersionError: if it was written by a version that this one does not understand.
    :raises StoreError: if it cannot be read or written.
    """
    if folder is None:
        connection = _connect(":memory:")
        _migrate(connection, "memory")
        return Store(connection, MemoryBlobs())
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _lock(folder)
    except OSError as error:
        raise StoreError(f"data folder {folder} cannot be used: {error}") from error
    try:
        connection = _connect(str(folder / "lake.db"))
        try:
            # What was acknowledged outlives the process, not a power cut: the system has it, no more.
            connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
            _migrate(connection, str(folder))
            store = Store(connection, FileBlobs(folder / "content"), on_close=lambda: os.close(lock))
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        os.close(lock)
        raise StoreError(f"data folder {folder} cannot be used: {error}") from error
    except BaseException:
        os.close(lock)
        raise
    return store


def _connect(database: str) -> sqlite3.Connection:
    # The emulator opens the store in one thread and works on it in another, never in two at once.
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    # Nothing is written outside the folder, not even what is temporary.
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _lock(folder: Path) -> int:
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # The system lets go of it with the process, however that ends.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        if not isinstance(error, BlockingIOError):
            raise
        raise StoreLockedError(
            f"data folder {folder} is in use by another emulator: stop that one, or take another folder"
        ) from None
    return handle


def _migrate(connection: sqlite3.Connection, where: str) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == SCHEMA_VERSION:
        return
    if not 0 <= version < SCHEMA_VERSION:
        raise StoreVersionError(
            f"data folder {where} has schema version {version}; this emulator reads version {SCHEMA_VERSION}."
            " Use the emulator that wrote it, or another folder"
        )
    steps = SCHEMA if version == 0 else "".join(UPGRADES[step] for step in range(version, SCHEMA_VERSION))
    connection.executescript(f"BEGIN; {steps} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
