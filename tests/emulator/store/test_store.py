from __future__ import annotations

import os

import pytest

from airflow_provider_adls.emulator.store import ACCOUNTS, Node, StoreError, Totals, open_store
from airflow_provider_adls.emulator.store.content import CHUNK, INLINE


def node(parent: int, name: str, *, directory: bool = False, **fields) -> Node:
    values = dict.fromkeys(Node._fields, 0) | {
        "parent": parent,
        "name": name,
        "directory": int(directory),
        "owner": "",
        "group": "",
        "acl": "",
        "lease": "",
        "stream": "",
        "properties": "",
    }
    return Node(**values | fields)


@pytest.fixture
def root(store):
    with store.transaction():
        return store.insert(node(ACCOUNTS, "lake", directory=True))


def put(store, parent: Node, name: str, content: bytes = b"", **fields) -> Node:
    with store.transaction():
        made = store.insert(node(parent.id, name, length=len(content), synced=len(content), **fields))
        store.write(made.id, 0, content)
        return made


def folder(store, parent: Node, name: str) -> Node:
    with store.transaction():
        return store.insert(node(parent.id, name, directory=True))


def content(store, file: Node, start: int = 0, end: int = 1 << 40) -> bytes:
    with store.reader(file.id, start, end) as reader:
        return b"".join(reader)


def test_nodes_come_back(store, root):
    """A node is found by directory and name, with all its fields; another name finds nothing."""
    made = put(store, root, "f", b"abc", permission=0o770, owner="me", acl="mask::rwx", expires=9)
    assert made == store.child(root.id, "f")
    assert made.id > root.id
    assert store.child(root.id, "F") is None


def test_children_are_in_byte_order_and_in_pages(store, root):
    """Entries come by their UTF-8 bytes; `after` and `before` are exclusive and need not exist."""
    names = ["a", "B", "ü", "a b", "10", "2", "zebra", "\U0001f600", "aa"]
    for name in names:
        put(store, root, name)
    expected = sorted(names, key=str.encode)
    assert expected == [child.name for child in store.children(root.id)]
    assert expected[:2] == [child.name for child in store.children(root.id, limit=2)]
    assert [child.name for child in store.children(root.id, after="a c")] == [
        "aa",
        "zebra",
        "ü",
        "\U0001f600",
    ]
    assert [child.name for child in store.children(root.id, before="B")] == ["10", "2"]


def test_a_failed_transaction_changes_nothing(store, root, pieces):
    """An error inside takes back rows and content."""
    kept = put(store, root, "kept", b"kept")

    def fail() -> None:
        with store.transaction():
            made = store.insert(node(root.id, "f"))
            store.write(made.id, 0, b"abc")
            store.remove(kept)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert [child.name for child in store.children(root.id)] == ["kept"]
    assert content(store, kept) == b"kept"
    assert pieces(store) == 1


def test_a_directory_moves_with_all_that_is_in_it(store, root):
    """Saving a directory under another parent moves its files too."""
    source, target = folder(store, root, "source"), folder(store, root, "target")
    put(store, source, "f", b"abc")
    with store.transaction():
        store.save(source._replace(parent=target.id, name="moved"))
    assert store.child(root.id, "source") is None
    moved = store.child(target.id, "moved")
    assert content(store, store.child(moved.id, "f")) == b"abc"


def test_a_tree_is_removed_with_its_content(store, root, pieces):
    """Removing a directory removes all below it, with its content, and nothing else."""
    top = folder(store, root, "top")
    put(store, folder(store, top, "deep"), "f", b"abc")
    other = put(store, root, "other", b"other")
    with store.transaction():
        store.remove(top)
    assert [child.name for child in store.children(root.id)] == ["other"]
    assert content(store, other) == b"other"
    assert pieces(store) == 1


def test_totals_and_directories_of_a_tree(store, root):
    """Sums count the top itself, at any depth; a file is one file."""
    top = folder(store, root, "top")
    deep = folder(store, top, "deep")
    file = put(store, deep, "f", b"abc")
    put(store, top, "g", b"defg")
    assert Totals(2, 2, 7) == store.totals(top)
    assert Totals(0, 1, 3) == store.totals(file)
    assert {"top", "deep"} == {each.name for each in store.directories(top)}


