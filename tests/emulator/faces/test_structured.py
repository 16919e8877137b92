from __future__ import annotations

import base64
import hashlib
import random

import pytest

from airflow_provider_adls.emulator.faces import bodies, crc64, structured
from airflow_provider_adls.emulator.gen2.errors import StorageError

SDK = "azure-storage-file-datalake 12.26, streams.py"
FORM = structured.FORM


@pytest.mark.parametrize("length", [0, 1, 5000, structured.SEGMENT, structured.SEGMENT + 1])
@pytest.mark.fidelity("documented", SDK)
def test_a_message_holds_its_content(length):
    """Content of any length comes back from its message."""
    data = bytes(length)
    assert structured.decoded(structured.encoded(data)) == data


@pytest.mark.fidelity("documented", SDK)
def test_a_damaged_message_is_refused():
    """A message that is cut off, longer, or differs by a byte of its content is refused."""
    message = structured.encoded(b"abc")
    for damaged, code in (
        (message[:-1], "InvalidInput"),
        (message + b"x", "InvalidInput"),
        (b"", "InvalidInput"),
        (b"\x02" + message[1:], "InvalidInput"),
        (message.replace(b"abc", b"abd"), "Crc64Mismatch"),
    ):
        with pytest.raises(StorageError) as refusal:
            structured.decoded(damaged)
        assert refusal.value.code == code


@pytest.mark.fidelity("documented", SDK)
async def test_messages_go_both_ways(account):
    """An append in a message keeps its content alone; a read that asks for one gets one."""
    await account.put("/f")
    target = "/raw/f?action=append&position=0&flush=true"
    message = structured.encoded(b"abcdef")
    answer = await account.dfs("PATCH", target, message, x_structured_body=FORM)
    assert (answer.status, answer.headers["x-ms-structured-body"]) == (202, FORM)
    assert (await account.dfs("GET", "/raw/f")).body == b"abcdef"
    answer = await account.blob("GET", "/raw/f", Range="bytes=1-2", x_structured_body=FORM)
    assert structured.decoded(answer.body) == b"bc"
    assert (answer.status, answer.headers["x-ms-structured-content-length"]) == (206, "2")


@pytest.mark.fidelity("assumed", "a form that is not known cannot be read")
async def test_another_form_is_refused(account):
    """A message of a form that does not exist is refused, in both directions."""
    await account.put("/f", b"abc")
    target = "/raw/f?action=append&position=3"
    for answer in (
        await account.dfs("PATCH", target, b"abc", x_structured_body="XSM/9.0"),
        await account.dfs("GET", "/raw/f", x_structured_body="XSM/9.0"),
    ):
        assert answer.code == "InvalidHeaderValue"


@pytest.mark.fidelity("own")
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_a_message_may_come_in_parts(step):
    """Content comes out of a message however its bytes are cut."""
    data = bytes(range(256)) * 40 if step < 100 else random.Random(1).randbytes(structured.SEGMENT + 9)
    message, decoder = structured.encoded(data), structured.Decoder()
    parts = [message[start : start + step] for start in range(0, len(message), step)]
    assert b"".join(piece for part in parts for piece in decoder.decoded(part)) == data
    decoder.end()


@pytest.mark.fidelity("own")
async def test_long_content_is_checked_as_it_comes(account):
    """Content too long for memory is compared with its digests, in a message and without one."""
    data = random.Random(2).randbytes(bodies.IN_MEMORY + 70_000)
    digest = base64.b64encode(hashlib.md5(data).digest()).decode()
    target = "/raw/f?action=append&position=0&flush=true"
    for content, headers, code in (
        (data, {"Content_MD5": digest}, ""),
        (data, {"x_content_crc64": crc64.digest(data)}, ""),
        (structured.encoded(data), {"x_structured_body": FORM, "Content_MD5": digest}, ""),
        (data[:-1], {"Content_MD5": digest}, "Md5Mismatch"),
        (data[:-1], {"x_content_crc64": crc64.digest(data)}, "Crc64Mismatch"),
        (structured.encoded(data)[:-1], {"x_structured_body": FORM}, "InvalidInput"),
    ):
        await account.put("/f")
        answer = await account.dfs("PATCH", target, content, **headers)
        assert answer.code == code
        assert (await account.dfs("GET", "/raw/f")).body == (b"" if code else data)
    put = await account.blob("PUT", "/raw/g", data, x_blob_type="BlockBlob")
    assert (
        put.headers["Content-MD5"] == (await account.blob("HEAD", "/raw/g")).headers["Content-MD5"] == digest
    )
