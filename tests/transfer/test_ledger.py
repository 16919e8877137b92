"""The ledger of a task, and the writer that it shuts out."""

from __future__ import annotations

import pytest

from airflow_provider_adls.transfer.ledger import Ledger, OvertakenError, read_ledger, writer

PATH = "/_state/run/ledger/0000"


@pytest.fixture
def client(hook):
    return hook.filesystem.client


async def test_lines_are_kept(client):
    """A ledger holds its lines, and names each writer; a missing one is empty."""
    assert await read_ledger(client, PATH) == []
    ledger = await Ledger.take_over(client, PATH)
    await ledger.append({"upto": 256, "failed": [["é\u2028\n", "why"]]})
    first, second = await read_ledger(client, PATH)
    assert (first["try"], first["writer"]) == (1, writer())
    assert second == {"upto": 256, "failed": [["é\u2028\n", "why"]]}
    again = await Ledger.take_over(client, PATH)
    assert again.lines == [first, second]
    assert again.former_writers == [writer()]


async def test_a_retry_shuts_the_other_try_out(client):
    """When a second writer has taken over, the first one's next append fails, and leaves no line."""
    orphan = await Ledger.take_over(client, PATH)
    await orphan.append({"upto": 1})
    retry = await Ledger.take_over(client, PATH)
    with pytest.raises(OvertakenError, match="another try"):
        await orphan.append({"upto": 2})
    await retry.append({"upto": 3})
    with pytest.raises(OvertakenError):
        await orphan.append({"upto": 4})
    assert [line.get("upto") for line in await read_ledger(client, PATH)] == [None, 1, None, 3]


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_lost_answer_differs_from_another_writer(client, fault, drop):
    """Where an append's answer is lost, before or after the work, the line stands there once."""
    ledger = await Ledger.take_over(client, PATH)
    fault(operation="APPEND", nth=1, drop=drop)
    await ledger.append({"upto": 1})
    await ledger.append({"upto": 2})
    assert [line.get("upto") for line in await read_ledger(client, PATH)] == [None, 1, 2]
