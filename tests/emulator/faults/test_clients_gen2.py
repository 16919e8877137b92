"""The SDK of Gen2, unmodified, behind the proxy, and the emulator's faults on both faces."""

from __future__ import annotations

import functools

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.storage.filedatalake import DataLakeServiceClient, LinearRetry

CONTENT = bytes(range(256)) * 2000
PATH = "scheduled__2026-11-29T00:00:00+00:00/é %#[1].csv"
#: Each way to fail that a retry mends.
WAYS = [
    {"drop": "before", "times": 2},
    {"drop": "after", "times": 2},
    {"truncate": 0, "times": 1},
    {"delay": 0.01, "times": 1},
    {"retry_after": 0, "times": 2},
    {"status": 500, "times": 2},
    {"error": "ServerBusy", "times": 2},
    {"error": "OperationTimedOut", "nth": 1},
]


@pytest.fixture
def lake(adls_gen2_account, adls_gen1_proxy):
    """The container of an account, as if the cloud were there; a failed request is repeated at once."""
    account = adls_gen2_account
    retries = LinearRetry(backoff=0, retry_total=3, random_jitter_range=0)
    url = f"https://{account.name}.dfs.core.windows.net"
    with DataLakeServiceClient(url, account.key1, retry_policy=retries) as service:
        yield service.get_file_system_client(account.container)


@pytest.fixture
def fail(adls_gen1_fault, adls_gen2_account):
    """Return a function that makes requests to the account fail."""
    return functools.partial(adls_gen1_fault, account=adls_gen2_account.name)


def fired(rule: dict) -> int:
    return rule.get("times", 1)


@pytest.mark.parametrize("operation", ["CreatePathFile", "AppendFile", "FlushFile"])
@pytest.mark.parametrize("rule", WAYS, ids=str)
def test_the_sdk_writes_each_byte_once(lake, fail, operation, rule):
    """The SDK writes a whole file, whichever of its requests or answers on the DFS face are lost."""
    file = lake.get_file_client(PATH)
    with fail(service="dfs", operation=operation, **rule) as fault:
        file.create_file()
        file.append_data(CONTENT, 0)
        file.flush_data(len(CONTENT))
    assert fault.fired == fired(rule)
    assert file.download_file().readall() == CONTENT


@pytest.mark.parametrize("rule", [*WAYS, {"truncate": 100_000, "times": 1}], ids=str)
def test_the_sdk_reads_the_whole(lake, fail, rule):
    """An answer of the Blob face that fails or breaks off is never taken for the whole file."""
    file = lake.get_file_client(PATH)
    file.upload_data(CONTENT, overwrite=True)
    with fail(service="blob", operation="GetBlob", **rule) as fault:
        assert file.download_file().readall() == CONTENT
    assert fault.fired == fired(rule)


@pytest.mark.parametrize("rule", WAYS, ids=str)
def test_the_sdk_asks_for_properties_again(lake, fail, rule):
    """An answer without content that is lost is asked for again, on the Blob face and the DFS face."""
    file = lake.get_file_client(PATH)
    file.upload_data(CONTENT, overwrite=True)
    with fail(service="blob", operation="GetBlobProperties", **rule) as fault:
        assert file.get_file_properties().size == len(CONTENT)
    assert fault.fired == fired(rule)
    with fail(service="dfs", operation="GetPathAccessControl", **rule) as fault:
        assert file.get_access_control()["permissions"] == "rw-r-----"
    assert fault.fired == fired(rule)


def test_a_rename_whose_answer_is_lost(lake, fail):
    """The SDK repeats a rename that took place, and is refused: the file is at its new path alone."""
    file = lake.get_file_client("a")
    file.upload_data(b"abc", overwrite=True)
    with (
        fail(operation="RenamePath", drop="after", times=1),
        pytest.raises(ResourceNotFoundError) as caught,
    ):
        file.rename_file(f"{lake.file_system_name}/b")
    assert caught.value.error_code == "SourcePathNotFound"
    assert [path.name for path in lake.get_paths()] == ["b"]


@pytest.mark.parametrize(
    ("rule", "status", "code"),
    [
        ({"operation": "AppendFile", "error": "InvalidFlushPosition"}, 400, "InvalidFlushPosition"),
        ({"operation": "AppendFile", "status": 403}, 403, "AuthorizationPermissionMismatch"),
        ({"operation": "ListFilesystemDir", "error": "FilesystemNotFound"}, 404, "FilesystemNotFound"),
        ({"operation": "GetBlobProperties", "error": "BlobNotFound"}, 404, "BlobNotFound"),
        ({"operation": "GetBlobProperties", "status": 503, "retry_after": 0}, 503, "ServerBusy"),
    ],
    ids=str,
)
def test_what_the_sdk_raises(lake, fail, rule, status, code):
    """An error that a rule names arrives by its status and code, and a lasting one after the last try."""
    file = lake.get_file_client("f")
    file.create_file()
    calls = {
        "AppendFile": lambda: file.append_data(b"abc", 0),
        "ListFilesystemDir": lambda: list(lake.get_paths()),
        "GetBlobProperties": file.get_file_properties,
    }
    with fail(**rule), pytest.raises(HttpResponseError) as caught:
        calls[rule["operation"]]()
    assert (caught.value.status_code, caught.value.error_code) == (status, code)
