"""An account's rules as a declared state, at the emulator's Resource Manager."""

import json
import logging

import pytest

from airflow_provider_adls.accounts.plan import plan
from airflow_provider_adls.model.account_rules import AddressRange
from airflow_provider_adls.model.errors import AccessDeniedError, AccountNotFoundError

SUBNET = "/subscriptions/{}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/{}"
ONE, TWO = (SUBNET.format("00000000-0000-0000-0000-000000000000", name) for name in ("one", "two"))
PARTNER, OTHER = (f"https://sts.windows.net/9d5b43a0-804c-4c82-8791-36aca2f7234{digit}" for digit in "12")


def changes(emulator):
    """Operations since the record was cleared that change something."""
    return [
        request.operation for request in emulator.requests if request.method in ("PUT", "PATCH", "DELETE")
    ]


def test_plan():
    """What to add, change and remove; case does not count, and nothing goes unless asked for."""
    here, there = AddressRange("192.0.2.1", "192.0.2.1"), AddressRange("192.0.2.2", "192.0.2.2")
    declared = {"new": here, "Same": here, "other": here}
    present = {"same": here, "OTHER": there, "gone": there, "Also gone": there}
    assert plan(declared, present, purge=False)._asdict() == {
        "added": ["new"],
        "changed": ["other"],
        "removed": [],
        "kept": ["Also gone", "gone"],
        "unchanged": ["Same"],
    }
    purged = plan(declared, present, purge=True)
    assert (purged.removed, purged.kept) == (["Also gone", "gone"], [])


def test_plan_knows_other_spellings():
    """An address that the service writes otherwise is the same one."""
    declared = {"v6": AddressRange("2001:db8::1", "2001:db8::1")}
    present = {"v6": AddressRange("2001:0DB8:0:0::1", "2001:db8::1"), "odd": AddressRange("x", "y")}
    assert plan(declared, present, purge=False).unchanged == ["v6"]
    assert plan({"odd": declared["v6"]}, present, purge=False).changed == ["odd"]


def test_firewall_rules(hook, account, emulator):
    """Rules are added, changed, kept or removed, with the switches, and are as declared then."""
    first = hook.set_firewall_rules(account, {"office": "203.0.113.0/24", "old": "192.0.2.1"})
    assert first == json.loads(json.dumps(first))
    assert first == {
        "account_name": account,
        "added": ["office", "old"],
        "changed": [],
        "removed": [],
        "kept": [],
        "unchanged": [],
        "switched": {},
        "preview": False,
    }
    second = hook.set_firewall_rules(
        account,
        {"office": "203.0.113.0/25", "build": ["198.51.100.7", "198.51.100.9"]},
        enabled=True,
        allow_azure_ips=True,
    )
    assert (second["added"], second["changed"], second["kept"]) == (["build"], ["office"], ["old"])
    assert second["switched"] == {"firewall_enabled": True, "allow_azure_ips": True}
    third = hook.set_firewall_rules(account, {"office": "203.0.113.0/25"}, enabled=False, purge=True)
    assert (third["removed"], third["switched"]) == (["build", "old"], {"firewall_enabled": False})
    described = hook.describe(account)
    assert described["firewall_rules"] == {"office": ["203.0.113.0", "203.0.113.127"]}
    assert (described["firewall_enabled"], described["allow_azure_ips"]) == (False, True)


def test_nothing_is_sent_for_what_is_right(hook, account, emulator):
    """A second run of the same declaration only looks."""
    arguments = {"enabled": True, "allow_azure_ips": False, "purge": True}
    hook.set_firewall_rules(account, {"office": "203.0.113.0/24"}, **arguments)
    emulator.clear_requests()
    again = hook.set_firewall_rules(account, {"OFFICE": "203.0.113.0 - 203.0.113.255"}, **arguments)
    assert (again["unchanged"], again["switched"]) == (["OFFICE"], {})
    assert changes(emulator) == []


def test_order(hook, account, emulator):
    """What lets in comes before the switch, and what shuts out after it."""
    hook.set_firewall_rules(account, {"old": "192.0.2.1"})
    emulator.clear_requests()
    hook.set_firewall_rules(account, {"new": "192.0.2.2"}, enabled=True, purge=True)
    assert changes(emulator) == [
        "firewall_rules.create_or_update",
        "accounts.update",
        "firewall_rules.delete",
    ]


