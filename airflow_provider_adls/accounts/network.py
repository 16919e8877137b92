"""`NetworkRules`: who is let in to a storage account; its rules have values, and no names.

Named rules of an operator are compared by value: a declared rule is there if all that it lets in is.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_adls.accounts.plan import RulesPlan
from airflow_provider_adls.model.account_rules import AddressRange, address_range, subnet
from airflow_provider_adls.model.errors import InvalidRequestError

_AZURE = "AzureServices"


@dataclass(frozen=True)
class NetworkRules:
    """The rules of an account.

    :param is_closed: whether only what the rules name is let in.
    :param bypass: services that the rules do not concern: Logging, Metrics, AzureServices.
    :param addresses: addresses and networks that are let in, as the service writes them.
    :param subnets: resource ids of subnets that are let in.
    :param others: other members that the service keeps with them.
    """

    is_closed: bool = False
    bypass: tuple[str, ...] = (_AZURE,)
    addresses: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()
    others: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, model: Any) -> NetworkRules:
        """Return the rules of the SDK's description of an account."""
        return cls.of_body((model.as_dict().get("properties") or {}).get("networkAcls") or {})

    @classmethod
    def of_body(cls, body: Mapping[str, Any]) -> NetworkRules:
        """Return the rules as they stand on the wire."""
        known = ("defaultAction", "bypass", "ipRules", "virtualNetworkRules")
        bypass = str(body.get("bypass") or _AZURE)
        return cls(
            is_closed=body.get("defaultAction") == "Deny",
            bypass=tuple(word for word in bypass.replace(" ", "").split(",") if word != "None"),
            addresses=tuple(rule["value"] for rule in body.get("ipRules") or ()),
            subnets=tuple(rule["id"] for rule in body.get("virtualNetworkRules") or ()),
            others=tuple((name, value) for name, value in body.items() if name not in known),
        )

    @property
    def lets_azure_in(self) -> bool:
        """Whether trusted services of Azure's come in past the rules."""
        return _AZURE in self.bypass

    def ranges(self) -> dict[str, AddressRange]:
        """Return the first and last address of each rule, by its value."""
        return {value: _range(value) for value in self.addresses}

    def body(self) -> dict[str, Any]:
        """Return the rules as they stand on the wire."""
        return {
            **dict(self.others),
            "defaultAction": "Deny" if self.is_closed else "Allow",
            "bypass": ", ".join(self.bypass) or "None",
            "ipRules": [{"value": value, "action": "Allow"} for value in self.addresses],
            "virtualNetworkRules": [{"id": value, "action": "Allow"} for value in self.subnets],
        }

    def present(self, family: str) -> dict[str, Any]:
        """Return the rules of a family by their values."""
        return {value: value for value in self._values(family)}

    def with_definition(self, definition: Mapping[str, Any]) -> NetworkRules:
        """Return the rules that an account is to be made with."""
        addresses = [
            value
            for rule in (definition.get("firewall_rules") or {}).values()
            for value in values_of("firewall rule", address_range(rule))
        ]
        subnets = [subnet(rule) for rule in (definition.get("virtual_network_rules") or {}).values()]
        rules = replace(
            self, addresses=tuple(dict.fromkeys(addresses)), subnets=tuple(dict.fromkeys(subnets))
        )
        return rules.switched(definition)

    def switched(self, switches: Mapping[str, Any]) -> NetworkRules:
        """Return the rules with the switches that are not None."""
        rules = self
        if (closed := switches.get("firewall_enabled")) is not None:
            rules = replace(rules, is_closed=closed)
        if (azure := switches.get("allow_azure_ips")) is not None and azure != self.lets_azure_in:
            others = tuple(word for word in self.bypass if word != _AZURE)
            rules = replace(rules, bypass=(*others, _AZURE) if azure else others)
        return rules

    def changed(self, family: str, declared: Mapping[str, Any], planned: RulesPlan) -> NetworkRules:
        """Return the rules after a plan."""
        removed = set(planned.removed)
        values = [value for value in self._values(family) if value not in removed]
        known = {value.lower() for value in values}
        for name in planned.added:
            values += [value for value in values_of(family, declared[name]) if not {value.lower()} <= known]
        unique = tuple(dict.fromkeys(values))
        if family == "firewall rule":
            return replace(self, addresses=unique)
        return replace(self, subnets=unique)

    def _values(self, family: str) -> tuple[str, ...]:
        if family == "firewall rule":
            return self.addresses
        return self.subnets if family == "virtual-network rule" else ()


def plan_unnamed(
    family: str, declared: Mapping[str, Any], present: Mapping[str, Any], *, purge: bool
) -> RulesPlan:
    """Compare rules by their values: a declared rule is unchanged if all of its values are there.

    :returns: names of what is declared; values of what is not.
    """
    there = {value.lower() for value in present}
    wanted = {name: {value.lower() for value in values_of(family, rule)} for name, rule in declared.items()}
    named = set().union(*wanted.values())
    others = sorted(value for value in present if value.lower() not in named)
    return RulesPlan(
        added=sorted(name for name, values in wanted.items() if not values <= there),
        changed=[],
        removed=others if purge else [],
        kept=[] if purge else others,
        unchanged=sorted(name for name, values in wanted.items() if values <= there),
    )


def values_of(family: str, rule: Any) -> list[str]:
    """Return the values that the service has for a declared rule; a range is as many networks as it needs.

    :raises InvalidRequestError: for addresses of IPv6, which the rules have not.
    """
    if not isinstance(rule, AddressRange):
        return [str(rule)]
    first, last = ipaddress.ip_address(rule.start), ipaddress.ip_address(rule.end)
    if first.version != 4:
        raise InvalidRequestError(
            f"{family} {rule}: a storage account's rules are of IPv4", operation="accounts"
        )
    values: list[str] = []
    for network in ipaddress.summarize_address_range(first, last):
        # The service takes no networks of one or two addresses.
        small = network.num_addresses <= 2
        values += [str(address) for address in network] if small else [str(network)]
    return values


def _range(value: str) -> AddressRange:
    network = ipaddress.ip_network(value, strict=False)
    return AddressRange(str(network[0]), str(network[-1]))
