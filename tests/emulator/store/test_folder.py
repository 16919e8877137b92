from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.rules import content
from airflow_provider_adls.emulator.rules.calls import Call
from airflow_provider_adls.emulator.store import (
    ACCOUNTS,
    StoreDamagedError,
    StoreError,
    StoreLockedError,
    StoreVersionError,
    open_store,
)
from airflow_provider_adls.emulator.store.blobs import FileBlobs
from airflow_provider_adls.emulator.store.content import AT_ONCE
from airflow_provider_adls.emulator.store.folder import OWN_NAMES, SCHEMA_VERSION, TRACES, UPGRADES
from airflow_provider_adls.emulator.webhdfs import Lake

#: Writes files and documents for ever, and says of each that it is there only when it is.
WRITER = """
import sys
from pathlib import Path
from airflow_provider_adls.emulator.rules import content
from airflow_provider_adls.emulator.rules.calls import Call
from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.store import open_store
from airflow_provider_adls.emulator.webhdfs import Lake

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


#: The tables that emulators of older versions wrote, and what they held beside them, by version.
OLD = Path(__file__).parent / "folders"
BIG = b"0123456789" * 10_000
OLD_BLOBS = {
    1: {1: b"order,pieces\n1,9\n2,4\n", 2: BIG, 3: b"one", 4: b"two"},
    2: {2: BIG},
    3: {2: BIG},
}


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
        refusal = f"{tmp_path.name} is in use by another emulator, process {writer.pid}: stop that one"
        with pytest.raises(StoreLockedError, match=refusal):
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
    before = (tmp_path / "lake.db").read_bytes()
    for _ in range(2):
        with pytest.raises(StoreVersionError, match=f"schema version {SCHEMA_VERSION + 1}"):
            open_store(tmp_path)
    assert (tmp_path / "lake.db").read_bytes() == before


def test_a_file_that_is_not_a_database_is_refused(tmp_path):
    """A damaged database, or a file where the folder should be, is named in the error."""
    (tmp_path / "lake.db").write_text("this is no database, and long enough to look like one" * 100)
    with pytest.raises(StoreError, match=f"{tmp_path.name} cannot be used"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match=r"lake.db cannot be used"):
        open_store(tmp_path / "lake.db")


def test_a_folder_that_cannot_be_locked_is_refused(tmp_path, mocker):
    """If the system cannot lock at all, the error says so, and nothing stays open."""
    mocker.patch("fcntl.flock", side_effect=OSError("no locks available"))
    with pytest.raises(StoreError, match="no locks available"):
        open_store(tmp_path)


def test_content_that_no_file_has_is_swept_away(tmp_path):
    """Remains of an unfinished write are removed when the folder is opened after a crash."""
    store = open_store(tmp_path)
    for number in range(77, 77 + 3 * AT_ONCE):
        store._content._blobs.write(number, 0, b"left over")
    store.close()
    store = open_store(tmp_path)
    # The last blobs go behind the store's back; what is left when it closes goes at the next opening.
    store._content._remover.shutdown()
    assert list(store._content._blobs) == []
    store.close()


def test_files_of_others_stay(tmp_path):
    """Files that a file manager or a user puts among the content are ignored and kept."""
    store = open_store(tmp_path)
    store._content._blobs.write(77, 0, b"left over")
    store.close()
    others = [tmp_path / "content" / name for name in (".DS_Store", "notes/0", "4d/.DS_Store", "4d/zz")]
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    open_store(tmp_path).close()
    assert {path for path in (tmp_path / "content").rglob("*") if path.is_file()} == set(others)


def old_folder(folder: Path, version: int) -> None:
    """A folder as an emulator of an older version left it."""
    with contextlib.closing(sqlite3.connect(folder / "lake.db")) as connection:
        connection.executescript((OLD / f"version-{version}.sql").read_text("utf-8"))
    for blob, data in OLD_BLOBS[version].items():
        FileBlobs(folder / "content").write(blob, 0, data)


def test_every_older_version_is_there():
    """Each version of the tables before this one has a folder that it wrote."""
    assert set(range(1, SCHEMA_VERSION)) <= set(OLD_BLOBS)


@pytest.mark.parametrize("version", OLD_BLOBS)
def test_a_folder_of_an_older_version_opens(tmp_path, pieces, version):
    """Files of an older emulator are read with all their properties, appended to and removed."""
    old_folder(tmp_path, version)
    for _ in range(2):
        store = open_store(tmp_path)
        call = Call(store, "lake", Principal("me"), 1)
        files = {"/raw/a b/ü.csv": b"order,pieces\n1,9\n2,4\n", "/raw/big": BIG, "/joined": b"onetwo"}
        for path, data in files.items():
            reader, count = content.read(call, path, offset=0, length=None)
            with reader:
                assert (b"".join(reader), count) == (data, len(data))
        raw, empty = call.get("/raw"), call.get("/raw/empty")
        assert raw.acl.startswith("user:11111111-1111-1111-1111-111111111111:r-x,")
        assert (empty.length, empty.permission, empty.expires) == (0, 0o640, 4_102_444_800_000)
        assert [key for key, _ in store.documents.items("arm.account")] == ["lake", "other"]
        store.close()
    store = open_store(tmp_path)
    call = Call(store, "lake", Principal("me"), 1)
    with store.transaction():
        content.append(call, "/raw/a b/ü.csv", b"and new")
        content.create(call, "/new", BIG)
        store.remove(call.get("/raw/big"))
    assert read(store, "new") == BIG
    assert pieces(store) == len(store._connection.execute("SELECT number FROM segments").fetchall())
    store.close()


@pytest.mark.parametrize("version", UPGRADES)
def test_an_upgrade_that_fails_changes_nothing(tmp_path, monkeypatch, version):
    """A folder whose upgrade breaks off is as it was, and is brought up to date the next time."""
    old_folder(tmp_path, version)
    broken = dict.fromkeys(UPGRADES, "CREATE TABLE half (x); this is no SQL;")
    with monkeypatch.context() as patch:
        patch.setattr("airflow_provider_adls.emulator.store.folder.UPGRADES", broken)
        with pytest.raises(StoreError, match="cannot be used"):
            open_store(tmp_path)
    with contextlib.closing(sqlite3.connect(tmp_path / "lake.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)
    store = open_store(tmp_path)
    assert read(store, "joined") == b"onetwo"
    store.close()


def test_a_database_of_another_program_is_left_alone(tmp_path):
    """A `lake.db` that is not the emulator's is named and stays as it is, byte for byte."""
    with contextlib.closing(sqlite3.connect(tmp_path / "lake.db")) as connection:
        connection.execute("CREATE TABLE fish (name TEXT)")
    before = (tmp_path / "lake.db").read_bytes()
    with pytest.raises(StoreVersionError, match="of another program"):
        open_store(tmp_path)
    assert (tmp_path / "lake.db").read_bytes() == before


