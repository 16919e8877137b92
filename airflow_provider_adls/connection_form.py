"""The connection type's form, as one table: provider info and the hook both show it.

Airflow 3.3 reads provider info only, 2.11 and 3.1 call the hook's methods only, 3.2 does both.
"""

from __future__ import annotations

from typing import NamedTuple

CONNECTION_TYPE = "adls_gen1"
DEFAULT_CONNECTION_ID = "adls_gen1_default"
HOOK_NAME = "Azure Data Lake Storage Gen1"
HOOK_CLASS = "airflow_provider_adls.hooks.adls_gen1.ADLSGen1Hook"

#: Words for the field `cloud`; the last is a Gen1 service on this machine.
EMULATOR = "emulator"
CLOUD_NAMES = ("public", "china", "us_government", "germany", EMULATOR)


class FormField(NamedTuple):
    """A field that a connection of this type keeps in its Extra.

    None has a default: Airflow's form would write it over what stands in Extra.

    :param name: key in Extra.
    :param label: what the form calls it.
    :param description: what to put there, shown beneath the field.
    :param example: a value that it may have.
    :param choices: the only values that it may have; empty for any.
    """

    name: str
    label: str
    description: str
    example: str
    choices: tuple[str, ...] = ()


FIELDS = (
    FormField(
        "tenant_id",
        "Tenant ID",
        "Directory that the client belongs to: its id, which the portal calls Directory (tenant) ID,"
        " or one of its domains, such as contoso.onmicrosoft.com.",
        "contoso.onmicrosoft.com",
    ),
    FormField(
        "account_name",
        "Account name",
        "The Gen1 account for paths and tasks that name no other: mylake, or mylake.azuredatalakestore.net.",
        "mylake",
    ),
    FormField(
        "subscription_id",
        "Subscription ID",
        "Azure subscription that the account is in. Only needed to create, show or delete accounts.",
        "00000000-0000-0000-0000-000000000000",
    ),
    FormField(
        "resource_group",
        "Resource group",
        "Resource group that the account is in, for tasks that name no other.",
        "analytics",
    ),
    FormField(
        "cloud",
        "Cloud",
        "Azure cloud of the tenant and the account. Empty means public. The emulator is found where it"
        " started on this machine, or where ADLS_GEN1_EMULATOR says.",
        "public",
        CLOUD_NAMES,
    ),
    FormField(
        "endpoint",
        "Endpoint",
        "Only for a gateway or a private cloud: the URL before /webhdfs/v1, in which {account} stands for the"
        " account's name. Empty means the cloud's own, which only public and emulator have.",
        "https://{account}.azuredatalakestore.net",
    ),
    FormField(
        "ca_file",
        "CA file",
        "Only for certificates that this machine does not trust, such as an intercepting proxy's: path of a"
        " PEM file with their authorities, on every machine that runs tasks or tests the connection.",
        "/etc/ssl/certs/ca-certificates.crt",
    ),
)
#: Standard fields that mean nothing here.
HIDDEN_FIELDS = ("host", "schema", "extra")
#: Airflow 3.3's page asks to test port 0 of a connection that was stored without one, and its API refuses to
#: test another destination than the stored one. Under the other versions the port is hidden too.
PORT = "port"
RELABELING = {"login": "Client ID", "password": "Client secret", PORT: "Port (unused)"}
PLACEHOLDERS = {
    "login": "application (client) id; the tenant is among the Extra Fields",
    "password": "the secret's value, not its id",
    PORT: "0, without which Airflow 3.3 refuses to test",
}
