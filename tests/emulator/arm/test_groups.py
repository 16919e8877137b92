"""Resource groups, over plain HTTP, and the subscription's resources through them."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.errors import ArgumentError

ARM = "https://management.core.windows.net/"
ACCOUNTS = "/providers/Microsoft.DataLakeStore/accounts"
WHERE = {"location": "East US 2"}
MGMT = "azure-mgmt-resource 26.0"
#: An older and a newer version than any of the emulator's own code knows.
VERSIONS = [{"api-version": version} for version in ("2016-06-01", "2031-01-01", "2020-06-01-preview")]


def error(answer):
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.parametrize("params", VERSIONS)
@pytest.mark.fidelity("documented", f"{MGMT}, resource_groups")
def test_a_group_is_made_changed_and_deleted(own_browser, params):
    """PUT answers 201, then 200; PATCH replaces tags; HEAD answers 204 or 404; DELETE is polled."""
    arm, path = own_browser.arm, "/resourceGroups/etl"
    assert arm("HEAD", path, params=params).status_code == 404
    made = arm("PUT", path, params=params, json={**WHERE, "tags": {"a": "1"}, "managedBy": "/x"})
    assert (made.status_code, made.json()) == (
        201,
        {
            "id": f"/subscriptions/{own_browser.emulator.subscription_id}/resourceGroups/etl",
            "name": "etl",
            "type": "Microsoft.Resources/resourceGroups",
            "location": "eastus2",
            "managedBy": "/x",
            "tags": {"a": "1"},
            "properties": {"provisioningState": "Succeeded"},
        },
    )
    changed = arm("PATCH", path, params=params, json={"tags": {"b": "2"}})
    assert (changed.status_code, changed.json()) == (200, {**made.json(), "tags": {"b": "2"}})
    again = arm("PUT", "/resourcegroups/ETL", params=params, json=WHERE)
    assert (again.status_code, again.json()["name"], again.json().get("tags")) == (200, "etl", None)
    assert arm("HEAD", path, params=params).status_code == 204
    names = [group["name"] for group in arm("GET", "/resourceGroups", params=params).json()["value"]]
    assert names == ["etl", "rg"]
    deleted = arm("DELETE", path, params=params)
    assert (deleted.status_code, deleted.content, deleted.headers["Retry-After"]) == (202, b"", "0")
    end = own_browser.session.get(deleted.headers["Location"], headers=own_browser.bearer(ARM))
    assert (end.status_code, end.content) == (200, b"")
    assert error(arm("GET", path, params=params)) == (404, "ResourceGroupNotFound")
    assert error(arm("DELETE", path, params=params)) == (404, "ResourceGroupNotFound")


@pytest.mark.fidelity("documented", "docs, Azure Resource Manager resource group and resource deletion")
def test_a_group_goes_with_its_accounts(own_browser):
    """Deleting a group deletes the accounts in it with their files, and no others."""
    arm = own_browser.arm
    arm("PUT", "/resourceGroups/etl", json=WHERE)
    arm("PUT", f"/resourceGroups/ETL{ACCOUNTS}/second", json=WHERE)
    assert "/resourceGroups/etl/" in arm("GET", f"/resourceGroups/etl{ACCOUNTS}/second").json()["id"]
    own_browser.lake("PUT", "second", "/d", params={"op": "MKDIRS"})
    arm("DELETE", "/resourceGroups/Etl")
    assert [account["name"] for account in arm("GET", ACCOUNTS).json()["value"]] == ["lake"]
    assert own_browser.lake("GET", "second", "/d", params={"op": "GETFILESTATUS"}).status_code == 421
    arm("PUT", f"/resourceGroups/rg{ACCOUNTS}/second", json=WHERE)
    assert own_browser.lake("GET", "second", "/d", params={"op": "GETFILESTATUS"}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", f"{ACCOUNTS}/newlake"),
        ("GET", f"{ACCOUNTS}/lake"),
        ("GET", ACCOUNTS),
        ("DELETE", f"{ACCOUNTS}/lake"),
        ("PUT", f"{ACCOUNTS}/lake/firewallRules/a"),
        ("GET", "/resources"),
    ],
)
@pytest.mark.fidelity("documented", "Resource Manager's list of common errors: ResourceGroupNotFound")
def test_in_a_group_that_is_not_there(browser, method, path):
    """Every request in a missing group gets the error that names the group."""
    answer = browser.arm(method, f"/resourceGroups/nosuchgroup{path}", json=WHERE)
    assert error(answer) == (404, "ResourceGroupNotFound")
    assert "'nosuchgroup'" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "group", "body", "status", "code"),
    [
        ("PUT", "a%3F", WHERE, 400, "InvalidResourceGroup"),
        ("PUT", "a.", WHERE, 400, "InvalidResourceGroup"),
        ("PUT", "a%2Fb", WHERE, 400, "InvalidResourceGroup"),
        ("PUT", "a" * 91, WHERE, 400, "InvalidResourceGroup"),
        ("GET", "a%3F", None, 400, "InvalidResourceGroup"),
        ("PUT", "new", {}, 400, "LocationRequired"),
        ("PUT", "new", {"location": "mars"}, 400, "LocationNotAvailableForResourceGroup"),
        ("PUT", "new", {"location": 1}, 400, "InvalidRequestContent"),
        ("PUT", "new", {**WHERE, "tags": [1]}, 400, "InvalidRequestContent"),
        ("PUT", "new", {**WHERE, "managedBy": 1}, 400, "InvalidRequestContent"),
        ("PUT", "new", {**WHERE, "x": 1}, 400, "InvalidRequestContent"),
        ("PUT", "new", None, 400, "InvalidRequestContent"),
        ("PUT", "rg", {"location": "westus"}, 409, "InvalidResourceGroupLocation"),
        ("PATCH", "rg", {"location": "westus"}, 409, "InvalidResourceGroupLocation"),
        ("PATCH", "new", {}, 404, "ResourceGroupNotFound"),
        ("POST", "rg", {}, 405, "HttpMethodNotSupported"),
    ],
)
@pytest.mark.fidelity("documented", "Resource Manager's list of common errors; of malformed bodies assumed")
def test_refusals(browser, method, group, body, status, code):
    """A group that cannot be is refused, and nothing is made."""
    assert error(browser.arm(method, f"/resourceGroups/{group}", json=body)) == (status, code)
    assert browser.arm("HEAD", "/resourceGroups/new").status_code == 404


@pytest.mark.parametrize("token", ["x", "e30", "W10", "bnVsbA", "%FF", "eyJqb2JJZCI6IDF9"])
@pytest.mark.fidelity("assumed", "what becomes of an operation that never was is not documented")
def test_a_deletion_that_never_was(browser, token):
    """The end of an operation that was never begun is not found."""
    assert error(browser.arm("GET", f"/operationresults/{token}")) == (404, "OperationNotFound")


@pytest.mark.parametrize("version", ["2016", "x", "2016-11-01;x"])
@pytest.mark.fidelity("documented", "Resource Manager's list of common errors: InvalidApiVersionParameter")
def test_a_version_is_a_date(browser, version):
    """Resource Manager's own operations are served in every version, a malformed one excepted."""
    answer = browser.arm("GET", "/resourceGroups", params={"api-version": version})
    assert error(answer) == (400, "InvalidApiVersionParameter")


