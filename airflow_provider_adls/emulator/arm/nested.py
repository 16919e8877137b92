"""`Kind`: the kinds of resources inside an account: firewall and network rules, identity providers.

An account keeps them in its settings as it shows them: `{"properties": {…}, "name": …}`, in the order in
which they were made.
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow_provider_adls.emulator.arm import errors, fields
from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.account import Account

#: A name as Resource Manager takes it ("Naming rules and restrictions for Azure resources").
_NAME = re.compile(r"(?!.*[. ]$)[^<>%&:\\?/#*\x00-\x1f\x7f]{1,260}")
_SUBNET = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/[^/]+/providers/Microsoft\.Network"
    r"/virtualNetworks/[^/]+/subnets/[^/]+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Kind:
    """A kind of nested resources.

    :param segment: its name in paths, and in the account's properties.
    :param noun: name of one of them in messages.
    :param members: its properties, all of which one must have.
    :param check: looks at the properties of one; raises ArmError.
    :param state: properties that it is shown with beside its own, when it is looked at.
    """

    segment: str
    noun: str
    members: tuple[str, ...]
    check: Callable[[Mapping[str, str]], None]
    state: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The resource's type."""
        return f"{ACCOUNT_TYPE}/{self.segment}"

    def under(self, account: Account) -> list[dict[str, Any]]:
        """Return those of an account, as it shows them."""
        return list(account.settings.get(self.segment, []))

    def of(self, account: Account, name: str) -> dict[str, Any]:
        """Return the one of this name.

        :raises ArmError: 404 for an unknown name.
        """
        for one in self.under(account):
            if _same(one["name"], name):
                return one
        raise errors.nested_missing()

    def full(self, account: Account, one: dict[str, Any], *, seen: bool) -> dict[str, Any]:
        """Return one as a resource of its own; keys and their order as recorded.

        :param seen: whether it is looked at; the answer to a change shows no state (recorded).
        """
        return {
            "properties": {**one["properties"], **(self.state if seen else {})},
            "id": f"{account.id}/{self.segment}/{one['name']}",
            "name": one["name"],
            "type": self.type,
        }

    def given(self, name: object, body: object) -> dict[str, Any]:
        """Parse one as a caller gives it, its properties not yet checked against the rules.

        :raises ArmError: 400 for another name or body than one can have.
        """
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise errors.nested_name_invalid(noun=self.noun, name=name)
        properties = fields.members(
            "properties",
            fields.resource(body, ("properties",)).get("properties"),
            (*self.members, *self.state),
        )
        known = {member: fields.text(member, properties.get(member)) for member in self.members}
        return {"properties": {member: value for member, value in known.items() if value}, "name": name}

    def listed(self, value: object) -> list[dict[str, Any]]:
        """Parse those that a caller gives with the account, each with its name.

        :raises ArmError: 400 for anything but a list of them, or two of one name.
        """
        if not isinstance(value, list):
            raise errors.content_invalid(f"The member '{self.segment}' is not an array")
        found: list[dict[str, Any]] = []
        for each in value:
            one = self.given(each.get("name") if isinstance(each, dict) else None, each)
            if any(_same(one["name"], other["name"]) for other in found):
                raise errors.content_invalid(f"The {self.noun} '{one['name']}' is given twice")
            found.append(one)
        return found

    def put(self, there: list[dict[str, Any]], one: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the list with one added, or put in place of the one of its name, whose spelling stays.

        :raises ArmError: 400 if it breaks a rule.
        """
        for member in self.members:
            if member not in one["properties"]:
                raise errors.content_invalid(
                    f"Required property '{member}' of the {self.noun} not found in JSON"
                )
        self.check(one["properties"])
        if not any(_same(other["name"], one["name"]) for other in there):
            return [*there, one]
        return [
            {**one, "name": other["name"]} if _same(other["name"], one["name"]) else other for other in there
        ]

    def merge(self, there: list[dict[str, Any]], one: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the list with one added, or changed in its given properties.

        :raises ArmError: 400 if the outcome breaks a rule.
        """
        before: dict[str, str] = next(
            (other["properties"] for other in there if _same(other["name"], one["name"])), {}
        )
        return self.put(there, {**one, "properties": {**before, **one["properties"]}})

    def without(self, there: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
        """Return the list without the one of this name."""
        return [one for one in there if not _same(one["name"], name)]


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _check_addresses(properties: Mapping[str, str]) -> None:
    start, end = properties["startIpAddress"], properties["endIpAddress"]
    first, last = _address("startIpAddress", start), _address("endIpAddress", end)
    if first.version != last.version:
        raise errors.firewall_rule_invalid(
            reason=f"startIpAddress '{start}' and endIpAddress '{end}' must be of one protocol, IPv4 or IPv6"
        )
    if int(first) > int(last):
        raise errors.firewall_rule_invalid(
            reason=f"startIpAddress '{start}' is greater than endIpAddress '{end}'"
        )


def _address(member: str, value: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(value)
    except ValueError:
        raise errors.firewall_rule_invalid(
            reason=f"{member} '{value}' is not an IPv4 or IPv6 address"
        ) from None


def _check_subnet(properties: Mapping[str, str]) -> None:
    subnet = properties["subnetId"]
    match = _SUBNET.fullmatch(subnet)
    try:
        uuid.UUID(match["subscription"] if match else "")
    except ValueError:
        raise errors.subnet_invalid(subnet=subnet) from None


def _check_provider(properties: Mapping[str, str]) -> None:
    provider = properties["idProvider"]
    try:
        parts = urlsplit(provider)
        right = parts.scheme == "https" and bool(parts.hostname) and not any(map(str.isspace, provider))
    except ValueError:
        right = False
    if not right:
        raise errors.id_provider_invalid(provider=provider)


#: All kinds, by their names on the wire.
KINDS = {
    kind.segment: kind
    for kind in (
        Kind("firewallRules", "firewall rule", ("startIpAddress", "endIpAddress"), _check_addresses),
        Kind(
            "virtualNetworkRules", "virtual network rule", ("subnetId",), _check_subnet, {"state": "Active"}
        ),
        Kind("trustedIdProviders", "trusted identity provider", ("idProvider",), _check_provider),
    )
}
