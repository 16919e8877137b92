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
        "Directory that the client belongs to: its id or one of its domains.",
        "contoso.onmicrosoft.com",
    ),
    FormField(
        "account_name",
        "Account name",
        "Data Lake Storage Gen1 account, its short or its full name. Paths without an account are in it.",
        "mylake",
    ),
    FormField(
        "subscription_id",
        "Subscription ID",
        "Azure subscription of the account. Needed to create, show and delete accounts.",
        "00000000-0000-0000-0000-000000000000",
    ),
    FormField(
        "resource_group",
        "Resource group",
        "Resource group of the account, where an operator is given no other.",
        "analytics",
    ),
    FormField(
        "cloud",
        "Cloud",
        "Azure cloud that signs in and keeps the account; empty means public."
        " The emulator is found by ADLS_GEN1_EMULATOR or by its ready file.",
        "public",
        CLOUD_NAMES,
    ),
    FormField(
        "endpoint",
        "Endpoint",
        "URL that stands before /webhdfs/v1, with {account} for the account's name."
        " Empty means the cloud's own; only the public cloud and the emulator have one.",
        "https://{account}.azuredatalakestore.net",
    ),
    FormField(
        "ca_file",
        "CA file",
        "PEM file of the authorities to trust, a path on every machine that runs tasks."
        " Empty means those that the machine trusts already.",
        "/etc/ssl/certs/ca-certificates.crt",
    ),
)
HIDDEN_FIELDS = ("host", "port", "schema", "extra")
RELABELING = {"login": "Client ID", "password": "Client secret"}
PLACEHOLDERS = {
    "login": "application (client) id of the service principal",
    "password": "the secret's value, not its id",
}
