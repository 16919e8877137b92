"""`Session`: who signs in, from options, the environment, or a connection of Airflow's.

All names of the service's that the command line has for it stand here and in `connection_form`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from airflow_provider_adls.commands.lake import CommandLake
    from airflow_provider_adls.connection.settings import ConnectionSettings
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

PREFIX = "ADLS_GEN1_"
CONN_ID = f"{PREFIX}CONN_ID"
#: Names that azure-identity has for what signs in at Azure. They are not read for the emulator.
AZURE = {
    "tenant_id": "AZURE_TENANT_ID",
    "login": "AZURE_CLIENT_ID",
    "password": "AZURE_CLIENT_SECRET",
    "certificate_file": "AZURE_CLIENT_CERTIFICATE_PATH",
    "subscription_id": "AZURE_SUBSCRIPTION_ID",
}
_SECRET = re.compile("SECRET|SAS_TOKEN|PRIVATE_KEY")
#: Our names for the standard fields of a connection; the others are called as they are in its Extra.
STANDARD = {"login": "CLIENT_ID", "password": "CLIENT_SECRET"}
#: Options beside `--conn-id` and `--account`: the field of a connection that each is for.
OPTIONS = {
    "cloud": "cloud",
    "container": "container",
    "endpoint": "endpoint",
    "tenant_id": "tenant_id",
    "client_id": "login",
    "auth_method": "auth_method",
    "ca_file": "ca_file",
    "subscription_id": "subscription_id",
    "resource_group": "resource_group",
}


@dataclass(repr=False)
class CommandConnection:
    """Options and environment in the shape of a stored connection of Airflow's."""

    conn_id: str
    conn_type: str
    login: str | None
    password: str | None
    extra: dict[str, str]

    def __repr__(self) -> str:
        return f"CommandConnection({sorted(self.extra)})"


class Session:
    """Signs in when a command first asks for something.

    :param conn_id: id of a connection of Airflow's; None for options and environment.
    :param account: account for paths that name none.
    :param options: values of the other options, by name.
    """

    def __init__(self, conn_id: str | None, account: str | None, options: Mapping[str, str | None]) -> None:
        given = {name: value for name, value in options.items() if value is not None}
        #: That an option names; a connection may name another.
        self.resource_group = given.get("resource_group")
        if conn_id:
            given.pop("resource_group", None)
        if conn_id and given:
            name = next(iter(given)).replace("_", "-")
            raise click.UsageError(f"--conn-id names a connection, which says it all: leave --{name} out")
        self.conn_id = conn_id or (
            None if given.keys() - {"resource_group"} else os.environ.get(CONN_ID, "").strip() or None
        )
        self.account = account
        self._options = given

    @cached_property
    def lake(self) -> CommandLake | ADLSGen1Hook:
        """The account's files, and the subscription's accounts.

        :raises ConnectionFieldError: naming what is missing or malformed.
        """
        if self.conn_id:
            from airflow_provider_adls.commands.airflow_connection import connected_hook

            return connected_hook(self.conn_id, self.account)
        from airflow_provider_adls.commands.lake import CommandLake

        return CommandLake(self.settings, self.account)

    @cached_property
    def settings(self) -> ConnectionSettings:
        """The checked fields of options and environment.

        :raises ConnectionFieldError: naming what is missing or malformed.
        """
        from airflow_provider_adls.connection.settings import parse_connection

        connection = stored(os.environ, self._options)
        if self.account:
            # An emulator's ready file has the keys by account.
            connection.extra["account_name"] = self.account
        _refuse_missing(connection)
        return parse_connection(connection)

    def how_to_set(self, field: str | None) -> str:
        """Return what to do about a field that is missing or wrong; empty where a connection has it."""
        if self.conn_id or field is None:
            return ""
        option = next((name for name, one in OPTIONS.items() if one == field), None)
        option = "account" if field == "account_name" else option
        by_option = f" or give --{option.replace('_', '-')}" if option else ""
        return f"Set {variable_of(field)}{by_option}."

    @property
    def secrets(self) -> list[str]:
        """Values that no message may show."""
        if "lake" not in self.__dict__:
            return [value for name, value in os.environ.items() if _SECRET.search(name) and value]
        return self.lake.settings.secrets


def stored(environment: Mapping[str, str], options: Mapping[str, str]) -> CommandConnection:
    """Return the connection that options and environment stand for; an option comes first."""
    from airflow_provider_adls.connection_form import CONNECTION_TYPE, EMULATOR, FIELDS

    fields = [*STANDARD, *(field.name for field in FIELDS)]
    values = {name: environment.get(variable_of(name), "").strip() for name in fields}
    values |= {OPTIONS[name]: value for name, value in options.items()}
    if values["cloud"] != EMULATOR:
        for name, variable in AZURE.items():
            values[name] = values[name] or environment.get(variable, "").strip()
    if values["certificate_file"] and not (values["password"] or values["auth_method"]):
        values["auth_method"] = "client_certificate"
    login, password = values.pop("login"), values.pop("password")
    extra = {name: value for name, value in values.items() if value}
    return CommandConnection("command line", CONNECTION_TYPE, login or None, password or None, extra)


def variable_of(field: str) -> str:
    """Return our environment variable for a field of a connection."""
    return f"{PREFIX}{STANDARD.get(field, field).upper()}"


def _refuse_missing(connection: CommandConnection) -> None:
    """Raise one error for all that a sign-in by secret lacks, in the words of the command line."""
    from airflow_provider_adls.connection_form import EMULATOR
    from airflow_provider_adls.model.errors import ConnectionFieldError

    if connection.extra.get("cloud") == EMULATOR or connection.extra.get("auth_method", "client_secret") != (
        "client_secret"
    ):
        return
    values: dict[str, Any] = {**connection.extra, "login": connection.login, "password": connection.password}
    missing = [name for name in ("tenant_id", "login", "password") if not values.get(name)]
    if missing:
        names = ", ".join(AZURE[name] for name in missing)
        raise ConnectionFieldError(
            f"no identity to sign in as: set {names}; or name a connection of Airflow's by --conn-id or"
            f" {CONN_ID}; or another way by --auth-method; or give"
            " --cloud emulator for an emulator on this machine"
        )
