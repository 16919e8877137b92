"""Tenants, subscriptions, their regions, and the resource providers, over plain HTTP."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.arm.errors import PROVIDER
from airflow_provider_adls.emulator.arm.handlers.providers import OPERATIONS
from airflow_provider_adls.emulator.arm.routes import ROUTES

ARM = "https://management.core.windows.net/"
NEW = {"api-version": "2022-12-01"}
MGMT = "azure-mgmt-resource 24.0, subscriptions; what az login asks"


def get(browser, path, **principal):
    return browser.send("GET", path, params=NEW, headers=browser.bearer(ARM, **principal))


@pytest.mark.fidelity("documented", MGMT)
def test_what_a_sign_in_looks_for(browser):
    """The tenant, the subscription in it, and the regions are found without knowing any id."""
    emulator = browser.emulator
    (tenant,) = get(browser, "/tenants").json()["value"]
    assert (tenant["tenantId"], tenant["tenantCategory"]) == (emulator.tenant_id, "Home")
    subscriptions = get(browser, "/subscriptions").json()
    (subscription,) = subscriptions["value"]
    assert subscriptions["count"] == {"type": "Total", "value": 1}
    assert subscription["subscriptionId"] == emulator.subscription_id
    assert (subscription["state"], subscription["tenantId"]) == ("Enabled", emulator.tenant_id)
    assert get(browser, f"/subscriptions/{emulator.subscription_id}").json() == subscription
    regions = get(browser, f"/subscriptions/{emulator.subscription_id}/locations").json()["value"]
    found = {region["name"]: region["displayName"] for region in regions}
    assert (found["eastus2"], found["westeurope"]) == ("East US 2", "West Europe")


@pytest.mark.fidelity("documented", "docs, az login: a principal without a role has no subscriptions")
def test_a_principal_without_a_role(own_browser):
    """It sees its tenant and the providers, but no subscription, neither in a list nor by id."""
    own_browser.emulator.add_principal("app", "app-secret")
    me = {"client_id": "app", "client_secret": "app-secret"}
    assert get(own_browser, "/subscriptions", **me).json()["value"] == []
    assert get(own_browser, "/tenants", **me).status_code == 200
    assert get(own_browser, "/providers", **me).status_code == 200
    subscription = f"/subscriptions/{own_browser.emulator.subscription_id}"
    for path in ("", "/locations", "/resourceGroups", "/providers"):
        answer = get(own_browser, f"{subscription}{path}", **me)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "AuthorizationFailed")


@pytest.mark.fidelity("documented", "azure-mgmt-resource 26.0, Provider")
def test_providers(browser):
    """Microsoft.DataLakeStore is registered, and lists its types, their regions and their versions."""
    subscription = f"/subscriptions/{browser.emulator.subscription_id}"
    provider = get(browser, f"{subscription}/providers/microsoft.datalakestore").json()
    assert provider["registrationState"] == "Registered"
    types = {each["resourceType"]: each for each in provider["resourceTypes"]}
    assert types["accounts"]["locations"] == ["East US 2", "North Europe", "Central US", "West Europe"]
    assert types["accounts"]["apiVersions"] == ["2016-11-01", "2015-10-01-preview"]
    assert provider in get(browser, f"{subscription}/providers").json()["value"]
    registered = browser.arm("POST", f"/providers/{PROVIDER}/register")
    assert (registered.status_code, registered.json()) == (200, provider)
    for everyone in (
        get(browser, f"/providers/{PROVIDER}").json(),
        get(browser, "/providers").json()["value"][0],
    ):
        assert everyone == {"namespace": PROVIDER, "resourceTypes": provider["resourceTypes"]}
    unknown = get(browser, f"{subscription}/providers/Microsoft.Cache")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "InvalidResourceNamespace")


@pytest.mark.fidelity("documented", "docs, Azure resource provider operations; the titles are assumed")
def test_operations_of_the_provider(browser):
    """The list holds each right that an operation of the provider needs, and no other than documented."""
    value = browser.send(
        "GET", f"/providers/{PROVIDER}/operations?api-version=2016-11-01", headers=browser.bearer(ARM)
    ).json()["value"]
    listed = {operation["name"] for operation in value}
    assert len(listed) == len(value) == len(OPERATIONS)
    needed = {route.action for route in ROUTES if (route.action or "").startswith(f"{PROVIDER}/")}
    assert listed - needed == {
        f"{PROVIDER}/{name}" for name in ("accounts/Superuser/action", "operations/read")
    }
    assert needed <= listed
    assert set(value[0]["display"]) == {"provider", "resource", "operation", "description"}


@pytest.mark.fidelity("documented", "azure-mgmt-datalake-store 1.1, Usage; the name's value is assumed")
def test_usages(own_browser):
    """A region's usages say how many accounts of how many there are in it."""
    path = "/providers/Microsoft.DataLakeStore/locations/{}/usages"
    (usage,) = own_browser.arm("GET", path.format("East US 2")).json()["value"]
    assert (usage["unit"], usage["currentValue"], usage["limit"]) == ("Count", 1, 10)
    assert usage["name"] == {"value": "accounts", "localizedValue": "Data Lake Store accounts"}
    assert usage["id"].endswith("/locations/eastus2/usages/accounts")
    (usage,) = own_browser.arm("GET", path.format("northeurope")).json()["value"]
    assert usage["currentValue"] == 0


@pytest.mark.parametrize("what", ["usages", "capability"])
@pytest.mark.fidelity(
    "documented", "azure-mgmt-datalake-store 0.5.0 takes 404 for nothing; the code is assumed"
)
def test_a_region_without_gen1(browser, what):
    """A region without Gen1 answers 404; an unknown region is refused."""
    for place, expected in (("westus", 404), ("mars", 400)):
        answer = browser.arm("GET", f"/providers/Microsoft.DataLakeStore/locations/{place}/{what}")
        assert answer.status_code == expected
