"""Rules of an account, as people write them and as they are compared: who is let in, whose identities count.

An account has firewall rules (ranges of addresses), virtual-network rules (subnets) and trusted id providers
(URLs), each under a name (azure-mgmt-datalake-store 0.5.0).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

#: Characters that no resource's name may hold (Resource Manager's naming rules).
_NOT_IN_NAMES = re.compile(r"[<>%&:\\?/#\x00-\x1f]")
_LONGEST_NAME = 260
_GROUP = r"/subscriptions/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/resourceGroups/[^/]+/providers"
_SUBNET = re.compile(rf"{_GROUP}/Microsoft\.Network/virtualNetworks/[^/]+/subnets/[^/]+", re.IGNORECASE)
_KEY_VAULT = re.compile(rf"{_GROUP}/Microsoft\.KeyVault/vaults/[^/]+", re.IGNORECASE)
_BOUNDS = ("start_ip_address", "end_ip_address")


class AddressRange(NamedTuple):
    """A range of addresses of one protocol, in their usual spelling; both ends are in it."""

    start: str
    end: str

    def __str__(self) -> str:
        return self.start if self.start == self.end else f"{self.start} to {self.end}"


def rule_name(name: object) -> str:
    """Return a name that a rule can have.

    :raises ValueError: if none can.
    """
    if not isinstance(name, str):
        raise ValueError(f"the name of a rule must be a string, not {name!r}")  # noqa: TRY004 - a wrong value, as any
    if not name.strip() or len(name) > _LONGEST_NAME or name[-1] in ". " or _NOT_IN_NAMES.search(name):
        raise ValueError(
            rf"{name!r} is not a rule's name: 1 to {_LONGEST_NAME} characters, none of <>%&:\?/#, no control"
            " character, and neither a dot nor a blank at the end"
        )
    return name


def address_range(value: object) -> AddressRange:
    """Return the addresses of a firewall rule.

    :param value: an address, ``203.0.113.7``; a network, ``203.0.113.0/24``; two addresses with a hyphen
        between them, in a list, or as ``start_ip_address`` and ``end_ip_address``. IPv4 or IPv6.
    :raises ValueError: saying what is wrong with it.
    """
    start, end = _ends(value)
    if start.version != end.version:
        raise ValueError(f"{start} and {end} are addresses of two protocols")
    if int(start) > int(end):
        raise ValueError(f"the range begins at {start}, which is after its end {end}")
    return AddressRange(str(start), str(end))


def subnet(value: object) -> str:
    """Return the subnet of a virtual-network rule, by its resource's id.

    :raises ValueError: if it is none.
    """
    return _resource(value, _SUBNET, "subnet", "Microsoft.Network/virtualNetworks/…/subnets/…")


def id_provider(value: object) -> str:
    """Return the URL of a trusted id provider, ``https://sts.windows.net/{tenant}`` for instance.

    :raises ValueError: if it is not an https URL.
    """
    if isinstance(value, str) and not any(character.isspace() for character in value):
        parts = urlsplit(value)
        if parts.scheme == "https" and parts.hostname and not (parts.query or parts.fragment):
            return value
    raise ValueError(f"{value!r} is not the URL of an id provider: https://sts.windows.net/{{tenant}}")


def key_vault(value: object) -> str:
    """Return a key vault, by its resource's id.

    :raises ValueError: if it is none.
    """
    return _resource(value, _KEY_VAULT, "key vault", "Microsoft.KeyVault/vaults/…")


def _resource(value: object, pattern: re.Pattern[str], kind: str, form: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(
            f"{value!r} is not the id of a {kind}: /subscriptions/{{guid}}/resourceGroups/…/providers/{form}"
        )
    return value


def _ends(value: object) -> tuple[Any, Any]:
    if isinstance(value, Mapping):
        if set(value) != set(_BOUNDS):
            given = ", ".join(map(repr, value)) or "nothing"
            raise ValueError(f"a range needs {' and '.join(_BOUNDS)}, not {given}")
        return _address(value[_BOUNDS[0]]), _address(value[_BOUNDS[1]])
    if isinstance(value, (list, tuple)):
        if len(value) != 2:
            raise ValueError(f"a range needs its first and its last address, not {value!r}")
        return _address(value[0]), _address(value[1])
    if isinstance(value, str) and "/" in value:
        network = _network(value.strip())
        return network[0], network[-1]
    if isinstance(value, str) and "-" in value:
        first, _, last = value.partition("-")
        return _address(first), _address(last)
    return _address(value), _address(value)


def _network(text: str) -> Any:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a network of addresses: {error}") from None


def _address(value: object) -> Any:
    if not isinstance(value, str):
        raise ValueError(f"an address must be a string such as '203.0.113.7', not {value!r}")  # noqa: TRY004 - as above
    try:
        return ipaddress.ip_address(value.strip())
    except ValueError:
        raise ValueError(f"{value!r} is not an IP address") from None