def test_content_is_appended_and_read_in_parts(store, root):
    """Appended content is one row of bytes, of which any stretch can be read, over chunks too."""
    whole = bytes(range(256)) * (CHUNK // 128)
    file = put(store, root, "f", whole[:1000])
    with store.transaction():
        store.write(file.id, 1000, whole[1000:])
    assert whole == content(store, file)
    assert whole[CHUNK - 5 : CHUNK + 5] == content(store, file, CHUNK - 5, CHUNK + 5)
    assert content(store, file, 10, 10) == b""
    with store.reader(file.id, 0, len(whole)) as reader:
        assert max(len(chunk) for chunk in reader) <= CHUNK


@pytest.mark.parametrize("first", [1, INLINE - 1, INLINE, INLINE + 1])
@pytest.mark.parametrize("second", [1, INLINE])
def test_content_that_grows_moves_out_of_the_database(store, root, pieces, first, second):
    """Bytes of any value are kept in the database, in a blob, and on the way between."""
    whole = bytes(range(256)) * (2 * INLINE // 256 + 1)
    file = put(store, root, "f", whole[:first])
    with store.reader(file.id, 0, first) as reader:
        with store.transaction():
            store.write(file.id, first, whole[first : first + second])
        assert b"".join(reader) == whole[:first]
    assert pieces(store) == 1
    assert list(store._content._blobs) == ([1] if first + second > INLINE else [])
    assert content(store, file) == whole[: first + second]


def test_a_failed_move_out_leaves_content_where_it_was(store, root, pieces):
    """An error after content left the database takes it back, and no blob stays."""
    file = put(store, root, "f", b"kept")

    def fail() -> None:
        with store.transaction():
            store.write(file.id, 4, bytes(INLINE))
            raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        fail()
    assert content(store, file) == b"kept"
    assert pieces(store) == 1
    assert list(store._content._blobs) == []


def test_directories_are_what_they_were_made_to_be(store, root):
    """A directory that was looked up shows every later change, and none that failed."""
    made = folder(store, root, "d")
    assert made == store.child(root.id, "d")
    with store.transaction():
        store.touch(made.id, 5)
        store.save(store.child(root.id, "d")._replace(owner="other", name="e"))
    assert store.child(root.id, "d") is None
    assert store.child(root.id, "e") == made._replace(modified=5, owner="other", name="e")

    def fail() -> None:
        with store.transaction():
            store.touch(made.id, 9)
            folder_in = store.insert(node(root.id, "never", directory=True))
            assert store.child(root.id, "never") == folder_in
            raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        fail()
    assert store.child(root.id, "never") is None
    assert store.child(root.id, "e").modified == 5


def test_spliced_content_is_one_row_of_bytes(store, root, pieces):
    """Content that was moved to another file's end reads, and grows, as that file's."""
    files = [put(store, root, name, text) for name, text in [("a", b"123"), ("b", b"45"), ("c", b"6789")]]
    with store.transaction():
        store.splice(files[0].id, 3, files[1].id)
        store.splice(files[0].id, 5, files[2].id)
        store.remove(files[1])
        store.remove(files[2])
        store.write(files[0].id, 9, b"0")
    assert content(store, files[0]) == b"1234567890"
    assert content(store, files[0], 2, 6) == b"3456"
    assert pieces(store) == 3


def test_a_reader_reads_what_was_there(store, root, pieces):
    """A file that is removed or written anew while it is read is read to its old end; then it is gone."""
    file = put(store, root, "f", b"old content")
    reader = store.reader(file.id, 0, 11)
    other = store.reader(file.id, 0, 3)
    with store.transaction():
        store.truncate(file.id)
        store.write(file.id, 0, b"new")
    assert b"".join(reader) == b"old content"
    assert content(store, file) == b"new"
    reader.close()
    assert b"".join(other) == b"old"
    other.close()
    other.close()
    assert pieces(store) == 1


def test_content_that_was_damaged_is_not_passed_off_as_shorter(tmp_path):
    """A file whose content was cut off or removed behind the store's back cannot be read, from anywhere."""
    store = open_store(tmp_path)
    with store.transaction():
        top = store.insert(node(ACCOUNTS, "lake", directory=True))
    file = put(store, top, "f", bytes(2 * CHUNK))
    (path,) = [path for path in (tmp_path / "content").rglob("*") if path.is_file()]
    os.truncate(path, CHUNK + 1)
    assert content(store, file, 0, CHUNK) == bytes(CHUNK)
    with pytest.raises(StoreError, match="cut off"):
        content(store, file)
    path.unlink()
    with store.reader(file.id, 0, 1) as reader, pytest.raises(StoreError, match="No such file"):
        reader.begin()
    store.close()


def test_expired_files_are_found(store, root):
    """A file has expired at its time, not before, and never without one."""
    put(store, root, "never")
    file = put(store, root, "f", expires=100)
    assert store.expired(99) == []
    assert [file] == store.expired(100)
