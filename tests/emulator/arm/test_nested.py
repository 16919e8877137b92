"""Firewall rules, virtual network rules and trusted identity providers, over plain HTTP."""

from __future__ import annotations

import pytest

ACCOUNTS = "/resourceGroups/rg/providers/Microsoft.DataLakeStore/accounts"
GUID = "00000000-0000-0000-0000-000000000000"
NETWORK = f"/subscriptions/{GUID}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net/subnets"
#: By kind: two sets of properties that are right.
RIGHT = {
    "firewallRules": (
        {"startIpAddress": "10.0.0.1", "endIpAddress": "10.0.0.255"},
        {"startIpAddress": "2001:db8::1", "endIpAddress": "2001:db8::1"},
    ),
    "virtualNetworkRules": ({"subnetId": f"{NETWORK}/default"}, {"subnetId": f"{NETWORK}/other"}),
    "trustedIdProviders": (
        {"idProvider": f"https://sts.windows.net/{GUID}"},
        {"idProvider": "https://id.example.com/"},
    ),
}
#: Kind, properties and the code that they are refused with.
WRONG = [
    ("firewallRules", {"startIpAddress": "10.0.0.1"}, "InvalidRequestContent"),
    ("firewallRules", {"startIpAddress": "10.0.0.1", "endIpAddress": 1}, "InvalidRequestContent"),
    ("firewallRules", {"startIpAddress": "here", "endIpAddress": "10.0.0.1"}, "InvalidFirewallRule"),
    ("firewallRules", {"startIpAddress": "10.0.0.1", "endIpAddress": "10.0.0.256"}, "InvalidFirewallRule"),
    ("firewallRules", {"startIpAddress": "10.0.0.2", "endIpAddress": "10.0.0.1"}, "InvalidFirewallRule"),
    ("firewallRules", {"startIpAddress": "10.0.0.2", "endIpAddress": "::ffff"}, "InvalidFirewallRule"),
    ("firewallRules", {"startIpAddress": "10.0.0.0/8", "endIpAddress": "10.0.0.9"}, "InvalidFirewallRule"),
    ("firewallRules", {"subnetId": f"{NETWORK}/default"}, "InvalidRequestContent"),
    ("virtualNetworkRules", {}, "InvalidRequestContent"),
    ("virtualNetworkRules", {"subnetId": "default"}, "InvalidVirtualNetworkRule"),
    ("virtualNetworkRules", {"subnetId": f"{NETWORK}/a/b"}, "InvalidVirtualNetworkRule"),
    ("virtualNetworkRules", {"subnetId": f"{NETWORK}/a".replace(GUID, "mine")}, "InvalidVirtualNetworkRule"),
    ("trustedIdProviders", {"idProvider": ""}, "InvalidRequestContent"),
    ("trustedIdProviders", {"idProvider": "http://sts.windows.net/x"}, "InvalidTrustedIdProvider"),
    ("trustedIdProviders", {"idProvider": "https://"}, "InvalidTrustedIdProvider"),
    ("trustedIdProviders", {"idProvider": "https://[sts/x"}, "InvalidTrustedIdProvider"),
    ("trustedIdProviders", {"idProvider": "https://sts x/"}, "InvalidTrustedIdProvider"),
]
each_kind = pytest.mark.parametrize("kind", RIGHT)


def error(answer):
    return answer.status_code, answer.json()["error"]["code"]


