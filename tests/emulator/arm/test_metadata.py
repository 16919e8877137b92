"""The public document `/metadata/endpoints`."""

from __future__ import annotations

import pytest
import requests
from msrestazure import azure_cloud


@pytest.mark.fidelity("documented", "msrestazure 0.6.4, azure_cloud")
def test_the_sdk_finds_the_emulator(emulator):
    """The SDK's own discovery makes a cloud of the emulator's URL, at which one signs in too."""
    session = requests.Session()
    session.trust_env = False
    session.verify = emulator.ca_file
    with session:
        found = azure_cloud.get_cloud_from_metadata_endpoint(emulator.url, session=session)
    assert found.endpoints.active_directory == f"{emulator.url}/"
    assert found.endpoints.active_directory_resource_id == "https://management.core.windows.net/"


@pytest.mark.parametrize("host", ["management.azure.com", "management.chinacloudapi.cn"])
@pytest.mark.fidelity("documented", "msrestazure 0.6.4, azure_cloud")
def test_a_known_cloud(browser, host):
    """A cloud's own host answers with that cloud's authority and audience."""
    known = {
        cloud.endpoints.resource_manager: cloud.endpoints
        for cloud in (azure_cloud.AZURE_PUBLIC_CLOUD, azure_cloud.AZURE_CHINA_CLOUD)
    }
    expected = known[f"https://{host}/" if f"https://{host}/" in known else f"https://{host}"]
    answer = browser.send("GET", "/metadata/endpoints?api-version=2015-01-01", headers={"Host": host}).json()
    said = answer["authentication"]
    assert said["loginEndpoint"].rstrip("/") == expected.active_directory.rstrip("/")
    assert said["audiences"] == [expected.active_directory_resource_id]
