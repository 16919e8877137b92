from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.gen2 import blobs, properties
from airflow_provider_adls.emulator.rules.gen2.blobs import COMMITTED, LATEST, UNCOMMITTED, Chosen
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.gen2.creation import Wanted
from airflow_provider_adls.emulator.store.content import INLINE

ANY = Conditions()
REST = "REST reference, Put Block List"
A, B, C = "YQ==", "Yg==", "Yw=="


def commit(call, *chosen: tuple[str, str], path: str = "/d/f", **wanted):
    return blobs.put_list(call, path, [Chosen(*each) for each in chosen], ANY, Wanted(**wanted))


def refused(action) -> str:
    with pytest.raises(StorageError) as refusal:
        action()
    return refusal.value.code


@pytest.mark.fidelity("recorded")
def test_a_blob_is_put_whole(call, read, make):
    """Put Blob makes a file with its content and headers, and the directories above it."""
    node = blobs.put(call, "/d/f", b"abc", ANY, Wanted(headers={properties.MD5: "kAFQmDzST7DWlj99KOF/cg=="}))
    assert (read("/d/f"), properties.headers(node)[properties.MD5]) == (b"abc", "kAFQmDzST7DWlj99KOF/cg==")
    again = blobs.put(call, "/d/f", b"", ANY, Wanted(metadata={"a": "b"}))
    assert (read("/d/f"), properties.metadata(again)) == (b"", {"a": "b"})
    new = Conditions(none_match=("*",))
    assert refused(lambda: blobs.put(call, "/d/f", b"x", new, Wanted())) == "BlobAlreadyExists"
    assert refused(lambda: blobs.put(call, "/d", b"x", ANY, Wanted())) == "OperationNotSupportedOnDirectory"


@pytest.mark.fidelity("documented", REST)
def test_blocks_make_a_blob(call, read):
    """Staged blocks are a blob when a list names them, in its order; those that it does not name go."""
    big = b"x" * (INLINE + 1)
    for name, data in ((A, b"aa"), (B, big), (C, b"cc")):
        blobs.stage(call, "/d/f", name, data)
    assert call.find("/d/f") is None
    commit(call, (B, LATEST), (A, UNCOMMITTED))
    assert read("/d/f") == big + b"aa"
    node, committed, staged = blobs.block_list(call, "/d/f")
    assert [(block.id, block.length) for block in committed] == [(B, len(big)), (A, 2)]
    assert (staged, node.synced) == ([], len(big) + 2)


@pytest.mark.fidelity("documented", REST)
def test_committed_blocks_can_be_used_again(call, read):
    """A list may name committed and staged blocks, one of them twice; LATEST prefers the staged one."""
    blobs.stage(call, "/d/f", A, b"a1")
    blobs.stage(call, "/d/f", B, b"b1")
    commit(call, (A, LATEST), (B, LATEST))
    blobs.stage(call, "/d/f", A, b"a2")
    commit(call, (A, COMMITTED), (A, LATEST), (B, LATEST), (A, LATEST))
    assert read("/d/f") == b"a1a2b1a2"
    commit(call, (B, COMMITTED), (B, COMMITTED))
    assert read("/d/f") == b"b1b1"
    assert call.store._connection.execute("SELECT count(*) FROM segments").fetchone() == (2,)


@pytest.mark.fidelity("documented", REST)
def test_a_block_that_is_not_there_is_refused(call, read):
    """A list with an unknown block changes nothing; names of blocks are base64 of one length."""
    blobs.stage(call, "/d/f", A, b"a1")
    assert refused(lambda: commit(call, (B, LATEST))) == "InvalidBlockList"
    assert refused(lambda: commit(call, (A, COMMITTED))) == "InvalidBlockList"
    assert refused(lambda: blobs.stage(call, "/d/f", "YWJjZA==", b"x")) == "InvalidBlobOrBlock"
    assert refused(lambda: blobs.stage(call, "/d/f", "?", b"x")) == "InvalidQueryParameterValue"
    assert refused(lambda: blobs.stage(call, "/d/f", A, b"")) == "InvalidHeaderValue"
    commit(call, (A, LATEST))
    assert read("/d/f") == b"a1"


@pytest.mark.fidelity("documented", "REST reference, Append Block")
def test_append_blobs_grow(call, read):
    """A blob that was made for it grows by blocks, under conditions on its length; others do not."""
    blobs.put(call, "/log", b"", ANY, Wanted(), appended=True)
    assert blobs.append(call, "/log", b"abc", ANY, "", position=0, most=None)[1] == 0
    node, offset = blobs.append(call, "/log", b"de", ANY, "", position=None, most=5)
    assert (read("/log"), offset, node.synced) == (b"abcde", 3, 5)
    for position, most, code in (
        (0, None, "AppendPositionConditionNotMet"),
        (None, 5, "MaxBlobSizeConditionNotMet"),
    ):
        action = lambda p=position, m=most: blobs.append(call, "/log", b"f", ANY, "", position=p, most=m)  # noqa: E731
        assert refused(action) == code
    blobs.put(call, "/f", b"abc", ANY, Wanted())
    code = refused(lambda: blobs.append(call, "/f", b"d", ANY, "", position=None, most=None))
    assert code == "InvalidBlobType"


@pytest.mark.fidelity("documented", "REST reference, Copy Blob")
def test_a_copy_has_what_its_source_has(call, read, make):
    """A copy has the source's content, headers and metadata, unless the request gives other metadata."""
    node = make("/f", b"abc", metadata={"a": "b"}, headers={properties.TYPE: "text/csv"})
    copied = blobs.copy(call, "/g", node, ANY, Wanted())
    assert read("/g") == b"abc"
    assert (properties.metadata(copied), properties.headers(copied)) == (
        {"a": "b"},
        {properties.TYPE: "text/csv"},
    )
    copied = blobs.copy(call, "/g", node, ANY, Wanted(metadata={"c": "d"}))
    assert properties.metadata(copied) == {"c": "d"}
