"""Resource Manager over plain HTTP."""

from __future__ import annotations

import uuid

import pytest

ACCOUNTS = "/resourceGroups/rg/providers/Microsoft.DataLakeStore/accounts"
GOOD = f"{ACCOUNTS}/goodname"
EASTUS2 = "/providers/Microsoft.DataLakeStore/locations/eastus2"
ARM = "https://management.core.windows.net/"


def fresh():
    return f"arm{uuid.uuid4().hex[:16]}"


def error(answer):
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.fidelity("recorded", "for the cloud's own host; the emulator's URL is its own")
def test_urls_keep_the_style_and_port_that_were_asked(browser):
    """A client that came by path is sent to the emulator's URL; one that came by host, to the cloud's."""
    body = {"location": "eastus2"}
    by_path = browser.arm("PUT", f"{ACCOUNTS}/{fresh()}", json=body)
    headers = {**browser.bearer(ARM), "Host": "management.azure.com"}
    by_host = browser.arm("PUT", f"{ACCOUNTS}/{fresh()}", json=body, headers=headers)
    for header in ("azure-asyncoperation", "location"):
        assert by_path.headers[header].startswith(f"{browser.emulator.url}/subscriptions/")
        assert by_host.headers[header].startswith("https://management.azure.com/subscriptions/")


@pytest.mark.fidelity(
    "assumed", "the URL is recorded, its answer is not: that of Resource Manager's asynchronous operations"
)
def test_operation_result_waits_for_the_account(browser):
    """Where `location` points, the account is answered once its operation has been seen to end."""
    made = browser.arm("PUT", f"{ACCOUNTS}/{fresh()}", json={"location": "eastus2"})
    path = made.headers["location"].partition(browser.emulator.subscription_id)[2].partition("?")[0]
    first, second = browser.arm("GET", path), browser.arm("GET", path)
    assert (first.status_code, first.headers["Retry-After"], first.content) == (202, "0", b"")
    assert (second.status_code, second.json()["properties"]["provisioningState"]) == (200, "Succeeded")


@pytest.mark.fidelity("assumed", "nothing here takes time")
def test_account_that_nobody_waits_for_is_usable(browser):
    """An account's files can be written as soon as it is made."""
    name = fresh()
    browser.arm("PUT", f"{ACCOUNTS}/{name}", json={"location": "eastus2"})
    assert browser.lake("PUT", name, "/d", params={"op": "MKDIRS"}).json() == {"boolean": True}


@pytest.mark.fidelity("documented", "docs, Get started: deleting an account deletes its data")
def test_deletion_takes_the_files(browser):
    """An account made anew under an old name is empty."""
    name = fresh()
    for _ in range(2):
        browser.arm("PUT", f"{ACCOUNTS}/{name}", json={"location": "eastus2"})
        listing = browser.lake("GET", name, "/", params={"op": "LISTSTATUS"}).json()
        assert listing["FileStatuses"]["FileStatus"] == []
        browser.lake("PUT", name, "/d", params={"op": "MKDIRS"})
        assert browser.arm("DELETE", f"{ACCOUNTS}/{name}").status_code == 200
    assert browser.arm("DELETE", f"{ACCOUNTS}/{name}").status_code == 204
    assert browser.lake("GET", name, "/", params={"op": "LISTSTATUS"}).status_code == 421


@pytest.mark.fidelity("documented", "Resource Manager compares paths without case")
def test_paths_are_compared_without_case(browser, account):
    """Resource Manager ignores the case of its paths."""
    path = f"{ACCOUNTS}/{account}".replace("resourceGroups", "resourcegroups").replace("rg", "RG")
    assert browser.arm("GET", path).json()["name"] == account


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", f"{ACCOUNTS}/nosuchaccount", None, 404, "ResourceNotFound"),
        ("PATCH", f"{ACCOUNTS}/nosuchaccount", {}, 404, "ResourceNotFound"),
        ("PUT", f"{ACCOUNTS}/Bad_Name", {"location": "eastus2"}, 400, "AccountNameInvalid"),
        ("PUT", GOOD, {}, 400, "LocationRequired"),
        ("PUT", GOOD, {"location": 1}, 400, "InvalidRequestContent"),
        ("PUT", GOOD, {"location": "mars"}, 400, "LocationNotAvailableForResourceType"),
        ("PUT", GOOD, [], 400, "InvalidRequestContent"),
        ("PUT", GOOD, {"location": "eastus2", "x": 1}, 400, "InvalidRequestContent"),
        (
            "PUT",
            GOOD,
            {"location": "eastus2", "tags": {"a": 1}},
            400,
            "InvalidRequestContent",
        ),
        (
            "PUT",
            GOOD,
            {"location": "eastus2", "identity": {}},
            400,
            "InvalidRequestContent",
        ),
        (
            "PUT",
            GOOD,
            {"location": "eastus2", "properties": []},
            400,
            "InvalidRequestContent",
        ),
        (
            "GET",
            EASTUS2.replace("eastus2", "mars") + "/capability",
            None,
            400,
            "LocationNotAvailableForResourceType",
        ),
        ("GET", f"{EASTUS2}/operationResults/none_0", None, 404, "OperationNotFound"),
        ("POST", f"{EASTUS2}/checkNameAvailability", {}, 400, "InvalidRequestContent"),
        (
            "POST",
            f"{EASTUS2}/checkNameAvailability",
            {"name": "abc", "type": "x"},
            400,
            "InvalidRequestContent",
        ),
        ("DELETE", f"{EASTUS2}/capability", None, 405, "HttpMethodNotSupported"),
        ("GET", "/resourceGroups/rg/providers/Microsoft.Storage/x", None, 404, "InvalidResourceType"),
        ("GET", "/resourceGroups/rg/providers/Microsoft.Cache/x", None, 404, "InvalidResourceNamespace"),
        ("GET", "/resourceGroups/rg/deployments", None, 404, "InvalidResourceNamespace"),
        ("GET", f"{ACCOUNTS}/abc/shares", None, 404, "InvalidResourceType"),
        ("GET", f"{ACCOUNTS}/abc%2FfirewallRules", None, 404, "ResourceNotFound"),
        (
            "PUT",
            f"{ACCOUNTS.replace('rg', 'r%3F')}/goodname",
            {"location": "eastus2"},
            400,
            "InvalidResourceGroup",
        ),
    ],
)
@pytest.mark.fidelity(
    "documented",
    "Resource Manager's list of common errors; what is assumed stands beside each in arm/errors.py",
)
def test_refusals(browser, method, path, body, status, code):
    """A wrong request is refused with Resource Manager's status and code."""
    assert error(browser.arm(method, path, json=body)) == (status, code)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("newTier", "Gold"),
        ("encryptionState", True),
        ("defaultGroup", 5),
        ("unheardOf", "x"),
        ("firewallAllowDataLakeAnalytics", "Perhaps"),
    ],
)
@pytest.mark.fidelity("assumed", "that a value outside the documented ones is refused, and how")
def test_properties_are_checked(browser, name, value):
    """A malformed property is refused by name."""
    body = {"location": "eastus2", "properties": {name: value}}
    answer = browser.arm("PUT", GOOD, json=body)
    assert error(answer) == (400, "InvalidRequestContent")
    assert name in answer.json()["error"]["message"]


