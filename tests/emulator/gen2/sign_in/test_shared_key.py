"""Account keys: requests that the SDKs sign, and requests that somebody changed on the way."""

from __future__ import annotations

import base64
import hashlib
import hmac
from email.utils import formatdate

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobServiceClient
from azure.storage.filedatalake import DataLakeServiceClient
from multidict import CIMultiDict, CIMultiDictProxy

from airflow_provider_adls.emulator.gen2.sign_in import shared_key
from tests.emulator.gen2.conftest import KEPT_OUT, verdict

OTHER_KEY = base64.b64encode(b"another").decode()


def signed(gen2, method, path, query="", *, scheme="SharedKey", key=None, account=None, **headers):
    """Return the headers of a request that a client of no SDK signs."""
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-12-02", **headers}
    target = f"{path}?{query}" if query else path
    account = account or gen2.name
    given = CIMultiDictProxy(CIMultiDict(headers))
    text = next(shared_key.texts(method, target, given, account, lite=scheme == "SharedKeyLite"))
    return {**headers, "Authorization": f"{scheme} {account}:{shared_key.sign(key or gen2.key, text)}"}


def outcome(call):
    """Return the code that kept an SDK's call out, or `in`."""
    try:
        call()
    except HttpResponseError as error:
        return error.error_code if error.error_code in KEPT_OUT else "in"
    return "in"


@pytest.mark.fidelity("documented", "Authorize with Shared Key")
def test_the_text_is_the_documented_one():
    """The text to sign has the lines of the reference, in its order, with the example's values."""
    headers = CIMultiDict({"x-ms-version": "2015-02-21", "x-ms-date": "Fri, 26 Jun 2015 23:39:12 GMT"})
    headers["Content-Length"] = "0"
    text = next(
        shared_key.texts(
            "GET",
            "/mycontainer?restype=container&comp=metadata&timeout=20",
            CIMultiDictProxy(headers),
            "myaccount",
        )
    )
    assert text == (
        "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n"
        "/myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20"
    )


@pytest.mark.fidelity("documented", "Authorize with Shared Key")
def test_the_lite_text_is_the_documented_one():
    """SharedKeyLite signs four lines, the service's headers, and of the query `comp` alone."""
    headers = CIMultiDict({"Content-Type": "text/plain; charset=UTF-8"})
    headers["x-ms-date"] = "Sun, 20 Sep 2009 20:36:40 GMT"
    headers["x-ms-meta-m1"] = "v1"
    text = next(
        shared_key.texts(
            "PUT", "/c/b?timeout=1&comp=metadata", CIMultiDictProxy(headers), "myaccount", lite=True
        )
    )
    assert text == (
        "PUT\n\ntext/plain; charset=UTF-8\n\nx-ms-date:Sun, 20 Sep 2009 20:36:40 GMT\nx-ms-meta-m1:v1\n"
        "/myaccount/c/b?comp=metadata"
    )


@pytest.mark.fidelity("own")
@pytest.mark.parametrize("key", ["key1", "key2"])
def test_sdks_come_in_with_either_key(gen2, key):
    """The SDK's clients of both faces come in with each of the two keys, whatever a name holds."""
    client = gen2.client(DataLakeServiceClient, gen2.keys[key])
    files = client.get_file_system_client("raw")
    name = "scheduled__2026-11-29T00:00:00+00:00/a b%#[1]é.csv"
    calls = [
        lambda: list(client.list_file_systems()),
        lambda: list(files.get_paths(recursive=True)),
        lambda: files.get_file_client(name).create_file(metadata={"b": "1", "a": "2"}),
        lambda: files.get_file_client(name).get_file_properties(),
        lambda: gen2.client(BlobServiceClient, gen2.keys[key], "blob").get_account_information(),
    ]
    assert [outcome(call) for call in calls] == ["in"] * len(calls)


@pytest.mark.fidelity("documented", "Authorize with Shared Key")
def test_another_key_is_refused(gen2):
    """A request that another key signed is refused, on both faces, in the words of each."""
    client = gen2.client(DataLakeServiceClient, OTHER_KEY)
    assert outcome(lambda: list(client.list_file_systems())) == "AuthenticationFailed"
    answer = gen2.send("GET", "dfs", "/", headers=signed(gen2, "GET", "/", key=OTHER_KEY))
    assert answer.status_code == 403
    error = answer.json()["error"]
    assert error["code"] == "AuthenticationFailed"
    assert error["message"].startswith("Server failed to authenticate the request. Make sure")
    assert answer.reason == error["message"].partition("\n")[0]


