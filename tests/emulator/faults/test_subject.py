"""Which requests a rule sees, and as what."""

from __future__ import annotations

import pytest

LAKE = "https://datalake.azure.net/"
ARM = "https://management.core.windows.net/"
ACCOUNTS = "/providers/Microsoft.DataLakeStore/accounts"


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ("/webhdfs/v1/raw/f?op=getfilestatus", {"operation": "GETFILESTATUS", "path": "/raw/f"}),
        ("/webhdfs/v1/%2Fraw%2Fa%20b%2B%23?OP=GETFILESTATUS", {"path": "/raw/a b+#"}),
        ("/webhdfs/v1//raw/./x/../f?op=GETFILESTATUS", {"path": "/raw/f"}),
        ("/WebHdfs/v1/raw/%E6%97%A5?op=GETFILESTATUS", {"under": "/raw"}),
        ("/webhdfs/v1/?op=GETFILESTATUS", {"under": "/"}),
        ("/webhdfsext/raw/f?op=GETFILEINFO", {"operation": "GETFILEINFO", "path": "/raw/f"}),
        ("/webhdfs/v1/raw/f?op=FROB", {"path": "/raw/f", "account": "lake"}),
        ("/webhdfs/v1/raw/f", {"path": "/raw/f", "service": "lake"}),
        ("/webhdfs/v1/raw/%ff?op=OPEN", {"account": "lake"}),
        ("/webhdfs/v1/a:b?op=OPEN&read=true", {"operation": "OPEN"}),
        ("/elsewhere?op=OPEN&op=CREATE", {"service": "lake"}),
    ],
)
def test_requests_to_the_file_system(emulator, own_browser, target, rule):
    """A request has the properties that the service would read, also if it would refuse it."""
    fault = emulator.fault(status=503, **rule)
    answer = own_browser.send("GET", f"/adls/Lake{target}", headers=own_browser.bearer(LAKE))
    assert (answer.status_code, fault.matched) == (503, 1)


def test_redirects_are_no_request(emulator, ask):
    """A request that is redirected does not count; the one after it does."""
    fault = emulator.fault(operation="CREATE", nth=1, status=503)
    assert ask("PUT", "/f", op="CREATE").status_code == 503
    assert (fault.matched, [one.status for one in emulator.requests]) == (1, [307, 503])


@pytest.mark.parametrize(
    ("operation", "path", "account", "matched"),
    [
        ("accounts.get", f"/resourceGroups/rg{ACCOUNTS}/LAKE", "lake", 1),
        (None, f"/resourceGroups/rg{ACCOUNTS}/lake", "another", 0),
        ("accounts.list", ACCOUNTS, None, 1),
        (None, "/resourceGroups/rg/providers/Other.Provider/things/lake", "lake", 0),
        (None, "/resourceGroups/rg/providers/Other.Provider/things/lake", None, 1),
    ],
)
def test_requests_to_resource_manager(emulator, own_browser, operation, path, account, matched):
    """An account request is seen by its operation and account; without a route by its service alone."""
    fault = emulator.fault(service="arm", operation=operation, account=account, delay=0)
    own_browser.arm("GET", path)
    assert fault.matched == matched


def test_metadata(emulator, own_browser):
    """The cloud's endpoints, which need no token, can fail too."""
    fault = emulator.fault(operation="metadata", status=503)
    assert own_browser.send("GET", "/metadata/endpoints?api-version=1.0").status_code == 503
    assert fault.fired == 1


@pytest.mark.parametrize("wanted", ["reader", "READER's object id"])
def test_the_caller(emulator, own_browser, wanted):
    """A rule for one principal sees its requests and its sign-ins, with a wrong secret too, and no others."""
    reader = emulator.add_principal("reader", "its-secret")
    fault = emulator.fault(principal="reader" if wanted == "reader" else reader.object_id, delay=0)
    form = {"client_id": "reader", "client_secret": "its-secret"}
    theirs, ours = own_browser.bearer(LAKE, **form), own_browser.bearer(LAKE)
    own_browser.sign_in(LAKE, client_id="reader", client_secret="wrong")
    for headers in (theirs, ours, {}):
        own_browser.lake("GET", "lake", "/", params={"op": "GETFILESTATUS"}, headers=headers)
    assert fault.matched == 3


def test_who_is_nobody(emulator, own_browser):
    """The sign-in of an unknown application matches its client id."""
    fault = emulator.fault(principal="nobody", status=503)
    assert own_browser.sign_in(LAKE, client_id="nobody").status_code == 503
    assert own_browser.send("POST", f"/{emulator.tenant_id}/oauth2/token", data=b"\xff").status_code == 400
    assert fault.fired == 1


@pytest.mark.parametrize(
    "host", ["lake.azuredatalakestore.net", "management.azure.com", "login.microsoftonline.com"]
)
def test_the_cloud_s_hosts(emulator, own_browser, host):
    """Requests at the hosts of the cloud are seen as those by path are."""
    fault = emulator.fault(status=503)
    for path in ("/webhdfs/v1/f?op=OPEN&read=true", "/subscriptions", "/common/discovery/instance"):
        assert own_browser.send("GET", path, headers={"Host": host}).status_code == 503
    assert fault.fired == 3
