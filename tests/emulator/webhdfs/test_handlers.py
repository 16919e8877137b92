from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.webhdfs.handlers import HANDLERS
from airflow_provider_adls.model.operations import OPERATIONS

V1 = "/webhdfs/v1"


@pytest.mark.fidelity("own")
def test_every_operation_has_a_handler():
    """The table of operations and that of handlers name the same."""
    assert set(HANDLERS) == set(OPERATIONS)


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01; Java and .NET SDKs")
async def test_each_argument_reaches_its_rule(service):
    """Parameters that no other test sends over the wire have their effect."""
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


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01")
async def test_a_source_directory_goes_if_asked(service):
    """`deleteSourceDirectory` takes the whole directory of the sources along."""
    await service.put("/d/a", b"a")
    await service.put("/d/other", b"other")
    target = f"{V1}/w?op=MSCONCAT&deleteSourceDirectory=True"
    async with service.ask("POST", target, data=b'{"sources":["/d/a"]}') as answer:
        assert answer.status == 200
    assert await service.names() == ["w"]


@pytest.mark.fidelity("documented", "Java SDK; the status is assumed")
async def test_a_file_of_another_context_is_kept(service):
    """DELETE with another `fileContextId` is refused, and deletes nothing."""
    await service.put("/f")
    refused = await service.refusal("DELETE", f"{V1}/f?op=DELETE&fileContextId=1")
    assert refused[:2] == (400, "RuntimeException")
    assert await service.names() == ["f"]


@pytest.mark.parametrize(
    ("other", "operation"),
    [
        (f"{V1}/d?op=MSLISTSTATUS&listSize=1&tooId=true", f"{V1}/d?op=LISTSTATUS&listSize=1"),
        (f"{V1}/d/f?op=MSGETFILESTATUS", f"{V1}/d/f?op=GETFILESTATUS"),
        ("/webhdfsext/d/f?op=GETFILEINFO", f"{V1}/d/f?op=GETFILESTATUS"),
        (f"{V1}/d/f?op=GETACLSTATUS&tooId=false", f"{V1}/d/f?op=MSGETACLSTATUS"),
    ],
)
@pytest.mark.fidelity("documented", "Java, .NET and Node SDKs")
async def test_operations_of_two_names_answer_the_same(service, other, operation):
    """Java, .NET and Node name a listing, a status and an ACL otherwise than Python does."""
    await service.put("/d/f", b"abc")
    expected = await service.json("GET", operation)
    assert "RemoteException" not in expected
    assert expected == await service.json("GET", other)


@pytest.mark.fidelity("assumed", ".NET SDK for the parameter; that it names keys is our choice")
async def test_a_listing_of_selected_keys(service):
    """`select` keeps only the named keys, in the service's order; an unknown key is refused."""
    await service.put("/f", b"abc")
    target = f"{V1}/?op=LISTSTATUS&select=PathSuffix,length"
    statuses = (await service.json("GET", target))["FileStatuses"]["FileStatus"]
    assert [list(status.items()) for status in statuses] == [[("length", 3), ("pathSuffix", "f")]]
    assert (await service.refusal("GET", f"{V1}/?op=LISTSTATUS&select=frob"))[0] == 400


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01; Java SDK")
async def test_concurrent_appends_over_the_wire(service):
    """CONCURRENTAPPEND makes a file only with `appendMode`."""
    target = "/webhdfsext/f?op=CONCURRENTAPPEND"
    assert (await service.refusal("POST", target, data=b"a"))[0] == 404
    for data in (b"a", b"b"):
        async with service.ask("POST", f"{target}&appendMode=autocreate", data=data) as answer:
            assert (answer.status, await answer.read()) == (200, b"")
    assert await service.get("/f") == b"ab"
    assert (await service.refusal("POST", f"{target}&appendMode=frob"))[0] == 400


@pytest.mark.fidelity("documented", "Java SDK; Hadoop's WebHDFS for -1")
async def test_times_over_the_wire(service):
    """SETTIMES takes milliseconds, and -1 for a time that stays."""
    await service.put("/f")
    for query in ("modificationtime=5&accesstime=6", "modificationtime=-1&accesstime=7"):
        async with service.ask("PUT", f"{V1}/f?op=SETTIMES&{query}") as answer:
            assert answer.status == 200
    status = (await service.json("GET", f"{V1}/f?op=GETFILESTATUS"))["FileStatus"]
    assert (status["modificationTime"], status["accessTime"]) == (5, 7)


@pytest.mark.fidelity("documented", ".NET SDK")
async def test_deleted_items_come_back_over_the_wire(service):
    """A deleted item is listed with its token, and restored by it; 409 if its name is taken."""
    await service.put("/d/f", b"abc")
    await service.json("DELETE", f"{V1}/d/f?op=DELETE")
    target = f"{V1}/?op=ENUMERATEDELETEDITEMS&hint=f&listSize=1&api-version=2018-08-01"
    page = (await service.json("GET", target))["trashDir"]
    assert page["numSearched"] == 1
    (entry,) = page["trashDirEntry"]
    assert (entry["originalPath"], entry["type"], page["nextListAfter"]) == (
        "/d/f",
        "FILE",
        entry["trashDirPath"],
    )
    target = f"{V1}/?op=RESTOREDELETEDITEMS&restoreToken={entry['trashDirPath']}&type=file"
    await service.put("/taken")
    assert (await service.refusal("PUT", f"{target}&restoreDestination=/taken"))[0] == 409
    async with service.ask("PUT", f"{target}&restoreDestination=/d/f") as answer:
        assert answer.status == 200
    assert await service.get("/d/f") == b"abc"


@pytest.mark.parametrize(
    "target",
    [
        f"{V1}/d?op=ENUMERATEDELETEDITEMS&hint=f",
        f"{V1}/?op=ENUMERATEDELETEDITEMS&hint=f&listSize=4001",
        f"{V1}/?op=ENUMERATEDELETEDITEMS",
        f"{V1}/?op=GETFILESTATUS&tooId=maybe",
    ],
)
@pytest.mark.fidelity("documented", ".NET SDK")
async def test_bounds_of_the_new_arguments(service, target):
    """The trash is the account's, in pages of at most 4,000, by a hint; flags are true or false."""
    assert (await service.refusal("GET", target))[0] == 400


@pytest.mark.fidelity("assumed", "nothing of an account outlives it")
async def test_an_account_is_deleted_with_its_trash(service):
    """Deleted items of an account are removed with it."""
    await service.put("/f", bytes(100_000))
    await service.json("DELETE", f"{V1}/f?op=DELETE")
    store = service.lake._store
    assert len(list(store._content._blobs)) == 1
    service.lake.delete_account("lake")
    assert list(store._content._blobs) == []
