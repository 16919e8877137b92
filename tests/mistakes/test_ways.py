"""Mistakes between this machine and the services: names, certificates, proxies, clouds; and fields."""

from __future__ import annotations

from pathlib import Path

import certifi
import pytest

from airflow_provider_adls.client import RetryPolicy
from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import (
    AccountNotFoundError,
    AuthorityUnreachableError,
    ConnectionFieldError,
    ServiceError,
    ServiceUnreachableError,
    TokenRejectedError,
)

FAST = RetryPolicy(attempts=2, first_wait=0.001)


@pytest.fixture
def elsewhere(tmp_path):
    """Certificate authorities that do not have the service's among them."""
    path = tmp_path / "elsewhere.pem"
    path.write_bytes(Path(certifi.where()).read_bytes())
    return str(path)


def test_no_ca(connect, elsewhere, documented):
    """A certificate that is not trusted is reported as that, with the field that mends it."""
    connect(ca_file=elsewhere)
    with pytest.raises(AuthorityUnreachableError) as caught:
        ADLSGen1Hook().filesystem.ls("/")
    documented("CA file missing", caught.value)


def test_no_ca_of_the_other_services(hook, account, emulator, elsewhere, documented):
    """The file system and the Resource Manager say it too, where the sign-in is trusted."""
    lake = ADLSGen1FileSystem(
        account_name=account,
        credential=hook.filesystem_credentials,
        endpoint_url=hook.endpoint_of(account),
        ca_file=elsewhere,
        retry=FAST,
    )
    with pytest.raises(ServiceUnreachableError) as caught:
        lake.ls("/")
    documented("CA file missing, for files", caught.value)


def test_intercepting_proxy(connect, emulator, adls_gen1_proxy, monkeypatch, documented):
    """A proxy that shows certificates of its own is named as what may be behind it."""
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name)
    connect(
        cloud="public",
        login=emulator.client_id,
        password=emulator.client_secret,
        tenant_id="contoso.onmicrosoft.com",
    )
    with pytest.raises(AuthorityUnreachableError) as caught:
        ADLSGen1Hook().filesystem.ls("/")
    documented("Intercepting proxy", caught.value)


def test_name_that_does_not_resolve(connect, documented):
    """The message says that Gen1 was retired, and what can be done."""
    connect(endpoint="https://{account}.invalid")
    lake = ADLSGen1FileSystem(account_name="mylake", conn_id="adls_gen1_default", retry=FAST)
    with pytest.raises(AccountNotFoundError) as caught:
        lake.ls("/")
    documented("Name that does not resolve", caught.value)


def test_emulator_that_has_ended(connect, documented):
    """Where an emulator was, the message says how to start one."""
    connect(authority="https://127.0.0.1:9", retries=0)
    with pytest.raises(AuthorityUnreachableError) as caught:
        ADLSGen1Hook().filesystem.ls("/")
    documented("Emulator that has ended", caught.value)


def test_network_that_wants_a_sign_in(connect, emulator, documented):
    """A page that answers in place of the authority is reported as another server."""
    connect()
    with emulator.fault(service="login", operation="token", status=200, body="<html>Sign in</html>"):
        right, said = ADLSGen1Hook().test_connection()
    assert not right
    documented("Something else that answers", said.partition(" failed: ")[2].removesuffix("."))


def test_endpoint_of_something_else(connect, emulator, documented):
    """A server that knows nothing of Gen1 is reported as that, and not as an empty lake."""
    connect(endpoint=emulator.url)
    lake = ADLSGen1Hook().filesystem
    with pytest.raises(ServiceError) as caught:
        lake.ls("/")
    documented("Endpoint of something else", caught.value)
    with pytest.raises(ServiceError):
        lake.exists("/raw")


def test_cloud_without_gen1(connect, emulator, documented):
    """A cloud that never named a host for Gen1 needs the endpoint."""
    connect(
        cloud="china",
        login=emulator.client_id,
        password=emulator.client_secret,
        tenant_id=emulator.tenant_id,
    )
    with pytest.raises(ConnectionFieldError) as caught:
        ADLSGen1Hook().filesystem.ls("/")
    documented("Cloud that never had Gen1", caught.value)


def test_endpoint_of_another_cloud(connect, emulator, tmp_path, documented):
    """An account that trusts another authority than the connection's is reported as that."""
    with Emulator(accounts=["mylake"]) as other:
        both = tmp_path / "both.pem"
        both.write_text(Path(emulator.ca_file).read_text() + Path(other.ca_file).read_text())
        connect(endpoint=f"{other.url}/adls/{{account}}", account_name="mylake", ca_file=str(both))
        hook = ADLSGen1Hook()
        with pytest.raises(TokenRejectedError) as caught:
            hook.filesystem.ls("/")
        documented("Wrong cloud", caught.value)


@pytest.mark.parametrize(
    ("mistake", "fields"),
    [
        ("Malformed field", {"tenant_id": "not a tenant"}),
        ("Unknown cloud", {"cloud": "azure"}),
    ],
)
def test_malformed_field(connect, mistake, fields, documented):
    """The message names connection, field and rule, and shows a value that would be right."""
    connect(**fields)
    with pytest.raises(ConnectionFieldError) as caught:
        ADLSGen1Hook().filesystem.ls("/")
    documented(mistake, caught.value)
