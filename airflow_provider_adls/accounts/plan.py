"""`plan`: what leads from the rules that an account has to those that are declared.

A rule has a name and a value: a range of addresses, a subnet, an id provider.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from airflow_provider_adls.model.account_rules import AddressRange, address_range, rule_name

_log = logging.getLogger(__name__)


class RulesPlan(NamedTuple):
    """The steps from an account's rules to the declared ones, by name, each list sorted.

    :param kept: names that are there, are not declared, and stay.
    :param unchanged: names that are there as they are declared.
    """

    added: list[str]
    changed: list[str]
    removed: list[str]
    kept: list[str]
    unchanged: list[str]


def plan(declared: Mapping[str, Any], present: Mapping[str, Any], *, purge: bool) -> RulesPlan:
    """Compare rules; their names and values count as the Resource Manager counts them, without case.

    :param declared: values by name.
    :param present: the same, of the account.
    :param purge: whether what is not declared is too much.
    """
    there = {name.lower(): name for name in present}
    wanted = {name.lower(): name for name in declared}
    both = there.keys() & wanted.keys()
    same = {key for key in both if _alike(declared[wanted[key]], present[there[key]])}
    others = sorted(there[key] for key in there.keys() - wanted.keys())
    return RulesPlan(
        added=sorted(wanted[key] for key in wanted.keys() - there.keys()),
        changed=sorted(wanted[key] for key in both - same),
        removed=others if purge else [],
        kept=[] if purge else others,
        unchanged=sorted(wanted[key] for key in same),
    )


def parse_rules(rules: Mapping[str, Any], parse: Callable[[Any], Any]) -> dict[str, Any]:
    """Return rules by name, each as what is compared.

    :raises ValueError: naming the rule that cannot be.
    """
    parsed: dict[str, Any] = {}
    seen: set[str] = set()
    for name, value in rules.items():
        if rule_name(name).lower() in seen:
            raise ValueError(f"two rules are called {name!r}: names count without case")
        seen.add(name.lower())
        try:
            parsed[name] = parse(value)
        except ValueError as error:
            raise ValueError(f"rule {name!r}: {error}") from None
    return parsed


def announce(
    noun: str,
    account: str,
    planned: RulesPlan,
    declared: Mapping[str, Any],
    present: Mapping[str, Any],
    switched: Mapping[str, bool],
    *,
    preview: bool,
) -> None:
    """Log what is done, or would be, a line for each rule."""
    there = {name.lower(): value for name, value in present.items()}
    lines: Iterable[str] = (
        *(f"add {noun} {name!r}: {declared[name]}" for name in planned.added),
        *(
            f"change {noun} {name!r} from {there[name.lower()]} to {declared[name]}"
            for name in planned.changed
        ),
        *(f"set {name} to {value}" for name, value in switched.items()),
        *(f"remove {noun} {name!r}: {present[name]}" for name in planned.removed),
        *(f"keep {noun} {name!r}, which is not named: {present[name]}" for name in planned.kept),
    )
    for line in lines:
        _log.info("Account %s%s: %s", account, ", preview" if preview else "", line)
    if not (planned.added or planned.changed or planned.removed or switched):
        _log.info("Account %s: its %ss are as declared", account, noun)


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, AddressRange):
        return one == _usual(other)
    return str(one).rstrip("/").lower() == str(other).rstrip("/").lower()


def _usual(addresses: AddressRange) -> AddressRange:
    """Return a range of the account in the usual spelling, or as it is if it is not one that we know."""
    try:
        return address_range(tuple(addresses))
    except ValueError:
        return addresses
