"""`Firewall`: the client addresses that may reach an account's files.

It guards the file system alone; Resource Manager is open to every address, so that an owner who is locked out
can let himself in (docs, "Securing data stored in Azure Data Lake Storage Gen1").
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.emulator.arm.nested import FIREWALL_RULES

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.origins import Address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Firewall(NamedTuple):
    """The addresses that an account with an enabled firewall lets in.

    :param ranges: first and last addresses that are let in.
    :param azure: whether Azure's own addresses are.
    """

    ranges: tuple[tuple[Address, Address], ...]
    azure: bool

    @classmethod
    def of(cls, settings: dict[str, Any]) -> Firewall | None:
        """Return the firewall of an account's settings; None if it is disabled."""
        if settings.get("firewallState") != "Enabled":
            return None
        rules = [rule["properties"] for rule in settings.get(FIREWALL_RULES.segment, [])]
        return cls(
            tuple(
                (ipaddress.ip_address(rule["startIpAddress"]), ipaddress.ip_address(rule["endIpAddress"]))
                for rule in rules
            ),
            settings.get("firewallAllowAzureIps") == "Enabled",
        )

    def lets_in(self, address: Address) -> bool:
        """Return whether a rule names the address."""
        return any(
            first.version == address.version and int(first) <= int(address) <= int(last)
            for first, last in self.ranges
        )


class Firewalls:
    """The firewalls of all accounts.

    :param find: returns the firewall of an account, by its short name; None if it has none enabled.
    :param azure: networks that count as Azure's own.
    """

    def __init__(self, find: Callable[[str], Firewall | None], azure: Iterable[Network] = ()) -> None:
        self._find = find
        self._azure = tuple(azure)

    def let_in(self, account: str, address: Address | None) -> bool:
        """Return whether an account's firewall lets a client in; without an account it does.

        :param address: the client's; None if it has hung up.
        """
        firewall = self._find(account)
        if firewall is None or address is None:
            return firewall is None
        return firewall.lets_in(address) or (
            firewall.azure and any(address in network for network in self._azure)
        )


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Parse networks in CIDR notation, or single addresses.

    :raises ValueError: for any other text.
    """
    return tuple(ipaddress.ip_network(text) for text in texts)
