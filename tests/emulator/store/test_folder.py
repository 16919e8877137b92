from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys

import pytest

from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.rules import content
from airflow_provider_adls.emulator.rules.calls import Call
from airflow_provider_adls.emulator.store import (
    ACCOUNTS,
    StoreError,
    StoreLockedError,
    StoreVersionError,
    open_store,
)
from airflow_provider_adls.emulator.store.content import AT_ONCE
from airflow_provider_adls.emulator.store.folder import SCHEMA_VERSION
from airflow_provider_adls.emulator.wire import Lake

#: Writes files and documents for ever, and says of each that it is there only when it is.
WRITER = """
import sys
from pathlib import Path
from airflow_provider_adls.emulator.rules import content
from airflow_provider_adls.emulator.rules.calls import Call
from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.store import open_store
from airflow_provider_adls.emulator.wire import Lake

store = open_store(Path(sys.argv[1]))
lake = Lake(store, Clock())
if not lake.has_account("lake"):
    lake.create_account("lake", "me")
call = Call(store, "lake", Principal("me"), 1)
start = int(sys.argv[2])


def repeated(number):
    # Every other file is too big to lie in the database.
    return 100 + number % 2 * 70_000


for number in range(start, start + 1_000_000):
    with store.transaction():
        content.create(call, f"/{number}", str(number).encode() * repeated(number))
    with store.transaction():
        content.append(call, f"/{number}", b"end")
    store.documents.put("number", "last", {"number": number})
    print(number, flush=True)
"""


#: Brings the tables back to what they were.
VERSION_1 = """
CREATE TABLE old (node INTEGER NOT NULL, start INTEGER NOT NULL, blob INTEGER NOT NULL,
    length INTEGER NOT NULL, PRIMARY KEY (node, start)) WITHOUT ROWID;
INSERT INTO old SELECT node, start, number, length FROM segments;
DROP TABLE segments;
ALTER TABLE old RENAME TO segments;
DROP TABLE trash;
ALTER TABLE nodes DROP COLUMN stream;
PRAGMA user_version = 1;
"""


def repeated(name: str) -> int:
    return 100 + int(name) % 2 * 70_000


def read(store, name: str) -> bytes:
    root = store.child(ACCOUNTS, "lake")
    file = store.child(root.id, name)
    with store.reader(file.id, 0, file.synced) as reader:
        return b"".join(reader)


def test_what_was_acknowledged_outlives_a_kill(tmp_path, pieces):
    """A process that is killed as it writes leaves all that it had acknowledged, and nothing half made."""
    acknowledged, last = set(), 0
    for _ in range(3):
        start = last + 1
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(start)], stdout=subprocess.PIPE, text=True
        ) as writer:
            lines = []
            for line in writer.stdout:
                lines.append(line)
                if len(lines) > 50:
                    break
            writer.send_signal(signal.SIGKILL)
            lines += writer.stdout.read().splitlines(keepends=True)
        acknowledged |= {line.strip() for line in lines if line.endswith("\n")}
        store = open_store(tmp_path)
        files = store.children(store.child(ACCOUNTS, "lake").id)
        whole = {name: name * repeated(name) + "end" for name in acknowledged}
        assert whole == {name: read(store, name).decode() for name in whole}
        # The one in hand may be there, created or appended to, but not acknowledged.
        for file in files:
            assert file.name * repeated(file.name) == read(store, file.name).decode().removesuffix("end")
        last = max(int(file.name) for file in files)
        assert store.documents.get("number", "last")["number"] >= last - 1
        assert pieces(store) == len(files)
        store.close()


def test_a_second_process_is_refused(tmp_path):
    """A folder in use is refused with its name; when it is let go of, it opens."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path), "1"], stdout=subprocess.PIPE, text=True
    ) as writer:
        writer.stdout.readline()
        with pytest.raises(StoreLockedError, match=f"{tmp_path.name} is in use by another emulator"):
            open_store(tmp_path)
        writer.kill()
    open_store(tmp_path).close()


def test_a_second_store_of_one_process_is_refused(tmp_path):
    """The lock holds inside a process too, and ends with the store."""
    store = open_store(tmp_path)
    with pytest.raises(StoreLockedError):
        open_store(tmp_path)
    store.close()
    store.close()
    open_store(tmp_path).close()


def test_a_folder_of_another_version_is_refused_by_its_number(tmp_path):
    """A newer schema is named and left as it is, and the folder is let go of."""
    open_store(tmp_path).close()
    with sqlite3.connect(tmp_path / "lake.db") as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    for _ in range(2):
        with pytest.raises(StoreVersionError, match=f"schema version {SCHEMA_VERSION + 1}"):
            open_store(tmp_path)


def test_what_is_no_database_is_refused(tmp_path):
    """A damaged database, or a file where the folder should be, is named in the error."""
    (tmp_path / "lake.db").write_text("this is no database, and long enough to look like one" * 100)
    with pytest.raises(StoreError, match=f"{tmp_path.name} cannot be used"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match=r"lake.db cannot be used"):
        open_store(tmp_path / "lake.db")


def test_a_folder_that_cannot_be_locked_is_refused(tmp_path, mocker):
    """Where the system cannot lock at all, the error says so, and nothing stays open."""
    mocker.patch("fcntl.flock", side_effect=OSError("no locks available"))
    with pytest.raises(StoreError, match="no locks available"):
        open_store(tmp_path)


def test_content_that_no_file_has_is_swept_away(tmp_path):
    """What a crash left of a write that was not finished is removed when the folder is opened."""
    store = open_store(tmp_path)
    for number in range(77, 77 + 3 * AT_ONCE):
        store._content._blobs.write(number, 0, b"left over")
    store.close()
    store = open_store(tmp_path)
    # The last blobs go behind the store's back; what is left when it closes goes at the next opening.
    store._content._remover.shutdown()
    assert list(store._content._blobs) == []
    store.close()


def test_a_folder_of_version_1_opens(tmp_path, pieces):
    """What an emulator wrote that kept all content in blobs is read, written on and removed."""
    store = open_store(tmp_path)
    lake = Lake(store, Clock())
    lake.create_account("lake", "me")
    call = Call(store, "lake", Principal("me"), 1)
    with store.transaction():
        content.create(call, "/f", b"old")
    store._content._blobs.write(1, 0, b"old")
    store._connection.executescript(VERSION_1)
    store.close()
    store = open_store(tmp_path)
    call = Call(store, "lake", Principal("me"), 1)
    assert read(store, "f") == b"old"
    with store.transaction():
        content.append(call, "/f", b" and new")
        content.create(call, "/g", b"new")
    assert read(store, "f") == b"old and new"
    assert pieces(store) == 2
    store.close()


def test_the_folder_is_the_owners_alone(tmp_path):
    """Nobody else may look into a folder that the store made, and its parents are made too."""
    folder = tmp_path / "a" / "b"
    open_store(folder).close()
    assert folder.stat().st_mode & 0o777 == 0o700
