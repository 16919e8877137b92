from __future__ import annotations

from airflow_provider_adls.emulator.store import Block, open_store
from airflow_provider_adls.emulator.store.content import INLINE


def stage(store, id_: str, data: bytes, path: str = "/f", container: int = 7) -> None:
    with store.transaction():
        store.blocks.stage(container, path, Block(id_, store.number(), len(data)), data)


def names(store, path: str = "/f", container: int = 7) -> list[tuple[str, int]]:
    return [(block.id, block.length) for block in store.blocks.staged(container, path)]


def test_staged_blocks_are_kept_by_path(store):
    """Blocks come back by name, each path and container with its own."""
    stage(store, "b", b"22")
    stage(store, "a", b"1")
    stage(store, "a", b"333", path="/g")
    stage(store, "a", b"4444", container=8)
    assert names(store) == [("a", 1), ("b", 2)]
    assert names(store, "/g") == [("a", 3)]
    assert names(store, container=8) == [("a", 4)]


def test_a_block_of_the_same_name_takes_its_place(store, pieces):
    """A block that is staged again is the last one, and the first one's bytes go."""
    stage(store, "a", b"x" * (INLINE + 1))
    stage(store, "a", b"12")
    assert names(store) == [("a", 2)]
    assert pieces(store) == 1


def test_blocks_that_are_moved_leave_their_bytes(store, pieces):
    """The content of a block can be moved to a file; the rest goes when the blocks are taken."""
    stage(store, "a", b"abc")
    stage(store, "b", b"lost")
    block = store.blocks.staged(7, "/f")[0]
    with store.transaction():
        store.move(block.content, 0, 3, 1000, 5)
        store.blocks.take(7, "/f")
    with store.reader(1000, 5, 8) as reader:
        assert b"".join(reader) == b"abc"
    assert (names(store), pieces(store)) == ([], 1)


def test_numbers_of_blocks_are_not_given_again(tmp_path):
    """A restart gives no node the number of a block that is still staged."""
    store = open_store(tmp_path)
    stage(store, "a", b"abc")
    number = store.blocks.staged(7, "/f")[0].content
    store.close()
    store = open_store(tmp_path)
    assert store.number() > number
    store.close()


def test_blocks_go_with_their_container(store, pieces):
    """A container that is removed leaves no staged blocks."""
    stage(store, "a", b"abc")
    stage(store, "a", b"x" * (INLINE + 1), path="/g")
    with store.transaction():
        store.blocks.drop(7)
    assert (names(store), names(store, "/g"), pieces(store)) == ([], [], 0)
