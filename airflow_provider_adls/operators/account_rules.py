"""Operators that declare who is let into an account: by addresses, by subnets, by id providers.

What has to be added, changed and removed is worked out from what is there, logged and returned. Nothing is
sent for what is as it should be, so a task may run as often as it likes. What lets in is added before
anything is switched on, and what is too much is removed last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import account_arguments, arguments
from airflow_provider_adls.operators.preview import ADLSGen1PreviewOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

_RULES: Mapping[str, arguments.Rule] = {
    "account_name": arguments.account,
    "resource_group": arguments.text,
    "enabled": arguments.flag,
    "purge": arguments.flag,
    "preview": arguments.flag,
    "adls_gen1_conn_id": arguments.text,
}
_NEEDED = ("account_name", "purge", "preview", "adls_gen1_conn_id")
_TEMPLATED = ("account_name", "resource_group", "adls_gen1_conn_id")


class _RulesOperator(ADLSGen1PreviewOperator):
    """What the operators of this module have in common."""

    def __init__(
        self,
        *,
        resource_group: str | None = None,
        enabled: bool | None = None,
        purge: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.resource_group = resource_group
        self.enabled = enabled
        self.purge = purge


class ADLSGen1SetFirewallRulesOperator(_RulesOperator):
    """Declare which addresses an account's firewall lets in.

    .. code-block:: python

        ADLSGen1SetFirewallRulesOperator(
            task_id="firewall",
            account_name="mylake",
            firewall_rules={"office": "203.0.113.0/24", "build": "198.51.100.7-198.51.100.9"},
            enabled=True,
            purge=True,
        )

    :param account_name: the account, short or full name. (templated)
    :param firewall_rules: addresses by the rules' names: ``"203.0.113.7"``, ``"203.0.113.0/24"``,
        ``"203.0.113.7-203.0.113.9"``, first and last in a list, or ``start_ip_address`` and
        ``end_ip_address``. ``{}`` names none. (templated)
    :param resource_group: resource group; None for the connection's. (templated)
    :param enabled: whether the firewall is on; None leaves it as it is.
    :param allow_azure_ips: whether an enabled firewall lets addresses within Azure in; None leaves it.
    :param purge: whether rules that are not named are removed; if not, they are kept, and the result names
        them.
    :param preview: whether nothing is done, and the result says what would be.
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: account_name; names of rules, ``added``, ``changed``, ``removed``, ``kept`` and ``unchanged``;
        ``switched``, such as ``{"firewall_enabled": True}``; and ``preview``.
    """

    template_fields: Sequence[str] = ("firewall_rules", *_TEMPLATED)
    needed = (*_NEEDED, "firewall_rules")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        **_RULES,
        "firewall_rules": account_arguments.firewall_rules,
        "allow_azure_ips": arguments.flag,
    }

    def __init__(
        self,
        *,
        account_name: str,
        firewall_rules: Mapping[str, Any],
        allow_azure_ips: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.firewall_rules = firewall_rules
        self.allow_azure_ips = allow_azure_ips
        self.judge()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Set the rules, or say how."""
        return hook.set_firewall_rules(
            self.account_name,
            self.firewall_rules,
            self.resource_group,
            enabled=self.enabled,
            allow_azure_ips=self.allow_azure_ips,
            purge=self.purge,
            preview=preview,
        )


class ADLSGen1SetVirtualNetworkRulesOperator(_RulesOperator):
    """Declare which subnets an account's firewall lets in.

    .. code-block:: python

        ADLSGen1SetVirtualNetworkRulesOperator(
            task_id="networks",
            account_name="mylake",
            virtual_network_rules={
                "workers": "/subscriptions/{{ params.subscription }}/resourceGroups/net/providers"
                "/Microsoft.Network/virtualNetworks/airflow/subnets/workers"
            },
        )

    :param account_name: the account, short or full name. (templated)
    :param virtual_network_rules: resource ids of subnets by the rules' names. ``{}`` names none. (templated)
    :param resource_group: resource group; None for the connection's. (templated)
    :param enabled: whether the firewall, which these rules are part of, is on; None leaves it as it is.
    :param purge: whether rules that are not named are removed; if not, they are kept, and the result names
        them.
    :param preview: whether nothing is done, and the result says what would be.
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: as `ADLSGen1SetFirewallRulesOperator`.
    """

    template_fields: Sequence[str] = ("virtual_network_rules", *_TEMPLATED)
    needed = (*_NEEDED, "virtual_network_rules")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        **_RULES,
        "virtual_network_rules": account_arguments.virtual_network_rules,
    }

    def __init__(self, *, account_name: str, virtual_network_rules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.virtual_network_rules = virtual_network_rules
        self.judge()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Set the rules, or say how."""
        return hook.set_virtual_network_rules(
            self.account_name,
            self.virtual_network_rules,
            self.resource_group,
            enabled=self.enabled,
            purge=self.purge,
            preview=preview,
        )


class ADLSGen1SetTrustedIdProvidersOperator(_RulesOperator):
    """Declare whose identities count in an account, beside those of its own tenant.

    .. code-block:: python

        ADLSGen1SetTrustedIdProvidersOperator(
            task_id="providers",
            account_name="mylake",
            trusted_id_providers={"partner": "https://sts.windows.net/{{ params.partner_tenant }}"},
            enabled=True,
        )

    :param account_name: the account, short or full name. (templated)
    :param trusted_id_providers: URLs of id providers by their names. ``{}`` names none. (templated)
    :param resource_group: resource group; None for the connection's. (templated)
    :param enabled: whether they count at all; None leaves it as it is.
    :param purge: whether providers that are not named are removed; if not, they are kept, and named in the
        result.
    :param preview: whether nothing is done, and the result says what would be.
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: as `ADLSGen1SetFirewallRulesOperator`.
    """

    template_fields: Sequence[str] = ("trusted_id_providers", *_TEMPLATED)
    needed = (*_NEEDED, "trusted_id_providers")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        **_RULES,
        "trusted_id_providers": account_arguments.trusted_id_providers,
    }

    def __init__(self, *, account_name: str, trusted_id_providers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.trusted_id_providers = trusted_id_providers
        self.judge()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Set the providers, or say how."""
        return hook.set_trusted_id_providers(
            self.account_name,
            self.trusted_id_providers,
            self.resource_group,
            enabled=self.enabled,
            purge=self.purge,
            preview=preview,
        )
