from __future__ import annotations

from airflow_provider_adls.emulator.wire.handlers import HANDLERS
from airflow_provider_adls.gen1.operations import OPERATIONS

V1 = "/webhdfs/v1"


def test_every_operation_has_a_handler():
    """The table of operations and that of handlers name the same."""
    assert set(HANDLERS) == set(OPERATIONS)


async def test_each_argument_reaches_its_rule(service):
    """Parameters that no other test sends over the wire do what they say."""
    target = f"{V1}/none/f?op=CREATE&write=true&createParent=false&blocksize=1000"
    assert (await service.refusal("PUT", target))[0] == 404
    await service.put("/f", b"0123456789", permission="640")
    assert await service.get("/f", offset=2, length=3) == b"234"
    await service.json("PUT", f"{V1}/d?op=MKDIRS&permission=700")
    statuses = (await service.json("GET", f"{V1}/?op=LISTSTATUS&listAfter=a&listBefore=e"))["FileStatuses"]
    assert [status["permission"] for status in statuses["FileStatus"]] == ["700"]
    target = f"{V1}/f?op=APPEND&append=true&syncFlag=DATA&leaseid=x"
    async with service.ask("POST", target, data=b"more") as answer:
        assert answer.status == 200
    for consistent, length in [("false", 10), ("true", 14)]:
        target = f"{V1}/f?op=GETFILESTATUS&tooId=true&getconsistentlength={consistent}"
        assert (await service.json("GET", target))["FileStatus"]["length"] == length


async def test_a_source_directory_goes_if_told(service):
    """`deleteSourceDirectory` takes the whole directory of the sources along."""
    await service.put("/d/a", b"a")
    await service.put("/d/other", b"other")
    target = f"{V1}/w?op=MSCONCAT&deleteSourceDirectory=True"
    async with service.ask("POST", target, data=b'{"sources":["/d/a"]}') as answer:
        assert answer.status == 200
    assert await service.names() == ["w"]


async def test_a_file_context_is_refused_by_name(service):
    """DELETE with a parameter that is not done says so, and deletes nothing."""
    await service.put("/f")
    refused = await service.refusal("DELETE", f"{V1}/f?op=DELETE&fileContextId=1")
    assert refused[:2] == (400, "UnsupportedOperationException")
    assert await service.names() == ["f"]