@each_kind
@pytest.mark.fidelity("documented", "azure-mgmt-datalake-store 0.5.0; recorded for virtual network rules")
def test_one_is_made_read_replaced_and_deleted(browser, account, kind):
    """PUT makes and replaces with 200, GET and the list show it, DELETE answers 200, and then 204."""
    every, one = f"{ACCOUNTS}/{account}/{kind}", f"{ACCOUNTS}/{account}/{kind}/rule1"
    first, second = RIGHT[kind]
    made = browser.arm("PUT", one, json={"properties": first})
    assert made.status_code == 200
    assert made.json() == {
        "properties": first,
        "id": f"/subscriptions/{browser.emulator.subscription_id}{one}",
        "name": "rule1",
        "type": f"Microsoft.DataLakeStore/accounts/{kind}",
    }
    assert list(made.json()) == ["properties", "id", "name", "type"]
    replaced = browser.arm("PUT", one, json={"properties": second})
    assert (replaced.status_code, replaced.json()["properties"]) == (200, second)
    seen = browser.arm("GET", one).json()
    assert seen["properties"].items() >= second.items()
    assert browser.arm("GET", every).json() == {"value": [seen]}
    assert [browser.arm("DELETE", one).status_code for _ in range(2)] == [200, 204]
    assert browser.arm("GET", every).json() == {"value": []}


@pytest.mark.fidelity("recorded")
def test_a_network_rule_shows_its_state_when_looked_at(browser, account):
    """GET of a virtual network rule shows a state; PUT, and the account, show none."""
    one, properties = f"{ACCOUNTS}/{account}/virtualNetworkRules/rule1", RIGHT["virtualNetworkRules"][0]
    assert browser.arm("PUT", one, json={"properties": properties}).json()["properties"] == properties
    assert browser.arm("GET", one).json()["properties"] == {**properties, "state": "Active"}
    whole = browser.arm("GET", f"{ACCOUNTS}/{account}").json()["properties"]
    assert whole["virtualNetworkRules"] == [{"properties": properties, "name": "rule1"}]


@each_kind
@pytest.mark.fidelity("recorded")
def test_one_that_is_not_there(browser, account, kind):
    """GET, and assumed PATCH, say that the nested resource does not exist."""
    one = f"{ACCOUNTS}/{account}/{kind}/none"
    assert error(browser.arm("GET", one)) == (404, "NestedResourceNotFound")
    assert error(browser.arm("PATCH", one, json={})) == (404, "NestedResourceNotFound")


@each_kind
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.fidelity("documented", "Resource Manager's list of common errors: ParentResourceNotFound")
def test_without_the_account(browser, kind, method):
    """The error for a missing account names the parent resource."""
    body = {"properties": RIGHT[kind][0]}
    answer = browser.arm(method, f"{ACCOUNTS}/nosuchaccount/{kind}/rule1", json=body)
    assert error(answer) == (404, "ParentResourceNotFound")
    assert "nosuchaccount" in answer.json()["error"]["message"]


@pytest.mark.fidelity("documented", "azure-mgmt-datalake-store 0.5.0: all of an update may be left out")
def test_patch_keeps_what_it_does_not_name(browser, account):
    """PATCH changes one end of a range; an empty body, or none, changes nothing."""
    one = f"{ACCOUNTS}/{account}/firewallRules/rule1"
    browser.arm("PUT", one, json={"properties": RIGHT["firewallRules"][0]})
    changed = browser.arm("PATCH", one, json={"properties": {"startIpAddress": "10.0.0.9"}})
    expected = {"startIpAddress": "10.0.0.9", "endIpAddress": "10.0.0.255"}
    assert changed.json()["properties"] == expected
    for body in ({}, {"properties": None}, {"properties": {"endIpAddress": None}}, None):
        assert browser.arm("PATCH", one, json=body).json()["properties"] == expected
    wrong = browser.arm("PATCH", one, json={"properties": {"endIpAddress": "10.0.0.8"}})
    assert error(wrong) == (400, "InvalidFirewallRule")
    assert browser.arm("GET", one).json()["properties"] == expected


@pytest.mark.parametrize(("kind", "properties", "code"), WRONG)
@pytest.mark.fidelity(
    "assumed",
    "the rules are documented (azure-mgmt-datalake-store: addresses of one protocol); codes are not",
)
def test_properties_are_checked(browser, account, kind, properties, code):
    """A malformed range, another id than a subnet's and a URL that is not https are refused everywhere."""
    every = f"{ACCOUNTS}/{account}"
    assert error(browser.arm("PUT", f"{every}/{kind}/rule1", json={"properties": properties})) == (400, code)
    inline = {"properties": {kind: [{"name": "rule1", "properties": properties}]}}
    assert error(browser.arm("PATCH", every, json=inline)) == (400, code)
    assert error(browser.arm("PUT", every, json={"location": "eastus2", **inline})) == (400, code)
    assert browser.arm("GET", every).json()["properties"][kind] == []


