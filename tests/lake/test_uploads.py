"""Writing files so that nobody sees half of one."""

from __future__ import annotations

import pytest

from airflow_provider_adls.lake.appends import Addition
from airflow_provider_adls.lake.uploads import Blocks, Replacement, save
from airflow_provider_adls.model.errors import AccessDeniedError, BadOffsetError, PathExistsError
from airflow_provider_adls.model.operations import MAX_BODY


@pytest.fixture
def client(afs, account):
    return afs.client


@pytest.mark.parametrize("piece", [1000, MAX_BODY - 1, MAX_BODY, MAX_BODY + 1, 3 * MAX_BODY])
def test_blocks(piece):
    """However bytes come, they leave in blocks of 4 MiB, and the last one waits for the end."""
    data = bytes(range(256)) * (3 * MAX_BODY // 256)
    blocks, out = Blocks(), []
    for start in range(0, len(data), piece):
        blocks.add(data[start : start + piece])
        while (block := blocks.full()) is not None:
            out.append(block)
    assert [len(block) for block in out] == [MAX_BODY] * 2
    assert b"".join([*out, blocks.rest()]) == data
    assert blocks.rest() == b""


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, ["CREATE"]),
        (MAX_BODY, ["CREATE"]),
        (
            MAX_BODY + 1,
            [
                *("APPEND", "CREATE", "GETFILESTATUS"),
                *("LISTSTATUS", "RENAME"),
            ],
        ),
    ],
)
async def test_requests(client, asked, size, expected):
    """What one request carries is one request."""
    upload = Replacement(client, "/f")
    await upload.write(bytes(size))
    await upload.commit()
    # The first three are sent at the same time.
    sent = asked()
    assert sorted(sent[:3]) + sent[3:] == expected


async def test_exclusive_replacement_that_comes_late(client):
    """A big file that must be the first, and is not when it is whole, replaces nothing."""
    upload = Replacement(client, "/f", exclusive=True)
    await upload.write(bytes(MAX_BODY + 1))
    await client.create("/f", b"faster")
    with pytest.raises(PathExistsError):
        await upload.commit()
    await upload.discard()
    assert await client.read("/f") == b"faster"
    assert [entry.name for entry in (await client.list_page("/")).entries] == ["f"]


async def test_directory_that_comes_late(client):
    """A directory that is made meanwhile does not take the hidden file in."""
    upload = Replacement(client, "/f")
    await upload.write(bytes(MAX_BODY + 1))
    await client.make_directories("/f")
    with pytest.raises(IsADirectoryError):
        await upload.commit()
    await upload.discard()
    assert (await client.content_summary("/")).files == 0


async def test_hidden_file_whose_answer_was_lost(client, fault):
    """A hidden file is made again where its creation's answer was lost, and removed where none came."""
    fault(operation="CREATE", drop="after", times=1)
    upload = Replacement(client, "/f")
    await upload.write(bytes(MAX_BODY + 1))
    await upload.commit()
    assert (await client.status("/f")).length == MAX_BODY + 1
    fault(operation="CREATE", drop="after", times=3)
    upload = Replacement(client, "/g")
    await upload.write(bytes(MAX_BODY + 1))
    with pytest.raises(ConnectionError):
        await upload.commit()
    await upload.discard()
    assert [entry.name for entry in (await client.list_page("/")).entries] == ["f"]


async def test_addition_that_is_held(client, asked):
    """An addition that is held sends nothing before its commit, and drops all of it if discarded."""
    await client.create("/f", b"1")
    before = asked()
    held = Addition(client, "/f", hold=True)
    await held.write(bytes(2 * MAX_BODY))
    assert asked() == before
    await held.discard()
    await held.commit()
    assert (await client.status("/f")).length == 1


async def test_another_writer(client):
    """An append that another writer came before is refused, not put after theirs."""
    addition = Addition(client, "/f")
    await addition.write(bytes(MAX_BODY + 1))
    await client.append("/f", b"another's", offset=MAX_BODY)
    with pytest.raises(BadOffsetError):
        await addition.commit()


async def test_file_that_another_writer_made(client, fault):
    """A file that another writer makes at the same moment is appended to."""
    await client.create("/f", b"theirs")
    fault(operation="GETFILESTATUS", status=404, times=1)
    addition = Addition(client, "/f")
    await addition.write(b", ours")
    await addition.commit()
    assert await client.read("/f") == b"theirs, ours"


@pytest.mark.parametrize("blocks", [5, 9, 18])
async def test_blocks_on_their_way(client, asked, blocks):
    """A file that is written arrives whole, some of its blocks at the same time, by four more requests."""
    content = b"".join(bytes([number]) * MAX_BODY for number in range(blocks))
    upload = Replacement(client, "/f")
    for start in range(0, len(content), MAX_BODY // 2):
        await upload.write(content[start : start + MAX_BODY // 2])
    await upload.commit()
    sent = asked()
    assert len(sent) == blocks + 4
    assert sent.count("APPEND") == 3
    assert await client.read("/f", length=len(content)) == content
    assert [entry.name for entry in (await client.list_page("/")).entries] == ["f"]


@pytest.mark.parametrize("operation", ["CREATE", "APPEND", "MSCONCAT", "RENAME"])
async def test_a_block_that_fails(client, fault, operation):
    """A block that is refused ends the file, of which nothing is left."""
    upload = Replacement(client, "/f")
    fault(operation=operation, status=403, times=1)
    with pytest.raises(AccessDeniedError):
        await save(upload, bytes(12 * MAX_BODY))
    assert (await client.list_page("/")).entries == []
