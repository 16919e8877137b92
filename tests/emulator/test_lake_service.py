"""The file system service's checks of firewall and token."""

from __future__ import annotations

import pytest

ARM = "https://management.core.windows.net/"
PREVIEW = {"op": "LISTSTATUS", "api-version": "2015-10-01-preview"}


@pytest.mark.fidelity("documented", "README of the Node SDK")
def test_resource_manager_s_token_opens_the_first_version_of_the_api(browser, account):
    """Version 2015-10-01-preview takes Resource Manager's token: the Node SDK signs in once for both."""
    answer = browser.lake("GET", account, "/", params=PREVIEW, headers=browser.bearer(ARM))
    assert (answer.status_code, answer.json()) == (200, {"FileStatuses": {"FileStatus": []}})


@pytest.mark.parametrize("version", ["2016-11-01", "2018-09-01", ""])
@pytest.mark.fidelity("assumed", "Python, Java and .NET SDKs ask for a token of its own")
def test_it_opens_no_later_one(browser, account, version):
    """A token of Resource Manager opens no later version of the API."""
    params = {"op": "LISTSTATUS", "api-version": version}
    assert browser.lake("GET", account, "/", params=params, headers=browser.bearer(ARM)).status_code == 401


@pytest.mark.fidelity("own")
def test_the_first_version_takes_no_other_token(browser, account):
    """An unsigned token is rejected in every version."""
    headers = {"Authorization": "Bearer none"}
    assert browser.lake("GET", account, "/", params=PREVIEW, headers=headers).status_code == 401


@pytest.mark.parametrize(("prefix", "named"), [("webhdfs/v1", True), ("WebHdfsExt", False)])
@pytest.mark.fidelity("recorded")
def test_a_refused_token_is_answered_as_the_prefix_wants(browser, account, prefix, named):
    """A refused token's answer names the service's version where all answers of the prefix do."""
    answer = browser.send("GET", f"/adls/{account}/{prefix}/f", params={"op": "GETFILEINFO"})
    assert (answer.status_code, "x-ms-webhdfs-version" in answer.headers) == (401, named)
