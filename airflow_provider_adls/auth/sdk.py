"""`auth`, where `azure.datalake.store.lib.auth` stood until azure-datalake-store 0.0.x."""

from __future__ import annotations

import os
from dataclasses import replace

from airflow_provider_adls.auth.credentials import DataLakeCredential
from airflow_provider_adls.auth.sources import ClientSecret
from airflow_provider_adls.model.clouds import DATALAKE_AUDIENCE, PUBLIC, checked_url


def auth(
    tenant_id: str | None = None,
    client_secret: str | None = None,
    client_id: str | None = None,
    resource: str = DATALAKE_AUDIENCE,
    *,
    authority: str | None = None,
    ca_file: str | None = None,
) -> DataLakeCredential:
    """Sign in, and return what `AzureDLFileSystem` takes.

    Like the function that it stands for, it takes what is not given from the environment variables
    ``azure_tenant_id``, ``azure_client_id`` and ``azure_client_secret``, and signs in at once.

    :param tenant_id: directory (tenant) id.
    :param client_secret: client secret's value.
    :param client_id: application (client) id.
    :param resource: audience of the token.
    :param authority: base URL of Azure AD; None for the public cloud's.
    :param ca_file: PEM file of the certificate authorities to trust.
    :raises ValueError: naming what is missing.
    :raises SignInError: if the authority gives no token.
    """
    given = {"tenant_id": tenant_id, "client_id": client_id, "client_secret": client_secret}
    found = {name: value or os.environ.get(f"azure_{name}") for name, value in given.items()}
    values = {name: value for name, value in found.items() if value}
    if missing := sorted(found.keys() - values.keys()):
        raise ValueError(f"auth() needs {', '.join(missing)}")
    cloud = PUBLIC
    if authority:
        cloud = replace(PUBLIC, name="custom", authority=checked_url(authority, "authority").rstrip("/"))
    source = ClientSecret(
        values["tenant_id"], values["client_id"], values["client_secret"], cloud=cloud, ca_file=ca_file
    )
    credential = DataLakeCredential(source, resource)
    credential.get_token()
    return credential
