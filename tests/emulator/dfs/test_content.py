from __future__ import annotations

import base64
import hashlib

import pytest

LEASE = "11111111-1111-1111-1111-111111111111"


def md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data).digest()).decode()


@pytest.mark.fidelity("recorded")
async def test_append_and_flush(account):
    """An append is answered with 202 and no version; a flush with 200 and one, or the append that flushes."""
    await account.put("/f")
    first = await account.dfs("PATCH", "/raw/f?action=append&position=0", b"abc")
    assert (first.status, "ETag" in first.headers) == (202, False)
    flushed = await account.dfs("PATCH", "/raw/f?action=flush&position=3&close=true")
    assert (flushed.status, flushed.headers["x-ms-request-server-encrypted"]) == (200, "false")
    second = await account.dfs("PATCH", "/raw/f?action=append&position=3&flush=true", b"def")
    assert second.status == 202
    answer = await account.dfs("GET", "/raw/f")
    assert (answer.body, answer.etag) == (b"abcdef", second.etag)
    wrong = await account.dfs("PATCH", "/raw/f?action=flush&position=9")
    assert (wrong.status, wrong.code) == (400, "InvalidFlushPosition")


@pytest.mark.fidelity("recorded")
async def test_a_flush_under_a_failed_condition_has_no_content(account):
    """A failed condition of a flush is named in a header alone."""
    await account.put("/f")
    answer = await account.dfs("PATCH", "/raw/f?action=flush&position=0", If_None_Match="*")
    assert (answer.status, answer.code, answer.body) == (412, "ConditionNotMet", b"")


@pytest.mark.fidelity("recorded")
async def test_a_flush_makes_its_type_the_files(account):
    """The type of a flush's own content becomes the file's, unless another is named."""
    await account.put("/f")
    target = "/raw/f?action=flush&position=0"
    await account.dfs("PATCH", target, Content_Type="application/json")
    assert (await account.dfs("HEAD", "/raw/f")).headers["Content-Type"] == "application/json"
    await account.dfs("PATCH", target, Content_Type="application/json", x_content_type="text/csv")
    assert (await account.dfs("HEAD", "/raw/f")).headers["Content-Type"] == "text/csv"


@pytest.mark.fidelity("documented", "REST reference, Path - Update")
async def test_digests_of_an_append_are_compared(account):
    """An append whose MD5 or CRC-64 is another content's is refused; those that fit are answered."""
    await account.put("/f")
    target = "/raw/f?action=append&position=0"
    right = await account.dfs("PATCH", target, b"abc", Content_MD5=md5(b"abc"))
    assert right.headers["Content-MD5"] == md5(b"abc")
    assert (await account.dfs("PATCH", target, b"abc", Content_MD5=md5(b""))).code == "Md5Mismatch"
    right = await account.dfs("PATCH", target, b"H", x_content_crc64="MlSW/U5mnKQ=")
    assert right.headers["x-ms-content-crc64"] == "MlSW/U5mnKQ="
    assert (await account.dfs("PATCH", target, b"I", x_content_crc64="MlSW/U5mnKQ=")).code == "Crc64Mismatch"


@pytest.mark.parametrize(
    ("asked", "status", "body", "stretch"),
    [
        ("bytes=1-2", 206, b"bc", "bytes 1-2/6"),
        ("bytes=4-", 206, b"ef", "bytes 4-5/6"),
        ("bytes=0-99", 206, b"abcdef", "bytes 0-5/6"),
        ("bytes=0-18446744073709551614", 200, b"abcdef", None),
        ("bytes=-2", 200, b"abcdef", None),
        ("bytes=6-7", 416, None, "bytes */6"),
    ],
)
@pytest.mark.fidelity("recorded")
async def test_ranges(account, asked, status, body, stretch):
    """A range is answered with 206, one from the end on with 416; one without end is the whole file."""
    await account.put("/f", b"abcdef")
    answer = await account.dfs("GET", "/raw/f", Range=asked)
    other = await account.dfs("GET", "/raw/f", x_range=asked)
    assert (answer.status, answer.headers.get("Content-Range")) == (status, stretch)
    assert (other.status, other.headers.get("Content-Range")) == (status, stretch)
    if body is not None:
        assert answer.body == other.body == body


@pytest.mark.fidelity("recorded")
async def test_an_empty_file_has_no_range(account):
    """Any range of an empty file is beyond its end."""
    await account.put("/f")
    assert (await account.dfs("GET", "/raw/f")).body == b""
    assert (await account.dfs("GET", "/raw/f", Range="bytes=0-9")).status == 416


@pytest.mark.fidelity("documented", "REST reference, Path - Read")
async def test_the_digest_of_a_range(account):
    """The MD5 of a range is answered if it is asked for."""
    await account.put("/f", b"abcdef")
    answer = await account.dfs("GET", "/raw/f", Range="bytes=1-2", x_range_get_content_md5="true")
    assert (answer.body, answer.headers["Content-MD5"]) == (b"bc", md5(b"bc"))


@pytest.mark.fidelity("documented", "REST reference, Path - Update")
async def test_a_write_renews_a_lease(account):
    """The answer to a write that renewed its lease says so; an unknown action is refused."""
    await account.put("/f", x_proposed_lease_id=LEASE, x_lease_duration="15")
    target = "/raw/f?action=append&position=0"
    answer = await account.dfs("PATCH", target, b"abc", x_lease_action="auto-renew", x_lease_id=LEASE)
    assert (answer.status, answer.headers["x-ms-lease-renewed"]) == (202, "true")
    answer = await account.dfs("PATCH", target, b"abc", x_lease_action="borrow", x_lease_id=LEASE)
    assert answer.code == "InvalidHeaderValue"


@pytest.mark.fidelity("own")
async def test_a_big_file_comes_back(account):
    """Content of many pieces, appended backwards, is streamed in its order."""
    pieces = [bytes([number]) * (300_000 + number) for number in range(8)]
    offsets = [sum(map(len, pieces[:number])) for number in range(8)]
    await account.put("/f")
    for piece, offset in reversed(list(zip(pieces, offsets, strict=True))):
        await account.dfs("PATCH", f"/raw/f?action=append&position={offset}", piece)
    whole = b"".join(pieces)
    await account.dfs("PATCH", f"/raw/f?action=flush&position={len(whole)}")
    assert (await account.dfs("GET", "/raw/f")).body == whole
    answer = await account.dfs("GET", "/raw/f", Range="bytes=299999-900003")
    assert answer.body == whole[299999:900004]
