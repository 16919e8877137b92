"""`Firewall`: the client addresses that may reach an account's files.

It guards the file system alone; Resource Manager is open to every address, so that an owner who is locked out
can let himself in (docs, "Securing data stored in Azure Data Lake Storage Gen1").
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.origins import Address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Firewall(NamedTuple):
    """The address ranges that an account with an enabled firewall lets in, each by first and last."""

    ranges: tuple[tuple[Address, Address], ...]

    @classmethod
    def of(cls, settings: dict[str, Any], azure: Iterable[Network] = ()) -> Firewall | None:
        """Return the firewall of an account's settings; None if it is disabled.

        :param azure: networks that count as Azure's own.
        """
        if settings.get("firewallState") != "Enabled":
            return None
        rules = [rule["properties"] for rule in settings.get("firewallRules", [])]
        ranges: list[tuple[Address, Address]] = [
            (ipaddress.ip_address(rule["startIpAddress"]), ipaddress.ip_address(rule["endIpAddress"]))
            for rule in rules
        ]
        if settings.get("firewallAllowAzureIps") == "Enabled":
            ranges += [(network[0], network[-1]) for network in azure]
        return cls(tuple(ranges))

    def lets_in(self, address: Address | None) -> bool:
        """Return whether an address is in a range; None, of a client that has hung up, is in none."""
        return address is not None and any(
            first.version == address.version and int(first) <= int(address) <= int(last)
            for first, last in self.ranges
        )
