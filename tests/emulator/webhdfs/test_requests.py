from __future__ import annotations

import asyncio
import contextlib
import json

import aiohttp
import pytest

from airflow_provider_adls.emulator.rules.refusals import Invalid, Unsupported
from airflow_provider_adls.emulator.webhdfs import requests
from airflow_provider_adls.model.operations import MAX_BODY, OPERATIONS

V1 = "/webhdfs/v1"


@pytest.mark.parametrize(
    ("encoded", "name"),
    [
        ("with%20blank", "with blank"),
        ("%20", " "),
        ("100%25", "100%"),
        ("%2541", "%41"),
        ("a%23b%3Fc", "a#b?c"),
        ("a+b", "a+b"),
        ("a%2Bb", "a+b"),
        ("a%2Cb;c=d&e", "a,b;c=d&e"),
        ("%C3%BCber%E4%B8%AD%F0%9F%98%80", "über中😀"),
        ("!%22$'()*-.%3C=%3E@%5B%5D%5E_%60%7B%7C%7D~%5C", "!\"$'()*-.<=>@[]^_`{|}~\\"),
        (".hidden", ".hidden"),
        ("a..b", "a..b"),
        ("x" * 1000, "x" * 1000),
        ("%F0%9F%98%80" * 250, "😀" * 250),
    ],
)
@pytest.mark.fidelity("documented", "Hadoop connector's tests on the live service; recordings")
async def test_any_name_comes_back(service, encoded, name):
    """A name is decoded once, kept, listed, read and deleted, wherever in the path it stands."""
    for path in (f"/d/{encoded}", f"/d2/{encoded}/f"):
        assert await service.put(path, b"abc") == 201
        assert await service.get(path) == b"abc"
    assert await service.names("/d") == [name]
    assert await service.names("/d2") == [name]
    assert await service.json("DELETE", f"{V1}/d/{encoded}?op=DELETE") == {"boolean": True}
    assert await service.names("/d") == []


@pytest.mark.parametrize("path", ["/d/f", "//d/f", "/d//f/", "/./d/./f", "/d/x/../f", "/d%2Ff", "%2Fd%2Ff"])
@pytest.mark.fidelity("documented", "recordings for `//` and `/.`; Node SDK for `%2F`")
async def test_one_file_has_many_spellings(service, path):
    """Doubled and encoded slashes, dots and a slash at the end name the same file."""
    await service.put("/d/f", b"abc")
    assert await service.get(path if path.startswith("/") else f"/{path}") == b"abc"


@pytest.mark.parametrize("path", ["/a:b", "/a%3Ab", "/a%00b", "/a%0Ab", "/a%7Fb", "/d/a%1F/f"])
@pytest.mark.fidelity("documented", ".NET SDK's tests on the live service")
async def test_names_that_cannot_be_are_refused(service, path):
    """A colon and control characters are refused, with nothing made."""
    assert await service.put(path) == 400
    assert await service.names() == []
    await service.put("/f")
    target = f"{V1}/f?op=RENAME&destination={path}"
    assert await service.refusal("PUT", target) == (400, "IllegalArgumentException", "0x83090001")


@pytest.mark.parametrize("target", ["/a%FF?op=MKDIRS", "/a?op=MKDIRS&permission=%FF"])
@pytest.mark.fidelity("assumed", "names are text, in all SDKs")
async def test_what_is_not_utf_8_is_refused(service, target):
    """Bytes that are not UTF-8 are refused in path and query."""
    assert (await service.refusal("PUT", V1 + target))[0] == 400


@pytest.mark.fidelity("assumed", "names are text, in all SDKs")
async def test_bare_bytes_that_are_not_utf_8_are_refused(service):
    """Bytes that are not UTF-8 are refused without percent-encoding, too."""
    host, port = service.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"PUT /webhdfs/v1/a\xff?op=MKDIRS HTTP/1.1\r\nHost: lake\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.split()[1] == b"400"


@pytest.mark.fidelity("documented", "Python SDK, which encodes queries as forms")
async def test_a_blank_may_be_a_plus_in_a_query(service):
    """In a query `+` is a blank and `%2B` a plus, as clients that encode forms send it."""
    await service.put("/f")
    await service.json("PUT", f"{V1}/f?op=RENAME&destination=/a+b%2Bc")
    assert await service.names() == ["a b+c"]


