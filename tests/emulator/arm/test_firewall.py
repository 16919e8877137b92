"""Accounts' firewalls: clients at other addresses than the rules name do not come to the files."""

from __future__ import annotations

import contextlib
import ipaddress
import uuid

import pytest
import requests
from requests.adapters import HTTPAdapter

from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.emulator.arm.firewall import Firewall

ACCOUNTS = "/resourceGroups/rg/providers/Microsoft.DataLakeStore/accounts"
LAKE = "https://datalake.azure.net/"
ASSUMED = (
    "docs, Securing data stored in Azure Data Lake Storage Gen1, for the rule; the answer's form is ours"
)


class From(HTTPAdapter):
    """Sends requests from an address of this machine."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, source_address=(self.address, 0), **options)

    def proxy_manager_for(self, proxy, **options):
        return super().proxy_manager_for(proxy, source_address=(self.address, 0), **options)


@contextlib.contextmanager
def client_at(address, emulator, *, by_proxy=False):
    """A client at an address, which requests an account's root and returns the answer."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = emulator.ca_file
        session.mount("https://", From(address))
        if by_proxy:
            session.proxies = {"https": emulator.proxy_url}

        def ask(account, headers):
            host = (
                f"https://{account}.azuredatalakestore.net" if by_proxy else f"{emulator.url}/adls/{account}"
            )
            return session.get(f"{host}/webhdfs/v1/?op=GETFILESTATUS", headers=headers)

        yield ask


def change(browser, account, **properties):
    answer = browser.arm("PATCH", f"{ACCOUNTS}/{account}", json={"properties": properties})
    assert answer.status_code == 200, answer.text


def rule(name, start, end):
    return {"name": name, "properties": {"startIpAddress": start, "endIpAddress": end}}


@pytest.mark.parametrize("by_proxy", [False, True])
@pytest.mark.fidelity("assumed", ASSUMED)
def test_addresses_outside_the_rules_are_refused(browser, account, by_proxy):
    """With the firewall on, 127.0.0.1 comes in by its rule and 127.0.0.2 does not, nor through the proxy."""
    headers = browser.bearer(LAKE)
    with (
        client_at("127.0.0.1", browser.emulator, by_proxy=by_proxy) as here,
        client_at("127.0.0.2", browser.emulator, by_proxy=by_proxy) as there,
    ):
        assert [ask(account, headers).status_code for ask in (here, there)] == [200, 200]
        change(browser, account, firewallState="Enabled", firewallRules=[rule("a", "127.0.0.1", "127.0.0.1")])
        assert here(account, headers).status_code == 200
        refused = there(account, headers)
        assert refused.status_code == 403
        error = refused.json()["RemoteException"]
        assert error["exception"] == "AccessControlException"
        assert error["message"].startswith("The client's address 127.0.0.2 is not allowed by the firewall")
        change(browser, account, firewallRules=[rule("b", "127.0.0.2", "127.0.0.9")])
        assert there(account, headers).status_code == 200


@pytest.mark.fidelity("documented", "azure-mgmt-datalake-store 0.5.0: disabling does not remove rules")
def test_a_disabled_firewall_keeps_its_rules(browser, account):
    """Off, it lets everybody in; on again, its rules are as they were."""
    headers = browser.bearer(LAKE)
    outside = [rule("a", "192.0.2.1", "192.0.2.9")]
    with client_at("127.0.0.1", browser.emulator) as ask:
        for state, expected in (("Enabled", 403), ("Disabled", 200), ("Enabled", 403)):
            change(browser, account, firewallState=state, firewallRules=outside)
            outside = []
            assert ask(account, headers).status_code == expected
        assert browser.arm("DELETE", f"{ACCOUNTS}/{account}").status_code == 200
        assert ask(account, headers).status_code == 421


@pytest.mark.fidelity("assumed", "the firewall is the network's, so the token is not looked at before it")
def test_the_firewall_is_before_the_token(browser, account):
    """A client that is kept out learns nothing of its token, and the request is recorded as refused."""
    change(browser, account, firewallState="Enabled")
    with client_at("127.0.0.1", browser.emulator) as ask:
        assert ask(account, {}).status_code == 403
    assert browser.emulator.requests[-1].status == 403
    assert browser.arm("GET", f"{ACCOUNTS}/{account}").status_code == 200


@pytest.mark.fidelity("assumed", "the addresses of Azure are an argument of the emulator")
def test_azure_may_come_in(browse):
    """An `azure_networks` network is let in if the account allows Azure, and otherwise not."""
    with Emulator(accounts=["lake", "other"], azure_networks=["127.0.0.3"]) as emulator:
        with browse(emulator) as browser:
            headers = browser.bearer(LAKE)
            change(browser, "lake", firewallState="Enabled", firewallAllowAzureIps="Enabled")
            change(browser, "other", firewallState="Enabled")
        with client_at("127.0.0.3", emulator) as azure, client_at("127.0.0.1", emulator) as here:
            assert azure("lake", headers).status_code == 200
            assert azure("other", headers).status_code == 403
            assert here("lake", headers).status_code == 403


@pytest.mark.fidelity("own")
def test_a_firewall_outlives_the_emulator(tmp_path, browse):
    """Rules are kept in the data folder, and hold from the first request on."""
    with Emulator(data=tmp_path, accounts=["lake"]) as emulator, browse(emulator) as browser:
        change(browser, "lake", firewallState="Enabled")
    with Emulator(data=tmp_path) as emulator, browse(emulator) as browser:
        assert browser.lake("GET", "lake", "/", params={"op": "LISTSTATUS"}).status_code == 403


@pytest.mark.fidelity("assumed", "rules are the account's, and go with it")
def test_an_account_of_an_old_name(browser):
    """A new account under the name of a deleted one has no rules."""
    name = f"fire{uuid.uuid4().hex[:16]}"
    for state in ("Enabled", "Disabled"):
        body = {"location": "eastus2", "properties": {"firewallState": state}}
        browser.arm("PUT", f"{ACCOUNTS}/{name}", json=body)
        answer = browser.lake("GET", name, "/", params={"op": "LISTSTATUS"})
        assert answer.status_code == (403 if state == "Enabled" else 200)
        browser.arm("DELETE", f"{ACCOUNTS}/{name}")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.0.0.0", False),
        ("10.0.0.1", True),
        ("10.0.1.0", True),
        ("10.0.1.2", False),
        ("2001:db8::5", True),
        ("2001:db8::a", False),
        ("::a00:1", False),
    ],
)
@pytest.mark.fidelity(
    "documented", "azure-mgmt-datalake-store 0.5.0: addresses of IPv4 or IPv6, both of one protocol"
)
def test_ranges(address, expected):
    """A range goes from its first address to its last, of its own protocol alone."""
    rules = [rule("a", "10.0.0.1", "10.0.1.1"), rule("b", "2001:db8::1", "2001:db8::9")]
    firewall = Firewall.of({"firewallState": "Enabled", "firewallRules": rules})
    assert firewall.lets_in(ipaddress.ip_address(address)) is expected
