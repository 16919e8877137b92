from __future__ import annotations

import asyncio
import re
import time
from email.utils import parsedate_to_datetime

import pytest

from airflow_provider_adls.model.operations import API_VERSION

ALWAYS = {
    "Cache-Control": "no-cache, no-cache, no-store, max-age=0",
    "Pragma": "no-cache",
    "Expires": "-1",
    "Status": "0x0",
    "Strict-Transport-Security": "max-age=15724800; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}


@pytest.mark.fidelity("recorded")
async def test_every_answer_has_the_service_s_headers(service):
    """An empty answer, JSON and content have the same headers."""
    await service.put("/f", b"abc")
    for method, query in [("GET", "OPEN&read=true"), ("GET", "GETFILESTATUS"), ("PUT", "REMOVEACL")]:
        async with service.ask(method, f"/webhdfs/v1/f?op={query}") as answer:
            assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
            assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["x-ms-request-id"])
            assert answer.headers["x-ms-webhdfs-version"] == "17.04.24.00"


@pytest.mark.fidelity("recorded")
async def test_the_other_prefix_names_no_version(service):
    """`/webhdfsext` answers without `x-ms-webhdfs-version`, in any case of letters."""
    await service.put("/f")
    for prefix in ("/webhdfsext", "/WebHdfsExt"):
        async with service.ask("PUT", f"{prefix}/f?op=SETEXPIRY&expiryOption=NeverExpire") as answer:
            assert answer.status == 200
            assert "x-ms-webhdfs-version" not in answer.headers


@pytest.mark.fidelity("recorded")
async def test_empty_answers_have_a_length_and_no_type(service):
    """CREATE and the ACL setters say their length twice."""
    target = "/webhdfs/v1/f?op="
    for method, query, twice in [
        ("PUT", "CREATE&write=true", True),
        ("POST", "APPEND&append=true", False),
        ("PUT", "SETACL&aclspec=user::rwx,group::rwx,other::---", True),
        ("PUT", "MODIFYACLENTRIES&aclspec=user:u:rwx", True),
        ("PUT", "REMOVEACLENTRIES&aclspec=user:u", True),
        ("PUT", "REMOVEDEFAULTACL", True),
        ("PUT", "REMOVEACL", True),
        ("PUT", "SETPERMISSION&permission=0770", False),
        ("PUT", "SETOWNER&owner=me", False),
        ("GET", "CHECKACCESS&fsaction=rw-", False),
        ("GET", "OPEN&read=true", False),
    ]:
        async with service.ask(method, target + query) as answer:
            assert answer.status == (201 if query.startswith("CREATE") else 200), query
            assert answer.headers["Content-Length"] == "0"
            assert ("ContentLength" in answer.headers) == twice, query
            assert "Content-Type" not in answer.headers


@pytest.mark.fidelity("recorded")
async def test_json_is_compact_and_in_order(service):
    """A status byte for byte, but for its times; letters beyond ASCII are themselves."""
    await service.put("/d/%C3%BC", b"abc")
    async with service.ask("GET", "/webhdfs/v1/d?op=LISTSTATUS&api-version=2016-11-01") as answer:
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        body = re.sub(r"Time\":\d{13}", 'Time":0', await answer.text())
    assert body == (
        '{"FileStatuses":{"FileStatus":[{"length":3,"pathSuffix":"ü","type":"FILE","blockSize":268435456,'
        '"accessTime":0,"modificationTime":0,"replication":1,"permission":"770","owner":"me","group":"me",'
        '"msExpirationTime":0,"aclBit":false}]}}'
    )


@pytest.mark.fidelity("recorded")
async def test_listings_have_a_token_since_its_version(service):
    """The token stands first, and only from the api-version on that brought it."""
    await service.put("/d/a")
    await service.put("/d/b")
    query = "/webhdfs/v1/d?op=LISTSTATUS&listSize=1&api-version="
    for version in ("2016-11-01", "2018-05-01"):
        assert list((await service.json("GET", query + version))["FileStatuses"]) == ["FileStatus"]
    body = (await service.json("GET", query + API_VERSION))["FileStatuses"]
    assert list(body) == ["continuationToken", "FileStatus"]
    assert body["continuationToken"] == "a"
    body = (await service.json("GET", f"{query}{API_VERSION}&listAfter=b"))["FileStatuses"]
    assert body == {"continuationToken": "", "FileStatus": []}


@pytest.mark.fidelity("recorded")
async def test_sums_and_lists(service):
    """GETCONTENTSUMMARY and MSGETACLSTATUS, whole."""
    await service.put("/d/f", b"abc")
    assert await service.json("GET", "/webhdfs/v1/d?op=GETCONTENTSUMMARY") == {
        "ContentSummary": {
            "directoryCount": 1,
            "fileCount": 1,
            "length": 3,
            "quota": -1,
            "spaceConsumed": 3,
            "spaceQuota": -1,
        }
    }
    await service.json("PUT", "/webhdfs/v1/d/e?op=MKDIRS&permission=1750")
    assert await service.json("GET", "/webhdfs/v1/d/e?op=MSGETACLSTATUS") == {
        "AclStatus": {
            "entries": ["user::rwx", "group::r-x", "other::---"],
            "owner": "me",
            "group": "me",
            "permission": "750",
            "stickyBit": True,
        }
    }


