"""`ConnectionSettings`: the checked fields of an Airflow connection.

Nothing is asked of the network, but where a custom cloud is known by its Resource Manager alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from airflow_provider_adls.connection import rules as field_rules
from airflow_provider_adls.connection.emulator import find_emulator
from airflow_provider_adls.connection.official_gen2 import as_own
from airflow_provider_adls.connection.values import StoredConnection, Values, missing
from airflow_provider_adls.connection_form import (
    ACCOUNT_KEY,
    AUTH_METHODS,
    CLOUD_NAMES,
    EMULATOR,
    SAS,
    TOKEN_METHODS,
)
from airflow_provider_adls.model.clouds import CLOUDS, CUSTOM, PUBLIC, Cloud
from airflow_provider_adls.model.errors import ADLSGen1Error

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.auth.certificates import KeyPair

T = TypeVar("T")
CLIENT_SECRET, CLIENT_CERTIFICATE, *_IDENTITIES, DEFAULT_CHAIN = TOKEN_METHODS


@dataclass(frozen=True)
class Network:
    """The way to the services; None leaves a setting to each client.

    :param ca_file: PEM file of the authorities to trust.
    :param proxy: URL of an HTTP proxy.
    :param connect_seconds: most that a connection may take.
    :param read_seconds: most that may pass without a byte of an answer.
    :param retries: most times that a request is repeated.
    """

    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=False)
    connect_seconds: float | None = None
    read_seconds: float | None = None
    retries: int | None = None

    @property
    def timeout(self) -> tuple[float | None, float | None] | None:
        """Seconds to connect and to wait for an answer, as `requests` takes them; None if neither is set."""
        both = (self.connect_seconds, self.read_seconds)
        return None if both == (None, None) else both


@dataclass(frozen=True)
class ConnectionSettings:
    """A connection's fields, each either right or None.

    :param conn_id: id of the connection, for messages.
    :param tenant_id: directory's id or domain.
    :param client_id: application (client) id.
    :param client_secret: value of the client secret.
    :param cloud: endpoints, the connection's own included.
    :param account_name: short name of the account.
    :param subscription_id: Azure subscription.
    :param resource_group: resource group that accounts are in.
    :param auth_method: one of `connection_form.AUTH_METHODS`.
    :param key_pair: key and thumbprint of a certificate to sign in with.
    :param container: the container that paths are in; None for a Gen1 account.
    :param account_key: key of the storage account.
    :param sas_token: shared access signature, without a question mark before it.
    :param emulator_proxy: URL of an emulator's proxy, which has the host names of the public cloud.
    :param network: proxy, timeouts and retries of requests.
    :param unread: keys of Extra that mean nothing here.
    """

    conn_id: str
    tenant_id: str | None
    client_id: str | None
    client_secret: str | None = field(default=None, repr=False)
    cloud: Cloud = PUBLIC
    account_name: str | None = None
    subscription_id: str | None = None
    resource_group: str | None = None
    auth_method: str = CLIENT_SECRET
    key_pair: KeyPair | None = None
    network: Network = Network()
    unread: tuple[str, ...] = ()
    container: str | None = None
    account_key: str | None = field(default=None, repr=False)
    sas_token: str | None = field(default=None, repr=False)
    emulator_proxy: str | None = None

    @property
    def is_for_files_alone(self) -> bool:
        """Whether its way of signing in is known to a storage account, and not to the Resource Manager."""
        return self.auth_method in (ACCOUNT_KEY, SAS)

    @property
    def files_audience(self) -> str:
        """Resource that tokens for files are issued for."""
        return self.cloud.storage_audience if self.container else self.cloud.datalake_audience

    @property
    def ca_file(self) -> str | None:
        """PEM file of the authorities to trust; None for those of the machine."""
        return self.network.ca_file

    @property
    def secrets(self) -> list[str]:
        """Values that must be shown nowhere: secret, keys, signature, and a proxy's password."""
        key = self.key_pair.private_key if self.key_pair else None
        password = urlsplit(self.network.proxy).password if self.network.proxy else None
        _, _, signature = f"&{self.sas_token or ''}".partition("&sig=")
        secrets = (
            self.client_secret,
            key,
            self.account_key,
            self.sas_token,
            unquote(signature.partition("&")[0]),
            password,
            unquote(password or ""),
        )
        return [secret for secret in secrets if secret]

    @property
    def is_for_a_directory(self) -> bool:
        """Whether its signature is for a directory of the container, and for nothing else."""
        return "sr=d" in (self.sas_token or "").split("&")

    @property
    def remark(self) -> str:
        """A remark on a connection that works and is still odd; empty for a usual one."""
        unread = f"nothing reads {', '.join(map(repr, self.unread))} of its Extra" if self.unread else ""
        return "; ".join(part for part in (unread, _ended(self.sas_token or "")) if part)

    def required(self, name: str, purpose: str) -> str:
        """Return the value of a field that may be left empty.

        :param name: field's name, `subscription_id` for instance.
        :param purpose: its use, for the error.
        :raises ConnectionFieldError: if the connection leaves it empty.
        """
        value: str | None = getattr(self, name)
        if value is None:
            raise missing(self.conn_id, name, f", which is needed to {purpose}")
        return value


