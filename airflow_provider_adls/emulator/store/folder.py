"""`open_store`: opens a data folder for one process, upgrades it, and removes remains of a crash."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from pathlib import Path

from airflow_provider_adls.emulator.files import make_folder, open_own, open_private
from airflow_provider_adls.emulator.store.blobs import FileBlobs, MemoryBlobs
from airflow_provider_adls.emulator.store.errors import (
    StoreDamagedError,
    StoreError,
    StoreLockedError,
    StoreVersionError,
)
from airflow_provider_adls.emulator.store.store import Store

DATABASE = "lake.db"
CONTENT = "content"
LOCK = "lock"
#: Files and folders that every data folder has after its first start, or once it holds big files.
TRACES = (CONTENT, "private", "ca.pem", f"{DATABASE}-wal")
#: Names in a data folder that only the emulator writes, some of them by SQLite.
OWN_NAMES = (*TRACES, DATABASE, f"{DATABASE}-shm", f"{DATABASE}-journal")
#: Raised when a change of the tables would make an older program misread them.
SCHEMA_VERSION = 4
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
BLOCKS = """
CREATE TABLE blocks (
    container INTEGER NOT NULL,
    path TEXT NOT NULL,
    id TEXT NOT NULL,
    content INTEGER NOT NULL,
    length INTEGER NOT NULL,
    PRIMARY KEY (container, path, id)
) WITHOUT ROWID;
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
    etag INTEGER NOT NULL DEFAULT 0,
    properties TEXT NOT NULL DEFAULT '',
    UNIQUE (parent, name)
);
CREATE INDEX expiring ON nodes (expires) WHERE expires > 0;
{SEGMENTS}{TRASH}{BLOCKS}CREATE TABLE documents (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
"""


#: SQL that upgrades a folder to the next version, by its version.
UPGRADES = {
    1: (
        f"ALTER TABLE segments RENAME TO old; {SEGMENTS}"  # noqa: S608 - our own SQL
        "INSERT INTO segments SELECT blob, node, start, length, NULL FROM old; DROP TABLE old;"
    ),
    2: f"ALTER TABLE nodes ADD COLUMN stream TEXT NOT NULL DEFAULT ''; {TRASH}",
    3: (
        "ALTER TABLE nodes ADD COLUMN etag INTEGER NOT NULL DEFAULT 0;"
        f"ALTER TABLE nodes ADD COLUMN properties TEXT NOT NULL DEFAULT ''; {BLOCKS}"
    ),
}


def open_store(folder: Path | None) -> Store:
    """Open the store of a folder, which is made if it is missing; or one in memory.

    :param folder: folder of the database, the content and the lock; None for memory.
    :raises StoreLockedError: if another process works on the folder.
    :raises StoreVersionError: if it was written by a version that this one does not understand.
    :raises StoreDamagedError: if the folder was used, and its database is empty or missing.
    :raises StoreError: if it cannot be read or written, or has links where its own files belong.
    """
    if folder is None:
        connection = _connect(":memory:")
        _migrate(connection, 0)
        return Store(connection, MemoryBlobs())
    try:
        make_folder(folder)
        lock = _lock(folder)
    except OSError as error:
        raise StoreError(f"data folder {folder} cannot be used: {error}") from error
    try:
        return _opened(folder, lock)
    except (sqlite3.Error, OSError) as error:
        os.close(lock)
        raise StoreError(f"data folder {folder} cannot be used: {error}") from error
    except BaseException:
        os.close(lock)
        raise


def _opened(folder: Path, lock: int) -> Store:
    database = folder / DATABASE
    # Before anything looks into the folder: the database's log too is opened by its name.
    for name in OWN_NAMES:
        if (folder / name).is_symlink():
            raise StoreError(
                f"data folder {folder} has a link {name}, which is not followed: put the file or folder"
                " itself there, or remove the link"
            )
    if not database.exists():
        _make_database(folder)
    os.close(open_own(database, os.O_RDWR))
    if not database.stat().st_size:
        # SQLite would take it for a new one, and drop its log.
        raise _damaged(folder, "is empty")
    connection = _connect(str(database))
    try:
        version = _version(connection, folder)
        # Acknowledged changes outlive the process, not a power cut: the system has them, the disk may not.
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
        _migrate(connection, version)
        return Store(connection, FileBlobs(folder / CONTENT), on_close=lambda: os.close(lock))
    except BaseException:
        connection.close()
        raise


def _make_database(folder: Path) -> None:
    """Put a new database into a folder in one step, so that one cut short is never taken for a lake.

    :raises StoreDamagedError: if the folder has been used.
    """
    if any((folder / name).exists() for name in TRACES):
        raise _damaged(folder, "is missing")
    unfinished = folder / f"{DATABASE}.new"
    for left in (unfinished, folder / f"{unfinished.name}-journal"):
        left.unlink(missing_ok=True)
    os.close(open_private(unfinished, os.O_RDWR))
    with contextlib.closing(_connect(str(unfinished))) as connection:
        _migrate(connection, 0)
    unfinished.rename(folder / DATABASE)


def _damaged(folder: Path, state: str) -> StoreDamagedError:
    return StoreDamagedError(
        f"data folder {folder} has been used, but its database {DATABASE} {state}: put it back from a copy,"
        f" or use another folder. To lose what the folder holds, remove {', '.join(TRACES)} and {DATABASE}"
    )


def _connect(database: str) -> sqlite3.Connection:
    # The emulator opens the store in one thread and works on it in another, never in two at once.
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    # Nothing is written outside the folder, not even temporary files.
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _lock(folder: Path) -> int:
    handle = open_private(folder / LOCK, os.O_RDWR)
    try:
        # The system lets go of it with the process, however that ends.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
    except OSError as error:
        holder = _holder(handle) if isinstance(error, BlockingIOError) else None
        os.close(handle)
        if holder is None:
            raise
        raise StoreLockedError(
            f"data folder {folder} is in use by another emulator{holder}: stop that one, or take another"
            " folder"
        ) from None
    return handle


def _holder(lock: int) -> str:
    """Return who holds the lock, as far as the lock names it."""
    number = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
    return f", process {number}" if number.isdigit() else ""


def _version(connection: sqlite3.Connection, folder: Path) -> int:
    """Return the schema version of a database; nothing is changed.

    :raises StoreVersionError: if this program does not understand it, or another wrote it.
    :raises StoreDamagedError: if it has no tables at all.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if not 0 <= version <= SCHEMA_VERSION:
        raise StoreVersionError(
            f"data folder {folder} has schema version {version}; this emulator reads version {SCHEMA_VERSION}"
            " and older. Use the emulator that wrote it, or another folder"
        )
    if version == 0:
        if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise StoreVersionError(
                f"data folder {folder} has a {DATABASE} of another program: use another folder"
            )
        raise _damaged(folder, "is empty")
    return version


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    if version == SCHEMA_VERSION:
        return
    steps = SCHEMA if version == 0 else "".join(UPGRADES[step] for step in range(version, SCHEMA_VERSION))
    connection.executescript(f"BEGIN; {steps} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
