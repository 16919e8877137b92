from __future__ import annotations

import asyncio

import pytest
import requests

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.rules.content import LEASE_LAPSES
from airflow_provider_adls.emulator.store import open_store

V1 = "/webhdfs/v1"


@pytest.mark.parametrize(
    ("method", "target", "parameter"),
    [
        ("GET", f"{V1}/f?op=OPEN&length=3", "read"),
        ("PUT", f"{V1}/a%20b/g?op=CREATE&overwrite=true", "write"),
        ("POST", f"{V1}/f?op=APPEND", "append"),
    ],
)
@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01; docs, Filesystem operations by REST")
async def test_content_is_redirected_once(service, method, target, parameter):
    """Without its parameter a request is sent to the same URL with it; there it is done."""
    await service.put("/f", b"abc")
    async with service.ask(method, target) as answer:
        assert answer.status == 307
        location = answer.headers["Location"]
    assert location == f"{service.url}{target}&{parameter}=true"
    async with service.ask(method, location.removeprefix(service.url)) as answer:
        assert answer.status in (200, 201)
    if parameter == "write":
        assert await service.names("/a%20b") == ["g"]


@pytest.mark.fidelity("recorded")
async def test_a_created_file_is_where_it_says(service):
    """CREATE answers with the request's URL, with one slash in place of two."""
    async with service.ask("PUT", f"{V1}//d//%C3%BC?op=CREATE&write=true&filesessionid=1") as answer:
        assert answer.status == 201
        expected = f"{service.url}{V1}/d/%C3%BC?op=CREATE&write=true&filesessionid=1"
        assert answer.headers["Location"] == expected


@pytest.mark.fidelity("recorded")
async def test_accounts_are_apart(service):
    """An account is made once, holds its own files, and goes with them."""
    service.lake.create_account("other", "someone")
    with pytest.raises(ValueError, match="other exists already"):
        service.lake.create_account("other", "someone")
    await service.put("/f")
    service.lake.delete_account("lake")
    assert not service.lake.has_account("lake")
    assert service.lake.has_account("other")
    service.lake.delete_account("lake")
    refused = await service.refusal("GET", f"{V1}/?op=LISTSTATUS")
    assert refused[0] == 421
    service.lake.create_account("lake", "me")
    assert await service.names() == []


@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
async def test_the_maker_owns_the_root(service):
    """The root's owner and group are the account's maker."""
    status = (await service.json("GET", f"{V1}/?op=GETFILESTATUS"))["FileStatus"]
    assert (
        status["owner"],
        status["group"],
        status["permission"],
        status["type"],
    ) == ("me", "me", "770", "DIRECTORY")


@pytest.mark.fidelity("recorded")
async def test_rights_are_enforced(service):
    """Someone without rights is refused with the recorded code, and lets nothing happen."""
    await service.put("/d/f", b"abc")
    service.principal = Principal("stranger", super_user=False)
    denied = (403, "AccessControlException", "0x83090AA2")
    for method, query in [
        ("GET", "OPEN&read=true"),
        ("GET", "GETFILESTATUS"),
        ("PUT", "CREATE&write=true&overwrite=true"),
        ("DELETE", "DELETE"),
        ("PUT", "SETPERMISSION&permission=777"),
    ]:
        assert await service.refusal(method, f"{V1}/d/f?op={query}") == denied
    service.principal = Principal("me", super_user=False)
    assert await service.get("/d/f") == b"abc"


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01; .NET SDK")
async def test_an_expired_file_is_gone_for_every_operation(service):
    """When the clock passes a file's time, it is neither listed nor read nor counted."""
    await service.put("/d/f", b"abc")
    target = "/webhdfsext/d/f?op=SETEXPIRY&expiryOption=RelativeToNow&expireTime=60000"
    async with service.ask("PUT", target) as answer:
        assert answer.status == 200
    assert await service.names("/d") == ["f"]
    service.clock.move(61)
    assert await service.names("/d") == []
    assert (await service.refusal("GET", f"{V1}/d/f?op=OPEN&read=true"))[0] == 404
    summary = await service.json("GET", f"{V1}/d?op=GETCONTENTSUMMARY")
    assert summary["ContentSummary"]["fileCount"] == 0