def used_folder(folder: Path) -> dict[str, bytes]:
    """A data folder with a big file, and its files by their names, without the database."""
    store = open_store(folder)
    Lake(store, Clock()).create_account("lake", "me")
    with store.transaction():
        content.create(Call(store, "lake", Principal("me"), 1), "/big", BIG)
    store.close()
    return files_of(folder)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("lake.db", "lock")
    }


@pytest.mark.parametrize("state", ["missing", "cut to nothing", "without tables"])
def test_a_used_folder_without_its_database_is_refused(tmp_path, state):
    """A missing or empty database is not taken for a new one: the content stays, and the error says so."""
    before = used_folder(tmp_path)
    assert BIG in before.values()
    database = tmp_path / "lake.db"
    database.unlink()
    if state == "cut to nothing":
        database.touch()
    elif state == "without tables":
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE x (y); DROP TABLE x; VACUUM;")
    for _ in range(2):
        with pytest.raises(StoreDamagedError, match=r"lake\.db is (missing|empty): put it back from a copy"):
            open_store(tmp_path)
        assert files_of(tmp_path) == before


@pytest.mark.parametrize("trace", TRACES)
def test_each_trace_of_use_keeps_a_new_database_out(tmp_path, trace):
    """A folder with the emulator's keys or its database's log was used, even if it has no content files."""
    (tmp_path / trace).write_bytes(b"kept")
    with pytest.raises(StoreDamagedError, match=f"To lose what the folder holds, remove .*{trace}"):
        open_store(tmp_path)
    assert (tmp_path / trace).read_bytes() == b"kept"
    assert not (tmp_path / "lake.db").exists()


