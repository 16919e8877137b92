"""From a connection's settings to the identity that it signs in as, and again after it was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.providers.common.compat.sdk import conf, mask_secret

from airflow_provider_adls.connection.identity import identity
from airflow_provider_adls.connection.masking import MaskedSource
from airflow_provider_adls.connection.settings import ConnectionSettings, parse_connection
from airflow_provider_adls.connection.stored import stored_connection
from airflow_provider_adls.connection_form import CONFIGURABLE, CONNECTION_TYPE
from airflow_provider_adls.model.redaction import SHORTEST

if TYPE_CHECKING:
    from airflow_provider_adls.auth import TokenSource
    from airflow_provider_adls.connection.values import StoredConnection


def read_settings(connection: StoredConnection) -> ConnectionSettings:
    """Return a connection's settings over the defaults of Airflow's configuration; secrets are masked.

    :raises ConnectionFieldError: naming the field that is missing or malformed.
    """
    defaults = {name: conf.get(CONNECTION_TYPE, name, fallback=None) or "" for name in CONFIGURABLE}
    try:
        settings = parse_connection(connection, defaults)
    finally:
        # The text of Airflow's `Connection` shows its password to whatever records local variables.
        del connection
    for secret in settings.secrets:
        # Airflow masks what it stores; a key that was put together from a file or a line is another text.
        # Of a value that is too short to be masked Airflow writes a warning, which looks like a leak.
        if len(secret) >= SHORTEST:
            mask_secret(secret)
    return settings


def token_source(settings: ConnectionSettings) -> MaskedSource:
    """Return the identity that a connection signs in as; its tokens are masked in Airflow's logs."""
    return MaskedSource(identity(settings))


def stored_source(conn_id: str) -> TokenSource:
    """Return the identity that a connection signs in as now, read anew: its secret may have been rotated."""
    return token_source(read_settings(stored_connection(conn_id)))
