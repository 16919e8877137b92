"""Mistakes that keep a connection from signing in."""

from __future__ import annotations

import json
import time
import uuid

import pytest

from airflow_provider_adls.auth import ClientCertificate
from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import (
    CertificateRejectedError,
    ClientNotFoundError,
    ClockSkewError,
    SecretExpiredError,
    SecretRejectedError,
    TenantNotFoundError,
)

NOBODY = "99999999-9999-4999-8999-999999999999"


def message(conn_id: str, kind: type[Exception]) -> str:
    """The error of a task; the connection's test says the same."""
    with pytest.raises(kind) as caught:
        ADLSGen1Hook(conn_id).filesystem.ls("/")
    right, said = ADLSGen1Hook(conn_id).test_connection()
    assert not right
    assert str(caught.value).partition(". The authority said")[0].partition(" failed: ")[2] in said
    return str(caught.value)


def test_wrong_tenant(connect, documented):
    """The message names the tenant, and where the right one stands."""
    documented("Wrong tenant", message(connect(tenant_id=NOBODY), TenantNotFoundError))


def test_unknown_client(connect, documented):
    """The message names the client and the tenant that does not have it."""
    conn_id = connect(login=NOBODY, password="wrong~Secret.0123456789")
    documented("Unknown client", message(conn_id, ClientNotFoundError))


def test_wrong_secret(connect, emulator, documented):
    """The message says which client's secret is wrong, and does not show it."""
    said = message(connect(login=emulator.client_id, password="wrong~Secret.0123456789"), SecretRejectedError)
    documented("Wrong secret", said)
    assert "wrong~Secret" not in said


def test_id_of_the_secret(connect, emulator, documented):
    """What has the form of a secret's id is taken for one."""
    said = message(connect(login=emulator.client_id, password=NOBODY), SecretRejectedError)
    documented("The secret's id pasted for the secret", said)


def test_expired_secret(connect, emulator, documented):
    """The message says that the secret was right once."""
    client_id = str(uuid.uuid4())
    emulator.add_principal(client_id, "old~Secret.0123456789", secret_expires_on=time.time() - 60)
    documented(
        "Expired secret",
        message(connect(login=client_id, password="old~Secret.0123456789"), SecretExpiredError),
    )


def test_key_of_another_certificate(emulator, cloud, certificate, other_certificate, documented):
    """A key that does not match the certificate of its thumbprint is reported as that."""
    client_id = str(uuid.uuid4())
    emulator.add_principal(client_id, certificates=[certificate.certificate])
    source = ClientCertificate(
        emulator.tenant_id,
        client_id,
        other_certificate.private_key,
        certificate.thumbprint,
        cloud,
        emulator.ca_file,
    )
    with pytest.raises(CertificateRejectedError) as caught:
        source.acquire(cloud.datalake_audience)
    documented("Certificate and key that do not match", caught.value)


def test_clock(connect, tmp_path, monkeypatch, documented):
    """Where authority and machine disagree on the time, the message says which is slow, and by how much."""
    ready = tmp_path / "ready.json"
    with Emulator(accounts=["lake"]) as ahead:
        ahead.clock.move(7200)
        ready.write_text(json.dumps(ahead.ready))
        monkeypatch.setenv("ADLS_GEN1_EMULATOR", str(ready))
        documented("Clock off", message(connect(account_name="lake"), ClockSkewError))