@pytest.mark.parametrize("name", ["a%2Fb", "a%3Cb", "rule.", "rule%20", "%00", "r" * 261])
@pytest.mark.fidelity("documented", "Naming rules for Azure resources; the code is assumed")
def test_names_are_checked(browser, account, name):
    """A name with a character that no resource's may have, or too long a one, is refused."""
    one = f"{ACCOUNTS}/{account}/firewallRules/{name}"
    answer = browser.arm("PUT", one, json={"properties": RIGHT["firewallRules"][0]})
    assert error(answer) == (400, "InvalidResourceName")
    assert browser.arm("DELETE", one).status_code == 204


@pytest.mark.fidelity("documented", "Resource Manager compares names without case")
def test_names_are_compared_without_case(browser, account):
    """Another spelling of a name is the same resource, which keeps its first one."""
    every, (first, second) = f"{ACCOUNTS}/{account}/firewallRules", RIGHT["firewallRules"]
    browser.arm("PUT", f"{every}/Büro 1", json={"properties": first})
    assert browser.arm("PUT", f"{every}/BÜRO 1", json={"properties": second}).json()["name"] == "Büro 1"
    assert browser.arm("GET", f"{every}/büro 1").json()["properties"] == second
    assert browser.arm("DELETE", f"{every.lower()}/büro 1").status_code == 200


@each_kind
@pytest.mark.parametrize(
    "value",
    [
        {},
        "rule",
        [1],
        [{}],
        [{"name": 1}],
        [{"name": "a", "x": 1}],
        [{"name": "a", "properties": []}],
    ],
)
@pytest.mark.fidelity("assumed", "what no client sends; that it is refused, and how, is our choice")
def test_lists_are_checked(browser, account, kind, value):
    """A malformed list in the account's body is refused, and changes nothing."""
    answer = browser.arm("PATCH", f"{ACCOUNTS}/{account}", json={"properties": {kind: value}})
    assert answer.status_code == 400
    assert browser.arm("GET", f"{ACCOUNTS}/{account}").json()["properties"][kind] == []


@each_kind
@pytest.mark.fidelity("assumed", "two of one name could not both be addressed")
def test_a_name_stands_once_in_a_list(browser, account, kind):
    """Two of one name in the account's body are refused."""
    twice = [{"name": name, "properties": RIGHT[kind][0]} for name in ("a", "A")]
    answer = browser.arm("PATCH", f"{ACCOUNTS}/{account}", json={"properties": {kind: twice}})
    assert error(answer) == (400, "InvalidRequestContent")


@each_kind
@pytest.mark.fidelity(
    "assumed",
    "recorded for a PUT; that a PATCH merges by name is read from its members, all of which may be left out",
)
def test_with_the_account(browser, account, kind):
    """PUT of the account replaces its nested resources; PATCH changes those that it names."""
    path, (first, second) = f"{ACCOUNTS}/{account}", RIGHT[kind]

    def shown(answer):
        return {one["name"]: one["properties"] for one in answer.json()["properties"][kind]}

    put = {"location": "eastus2", "properties": {kind: [{"name": "a", "properties": first}]}}
    assert shown(browser.arm("PUT", path, json=put)) == {"a": first}
    patch = {"properties": {kind: [{"name": "b", "properties": second}, {"name": "A"}]}}
    assert shown(browser.arm("PATCH", path, json=patch)) == {"a": first, "b": second}
    assert shown(browser.arm("PATCH", path, json={"tags": {}})) == {"a": first, "b": second}
    assert shown(browser.arm("PATCH", path, json={"properties": {kind: []}})) == {"a": first, "b": second}
    assert shown(browser.arm("PUT", path, json={"location": "eastus2"})) == {}