def _ended(signature: str) -> str:
    """Return a remark about a signature that has ended; empty for one that has not, or does not say it."""
    end = "".join(parse_qs(signature).get("se", []))
    try:
        has_ended = datetime.fromisoformat(end).astimezone(UTC) < datetime.now(UTC)
    except ValueError:
        return ""
    return f"the signature ended at {end}" if has_ended else ""


def parse_connection(
    connection: StoredConnection, defaults: Mapping[str, str] | None = None
) -> ConnectionSettings:
    """Read and check a connection of type `adls_gen1`, or one that was made for the official hooks.

    The official type, `azure_data_lake`, has the fields ``tenant`` and ``account_name``; our others may
    be put into its Extra too. One that has neither login nor password means azure-identity's default chain.

    White space around a value is a slip of pasting and taken off; the secret is sent as it stands.

    :param defaults: values of fields that the connection leaves empty, from Airflow's configuration.
    :raises ConnectionFieldError: for the first field that is missing or malformed.
    :raises SignInError: if the Resource Manager of a custom cloud has to be asked, and does not answer.
    """
    try:
        return _parsed(Values(as_own(connection), defaults or {}))
    except ADLSGen1Error as error:
        # The frames below hold the connection's values, for whatever records local variables.
        raise error.with_traceback(None) from None
    finally:
        # So does this one, and the text of Airflow's `Connection` shows its password.
        del connection


def _parsed(values: Values) -> ConnectionSettings:
    name = values.text("cloud", field_rules.one_of(CLOUD_NAMES)) or PUBLIC.name
    emulator = find_emulator() if name == EMULATOR else None
    found = emulator.fields if emulator else {}
    network = _network(values, found, is_local=name == EMULATOR)
    container = values.text("container", field_rules.container)
    account = values.text("account_name", field_rules.account)
    if account and not container and (storage := values.text("account_name", field_rules.storage_host)):
        raise values.wrong("account_name", f"{storage} is a storage account (Gen2): give its container too")
    signing_in = _identity(values, found, emulator.key_of(account) if emulator else None, container)
    return ConnectionSettings(
        conn_id=values.conn_id,
        **signing_in,
        cloud=_cloud(
            values, emulator.cloud if emulator else CLOUDS.get(name), network, is_gen2=bool(container)
        ),
        account_name=account,
        container=container,
        emulator_proxy=found.get("proxy_url"),
        subscription_id=(
            values.text("subscription_id", field_rules.subscription_id) or found.get("subscription_id")
        ),
        resource_group=(
            values.text("resource_group", field_rules.resource_group)
            or (None if values.is_left_empty("resource_group") else found.get("resource_group"))
        ),
        network=network,
        unread=values.unread,
    )


def _network(values: Values, found: Mapping[str, str], *, is_local: bool) -> Network:
    ca_file = values.text("ca_file", field_rules.ca_file) or found.get("ca_file")
    proxy = values.text("proxy", field_rules.proxy)
    return Network(
        # What a company sets for its way to Azure is not the way to this machine.
        ca_file=ca_file or values.default("ca_file", field_rules.ca_file),
        proxy=proxy or (None if is_local else values.default("proxy", field_rules.proxy)),
        connect_seconds=_set(values, "connect_timeout", field_rules.seconds),
        read_seconds=_set(values, "read_timeout", field_rules.seconds),
        retries=_set(values, "retries", field_rules.count),
    )


def _set(values: Values, name: str, rule: Callable[[str], T]) -> T | None:
    """Return a field of the connection, or the default of Airflow's configuration."""
    value = values.text(name, rule)
    return values.default(name, rule) if value is None else value