@pytest.mark.fidelity("documented", "Python, Java and .NET SDKs, which differ")
async def test_letters_case_does_not_count(service):
    """Names of operations and parameters, and their words, are read in any case."""
    target = f"{V1}/f?Op=create&WRITE=True&Overwrite=FALSE&SyncFlag=data&LeaseId=Mine&createPARENT=False"
    async with service.ask("PUT", target, data=b"a") as answer:
        assert answer.status == 201
    async with service.ask("POST", f"{V1.upper()}/f?OP=Append&append=TRUE&leaseid=Mine", data=b"b") as answer:
        assert answer.status == 200
    assert await service.get("/f") == b"ab"
    target = f"{V1}/f?op=RENAME&destination=/g&renameoptions=overwrite"
    assert await service.json("PUT", target) == {"boolean": True}


@pytest.mark.parametrize(
    ("method", "target", "text"),
    [
        ("GET", f"{V1}/?op=FROB", "Unknown operation FROB"),
        ("GET", f"{V1}/", "op is missing"),
        ("GET", f"{V1}/?op=GETFILESTATUS&frob=1", "Unknown parameter frob"),
        ("GET", f"{V1}/?op=GETFILESTATUS&api-version=newest", "api-version must be a date"),
        ("GET", f"{V1}/?op=GETFILESTATUS&api-version=", "api-version must be a date"),
        ("GET", f"{V1}/?op=MKDIRS", "MKDIRS is sent with PUT, not with GET"),
        ("PUT", f"{V1}/f?op=SETEXPIRY&expiryOption=NeverExpire", "SETEXPIRY is sent to /webhdfsext"),
        ("PUT", "/webhdfsext/f?op=MKDIRS", "MKDIRS is sent to /webhdfs/v1"),
        ("PUT", "/webhdfs/v2/f?op=MKDIRS", "is under neither"),
        ("PUT", f"{V1}/f?op=RENAME", "RENAME needs the parameter destination"),
        ("PUT", f"{V1}/f?op=RENAME&destination=/g&renameoptions=maybe", "renameoptions must be one of"),
        ("PUT", f"{V1}/f?op=SETPERMISSION&permission=888", "888"),
        ("PUT", f"{V1}/f?op=MKDIRS&permission=17777", "17777"),
        ("PUT", f"{V1}/f?op=SETACL&aclspec=user:rwx", "user:rwx"),
        ("PUT", f"{V1}/f?op=CREATE&write=true&overwrite=perhaps", "overwrite must be true or false"),
        ("PUT", f"{V1}/f?op=CREATE&write=true&syncFlag=PIPELINE", "syncflag must be one of"),
        ("PUT", f"{V1}/f?op=CREATE&write=true&write=false", "write is given twice"),
        ("PUT", f"{V1}/f?op=CREATE&write=false", "write must be true"),
        ("GET", f"{V1}/f?op=OPEN&read=true&offset=-1", "offset must be a whole number"),
        ("GET", f"{V1}/f?op=OPEN&read=true&length=%C2%B2", "length must be a whole number"),
        ("GET", f"{V1}/f?op=OPEN&read=true&length={10**19}", "length must be a whole number"),
        ("GET", f"{V1}/?op=LISTSTATUS&listSize=0", "listsize must be a whole number from 1"),
        ("GET", f"{V1}/?op=CHECKACCESS&fsaction=wrx", "fsaction must be rwx"),
        ("GET", f"{V1}/?op=CHECKACCESS&fsaction=rw", "fsaction must be rwx"),
        ("PUT", "/webhdfsext/f?op=SETEXPIRY&expiryOption=Sometimes", "expiryoption must be one of"),
    ],
)
@pytest.mark.fidelity(
    "assumed", "filesystem.json for the exception's name; that nothing unknown is ignored is our choice"
)
async def test_what_makes_no_sense_is_refused_by_name(service, method, target, text):
    """Unknown, missing and malformed things are named in a 400."""
    body = await service.json(method, target)
    assert body["RemoteException"]["exception"] == "IllegalArgumentException"
    assert text in body["RemoteException"]["message"]


