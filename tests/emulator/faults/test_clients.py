"""Unmodified clients behind the proxy, and the emulator's faults."""

from __future__ import annotations

import pytest
import requests
from azure.datalake.store.core import AzureDLFileSystem
from azure.datalake.store.exceptions import DatalakeRESTException
from azure.identity import ClientSecretCredential

CONTENT = bytes(range(256)) * 40_000
BLOCK = 4 * 2**20


@pytest.fixture
def sdk(adls_gen1_emulator, adls_gen1_account, adls_gen1_proxy):
    """The SDK's file system, as if the cloud were there."""
    it = adls_gen1_emulator
    with ClientSecretCredential(it.tenant_id, it.client_id, it.client_secret) as credential:
        yield AzureDLFileSystem(token_credential=credential, store_name=adls_gen1_account)


def write(sdk):
    with sdk.open("/raw/f", "wb", blocksize=BLOCK) as file:
        file.write(CONTENT)


@pytest.mark.parametrize(
    "rule",
    [
        {"operation": "APPEND", "drop": "before", "times": 2},
        {"operation": "APPEND", "drop": "after", "times": 2},
        {"operation": "APPEND", "status": 503, "nth": 1},
        {"operation": "APPEND", "retry_after": 0, "nth": 2},
        {"operation": "CREATE", "drop": "after", "nth": 1},
        {"operation": "APPEND", "status": 401, "nth": 1},
        {"operation": "APPEND", "truncate": 0, "nth": 1},
    ],
    ids=str,
)
def test_the_sdk_writes_each_byte_once(sdk, adls_gen1_fault, rule):
    """The SDK writes a whole file, whichever of its requests or answers are lost."""
    with adls_gen1_fault(**rule) as fault:
        write(sdk)
    assert fault.fired == rule.get("times", 1)
    assert sdk.cat("/raw/f") == CONTENT


@pytest.mark.parametrize(
    "rule",
    [{"truncate": 0}, {"truncate": 1_000_000}, {"drop": "before"}, {"drop": "after"}, {"status": 500}],
    ids=str,
)
def test_the_sdk_reads_the_whole(sdk, adls_gen1_fault, rule):
    """An answer that breaks off is never taken for the whole file."""
    write(sdk)
    with adls_gen1_fault(operation="OPEN", times=2, **rule) as fault:
        assert sdk.cat("/raw/f") == CONTENT
    assert fault.fired == 2


def test_what_the_sdk_raises(sdk, adls_gen1_fault):
    """The service's errors arrive by their names."""
    adls_gen1_fault(operation="LISTSTATUS", error="FileNotFoundException", times=1)
    with pytest.raises(FileNotFoundError):
        sdk.ls("/raw")
    adls_gen1_fault(operation="LISTSTATUS", status=403, times=1)
    with pytest.raises(PermissionError):
        sdk.ls("/raw")
    adls_gen1_fault(operation="LISTSTATUS", status=400, times=1)
    with pytest.raises(DatalakeRESTException, match="LISTSTATUS"):
        sdk.ls("/raw")


@pytest.mark.parametrize("rule", [{"drop": "before"}, {"drop": "after"}, {"truncate": 10}], ids=str)
def test_a_connection_by_the_proxy_ends(adls_gen1_emulator, adls_gen1_fault, adls_gen1_proxy, rule):
    """A connection that breaks off behind the proxy breaks off in front of it; the next request is served."""
    cloud = "https://login.microsoftonline.com/common/discovery/instance"
    with adls_gen1_fault(service="login", times=1, **rule) as fault, requests.Session() as session:
        with pytest.raises(requests.RequestException):
            session.get(cloud, timeout=180)
        assert session.get(cloud, timeout=180).status_code in {200, 400}
    assert fault.fired == 1
