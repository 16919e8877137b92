"""The control API."""

from __future__ import annotations

import os
import time

import pytest

import airflow_provider_adls
from airflow_provider_adls.emulator import Emulator

LAKE = "https://datalake.azure.net/"


def test_status_says_what_the_emulator_is_and_has(own_browser):
    """Whoever knows the URL learns version, ways in, certificate, accounts, time and process."""
    emulator = own_browser.emulator
    emulator.create_account("another")
    own_browser.lake("GET", "lake", "/", params={"op": "LISTSTATUS"})
    status = own_browser.send("GET", "/emulator/status").json()
    assert abs(status.pop("time") - time.time()) < 60
    assert status == {
        "version": airflow_provider_adls.__version__,
        "url": emulator.url,
        "proxy_url": emulator.proxy_url,
        "ca_file": emulator.ca_file,
        "data": None,
        "accounts": ["another", "lake"],
        "pid": os.getpid(),
        "requests": 2,
        "faults": 0,
    }


def test_status_names_the_data_folder(tmp_path, browse):
    """An emulator that keeps its data says where."""
    with Emulator(data=tmp_path) as emulator, browse(emulator) as browser:
        assert browser.send("GET", "/emulator/status").json()["data"] == str(tmp_path)


def test_it_is_no_request_to_a_service(own_browser):
    """What is asked of the emulator itself is not recorded, and not at the hosts of the cloud."""
    own_browser.send("GET", "/emulator/status")
    assert own_browser.emulator.requests == []
    for host in ("login.microsoftonline.com", "management.azure.com", "lake.azuredatalakestore.net"):
        answer = own_browser.send("GET", "/emulator/status", headers={"Host": host})
        assert "pid" not in answer.text


def test_it_does_not_wait(browse):
    """The latency of the services is not the control API's."""
    with Emulator(latency_ms=3_600_000) as emulator, browse(emulator) as browser:
        assert browser.send("GET", "/emulator/status", timeout=30).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "field"),
    [("GET", "/emulator/nothing", 404, "path"), ("DELETE", "/emulator/status", 405, "method")],
)
def test_what_is_not_there_is_refused_by_name(browser, method, path, status, field):
    """A path or method that the API does not have is told, as JSON."""
    answer = browser.send(method, path)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert path in answer.json()["error"]["message"]