@pytest.mark.fidelity("documented", "Authorize with Shared Key")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "in"),
        ({"x-ms-meta-a": "2"}, "AuthenticationFailed"),
        ({"Content-Type": "text/plain"}, "AuthenticationFailed"),
        ({"Range": "bytes=0-1"}, "AuthenticationFailed"),
        ({"x-ms-date": "Fri, 26 Jun 2015 23:39:12 GMT"}, "AuthenticationFailed"),
        ({"Authorization": "SharedKey"}, "AuthenticationFailed"),
        ({"Authorization": "SharedKey other:abc="}, "AuthenticationFailed"),
        ({"Authorization": "Basic abc"}, "InvalidAuthenticationInfo"),
    ],
)
def test_what_was_signed_may_not_change(gen2, change, expected):
    """A header that was signed may be neither changed nor added on the way."""
    headers = signed(gen2, "GET", "/raw/a%20b", "comp=metadata", **{"x-ms-meta-a": "1"})
    answer = gen2.send("GET", "blob", "/raw/a%20b?comp=metadata", headers={**headers, **change})
    assert verdict(answer) == expected


@pytest.mark.fidelity("documented", "Authorize with Shared Key")
def test_the_query_was_signed_too(gen2):
    """A query that differs from the signed one is refused; the order of its parts does not matter."""
    headers = signed(gen2, "GET", "/raw", "restype=container&comp=list&prefix=a%2Fb%20c")
    same = gen2.send("GET", "blob", "/raw?comp=list&prefix=a%2Fb%20c&restype=container", headers=headers)
    other = gen2.send("GET", "blob", "/raw?comp=list&prefix=a%2Fb&restype=container", headers=headers)
    assert (verdict(same), verdict(other)) == ("in", "AuthenticationFailed")


@pytest.mark.fidelity("own")
@pytest.mark.parametrize("path_style", [True, False])
def test_a_client_of_the_path_style_may_sign_either_path(gen2, path_style):
    """A client that knows the emulator by path signs its own URL, or that of the service; both come in."""
    path = f"/dfs/{gen2.name}/raw/a"
    headers = signed(gen2, "GET", path if path_style else "/raw/a")
    assert verdict(gen2.browser.send("GET", path, headers=headers)) == "in"


@pytest.mark.fidelity("documented", "Authorize with Shared Key")
def test_lite_comes_in(gen2):
    """A request that was signed by the older scheme comes in."""
    headers = signed(gen2, "GET", "/raw/a", scheme="SharedKeyLite")
    assert verdict(gen2.send("GET", "blob", "/raw/a", headers=headers)) == "in"


@pytest.mark.fidelity("documented", "Authorize with Shared Key")
@pytest.mark.parametrize("minutes", [-20, 20])
def test_a_signature_is_good_for_a_quarter_of_an_hour(gen2, minutes):
    """A request whose date is more than 15 minutes off is refused, and so is one without a date."""
    import time

    stale = {"x-ms-date": formatdate(time.time() + minutes * 60, usegmt=True)}
    headers = signed(gen2, "GET", "/raw/a", **stale)
    assert verdict(gen2.send("GET", "blob", "/raw/a", headers=headers)) == "AuthenticationFailed"


@pytest.mark.fidelity("documented", "azure-storage-blob 12.31, which sorts as the service does")
def test_headers_sort_without_hyphens_too():
    """Both orders of headers are known: by character, and the service's own, which skips hyphens."""
    headers = CIMultiDictProxy(CIMultiDict({"x-ms-meta-ab": "1", "x-ms-meta-a-z": "2"}))
    orders = [text.splitlines()[-3:-1] for text in shared_key.texts("GET", "/", headers, "a")]
    assert orders == [["x-ms-meta-a-z:2", "x-ms-meta-ab:1"], ["x-ms-meta-ab:1", "x-ms-meta-a-z:2"]]


@pytest.mark.fidelity("documented", "Authorize with Shared Key")
def test_the_signature_is_hmac():
    """A signature is the base64 of HMAC-SHA256 with the decoded key."""
    digest = hmac.new(b"another", b"text", hashlib.sha256).digest()
    assert shared_key.sign(OTHER_KEY, "text") == base64.b64encode(digest).decode()