@pytest.mark.fidelity("recorded")
async def test_a_refusal_says_what_when_and_by_which_request(service):
    """Message, request id and time as the service writes them; the clock is the emulator's."""
    service.clock.set(time.time() - 1_000_000_000)
    async with service.ask("GET", "/webhdfs/v1/d/f?op=GETFILESTATUS") as answer:
        body = (await answer.json())["RemoteException"]
        assert answer.status == 404
        assert answer.headers["Status"] == "0x8309000A"
    assert list(body) == ["exception", "message", "javaClassName"]
    assert body["javaClassName"] == "java.io.FileNotFoundException"
    match = re.fullmatch(r"File/Folder does not exist: /d/f \[(.*)\]\[(.*)\]", body["message"])
    assert match[1] == answer.headers["x-ms-request-id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00", match[2])
    date = parsedate_to_datetime(answer.headers["Date"])
    assert match[2].startswith(date.strftime("%Y-%m-%dT%H:%M:%S"))
    assert abs(date.timestamp() - service.clock.now()) < 100


@pytest.mark.parametrize(
    ("source", "destination", "code"),
    [
        ("/none", "/g", "0x8309000A"),
        ("/f", "/none/g", "0x8309000A"),
        ("/none/f", "/none/g", "0x8309000A"),
        ("/f", "/taken", "0x0"),
    ],
)
@pytest.mark.fidelity("recorded", "all but the code of a name that is taken, which is assumed")
async def test_a_rename_that_moves_nothing_names_the_reason(service, source, destination, code):
    """It answers false, with the code of a missing path where source or target directory are missing."""
    for path in ("/f", "/taken"):
        await service.put(path, b"abc")
    target = f"/webhdfs/v1{source}?op=RENAME&destination={destination}"
    async with service.ask("PUT", target) as answer:
        assert (answer.status, answer.headers["Status"]) == (200, code)
        assert await answer.read() == b'{"boolean":false}'
    assert await service.names() == ["f", "taken"]


@pytest.mark.fidelity("recorded")
async def test_a_refusal_names_its_operation(service):
    """Codes of the recordings stand in the text too."""
    await service.put("/f", b"abc")
    body = await service.json("POST", "/webhdfs/v1/f?op=append&append=true&offset=1", data=b"x")
    text = "APPEND failed with error 0x83090015 (Bad request. Invalid offset.). ["
    assert body["RemoteException"]["message"].startswith(text)


@pytest.mark.fidelity("recorded")
async def test_content_comes_in_chunks(service):
    """Content is chunked octets, whole, also beyond one read of the store."""
    data = bytes(range(256)) * 4096
    await service.put("/f", data)
    async with service.ask("GET", "/webhdfs/v1/f?op=OPEN&read=true") as answer:
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Transfer-Encoding"] == "chunked"
        assert await answer.read() == data


@pytest.mark.fidelity("assumed", "of 911 recorded reads by a client that names gzip among others 3 came so")
async def test_gzip_is_for_clients_that_take_nothing_else(service):
    """Content and JSON are gzip for clients that accept gzip alone, and plain for all others."""
    data = b"all alike " * 100_000
    await service.put("/f", data)
    await service.put("/empty")
    for target in ("/webhdfs/v1/f?op=OPEN&read=true", "/webhdfs/v1/?op=LISTSTATUS"):
        for coding in ("gzip, deflate", "gzip;q=0", "identity;q=0.5, gzip; q=0.000"):
            async with service.ask("GET", target, headers={"Accept-Encoding": coding}) as answer:
                plain = await answer.read()
                assert "Content-Encoding" not in answer.headers
        async with service.ask("GET", target, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert await answer.read() == plain
    async with service.ask(
        "GET", "/webhdfs/v1/empty?op=OPEN&read=true", headers={"Accept-Encoding": "gzip"}
    ) as answer:
        assert (answer.headers["Content-Length"], await answer.read()) == ("0", b"")
        assert "Content-Encoding" not in answer.headers


@pytest.mark.fidelity("own")
async def test_a_reader_who_goes_away_lets_go_of_the_file(service):
    """A connection that is closed in the middle of a file leaves no content behind that was removed."""
    for _ in range(8):
        async with service.ask("POST", "/webhdfs/v1/f?op=APPEND&append=true", data=bytes(4 << 20)) as answer:
            if answer.status == 404:
                await service.put("/f", bytes(4 << 20))
    async with service.ask("GET", "/webhdfs/v1/f?op=OPEN&read=true") as answer:
        await answer.content.readexactly(10)
        assert await service.put("/f", b"", overwrite="true") == 201
        answer.close()
    blobs = service.lake._store._content._blobs
    # The server learns of it at its next write.
    async with asyncio.timeout(180):
        while list(blobs):  # noqa: ASYNC110 - nothing reports their removal
            await asyncio.sleep(0.01)


@pytest.mark.fidelity("documented", "RFC 9112, 6.1")
async def test_old_http_gets_no_chunks(service):
    """A client of HTTP/1.0 gets the content as it is, ended by the end of the connection."""
    await service.put("/f", b"abc")
    host, port = service.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /webhdfs/v1/f?op=OPEN&read=true HTTP/1.0\r\nHost: lake\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.endswith(b"\r\n\r\nabc")
    assert b"chunked" not in answer
