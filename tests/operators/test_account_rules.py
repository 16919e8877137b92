"""Operators that declare an account's rules."""

import json

import pytest

from airflow_provider_adls.operators.account_rules import (
    ADLSGen1SetFirewallRulesOperator,
    ADLSGen1SetTrustedIdProvidersOperator,
    ADLSGen1SetVirtualNetworkRulesOperator,
)
from tests.operators.cases.accounts import PROVIDER, SUBNET


def run(operator, context=None, **arguments):
    """Render templates and execute, as Airflow does; the result is what XCom would hold."""
    task = operator(task_id="task", **arguments)
    task.render_template_fields(context or {})
    result = task.execute(context or {})
    assert result == json.loads(json.dumps(result))
    return result


def test_firewall_rules(hook, account):
    """Rules and switches, by templates too, and what is not named goes if that is asked for."""
    run(ADLSGen1SetFirewallRulesOperator, account_name=account, firewall_rules={"old": "192.0.2.1"})
    arguments = {
        "account_name": "{{ name }}",
        "resource_group": "rg",
        "firewall_rules": {"office": "{{ office }}"},
        "enabled": True,
        "allow_azure_ips": True,
        "purge": True,
    }
    values = {"name": account, "office": "203.0.113.0/24"}
    first, second = (run(ADLSGen1SetFirewallRulesOperator, values, **arguments) for _ in range(2))
    assert (first["added"], first["removed"]) == (["office"], ["old"])
    assert first["switched"] == {"firewall_enabled": True, "allow_azure_ips": True}
    assert (second["unchanged"], second["added"], second["switched"]) == (["office"], [], {})
    described = hook.describe(account)
    assert described["firewall_rules"] == {"office": ["203.0.113.0", "203.0.113.255"]}
    assert described["firewall_enabled"]
    assert described["allow_azure_ips"]


def test_rules_of_another_task(hook, account):
    """All rules may be one template, as the result of another task is."""
    task = ADLSGen1SetFirewallRulesOperator(
        task_id="task", account_name=account, firewall_rules="{{ declared }}"
    )
    task.firewall_rules = {"office": ["203.0.113.7", "203.0.113.9"]}
    assert task.execute({})["added"] == ["office"]


def test_virtual_network_rules(hook, account):
    """Subnets, and the firewall that they are part of."""
    done = run(
        ADLSGen1SetVirtualNetworkRulesOperator,
        account_name=account,
        virtual_network_rules={"workers": SUBNET},
        enabled=True,
    )
    assert (done["added"], done["switched"]) == (["workers"], {"firewall_enabled": True})
    assert hook.describe(account)["virtual_network_rules"] == {"workers": SUBNET}


def test_trusted_id_providers(hook, account):
    """Id providers, and whether they count."""
    done = run(
        ADLSGen1SetTrustedIdProvidersOperator,
        account_name=account,
        trusted_id_providers={"partner": PROVIDER},
        enabled=True,
    )
    assert (done["added"], done["switched"]) == (["partner"], {"trusted_id_providers_enabled": True})
    assert hook.describe(account)["trusted_id_providers"] == {"partner": PROVIDER}


@pytest.mark.parametrize(
    ("operator", "arguments"),
    [
        (ADLSGen1SetFirewallRulesOperator, {"firewall_rules": {"one": "192.0.2.1"}}),
        (ADLSGen1SetVirtualNetworkRulesOperator, {"virtual_network_rules": {"one": SUBNET}}),
        (ADLSGen1SetTrustedIdProvidersOperator, {"trusted_id_providers": {"one": PROVIDER}}),
    ],
)
def test_previews(hook, account, capsys, operator, arguments):
    """A preview, and a dry run, say what would be, and nothing is."""
    before = hook.describe(account)
    said = run(operator, account_name=account, enabled=True, preview=True, **arguments)
    assert (said["added"], said["preview"]) == (["one"], True)
    operator(task_id="task", account_name=account, enabled=True, **arguments).dry_run()
    printed = capsys.readouterr().out
    assert json.loads(printed[printed.index("{\n") :]) == said
    assert hook.describe(account) == before
