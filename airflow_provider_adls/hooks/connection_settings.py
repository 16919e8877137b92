"""What an Airflow connection says, checked: `Connection` in, `ConnectionSettings` out, no network."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from airflow_provider_adls.connection_form import CLOUD_NAMES, CONNECTION_TYPE, EMULATOR, FIELDS, RELABELING
from airflow_provider_adls.gen1.clouds import CLOUDS, PUBLIC, Cloud
from airflow_provider_adls.gen1.errors import ConnectionFieldError
from airflow_provider_adls.hooks import field_rules
from airflow_provider_adls.hooks.emulator_ready import find_emulator

log = logging.getLogger(__name__)

#: Connection type of the official Azure provider's hook for Gen1, and what it calls some of our fields.
OFFICIAL_TYPE = "azure_data_lake"
OFFICIAL_NAMES = {"tenant_id": "tenant"}

_LABELS = {**RELABELING, **{form_field.name: form_field.label for form_field in FIELDS}}
_EXAMPLES = {
    "login": "11111111-2222-3333-4444-555555555555",
    "password": "the secret's value as the portal showed it once",
    **{form_field.name: form_field.example for form_field in FIELDS},
}


class StoredConnection(Protocol):
    """The part of Airflow's `Connection` that is read; 2.11's and 3.x's classes both have it."""

    conn_id: Any
    conn_type: Any
    login: Any
    password: Any
    extra: Any


@dataclass(frozen=True)
class ConnectionSettings:
    """A connection's fields, each either right or None.

    :param conn_id: id of the connection, for messages.
    :param tenant_id: directory's id or domain.
    :param client_id: application (client) id.
    :param client_secret: value of the client secret.
    :param cloud: endpoints, the connection's own file-system endpoint included.
    :param account_name: short name of the account.
    :param subscription_id: Azure subscription.
    :param resource_group: resource group that accounts are in.
    :param ca_file: PEM file of the authorities to trust; None for those of the machine.
    """

    conn_id: str
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    cloud: Cloud = PUBLIC
    account_name: str | None = None
    subscription_id: str | None = None
    resource_group: str | None = None
    ca_file: str | None = None

    def required(self, name: str, purpose: str) -> str:
        """The value of a field that may be left empty.

        :param name: field's name, `subscription_id` for instance.
        :param purpose: what it is needed for, for the error.
        :raises ConnectionFieldError: if the connection leaves it empty.
        """
        value: str | None = getattr(self, name)
        if value is None:
            raise _missing(self.conn_id, name, f", which is needed to {purpose}")
        return value


def parse_connection(connection: StoredConnection) -> ConnectionSettings:
    """Read and check a connection of type `adls_gen1`, or one that was made for the official hook.

    The official type, `azure_data_lake`, has the fields ``tenant`` and ``account_name``; our others may
    be put into its Extra too.

    White space around a value is a slip of pasting and taken off; the secret is sent as it stands.

    :raises ConnectionFieldError: for the first field that is missing or malformed.
    """
    values = _Values(connection)
    cloud, found = _cloud(values)
    login = values.text("login", field_rules.client_id) or found.get("client_id")
    secret = values.secret()
    if secret is None and login == found.get("client_id"):
        # A ready file's secret is its own client's, never that of another client in the connection.
        secret = found.get("client_secret")
    return ConnectionSettings(
        conn_id=values.conn_id,
        tenant_id=values.needed(
            "tenant_id", values.text("tenant_id", field_rules.tenant_id) or found.get("tenant_id")
        ),
        client_id=values.needed("login", login),
        client_secret=values.needed("password", secret),
        cloud=cloud,
        account_name=values.text("account_name", field_rules.account),
        subscription_id=(
            values.text("subscription_id", field_rules.subscription_id) or found.get("subscription_id")
        ),
        resource_group=values.text("resource_group", field_rules.resource_group),
        ca_file=values.text("ca_file", field_rules.ca_file) or found.get("ca_file"),
    )


def _cloud(values: _Values) -> tuple[Cloud, Mapping[str, str]]:
    name = values.text("cloud", field_rules.one_of(CLOUD_NAMES)) or PUBLIC.name
    cloud, found = find_emulator() if name == EMULATOR else (CLOUDS[name], {})
    return cloud.with_endpoint(values.text("endpoint", field_rules.endpoint)), found


class _Values:
    """A connection's values by field name, wherever they stand in it."""

    def __init__(self, connection: StoredConnection) -> None:
        self.conn_id = str(connection.conn_id)
        self._official = connection.conn_type == OFFICIAL_TYPE
        self._extra = self._parsed(connection.extra)
        self._login = connection.login
        self._password = connection.password

    def text(self, name: str, rule: Callable[[str], str]) -> str | None:
        """A field's value as its rule returns it; None where the field is empty."""
        value = self._login if name == "login" else self._stored(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.wrong(name, f"must be text, not {type(value).__name__}")
        if not value.strip():
            return None
        try:
            return rule(value.strip())
        except ValueError as error:
            raise self.wrong(name, str(error)) from None

    def secret(self) -> str | None:
        """The client secret as it stands."""
        secret = self._password
        if isinstance(secret, str) and secret != secret.strip():
            log.warning(
                "connection %s: the client secret begins or ends with white space; Azure's own never do",
                self.conn_id,
            )
        return secret or None

    def needed(self, name: str, value: str | None) -> str:
        """The value, if there is one."""
        if not value:
            keys = ", ".join(sorted(map(str, self._extra))) or "nothing"
            raise _missing(
                self.conn_id,
                name,
                "" if name in RELABELING else f"; its Extra holds {keys}",
                self.called(name),
            )
        return value

    def called(self, name: str) -> str:
        """A field's name as connections of this type have it."""
        return OFFICIAL_NAMES.get(name, name) if self._official else name

    def wrong(self, name: str, what: str) -> ConnectionFieldError:
        """The error for a field that holds something else than it should."""
        example = _EXAMPLES.get(name)
        return ConnectionFieldError(
            f"connection {self.conn_id!r}, field {self.called(name)!r} ({_LABELS.get(name, name)}): {what}"
            + (f". For example: {example}" if example else ""),
            field=self.called(name),
        )

    def _stored(self, name: str) -> Any:
        # Forms of older Airflow versions wrote the prefixed key; the plain one is the newer. A connection
        # whose type alone was changed from the official one keeps the official names.
        official = OFFICIAL_NAMES.get(name, name)
        for key in (
            self.called(name),
            f"extra__{CONNECTION_TYPE}__{name}",
            f"extra__{OFFICIAL_TYPE}__{official}",
            name,
            official,
        ):
            if (value := self._extra.get(key)) not in (None, ""):
                return value
        return None

    def _parsed(self, extra: Any) -> dict[str, Any]:
        if extra is None or extra == "":
            return {}
        try:
            parsed = json.loads(extra) if isinstance(extra, (str, bytes)) else extra
        except json.JSONDecodeError as error:
            raise self.wrong(
                "extra", f"is not JSON: {error.msg}, line {error.lineno}, column {error.colno}"
            ) from None
        if not isinstance(parsed, dict):
            raise self.wrong("extra", f"must be a JSON object, not {type(parsed).__name__}")
        return parsed


def _missing(conn_id: str, name: str, why: str, called: str | None = None) -> ConnectionFieldError:
    return ConnectionFieldError(
        f"connection {conn_id!r} leaves field {called or name!r} ({_LABELS[name]}) empty{why}."
        f" For example: {_EXAMPLES[name]}",
        field=called or name,
    )
