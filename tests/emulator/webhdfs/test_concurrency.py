"""Concurrent requests to one file."""

from __future__ import annotations

import asyncio

import pytest

from airflow_provider_adls.emulator.store.content import CHUNK

V1 = "/webhdfs/v1"


@pytest.mark.fidelity("assumed", "as of files in POSIX and Hadoop")
async def test_a_file_is_read_to_its_end_though_it_is_deleted(service):
    """A reader gets the whole file, even if it is deleted or replaced meanwhile."""
    data = bytes(range(256)) * (16 * CHUNK // 256)
    for change in (("DELETE", "op=DELETE"), ("PUT", "op=CREATE&write=true&overwrite=true")):
        await service.put("/f", data)
        async with service.ask("GET", f"{V1}/f?op=OPEN&read=true") as answer:
            begun = await answer.content.readexactly(1)
            async with service.ask(change[0], f"{V1}/f?{change[1]}") as changed:
                assert changed.status in (200, 201)
            assert begun + await answer.read() == data


@pytest.mark.fidelity("assumed", "a lease is of the file, which its name is not")
async def test_a_file_that_is_being_written_can_be_renamed(service):
    """A writer of a renamed file goes on under the new name, with his lease, and not under the old one."""
    writing = "append=true&syncFlag=DATA&leaseid=mine"
    await service.put("/old", b"one ", syncFlag="DATA", leaseid="mine")
    assert await service.json("PUT", f"{V1}/old?op=RENAME&destination=/new") == {"boolean": True}
    assert (await service.refusal("POST", f"{V1}/old?op=APPEND&{writing}", data=b"two"))[0] == 404
    other = f"{V1}/new?op=APPEND&append=true&leaseid=other"
    assert (await service.refusal("POST", other, data=b"two"))[2] == "0x83090A16"
    closing = f"{V1}/new?op=APPEND&append=true&offset=4&syncFlag=CLOSE&leaseid=mine"
    async with service.ask("POST", closing, data=b"two") as answer:
        assert answer.status == 200
    assert await service.get("/new") == b"one two"


@pytest.mark.fidelity("assumed", "what the recorded rule of tokens makes of it")
async def test_pages_of_a_directory_that_grows_are_in_order_and_miss_nothing(service):
    """An entry from before the first page is in one page, once; newer ones may be missing."""
    before = [f"{number:03}" for number in range(0, 200, 2)]
    for name in before:
        await service.put(f"/{name}")

    async def create() -> None:
        for number in range(1, 200, 2):
            await service.put(f"/{number:03}")

    creating = asyncio.create_task(create())
    seen, token = [], "start"
    while token:
        after = "" if token == "start" else f"&listAfter={token}"
        target = f"{V1}/?op=LISTSTATUS&listSize=7&api-version=2018-09-01{after}"
        page = (await service.json("GET", target))["FileStatuses"]
        seen += [status["pathSuffix"] for status in page["FileStatus"]]
        token = page["continuationToken"]
    await creating
    assert seen == sorted(set(seen))
    assert set(before) <= set(seen)
    assert await service.names() == [f"{number:03}" for number in range(200)]


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01")
async def test_of_two_writers_at_one_end_each_byte_is_one_s(service):
    """Appends without an offset come one after the other, whole."""
    await service.put("/f")

    async def append(letter: bytes) -> None:
        for _ in range(50):
            async with service.ask("POST", f"{V1}/f?op=APPEND&append=true", data=letter * 1000) as answer:
                assert answer.status == 200

    await asyncio.gather(append(b"a"), append(b"b"))
    content = await service.get("/f")
    blocks = [content[start : start + 1000] for start in range(0, len(content), 1000)]
    assert sorted(blocks) == [b"a" * 1000] * 50 + [b"b" * 1000] * 50