@pytest.mark.fidelity(
    "documented", "azure-mgmt-datalake-store 0.5.0: these are read-only, and ignored when sent"
)
def test_what_was_shown_can_be_sent_back(browser, account):
    """Properties that the service alone sets may stand in a body, as they do in an answer."""
    shown = browser.arm("GET", f"{ACCOUNTS}/{account}").json()
    again = browser.arm("PUT", f"{ACCOUNTS}/{account}", json=shown)
    assert again.status_code == 200
    shown["properties"].pop("lastModifiedTime")
    again = again.json()
    again["properties"].pop("lastModifiedTime")
    assert again == shown


@pytest.mark.fidelity("assumed", "msrest leaves out what is None; other clients send null")
def test_empty_properties_are_no_properties(browser):
    """Nulls and empty lists, which clients send for members that they leave out, change nothing."""
    body = {"location": "eastus2", "properties": {"newTier": None, "firewallRules": []}}
    assert browser.arm("PUT", f"{ACCOUNTS}/{fresh()}", json=body).status_code == 201


@pytest.mark.fidelity(
    "documented",
    "Resource Manager's list of common errors: InvalidResourceLocation; AccountAlreadyExists is assumed",
)
def test_names_are_the_worlds(browser, account):
    """A name in use is refused to another resource group, and another location to the same account."""
    elsewhere = ACCOUNTS.replace("rg", "elsewhere")
    body = {"location": "eastus2"}
    browser.arm("PUT", "/resourceGroups/elsewhere", json=body)
    assert error(browser.arm("PUT", f"{elsewhere}/{account}", json=body)) == (409, "AccountAlreadyExists")
    assert error(browser.arm("GET", f"{elsewhere}/{account}")) == (404, "ResourceNotFound")
    body = {"location": "westeurope"}
    assert error(browser.arm("PUT", f"{ACCOUNTS}/{account}", json=body)) == (409, "InvalidResourceLocation")
    assert error(browser.arm("PUT", f"{ACCOUNTS}/{account}", json={})) == (400, "LocationRequired")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "MissingApiVersionParameter"),
        ({"api-version": "2000-01-01"}, "InvalidResourceType"),
        ({"api-version": "2016-11-01", "$expand": "all"}, "InvalidQueryParameter"),
    ],
)
@pytest.mark.fidelity(
    "documented",
    "Resource Manager's list of common errors; that an unknown parameter is refused is our choice",
)
def test_query_is_checked(browser, params, code):
    """The version is required, and parameters that are not served are refused by name."""
    assert error(browser.arm("GET", ACCOUNTS, params=params)) == (400, code)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/tenants/mine", 404, "MissingSubscription"),
        ("/providers/Microsoft.DataLakeStore/accounts", 404, "MissingSubscription"),
        ("/subscriptions/mine/providers", 400, "InvalidSubscriptionId"),
        ("/subscriptions/11111111-1111-1111-1111-111111111111/x", 404, "SubscriptionNotFound"),
    ],
)
@pytest.mark.fidelity("documented", "Resource Manager's list of common errors")
def test_subscription_is_checked(browser, path, status, code):
    """Another subscription than the emulator's is not found."""
    assert error(browser.send("GET", path, headers=browser.bearer(ARM))) == (status, code)


@pytest.mark.fidelity("documented", "Resource Manager's list of common errors: InvalidRequestContent")
def test_body_must_be_json(browser):
    """A body that is not JSON is refused."""
    assert error(browser.arm("PUT", GOOD, data=b"{")) == (400, "InvalidRequestContent")


@pytest.mark.fidelity("documented", "Resource Manager's list of common errors: AuthorizationFailed")
def test_rights_are_checked(own_browser):
    """A principal without the role Owner is refused, with the action that it lacks."""
    principal = own_browser.emulator.add_principal("app", "app-secret")
    headers = own_browser.bearer(ARM, client_id="app", client_secret="app-secret")
    answer = own_browser.arm("GET", ACCOUNTS, headers=headers)
    assert error(answer) == (403, "AuthorizationFailed")
    assert principal.object_id in answer.json()["error"]["message"]
    assert "Microsoft.DataLakeStore/accounts/read" in answer.json()["error"]["message"]
