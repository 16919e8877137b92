from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobServiceClient, ContainerSasPermissions, generate_container_sas

from airflow_provider_adls.emulator.gen2.batch import MAX_BODY, MAX_REQUESTS, parts
from airflow_provider_adls.emulator.gen2.errors import StorageError

NAMES = ["a b.csv", "d/scheduled__2026-11-29T00:00:00+00:00", "ü%#"]


@pytest.fixture
def container(gen2):
    """A container with three blobs, as the Blob SDK sees it."""
    container = gen2.client(BlobServiceClient, host="blob").get_container_client("raw")
    for name in NAMES:
        container.upload_blob(name, b"abc")
    return container


def left(container) -> set[str]:
    return set(container.list_blob_names()) & set(NAMES)


def test_blobs_are_deleted_in_a_batch(container):
    """Each blob of a batch has its own answer; a missing one is named, and the others are gone."""
    answers = list(container.delete_blobs(*NAMES, "missing", raise_on_any_failure=False))
    assert [answer.status_code for answer in answers] == [202, 202, 202, 404]
    assert answers[3].headers["x-ms-error-code"] == "BlobNotFound"
    assert left(container) == set()


def test_each_request_of_a_batch_is_signed_for_itself(gen2, container):
    """A batch does no more than the signatures of its requests allow, whoever signs the whole."""
    sas = generate_container_sas(
        gen2.name,
        "raw",
        account_key=gen2.key,
        permission=ContainerSasPermissions(read=True),
        expiry=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1),
    )
    reader = gen2.client(BlobServiceClient, sas, host="blob").get_container_client("raw")
    answers = list(reader.delete_blobs(*NAMES, raise_on_any_failure=False))
    assert {answer.status_code for answer in answers} == {403}
    assert left(container) == set(NAMES)


def test_other_operations_are_not_done_in_a_batch(gen2, container):
    """A batch deletes; a request of another kind in it is refused, as is a batch that is none."""
    target = "/raw?restype=container&comp=batch"
    inner = "GET /raw/d HTTP/1.1\r\n\r\n"
    body = f"--x\r\nContent-Type: application/http\r\nContent-ID: 0\r\n\r\n{inner}--x--\r\n"
    token = gen2.browser.bearer("https://storage.azure.com/")
    for content, kind, status in (
        (body, "multipart/mixed; boundary=x", 202),
        (body, "text/plain", 400),
        ("--x--", "multipart/mixed; boundary=x", 400),
        (body.replace("GET", "get"), "multipart/mixed; boundary=x", 400),
    ):
        headers = {**token, "Content-Type": kind}
        answer = gen2.send("POST", "blob", target, data=content, headers=headers)
        assert answer.status_code == status
        if status == 202:
            assert "HTTP/1.1 400" in answer.text


def test_a_batch_has_a_limit(container):
    """The service takes 256 requests in a batch, and the SDK sends as many as it is given."""
    with pytest.raises(HttpResponseError):
        list(container.delete_blobs(*(f"f{number}" for number in range(MAX_REQUESTS + 1))))


async def test_a_batch_without_a_length_is_bounded():
    """A batch that comes in chunks is refused once it is longer than a batch may be."""
    loop = asyncio.get_running_loop()
    content = StreamReader(BaseProtocol(loop), MAX_BODY, loop=loop)
    content.feed_data(bytes(MAX_BODY + 1))
    headers = {"Content-Type": "multipart/mixed; boundary=x"}
    with pytest.raises(StorageError) as refusal:
        await parts(make_mocked_request("POST", "/?comp=batch", headers, payload=content), "")
    assert refusal.value.code == "RequestBodyTooLarge"