@pytest.mark.fidelity("documented", f"{MGMT}, GenericResourceExpanded")
def test_accounts_are_resources(own_browser):
    """Accounts are among the subscription's and the group's resources, with what `$expand` adds."""
    arm, path = own_browser.arm, f"/resourceGroups/rg{ACCOUNTS}/second"
    arm("PUT", path, json={**WHERE, "tags": {"a": "1"}, "identity": {"type": "SystemAssigned"}})
    params = {
        "api-version": "2021-04-01",
        "$filter": f"resourceType eq '{ACCOUNTS[11:]}' and name eq 'second'",
    }
    (found,) = arm("GET", "/resources", params=params).json()["value"]
    assert list(found) == ["id", "name", "type", "location", "identity", "tags"]
    assert found["id"] == arm("GET", path).json()["id"]
    params = {"api-version": "2021-04-01", "$expand": "createdTime,changedTime,provisioningState"}
    in_group = arm("GET", "/resourceGroups/rg/resources", params=params).json()["value"]
    assert [each["provisioningState"] for each in in_group] == ["Succeeded", "Succeeded"]
    assert in_group[0]["createdTime"].endswith("Z")
    wrong = arm("GET", "/resources", params={"api-version": "2021-04-01", "$expand": "all"})
    assert error(wrong) == (400, "InvalidQueryParameterValue")
    url = path.replace("/accounts", "//accounts").replace("G", "g")
    assert arm("HEAD", url).status_code == 204
    assert arm("HEAD", f"/resourceGroups/rg{ACCOUNTS}/none").status_code == 404


@pytest.mark.fidelity("own")
def test_groups_from_python(own_browser):
    """A test makes a group without a request; an invalid name is refused."""
    emulator = own_browser.emulator
    emulator.create_resource_group("etl", "West US")
    emulator.create_resource_group("ETL")
    group = own_browser.arm("GET", "/resourceGroups/etl").json()
    assert (group["name"], group["location"]) == ("etl", "westus")
    for wrong in (("a?",), ("etl2", "mars"), ("etl2", "")):
        with pytest.raises(ArgumentError):
            emulator.create_resource_group(*wrong)


@pytest.mark.fidelity("own")
def test_the_group_rg_is_made_again(own_browser):
    """An account that a test makes after the group was deleted has its group."""
    own_browser.arm("DELETE", "/resourceGroups/rg")
    own_browser.emulator.create_account("third")
    assert own_browser.arm("GET", f"/resourceGroups/rg{ACCOUNTS}/third").status_code == 200
