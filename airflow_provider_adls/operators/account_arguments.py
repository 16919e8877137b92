"""Rules for the arguments of operators and sensors for accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_adls.accounts.resource_groups import check_resource_extra
from airflow_provider_adls.accounts.rules import parse_rules
from airflow_provider_adls.accounts.states import STATES
from airflow_provider_adls.model import account_rules
from airflow_provider_adls.operators.arguments import Rule, flag, text


def _named(parse: Callable[[Any], Any]) -> Rule:
    def rule(value: Any) -> None:
        if not isinstance(value, Mapping):
            raise ValueError(f"must be a dictionary by the rules' names, not {type(value).__name__}")  # noqa: TRY004 - a wrong value, as any
        parse_rules(value, parse)

    return rule


#: Addresses by the names of firewall rules.
firewall_rules = _named(account_rules.address_range)
#: Ids of subnets by the names of virtual-network rules.
virtual_network_rules = _named(account_rules.subnet)
#: URLs of id providers by their names.
trusted_id_providers = _named(account_rules.id_provider)


def key_vault_id(value: Any) -> None:
    """Resource id of a key vault."""
    account_rules.key_vault(text(value))


def count(value: Any) -> None:
    """A whole number, 1 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"must be a whole number, 1 or more, not {value!r}")


def interval(value: Any) -> None:
    """Seconds."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        raise ValueError(f"must be seconds, more than 0, not {value!r}")


def states(value: Any) -> None:
    """A list of states of an account, without one that is not."""
    if isinstance(value, str) or not value or not all(isinstance(word, str) for word in value):
        raise ValueError(f"must be a list of states, not {value!r}")
    if unknown := [word for word in value if word not in STATES]:
        raise ValueError(f"{unknown[0]!r} is no state of an account: {', '.join(STATES)}")


def some_states(value: Any) -> None:
    """The same, or none at all."""
    if value not in ([], ()):
        states(value)


def ensured(value: Any) -> None:
    """Whether a resource group is made, which the extra `[resource]` is needed for."""
    flag(value)
    if value:
        check_resource_extra()
