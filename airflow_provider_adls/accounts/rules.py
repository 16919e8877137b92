"""`AccountRulesMixin`: an account's rules as a declared state, and what leads to it.

What lets in is added before anything is switched on, and what is too much is removed last: at no moment is
anyone shut out whom both the old and the new state let in. A run that is stopped half way leaves less to
do to the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from airflow_provider_adls.accounts.client import AccountClientMixin
from airflow_provider_adls.accounts.plan import announce, parse_rules
from airflow_provider_adls.model.account_rules import address_range, id_provider, subnet
from airflow_provider_adls.model.paths import account_name


class _Family(NamedTuple):
    """A family of rules.

    :param noun: name of one of them in messages.
    :param argument: the argument that declares them.
    :param parse: makes the value that is compared of the user's.
    """

    noun: str
    argument: str
    parse: Callable[[Any], Any]


FIREWALL = _Family("firewall rule", "firewall_rules", address_range)
VIRTUAL_NETWORKS = _Family("virtual-network rule", "virtual_network_rules", subnet)
ID_PROVIDERS = _Family("trusted id provider", "trusted_id_providers", id_provider)


class AccountRulesMixin(AccountClientMixin):
    """The hook's methods that declare an account's rules.

    Each returns ``account_name``; the names that were ``added``, ``changed`` and ``removed``, those of others
    that were ``kept``, and those that were right already, ``unchanged``; ``switched``, what was set of the
    switches; and ``preview``. Nothing is sent for what is as it should be.

    Their arguments: `name` and `resource_group` of the account, the connection's group for None; `purge`,
    whether rules that are not named are removed; `preview`, whether nothing is done and the result says what
    would be. They raise `ValueError` for a rule that cannot be, and the errors of `model.errors`.
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

        :param firewall_rules: addresses by the rules' names, each as `model.account_rules.address_range`
            takes them.
        :param enabled: whether the firewall is on; None leaves it.
        :param allow_azure_ips: whether it lets addresses within Azure in; None leaves it.
        """
        switches = {"firewall_enabled": enabled, "allow_azure_ips": allow_azure_ips}
        return self._declare(
            FIREWALL, name, resource_group, firewall_rules, switches, purge=purge, preview=preview
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
            VIRTUAL_NETWORKS,
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
            ID_PROVIDERS, name, resource_group, trusted_id_providers, switches, purge=purge, preview=preview
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
        service = self.account_service
        service.check({family.argument: declared, **switches})
        account = self.known_account(short, group)
        present = service.rules(group, account, family.noun)
        planned = service.plan(family.noun, declared, present, purge=purge)
        switched = {
            switch: value
            for switch, value in switches.items()
            if value is not None and account.settings[switch] != value
        }
        announce(family.noun, short, planned, declared, present, switched, preview=preview)
        if not preview:
            service.declare(group, account, family.noun, declared, planned, switched)
        return {"account_name": short, **planned._asdict(), "switched": switched, "preview": preview}