@pytest.mark.parametrize("name", sorted(requests.KNOWN))
@pytest.mark.fidelity("assumed", "no SDK sends them; refusing loses nothing")
def test_operations_that_are_not_done_yet_are_refused_by_name(name):
    """An unsupported operation of the service has another error than an unknown one."""
    with pytest.raises(Unsupported, match=name):
        requests.parse("GET", V1, {"op": name})


@pytest.mark.fidelity("own")
def test_no_operation_is_both_done_and_not():
    """No operation is both served and listed as unsupported."""
    assert requests.KNOWN.isdisjoint(OPERATIONS)


@pytest.mark.parametrize("path", ["/webhdfs", "/webhdfs/v10/f", "/webhdfsextra/f", ""])
@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01")
def test_other_prefixes_are_refused(path):
    """A prefix ends where a name does."""
    with pytest.raises(Invalid):
        requests.parse("GET", path, {"op": "GETFILESTATUS"})


@pytest.mark.fidelity("documented", "Node SDK")
async def test_the_node_sdk_s_prefix_is_the_same(service):
    """`/webhdfs/va`, which the Node SDK sends for sums, is `/webhdfs/v1`; whole paths may be encoded."""
    await service.put("/d/f", b"abc")
    body = await service.json("GET", "/webhdfs/va/%2Fd?op=GETCONTENTSUMMARY&api-version=2015-10-01-preview")
    assert body["ContentSummary"]["length"] == 3


@pytest.mark.parametrize("path", ["/a%7Fb", "/a%00b", "/d/a%1F/f"])
@pytest.mark.fidelity("documented", ".NET SDK's tests on the live service, for 0x7F")
async def test_a_url_that_cannot_be_has_no_json_for_an_answer(service, path):
    """A control character in a URL is refused before it is the service's; a colon is refused by it."""
    async with service.ask("GET", f"{V1}{path}?op=GETFILESTATUS") as answer:
        assert (answer.status, answer.content_type) == (400, "text/html")
    assert await service.refusal("GET", f"{V1}/a:b?op=GETFILESTATUS") == (
        400,
        "IllegalArgumentException",
        "0x83090001",
    )


@pytest.mark.fidelity(
    "documented", "HdfsCLI and Hadoop's WebHDFS for the names; that they change nothing is recorded"
)
async def test_hadoop_s_sizes_are_taken_and_not_followed(service):
    """Numbers that HdfsCLI sends change nothing; words in their place are refused by name."""
    sizes = "blocksize=1048576&buffersize=4096&replication=3"
    async with service.ask("PUT", f"{V1}/f?op=CREATE&write=true&{sizes}", data=b"abc") as answer:
        assert answer.status == 201
    async with service.ask("POST", f"{V1}/f?op=APPEND&append=true&buffersize=4096", data=b"d") as answer:
        assert answer.status == 200
    assert await service.get("/f", buffersize=4096) == b"abcd"
    status = (await service.json("GET", f"{V1}/f?op=GETFILESTATUS"))["FileStatus"]
    assert (status["blockSize"], status["replication"]) == (268435456, 1)
    for name in ("blocksize", "buffersize", "replication"):
        body = await service.json("PUT", f"{V1}/g?op=CREATE&write=true&{name}=much")
        assert name in body["RemoteException"]["message"]


@pytest.mark.parametrize("size", [0, 1, MAX_BODY])
@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01")
async def test_content_up_to_the_limit_is_taken(service, size):
    """No byte, one, and exactly as many as may be, in one piece and in chunks."""
    data = b"x" * size
    assert await service.put("/whole", data) == 201
    assert await service.put("/chunked", pieces(data)) == 201
    assert await service.get("/whole") == data
    assert await service.get("/chunked") == data


async def pieces(data: bytes):
    for start in range(0, len(data), 65_536):
        yield data[start : start + 65_536]


