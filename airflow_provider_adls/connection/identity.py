"""From a connection's settings to the identity that it signs in as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from airflow_provider_adls.connection.settings import (
    CLIENT_CERTIFICATE,
    CLIENT_SECRET,
    ConnectionSettings,
)

if TYPE_CHECKING:
    from airflow_provider_adls.auth import TokenSource
    from airflow_provider_adls.auth.identities import Kind


def identity(settings: ConnectionSettings) -> TokenSource:
    """Return the identity of a connection; it asks for a token when one is needed."""
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