@pytest.mark.fidelity("recorded")
async def test_of_many_appenders_each_offset_has_one(service):
    """Writers that race for the same offsets write each byte once; all others get an error."""
    await service.put("/f")

    async def append(writer: int, offset: int) -> int:
        target = f"{V1}/f?op=APPEND&append=true&offset={offset}"
        async with service.ask("POST", target, data=bytes([65 + writer]) * 10) as answer:
            if answer.status == 400:
                assert answer.headers["Status"] == "0x83090015"
            return answer.status

    for offset in range(0, 50, 10):
        statuses = await asyncio.gather(*(append(writer, offset) for writer in range(8)))
        assert sorted(statuses) == [200] + [400] * 7
    data = await service.get("/f")
    assert len(data) == 50
    assert all(len(set(data[start : start + 10])) == 1 for start in range(0, 50, 10))


@pytest.mark.fidelity("documented", "Java SDK")
async def test_of_many_creators_one_makes_the_file(service):
    """Without `overwrite` one of many creations succeeds, and its content stands."""

    async def create(writer: int) -> int:
        return await service.put("/f", bytes([65 + writer]) * 100_000)

    statuses = await asyncio.gather(*(create(writer) for writer in range(16)))
    assert sorted(statuses) == [201] + [403] * 15
    assert await service.get("/f") == bytes([65 + statuses.index(201)]) * 100_000


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01; Java SDK for the code")
async def test_a_second_writer_is_refused_by_code(service):
    """A lease keeps another writer out until it lapses by the clock."""
    assert await service.put("/f", b"a", leaseid="one", syncFlag="DATA") == 201
    target = f"{V1}/f?op=APPEND&append=true&leaseid=two"
    assert await service.refusal("POST", target, data=b"b") == (400, "IOException", "0x83090A16")
    service.clock.move(LEASE_LAPSES / 1000 + 1)
    async with service.ask("POST", target, data=b"b") as answer:
        assert answer.status == 200
    assert await service.get("/f") == b"ab"


@pytest.mark.fidelity("own")
def test_the_record_has_the_request(emulator, account, cloud):
    """Operation and path in the account are recorded as they were read, of refused requests too."""
    source = ClientSecret(
        emulator.tenant_id, emulator.client_id, emulator.client_secret, cloud, emulator.ca_file
    )
    headers = {"Authorization": f"Bearer {DataLakeCredential(source).get_token().token}"}
    with requests.Session() as session:
        for method, target in [("PUT", "/d/./e?op=mkdirs"), ("GET", "/d?op=FROB"), ("GET", "/d")]:
            url = f"{cloud.account_endpoint(account)}{V1}{target}"
            session.request(method, url, headers=headers, verify=emulator.ca_file)
    records = [
        record for record in emulator.requests if record.account == account and record.service == "lake"
    ]
    assert [(record.operation, record.path, record.status) for record in records] == [
        ("MKDIRS", "/d/e", 200),
        ("FROB", f"{V1}/d", 400),
        (None, f"{V1}/d", 400),
    ]


@pytest.mark.fidelity("documented", "docs, Filesystem operations by REST")
async def test_a_client_may_wait_for_leave_to_send(service):
    """`Expect: 100-continue` is answered before the content is sent."""
    async with service.ask("PUT", f"{V1}/f?op=CREATE&write=true", data=b"abc", expect100=True) as answer:
        assert answer.status == 201
    assert await service.get("/f") == b"abc"


@pytest.mark.fidelity("own")
async def test_a_folder_that_cannot_be_written_is_said_to_be(tmp_path, running):
    """A write that the disk refuses is answered 500, by name, and leaves nothing half made."""
    store = open_store(tmp_path)
    async with running(store) as service:
        await service.put("/kept", bytes(100_000))
        content = tmp_path / "content"
        content.rename(tmp_path / "away")
        content.write_bytes(b"")
        refused = await service.refusal("PUT", f"{V1}/d/f?op=CREATE&write=true", data=bytes(100_000))
        assert refused[:2] == (500, "RuntimeException")
        content.unlink()
        (tmp_path / "away").rename(content)
        assert await service.names() == ["kept"]
        assert await service.get("/kept") == bytes(100_000)
        assert await service.put("/d/f", bytes(100_000)) == 201
    store.close()


@pytest.mark.fidelity("own")
async def test_what_was_served_is_there_after_a_restart(tmp_path, running):
    """Another process's worth of store on the same folder serves the same files, rights and times."""
    store = open_store(tmp_path)
    async with running(store) as service:
        await service.put("/d/%C3%BC%20%25", b"")
        await service.put("/d/f", b"abc", permission="600")
        before = await service.json("GET", f"{V1}/d?op=LISTSTATUS")
    store.close()
    store = open_store(tmp_path)
    async with running(store) as service:
        assert await service.json("GET", f"{V1}/d?op=LISTSTATUS") == before
        assert await service.get("/d/f") == b"abc"
    store.close()