@pytest.mark.parametrize("size", [MAX_BODY + 1, 3 * MAX_BODY])
@pytest.mark.fidelity(
    "assumed",
    "filesystem.json 2016-11-01 names a limit; HdfsCLI and `curl -T` send whole files",
)
async def test_longer_content_of_files_is_taken(service, size):
    """CREATE and APPEND take content over the limit, in one piece and in chunks, and more after it."""
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    for make in (lambda: data, lambda: pieces(data)):
        assert await service.put("/f", make(), overwrite="true") == 201
        async with service.ask("POST", f"{V1}/f?op=APPEND&append=true&offset={size}", data=make()) as answer:
            assert answer.status == 200
        async with service.ask("POST", f"{V1}/f?op=APPEND&append=true", data=b"end") as answer:
            assert answer.status == 200
        assert await service.get("/f") == data * 2 + b"end"


@pytest.mark.fidelity("assumed", "as for any content")
async def test_longer_content_that_is_refused_leaves_nothing(service):
    """A refusal, a client that leaves, and a wrong offset keep none of the content that was received."""
    data = b"x" * (MAX_BODY + 1)
    await service.put("/f", b"abc")
    assert await service.put("/f", data) == 403
    target = f"{V1}/f?op=APPEND&append=true&offset=7"
    assert (await service.refusal("POST", target, data=pieces(data)))[1] == "BadOffsetException"

    async def broken():
        yield data
        raise RuntimeError

    with contextlib.suppress(RuntimeError, aiohttp.ClientError):
        await service.put("/g", broken())
    assert await service.names() == ["f"]
    assert await service.get("/f") == b"abc"
    while list(service.lake._store._content._blobs):
        # The server notices that its client has left, without another request.
        await service.names()


@pytest.mark.fidelity("assumed", "filesystem.json 2016-11-01 names the limit; the answer is our choice")
async def test_one_byte_more_is_refused(service):
    """One byte over the limit is refused for CONCURRENTAPPEND and MSCONCAT, in one piece and in chunks."""
    data = b"x" * (MAX_BODY + 1)
    for make in (lambda: data, lambda: pieces(data)):
        target = "/webhdfsext/f?op=CONCURRENTAPPEND&appendMode=autocreate"
        assert (await service.refusal("POST", target, data=make()))[:2] == (400, "IllegalArgumentException")
        target = f"{V1}/f?op=MSCONCAT"
        assert (await service.refusal("POST", target, data=make()))[:2] == (400, "IllegalArgumentException")
    assert await service.names() == []


@pytest.mark.fidelity("assumed", "as HTTP servers do")
async def test_content_that_is_not_asked_for_is_left_alone(service):
    """An operation that takes no content does not mind some."""
    assert await service.json("PUT", f"{V1}/d?op=MKDIRS", data=b"x" * 100_000) == {"boolean": True}
    assert await service.names() == ["d"]


@pytest.mark.fidelity("documented", "recordings for two of them; filesystem.json 2016-11-01")
async def test_concatenation_is_asked_for_in_three_ways(service):
    """JSON since 2018, a word and paths before, and a parameter; paths with or without their slash."""
    bodies = [
        ("MSCONCAT", json.dumps({"sources": ["/d/a", "d/b+c"]}).encode()),
        ("MSCONCAT", b"sources=d/a,/d/b+c"),
        ("CONCAT&sources=/d/a,d/b%2Bc", b""),
    ]
    for operation, body in bodies:
        await service.put("/d/a", b"first ", overwrite="true")
        await service.put("/d/b+c", b"last", overwrite="true")
        async with service.ask("POST", f"{V1}/w?op={operation}", data=body) as answer:
            assert answer.status == 200
        assert await service.get("/w") == b"first last"
        assert await service.names("/d") == []
        await service.json("DELETE", f"{V1}/w?op=DELETE")


@pytest.mark.parametrize(
    "body", [b"", b"sources=", b"{", b'{"a": 1}', b'{"sources": "a"}', b'{"sources": [1]}', b"\xff"]
)
@pytest.mark.fidelity("assumed", "no client sends them")
async def test_sources_that_make_no_sense_are_refused(service, body):
    """Content that names no list of paths is refused."""
    assert (await service.refusal("POST", f"{V1}/w?op=MSCONCAT", data=body))[0] == 400
    assert await service.names() == []
