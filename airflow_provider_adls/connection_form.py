"""The connection type's form, as one table: provider info and the hook both show it.

Airflow 3.3 reads provider info only, 2.11 and 3.1 call the hook's methods only, 3.2 does both.
"""

from __future__ import annotations

from typing import NamedTuple

CONNECTION_TYPE = "adls_gen1"
DEFAULT_CONNECTION_ID = "adls_gen1_default"
HOOK_NAME = "Azure Data Lake Storage (Gen1, Gen2)"
HOOK_CLASS = "airflow_provider_adls.hooks.adls_gen1.ADLSGen1Hook"

#: Words for the field `cloud`: Azure's, one that is known by its endpoints, a Gen1 service on this machine.
EMULATOR = "emulator"
CLOUD_NAMES = ("public", "china", "us_government", "germany", "custom", EMULATOR)
#: Words for the field `auth_method`: what gives tokens, `default` by all that azure-identity looks for, and
#: what signs requests for the files of a Gen2 account alone.
TOKEN_METHODS = ("client_secret", "client_certificate", "managed_identity", "workload_identity", "default")
ACCOUNT_KEY, SAS = "account_key", "sas"
AUTH_METHODS = (*TOKEN_METHODS, ACCOUNT_KEY, SAS)


class FormField(NamedTuple):
    """A field that a connection of this type keeps in its Extra.

    None has a default: Airflow's form would write it over what stands in Extra.

    :param name: key in Extra.
    :param label: its name in the form.
    :param description: advice on its value, shown beneath the field.
    :param example: a value that it may have.
    :param choices: the only values that it may have; empty for any.
    :param secret: whether Airflow masks it, and the form shows dots.
    """

    name: str
    label: str
    description: str
    example: str
    choices: tuple[str, ...] = ()
    secret: bool = False


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
        "The account for paths and tasks that name no other: mylake, mylake.azuredatalakestore.net, or"
        " mylake.dfs.core.windows.net.",
        "mylake",
    ),
    FormField(
        "container",
        "Container",
        "Gen2: the container (file system) that paths are in, of a storage account with hierarchical"
        " namespace. Empty means a Gen1 account.",
        "raw",
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
        "auth_method",
        "Sign-in method",
        "How to sign in. Empty means client_secret. managed_identity, workload_identity and default, which is"
        " azure-identity's chain, need the extra [identity] of this package, and no secret. account_key, with"
        " the key as password, and sas are for the files of a container alone.",
        "client_secret",
        AUTH_METHODS,
    ),
    FormField(
        "sas_token",
        "SAS token",
        "Only for sas: a shared access signature of the account, the container or a directory in it.",
        "sv=2024-11-04&sr=c&sp=racwdlm&se=2030-01-01T00%3A00%3A00Z&sig=Gx4%3D",
        secret=True,
    ),
    FormField(
        "private_key",
        "Private key",
        "Only for client_certificate: the private key, PEM, with or without its line breaks. Its certificate"
        " may stand behind it. A file is named by Certificate file instead.",
        "-----BEGIN PRIVATE KEY-----MIIEvQIBADANBgkq...-----END PRIVATE KEY-----",
        secret=True,
    ),
    FormField(
        "certificate_file",
        "Certificate file",
        "Only for client_certificate: path of a PEM file with the certificate, the private key or both, on"
        " every machine that runs tasks or tests the connection.",
        "/etc/airflow/etl.pem",
    ),
    FormField(
        "thumbprint",
        "Certificate thumbprint",
        "Only for client_certificate, and only where the certificate itself is not given: its SHA-1"
        " thumbprint, as the portal shows it.",
        "A5F1D2C0B7E94A3388C1F0D6E2B49A7715CC03DE",
    ),
    FormField(
        "cloud",
        "Cloud",
        "Azure cloud of the tenant and the account. Empty means public. custom is one that is known by its"
        " Resource Manager URL. The emulator is found where it started on this machine, or where"
        " ADLS_GEN1_EMULATOR says.",
        "public",
        CLOUD_NAMES,
    ),
    FormField(
        "endpoint",
        "Endpoint",
        "Only for a gateway or a private cloud: the URL before /webhdfs/v1, or with a container the URL"
        " before the container; {account} stands for the account's name. Empty means the cloud's own, which"
        " for Gen1 only public and emulator have.",
        "https://{account}.azuredatalakestore.net",
    ),
    FormField(
        "resource_manager",
        "Resource Manager URL",
        "Only for a custom cloud, or for a private way to Azure's own: base URL of Azure Resource Manager."
        " Its metadata name a custom cloud's other endpoints.",
        "https://management.local.azurestack.external",
    ),
    FormField(
        "authority",
        "Authority URL",
        "Only for a custom cloud whose metadata do not name it: base URL of sign-ins, without the tenant.",
        "https://login.microsoftonline.com",
    ),
    FormField(
        "resource_manager_audience",
        "Resource Manager audience",
        "Only for a custom cloud whose metadata lack it: the audience of the Resource Manager's tokens.",
        "https://management.core.windows.net/",
    ),
    FormField(
        "datalake_audience",
        "Data Lake audience",
        "Only for a cloud other than Azure's: the audience of tokens for files. Empty means Azure's own.",
        "https://datalake.azure.net/",
    ),
    FormField(
        "ca_file",
        "CA file",
        "Only for certificates that this machine does not trust, such as an intercepting proxy's: path of a"
        " PEM file with their authorities, on every machine that runs tasks or tests the connection.",
        "/etc/ssl/certs/ca-certificates.crt",
    ),
    FormField(
        "proxy",
        "Proxy",
        "Only where HTTPS_PROXY and NO_PROXY do not say it: URL of the HTTP proxy for every request.",
        "http://proxy.example.com:3128",
        secret=True,
    ),
    FormField(
        "connect_timeout",
        "Connect timeout",
        "Seconds that a connection to a service may take. Empty means 10 for sign-ins, 30 for files.",
        "30",
    ),
    FormField(
        "read_timeout",
        "Read timeout",
        "Seconds that may pass without a byte of an answer. Empty means 30 for sign-ins, 100 for the rest.",
        "100",
    ),
    FormField(
        "retries",
        "Retries",
        "How often a request that failed is sent again. Empty means 2 for sign-ins, 5 for files.",
        "5",
    ),
)
#: Fields that JSON may hold as numbers.
NUMBERS = frozenset({"connect_timeout", "read_timeout", "retries"})
#: Fields that a connection may leave to the section of Airflow's configuration that is called like the type.
CONFIGURABLE = ("ca_file", "proxy", "connect_timeout", "read_timeout", "retries")
#: Standard fields that mean nothing here.
HIDDEN_FIELDS = ("host", "schema", "extra")
#: Airflow 3.3's page asks to test port 0 of a connection that was stored without one, and its API refuses to
#: test another destination than the stored one. Airflow 2.11 and 3.1, which ask the hook, hide it too.
PORT = "port"
RELABELING = {"login": "Client ID", "password": "Client secret or account key", PORT: "Port (unused)"}
PLACEHOLDERS = {
    "login": "application (client) id; the tenant is among the Extra Fields",
    "password": "the secret's value, not its id; the key, if the sign-in method is account_key",
    PORT: "0, without which Airflow 3.3 refuses to test",
}