def test_preview(hook, account, emulator, caplog):
    """A preview says what would be, in result and log, and sends nothing."""
    hook.set_firewall_rules(account, {"old": "192.0.2.1", "kept": "192.0.2.3"})
    emulator.clear_requests()
    with caplog.at_level(logging.INFO):
        said = hook.set_firewall_rules(
            account, {"new": "192.0.2.2", "kept": "192.0.2.4"}, enabled=True, purge=True, preview=True
        )
    assert changes(emulator) == []
    assert (said["added"], said["changed"], said["removed"]) == (["new"], ["kept"], ["old"])
    assert (said["switched"], said["preview"]) == ({"firewall_enabled": True}, True)
    for line in (
        "add firewall rule 'new': 192.0.2.2",
        "change firewall rule 'kept' from 192.0.2.3 to 192.0.2.4",
        "set firewall_enabled to True",
        "remove firewall rule 'old': 192.0.2.1",
    ):
        assert f"Account {account}, preview: {line}" in caplog.text


def test_a_run_that_was_stopped_is_finished(hook, account, emulator):
    """What a run did before it was stopped is not done again by the next."""
    declared = {"a": "192.0.2.1", "b": "192.0.2.2"}
    emulator.faults.add(operation="firewall_rules.create_or_update", account=account, after=1, status=403)
    with pytest.raises(AccessDeniedError):
        hook.set_firewall_rules(account, declared, enabled=True)
    assert hook.describe(account)["firewall_enabled"] is False
    emulator.faults.clear()
    again = hook.set_firewall_rules(account, declared, enabled=True)
    assert (again["added"], again["unchanged"]) == (["b"], ["a"])


def test_firewall_that_is_switched_on_refuses(hook, account):
    """The file system obeys what was declared: outside of the rules there is no way in."""
    hook.filesystem.pipe("/a.csv", b"x")
    hook.set_firewall_rules(account, {"elsewhere": "203.0.113.7"}, enabled=True)
    with pytest.raises(AccessDeniedError, match="firewall"):
        hook.filesystem.ls("/")
    hook.set_firewall_rules(account, {"here": "127.0.0.0/8"}, purge=True)
    assert hook.filesystem.ls("/", detail=False) == ["/a.csv"]


def test_virtual_network_rules(hook, account):
    """Subnets are added, changed, kept and removed; ids count without case."""
    hook.set_virtual_network_rules(account, {"workers": ONE, "old": TWO})
    changed = hook.set_virtual_network_rules(account, {"workers": TWO}, enabled=True)
    assert (changed["changed"], changed["kept"]) == (["workers"], ["old"])
    assert changed["switched"] == {"firewall_enabled": True}
    same = hook.set_virtual_network_rules(account, {"workers": TWO.lower()}, purge=True)
    assert (same["unchanged"], same["removed"]) == (["workers"], ["old"])
    assert hook.describe(account)["virtual_network_rules"] == {"workers": TWO}


def test_trusted_id_providers(hook, account):
    """The same for id providers, with their own switch."""
    hook.set_trusted_id_providers(account, {"partner": PARTNER, "old": OTHER}, enabled=True)
    changed = hook.set_trusted_id_providers(account, {"partner": OTHER}, purge=True)
    assert (changed["changed"], changed["removed"]) == (["partner"], ["old"])
    assert hook.set_trusted_id_providers(account, {"partner": f"{OTHER}/"})["unchanged"] == ["partner"]
    described = hook.describe(account)
    assert described["trusted_id_providers"] == {"partner": OTHER}
    assert described["trusted_id_providers_enabled"] is True


def test_no_rules(hook, account):
    """None named removes all with `purge`, and none without."""
    hook.set_firewall_rules(account, {"old": "192.0.2.1"})
    assert hook.set_firewall_rules(account, {})["kept"] == ["old"]
    assert hook.set_firewall_rules(account, {}, purge=True)["removed"] == ["old"]
    assert hook.describe(account)["firewall_rules"] == {}


@pytest.mark.parametrize("name", ["Haupt büro (2)", "a+b", "x" * 200])
def test_odd_names(hook, account, name):
    """Names with blanks, letters of any script and great length are what they are."""
    hook.set_firewall_rules(account, {name: "192.0.2.1"})
    assert list(hook.describe(account)["firewall_rules"]) == [name]
    assert hook.set_firewall_rules(account, {}, purge=True)["removed"] == [name]


def test_wrong_rules_change_nothing(hook, account, emulator):
    """One rule that cannot be is named, and the others are not sent either."""
    emulator.clear_requests()
    with pytest.raises(ValueError, match=r"rule 'b': '192\.0\.2' is not an IP address"):
        hook.set_firewall_rules(account, {"a": "192.0.2.1", "b": "192.0.2"})
    with pytest.raises(ValueError, match="two rules are called 'A'"):
        hook.set_firewall_rules(account, {"a": "192.0.2.1", "A": "192.0.2.2"})
    assert list(emulator.requests) == []


def test_missing_account(hook):
    """A missing account is reported as such."""
    with pytest.raises(AccountNotFoundError, match="none of the"):
        hook.set_firewall_rules("nosuchaccount", {"a": "192.0.2.1"})
