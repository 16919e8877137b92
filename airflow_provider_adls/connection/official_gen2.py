"""`as_own`: a connection of the official Gen2 hook's type, `adls`, as one of ours with a container."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow_provider_adls.connection_form import ACCOUNT_KEY, CONNECTION_TYPE, SAS, TOKEN_METHODS
from airflow_provider_adls.model.clouds import PUBLIC
from airflow_provider_adls.model.connection_string import read_connection_string
from airflow_provider_adls.model.errors import ConnectionFieldError

if TYPE_CHECKING:
    from airflow_provider_adls.connection.values import StoredConnection

#: Connection type of `AzureDataLakeStorageV2Hook`.
TYPE = "adls"
_PREFIX = f"extra__{TYPE}__"
CLIENT_SECRET, DEFAULT_CHAIN = TOKEN_METHODS[0], TOKEN_METHODS[-1]


@dataclass(repr=False)
class OwnConnection:
    """A connection with our own fields."""

    conn_id: Any
    conn_type: str
    login: Any
    password: Any
    extra: Any


def as_own(connection: StoredConnection) -> StoredConnection:
    """Return a connection with our own fields; one of another type than `adls` as it is.

    The way to sign in is chosen in the order of the official hook: the connection string, the client secret
    where there is a tenant, a password that is a key or a signature, and what azure-identity finds.

    :raises ConnectionFieldError: if it names no container, or the connection string cannot be read.
    """
    if connection.conn_type != TYPE:
        return connection
    given = _extra(connection.extra)
    if given is None:
        # What is wrong with it is said where all connections are read.
        return OwnConnection(connection.conn_id, CONNECTION_TYPE, None, None, connection.extra)
    extra = {key.removeprefix(_PREFIX): value for key, value in given.items() if value not in (None, "")}
    if not extra.get("container"):
        raise ConnectionFieldError(
            f"connection {connection.conn_id!r} is of type {TYPE!r} and names no container, which paths"
            ' such as /raw/day.csv are in: add "container" to its Extra. For example: {"container": "lake"}',
            field="container",
        )
    login, password = connection.login, connection.password
    url = extra.pop("account_url", None) or getattr(connection, "host", None)
    identity, workload = (
        extra.pop(name, None) for name in ("managed_identity_client_id", "workload_identity_tenant_id")
    )
    if text := extra.pop("connection_string", None):
        said = read_connection_string(str(text))
        url = said.account or said.endpoint
        if said.endpoint and said.endpoint != PUBLIC.storage_endpoint("{account}"):
            extra.setdefault("endpoint", said.endpoint)
        login, password, chosen = None, said.key, ACCOUNT_KEY if said.key else SAS
        if said.signature and not said.key:
            extra["sas_token"] = said.signature
    elif extra.get("tenant_id"):
        chosen = CLIENT_SECRET
    elif password and "sig=" in password:
        extra["sas_token"], password, chosen = password, None, SAS
    elif password:
        chosen = ACCOUNT_KEY
    else:
        login, chosen = login or identity, DEFAULT_CHAIN
        if workload:
            extra["tenant_id"] = workload
    if url:
        _set_account(extra, str(url))
    return OwnConnection(
        connection.conn_id, CONNECTION_TYPE, login, password, {"auth_method": chosen, **extra}
    )


def _extra(extra: Any) -> dict[str, Any] | None:
    """Return Extra, None if it is not a JSON object."""
    try:
        parsed = json.loads(extra) if isinstance(extra, (str, bytes)) and extra else extra or {}
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _set_account(extra: dict[str, Any], url: str) -> None:
    """Set the account, and its endpoint where that does not follow from the account's name."""
    parts = urlsplit(url if "//" in url else f"https://{url}")
    host = parts.hostname or ""
    name, dot, domain = host.partition(".")
    if dot and domain.startswith("blob."):
        domain = f"dfs.{domain.removeprefix('blob.')}"
    extra.setdefault("account_name", name)
    if dot and f"https://{{account}}.{domain}" != PUBLIC.storage_endpoint("{account}"):
        port = f":{parts.port}" if parts.port else ""
        extra.setdefault("endpoint", f"{parts.scheme}://{{account}}.{domain}{port}")
