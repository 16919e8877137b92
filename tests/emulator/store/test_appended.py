from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.store import ACCOUNTS, Node, open_store
from airflow_provider_adls.emulator.store.content import INLINE


@pytest.fixture
def file(store):
    with store.transaction():
        made = Node.made(ACCOUNTS, "f", 0, directory=False, permission=0, owner="", group="")
        return store.insert(made)


def append(store, file, *pieces: tuple[int, bytes]) -> None:
    with store.transaction():
        for offset, data in pieces:
            store.appended.add(file.id, offset, data)


def flush(store, file, length: int, end: int, *, keep_rest: bool = False) -> bool:
    with store.transaction():
        return store.appended.flush(file.id, length, end, keep_rest=keep_rest)


def content(store, file) -> bytes:
    with store.reader(file.id, 0, 1 << 40) as reader:
        return b"".join(reader)


def test_appended_bytes_are_seen_after_a_flush(store, file):
    """Bytes that came in any order are the file's when they are flushed, and not before."""
    append(store, file, (3, b"def"), (0, b"abc"))
    assert content(store, file) == b""
    assert flush(store, file, 0, 6)
    assert content(store, file) == b"abcdef"


def test_a_gap_or_a_wrong_end_changes_nothing(store, file):
    """A flush fails where bytes are missing, overlap, or end elsewhere; what was appended stays."""
    append(store, file, (0, b"ab"), (3, b"d"))
    assert not flush(store, file, 0, 4)
    assert not flush(store, file, 0, 3)
    append(store, file, (2, b"c"))
    assert not flush(store, file, 0, 5)
    assert flush(store, file, 0, 4)
    assert content(store, file) == b"abcd"
    append(store, file, (4, b"efg"), (5, b"xy"))
    assert not flush(store, file, 4, 7)
    assert content(store, file) == b"abcd"


def test_the_last_bytes_at_an_offset_count(store, file, pieces):
    """An append that is sent again takes the place of the first, whether it was flushed or not."""
    append(store, file, (0, b"x" * (INLINE + 1)), (0, b"abc"))
    assert flush(store, file, 0, 3)
    append(store, file, (0, b"abc"), (3, b"def"))
    assert flush(store, file, 3, 6)
    assert content(store, file) == b"abcdef"
    assert pieces(store) == 2


@pytest.mark.parametrize("keep_rest", [True, False])
def test_the_rest_stays_or_goes(store, file, pieces, keep_rest):
    """What was appended beyond the end of a flush is kept for the next one, if that is asked for."""
    append(store, file, (0, b"abc"), (3, b"x" * (INLINE + 1)))
    assert flush(store, file, 0, 3, keep_rest=keep_rest)
    assert flush(store, file, 3, 3 + INLINE + 1) is keep_rest
    assert pieces(store) == 1 + keep_rest


def test_unflushed_bytes_go_with_the_file(store, file, pieces):
    """A file that is removed or emptied leaves nothing that was appended to it."""
    append(store, file, (0, b"abc"), (3, b"x" * (INLINE + 1)))
    with store.transaction():
        store.truncate(file.id)
    assert pieces(store) == 0
    append(store, file, (0, b"abc"), (3, b"x" * (INLINE + 1)))
    with store.transaction():
        store.remove(file)
    assert pieces(store) == 0


def test_unflushed_bytes_go_with_the_directory(store, pieces):
    """So does a directory that is removed with a file in it."""
    with store.transaction():
        made = Node.made(ACCOUNTS, "d", 0, directory=True, permission=0, owner="", group="")
        directory = store.insert(made)
        inside = store.insert(
            Node.made(directory.id, "f", 0, directory=False, permission=0, owner="", group="")
        )
        store.appended.add(inside.id, 0, b"x" * (INLINE + 1))
    with store.transaction():
        store.remove(directory)
    assert pieces(store) == 0


def test_appended_bytes_outlive_a_restart(tmp_path):
    """What was appended and flushed is there when the folder is opened again, big or small."""
    store = open_store(tmp_path)
    with store.transaction():
        made = Node.made(ACCOUNTS, "f", 0, directory=False, permission=0, owner="", group="")
        file = store.insert(made)
    append(store, file, (0, b"abc"), (3, b"x" * (INLINE + 1)))
    assert flush(store, file, 0, 3 + INLINE + 1)
    store.close()
    store = open_store(tmp_path)
    assert content(store, file) == b"abc" + b"x" * (INLINE + 1)
    store.close()