def _cloud(values: Values, known: Cloud | None, network: Network, *, is_gen2: bool) -> Cloud:
    """Return the known cloud, or the custom one, with the endpoints that are given singly."""
    files = "storage_audience" if is_gen2 else "datalake_audience"
    given = {
        "authority": values.text("authority", field_rules.service_url),
        "resource_manager": values.text("resource_manager", field_rules.service_url),
        "resource_manager_audience": values.text("resource_manager_audience", field_rules.audience),
        files: values.text("datalake_audience", field_rules.audience),
    }
    if known is None:
        url = values.needed("resource_manager", given["resource_manager"])
        if given["authority"] and given["resource_manager_audience"]:
            known = Cloud(CUSTOM, given["authority"], url, given["resource_manager_audience"])
        else:
            from airflow_provider_adls.auth.metadata import discover_cloud

            known = discover_cloud(
                url, network.ca_file, network.proxy, network.connect_seconds, network.read_seconds
            )
    cloud = replace(known, **{name: value for name, value in given.items() if value})
    endpoint = values.text("endpoint", field_rules.endpoint)
    return cloud.with_dfs_endpoint(endpoint) if is_gen2 else cloud.with_endpoint(endpoint)


def _identity(
    values: Values, found: Mapping[str, str], known_key: str | None, container: str | None
) -> dict[str, Any]:
    """Return the fields of the sign-in method, checked to be complete.

    :param known_key: the account's key in an emulator's ready file.
    """
    sas = values.text("sas_token", field_rules.sas_token)
    usual = DEFAULT_CHAIN if values.official and not values.signs_in_itself else CLIENT_SECRET
    chosen = values.text("auth_method", field_rules.one_of(AUTH_METHODS))
    method = chosen or usual
    if method in (ACCOUNT_KEY, SAS):
        return {"tenant_id": None, "client_id": None, **_signature(values, method, sas, known_key, container)}
    tenant = values.text("tenant_id", field_rules.tenant_id) or found.get("tenant_id")
    login = values.text("login", field_rules.client_id)
    identity: dict[str, Any] = {"auth_method": method, "tenant_id": tenant, "client_id": login}
    if method == CLIENT_SECRET:
        login = login or found.get("client_id")
        secret = values.secret()
        if secret is None and login == found.get("client_id"):
            # A ready file's secret is its own client's, never that of another client in the connection.
            secret = found.get("client_secret")
        if not (secret or chosen) and (key := values.named(*_METHOD_OF)):
            values.needed("tenant_id", tenant or key == "sas_token")
            values.needed("login", login or key == "sas_token")
            raise missing(
                values.conn_id,
                "auth_method",
                f", which means {CLIENT_SECRET}, and has no secret, but {key}",
                example=_METHOD_OF[key],
            )
        if container and secret and not (login or chosen):
            raise missing(
                values.conn_id,
                "auth_method",
                f", which means {CLIENT_SECRET}, and has no client id: if the password is an account key, it"
                " must say so",
                example=ACCOUNT_KEY,
            )
        values.needed("tenant_id", tenant)
        values.needed("login", login)
        return identity | {"client_id": login, "client_secret": values.needed("password", secret)}
    if method == CLIENT_CERTIFICATE:
        values.needed("tenant_id", tenant)
        values.needed("login", login)
        return identity | {"key_pair": _key_pair(values)}
    if values.official:
        identity["client_id"] = login or values.text("managed_identity_client_id", field_rules.client_id)
        identity["tenant_id"] = tenant or values.text("workload_identity_tenant_id", field_rules.tenant_id)
    return identity


#: Purpose of each field of a sign-in method.
_METHOD_OF = {"private_key": CLIENT_CERTIFICATE, "certificate_file": CLIENT_CERTIFICATE, "sas_token": SAS}


def _signature(
    values: Values, method: str, sas: str | None, known_key: str | None, container: str | None
) -> dict[str, Any]:
    """Return the fields of a method that signs each request for files."""
    if not container:
        raise missing(
            values.conn_id, "container", f", and {method} signs in to the files of a container (Gen2) alone"
        )
    if method == SAS:
        return {"auth_method": SAS, "sas_token": values.needed("sas_token", sas)}
    key = values.account_key(field_rules.account_key) or known_key
    return {"auth_method": ACCOUNT_KEY, "account_key": values.needed("password", key)}


def _key_pair(values: Values) -> KeyPair:
    from airflow_provider_adls.auth.certificates import NO_PEM, checked_thumbprint, holds_pem, read_key_pair

    parts = {
        "private_key": values.text("private_key", str),
        "certificate_file": values.text("certificate_file", field_rules.text_file),
    }
    given = {name: text for name, text in parts.items() if text}
    name = next(iter(given), "private_key")
    values.needed(name, given.get(name))
    thumbprint = values.text("thumbprint", checked_thumbprint)
    for part, text in given.items():
        if not holds_pem(text):
            a_path = "; the path of a file belongs into certificate_file" if part == "private_key" else ""
            raise values.wrong(part, NO_PEM + a_path)
    try:
        # A key in the one and its certificate in the other are as good as both in one.
        return read_key_pair("\n".join(given.values()), thumbprint)
    except ValueError as error:
        raise values.wrong(name, str(error)) from None
