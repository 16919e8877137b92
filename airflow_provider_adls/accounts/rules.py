"""An account's rules as a declared state: what has to be added, changed and removed, and doing it.

What lets in is added before anything is switched on, and what is too much is removed last: at no moment is
somebody shut out whom both the old and the new state let in. A run that is stopped half way leaves less to
do to the next one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.accounts.client import AccountClientMixin
from airflow_provider_adls.accounts.description import word
from airflow_provider_adls.accounts.errors import known_account, translated_errors
from airflow_provider_adls.accounts.parameters import change, switch
from airflow_provider_adls.model.account_rules import (
    AddressRange,
    address_range,
    id_provider,
    rule_name,
    subnet,
)
from airflow_provider_adls.model.paths import account_name

if TYPE_CHECKING:
    from azure.mgmt.datalake.store.models import DataLakeStoreAccount

_log = logging.getLogger(__name__)
#: The service's names for the switches of a family.
_STATES = {
    "firewall_enabled": "firewall_state",
    "allow_azure_ips": "firewall_allow_azure_ips",
    "trusted_id_providers_enabled": "trusted_id_provider_state",
}


@dataclass(frozen=True)
class _Family:
    """A family of rules.

    :param noun: what one of them is called.
    :param operations: the group of the SDK's operations for them.
    :param parse: what a user writes, as what is compared.
    :param read: what one of the SDK's models holds, as what is compared.
    :param fields: a value as the arguments of the SDK's `create_or_update`.
    """

    noun: str
    operations: str
    parse: Callable[[Any], Any]
    read: Callable[[Any], Any]
    fields: Callable[[Any], tuple[Any, ...]]


_FIREWALL = _Family(
    "firewall rule",
    "firewall_rules",
    address_range,
    lambda rule: AddressRange(rule.start_ip_address, rule.end_ip_address),
    tuple,
)
_VIRTUAL_NETWORKS = _Family(
    "virtual-network rule",
    "virtual_network_rules",
    subnet,
    lambda rule: rule.subnet_id,
    lambda value: (value,),
)
_ID_PROVIDERS = _Family(
    "trusted id provider",
    "trusted_id_providers",
    id_provider,
    lambda provider: provider.id_provider,
    lambda value: (value,),
)


class RulesPlan(NamedTuple):
    """What leads from the rules that are there to those that are declared, by name, each list sorted.

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


class AccountRulesMixin(AccountClientMixin):
    """The hook's methods that declare an account's rules.

    Each returns ``account_name``; the names that were ``added``, ``changed`` and ``removed``, those of others
    that were ``kept``, and those that were right already, ``unchanged``; ``switched``, what was set of the
    switches; and ``preview``. Nothing is sent for what is as it should be.

    Their arguments: `name` and `resource_group` of the account, the connection's group for None; `purge`,
    whether rules that are not named are removed; `preview`, whether nothing is done and the result says what
    would be. They raise `ValueError` for a rule that cannot be, and the errors of `gen1.errors`.
    """

    def set_firewall_rules(
        self,
        name: str,
        firewall_rules: Mapping[str, Any],
        resource_group: str | None = None,
        *,
        enabled: bool | None = None,
        allow_azure_ips: bool | None = None,
        purge: bool = False,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Declare which addresses the firewall lets in.

        :param firewall_rules: addresses by the rules' names, each as `gen1.account_rules.address_range` takes
            them.
        :param enabled: whether the firewall is on; None leaves it.
        :param allow_azure_ips: whether it lets addresses within Azure in; None leaves it.
        """
        switches = {"firewall_enabled": enabled, "allow_azure_ips": allow_azure_ips}
        return self._declare(
            _FIREWALL, name, resource_group, firewall_rules, switches, purge=purge, preview=preview
        )

    def set_virtual_network_rules(
        self,
        name: str,
        virtual_network_rules: Mapping[str, str],
        resource_group: str | None = None,
        *,
        enabled: bool | None = None,
        purge: bool = False,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Declare which subnets the firewall lets in.

        :param virtual_network_rules: resource ids of subnets by the rules' names.
        :param enabled: whether the firewall is on, which these rules are part of; None leaves it.
        """
        switches = {"firewall_enabled": enabled}
        return self._declare(
            _VIRTUAL_NETWORKS,
            name,
            resource_group,
            virtual_network_rules,
            switches,
            purge=purge,
            preview=preview,
        )

    def set_trusted_id_providers(
        self,
        name: str,
        trusted_id_providers: Mapping[str, str],
        resource_group: str | None = None,
        *,
        enabled: bool | None = None,
        purge: bool = False,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Declare whose identities count.

        :param trusted_id_providers: URLs of id providers by their names.
        :param enabled: whether they count at all; None leaves it.
        """
        switches = {"trusted_id_providers_enabled": enabled}
        return self._declare(
            _ID_PROVIDERS, name, resource_group, trusted_id_providers, switches, purge=purge, preview=preview
        )

    def _declare(
        self,
        family: _Family,
        name: str,
        resource_group: str | None,
        rules: Mapping[str, Any],
        switches: Mapping[str, bool | None],
        *,
        purge: bool,
        preview: bool,
    ) -> dict[str, Any]:
        short, group = account_name(name), self.group_or_own(resource_group)
        declared = parse_rules(rules, family.parse)
        client = self.get_account_client()
        account = known_account(client, group, short)
        operations = getattr(client, family.operations)
        with translated_errors(f"{family.operations}.list_by_account", short):
            present = {rule.name: family.read(rule) for rule in operations.list_by_account(group, short)}
        planned = plan(declared, present, purge=purge)
        switched = _switched(account, switches)
        _announce(family.noun, short, planned, declared, present, switched, preview=preview)
        if not preview:
            for rule in (*planned.added, *planned.changed):
                with translated_errors(f"{family.operations}.create_or_update", short):
                    operations.create_or_update(group, short, rule, *family.fields(declared[rule]))
            if switched:
                settings: dict[str, Any] = {**switched}
                with translated_errors("accounts.update", short):
                    client.accounts.update(group, short, change(**settings)).wait()
            for rule in planned.removed:
                with translated_errors(f"{family.operations}.delete", short):
                    operations.delete(group, short, rule)
        return {"account_name": short, **planned._asdict(), "switched": switched, "preview": preview}


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


def _switched(account: DataLakeStoreAccount, switches: Mapping[str, bool | None]) -> dict[str, bool]:
    """Return the switches that differ from what is wanted."""
    return {
        name: value
        for name, value in switches.items()
        if value is not None and word(getattr(account, _STATES[name])) != switch(value)
    }


def _announce(
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