def test_a_first_start_that_was_cut_short_is_begun_again(tmp_path):
    """A lock and half a database under its temporary name do not prevent a start."""
    (tmp_path / "lock").write_text("1234\n")
    (tmp_path / "lake.db.new").write_bytes(b"half")
    (tmp_path / "lake.db.new-journal").write_bytes(b"half")
    open_store(tmp_path).close()
    assert {path.name for path in tmp_path.iterdir()} == {"lock", "lake.db"}


@pytest.mark.parametrize("name", [*OWN_NAMES, "lock", "content/4d"])
def test_links_in_the_folder_are_not_followed(tmp_path, name):
    """A planted link in place of one of the emulator's own files is refused, and its target stays."""
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    used_folder(folder)
    # A number that no file of the lake has, which would be swept away.
    elsewhere.mkdir(mode=0o755)
    (elsewhere / "4d").write_text("mine")
    before = elsewhere.stat()
    path = folder / name
    if path.is_dir():
        path = path.rename(folder / "away").parent / name
    path.unlink(missing_ok=True)
    path.symlink_to(elsewhere if name.startswith("content") else elsewhere / "4d")
    with pytest.raises(StoreError, match=rf"link.*{name}|{name}.*link|link {name}|is a link"):
        open_store(folder)
    assert [(file.name, file.read_text()) for file in elsewhere.iterdir()] == [("4d", "mine")]
    assert elsewhere.stat().st_mode == before.st_mode


@pytest.mark.parametrize("name", ["lock", "lake.db"])
def test_a_file_with_a_second_name_is_not_written(tmp_path, name):
    """A hard link or a pipe in place of a file of the emulator's is refused as a link is."""
    folder, mine = tmp_path / "data", tmp_path / "mine"
    used_folder(folder)
    (folder / name).rename(mine)
    (folder / name).hardlink_to(mine)
    before = mine.read_bytes()
    with pytest.raises(StoreError, match=f"a link or a special file, which is not followed.*{name}"):
        open_store(folder)
    assert mine.read_bytes() == before
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(StoreError, match=f"a link or a special file, which is not followed.*{name}"):
        open_store(folder)


@pytest.mark.parametrize("umask", [0o000, 0o277], ids=oct)
def test_the_folder_is_the_owners_alone(tmp_path, umask):
    """Folders that the store makes, parents and content too, are the owner's alone whatever the umask."""
    folder = tmp_path / "a" / "b"
    before = os.umask(umask)
    try:
        used_folder(folder)
        store = open_store(folder)
        assert read(store, "big") == BIG
        store.close()
    finally:
        os.umask(before)
    folders = [folder.parent, folder, *(path for path in folder.rglob("*") if path.is_dir())]
    assert len(folders) == 4
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o600}


def test_content_that_was_open_to_others_is_closed(tmp_path):
    """Folders of content that an older version made open to others are closed when they are opened."""
    used_folder(tmp_path)
    folders = [tmp_path / "content", *(tmp_path / "content").iterdir()]
    for folder in folders:
        folder.chmod(0o777)
    open_store(tmp_path).close()
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}


def test_the_files_are_the_owners_alone(tmp_path, pieces):
    """In a folder that is open to others, the store's files are not."""
    tmp_path.chmod(0o755)
    store = open_store(tmp_path)
    Lake(store, Clock()).create_account("lake", "me")
    with store.transaction():
        content.create(Call(store, "lake", Principal("me"), 1), "/f", BIG)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"lake.db", "lake.db-wal", "lock", "1"} <= {path.name for path in files}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    store.close()
