"""The control API."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator import Emulator

LAKE = "https://datalake.azure.net/"


def test_it_is_not_recorded_as_a_request(own_browser):
    """Requests to the control API are not recorded, and not served at the cloud's hosts."""
    own_browser.send("GET", "/emulator/status")
    assert own_browser.emulator.requests == []
    for host in ("login.microsoftonline.com", "management.azure.com", "lake.azuredatalakestore.net"):
        answer = own_browser.send("GET", "/emulator/status", headers={"Host": host})
        assert "pid" not in answer.text


def test_it_does_not_wait(browse):
    """The latency of the services is not the control API's."""
    with Emulator(latency_ms=3_600_000) as emulator, browse(emulator) as browser:
        assert browser.send("GET", "/emulator/status", timeout=180).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "field"),
    [("GET", "/emulator/nothing", 404, "path"), ("DELETE", "/emulator/status", 405, "method")],
)
def test_what_is_not_there_is_refused_by_name(browser, method, path, status, field):
    """An unknown path or method is reported as JSON."""
    answer = browser.send(method, path)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert path in answer.json()["error"]["message"]
