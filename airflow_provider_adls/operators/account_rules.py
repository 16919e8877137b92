"""Operators that declare who may use an account: by addresses, by subnets, by id providers.

The difference to the existing rules is computed, logged and returned; a rule that is right already needs no
request, so a task may run any number of times. Rules are added before the firewall is switched on, and
removed last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import NAMED_ACCOUNT, RESOURCE_GROUP, Argument, flag, templated
from airflow_provider_adls.operators.base import ADLSGen1PreviewOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class _RulesOperator(ADLSGen1PreviewOperator):
    """Base of the operators that declare rules."""

    returned = (
        "account_name; names of rules, ``added``, ``changed``, ``removed``, ``kept`` and ``unchanged``;"
        ' ``switched``, such as ``{"firewall_enabled": True}``; and ``preview``'
    )
    arguments: ClassVar[Sequence[Argument]] = (
        NAMED_ACCOUNT,
        RESOURCE_GROUP,
        flag("enabled", "whether the rules are enforced; None leaves it unchanged", required=False),
        flag(
            "purge",
            "whether rules that are not named are removed; if not, they are kept and the result lists them",
        ),
    )

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
    """

    arguments = (
        templated(
            "firewall_rules",
            kinds.firewall_rules,
            'addresses by the rules\' names: ``"203.0.113.7"``, ``"203.0.113.0/24"``, '
            '``"203.0.113.7-203.0.113.9"``, first and last in a list, or ``start_ip_address`` and '
            "``end_ip_address``. ``{}`` names none",
            required=True,
        ),
        flag(
            "allow_azure_ips",
            "whether an enabled firewall admits addresses within Azure; None leaves it unchanged",
            required=False,
        ),
    )

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
        self.validate()

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
    """

    arguments = (
        templated(
            "virtual_network_rules",
            kinds.virtual_network_rules,
            "resource ids of subnets by the rules' names. ``{}`` names none",
            required=True,
        ),
    )

    def __init__(self, *, account_name: str, virtual_network_rules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.virtual_network_rules = virtual_network_rules
        self.validate()

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
    """

    arguments = (
        templated(
            "trusted_id_providers",
            kinds.trusted_id_providers,
            "URLs of id providers by their names. ``{}`` names none",
            required=True,
        ),
    )

    def __init__(self, *, account_name: str, trusted_id_providers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.trusted_id_providers = trusted_id_providers
        self.validate()

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
