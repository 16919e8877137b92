"""From a connection's settings to the identity that it signs in as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from airflow_provider_adls.connection.settings import (
    CLIENT_CERTIFICATE,
    CLIENT_SECRET,
    ConnectionSettings,
)
from airflow_provider_adls.model.errors import ConnectionFieldError

if TYPE_CHECKING:
    from airflow_provider_adls.auth import TokenSource
    from airflow_provider_adls.auth.identities import Kind


def identity(settings: ConnectionSettings) -> TokenSource:
    """Return the identity of a connection; it asks for a token when one is needed.

    :raises ConnectionFieldError: for a connection with a key or signature, which have no identity.
    """
    if settings.is_for_files_alone:
        raise ConnectionFieldError(
            f"connection {settings.conn_id!r}, field 'auth_method' (Sign-in method): {settings.auth_method}"
            " is for files alone, and the Resource Manager, which manages accounts, knows neither keys nor"
            " signatures: give a connection that signs in as a client or an identity",
            field="auth_method",
        )
    from airflow_provider_adls.auth import AzureIdentity, ClientCertificate, ClientSecret

    network = settings.network
    way: dict[str, Any] = {
        "connect_seconds": network.connect_seconds,
        "read_seconds": network.read_seconds,
        "attempts": None if network.retries is None else network.retries + 1,
    }
    way = {name: value for name, value in way.items() if value is not None}
    way |= {"cloud": settings.cloud, "ca_file": network.ca_file, "proxy": network.proxy}
    if settings.auth_method not in (CLIENT_SECRET, CLIENT_CERTIFICATE):
        return AzureIdentity(
            cast("Kind", settings.auth_method), settings.tenant_id, settings.client_id, **way
        )
    tenant = settings.required("tenant_id", "sign in")
    client = settings.required("client_id", "sign in")
    if settings.key_pair:
        pair = settings.key_pair
        return ClientCertificate(tenant, client, pair.private_key, pair.thumbprint, **way)
    return ClientSecret(tenant, client, settings.required("client_secret", "sign in"), **way)
