"""From stored connections, in every form, to identities that sign in."""

import json
import pickle
import urllib.parse

import pytest
from airflow.providers.common.compat.sdk import BaseHook, Connection
from airflow.secrets.local_filesystem import LocalFilesystemBackend

from airflow_provider_adls.auth import AzureIdentity, ClientCertificate, ClientSecret
from airflow_provider_adls.auth.tokens import TOKENS
from airflow_provider_adls.connection.sign_in import read_settings, token_source
from airflow_provider_adls.connection_form import CONFIGURABLE
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model import errors

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "66666666-6666-4666-8666-666666666666"
SECRET = "s~cret/With%Marks+and@more=="
ID = "ADLS_GEN1_DEFAULT"


@pytest.fixture
def stored(certificate):
    """A connection as JSON has it: with a secret, a key of many lines, and numbers."""
    return {
        "conn_type": "adls_gen1",
        "login": CLIENT,
        "password": SECRET,
        "extra": {
            "tenant_id": TENANT,
            "auth_method": "client_certificate",
            "private_key": certificate.private_key + certificate.certificate,
            "account_name": "mylake",
            "cloud": "china",
            "endpoint": "https://{account}.lake.example.com",
            "proxy": "http://user:p%40ssword@proxy.example.com:3128",
            "connect_timeout": 5,
            "retries": "0",
        },
    }


def settings_of(monkeypatch, text):
    monkeypatch.setenv(f"AIRFLOW_CONN_{ID}", text)
    return ADLSGen1Hook().settings


def test_json_and_uri_give_the_same_hook(stored, monkeypatch):
    """A connection as JSON, and the URI that Airflow makes of it, mean the same."""
    uri = Connection(conn_id=ID, **{**stored, "extra": json.dumps(stored["extra"])}).get_uri()
    assert uri.startswith("adls-gen1://")
    from_json = settings_of(monkeypatch, json.dumps(stored))
    assert (from_json.conn_id, from_json.network.connect_seconds) == ("adls_gen1_default", 5.0)
    assert settings_of(monkeypatch, uri) == from_json


def test_a_uri_by_hand_gives_the_same_hook(monkeypatch):
    """So does a URI whose query names the fields, as people write one."""
    fields = {"tenant_id": TENANT, "account_name": "mylake", "retries": "3"}
    secret = urllib.parse.quote(SECRET, safe="")
    uri = f"adls-gen1://{CLIENT}:{secret}@/?{urllib.parse.urlencode(fields)}"
    as_json = json.dumps({"conn_type": "adls_gen1", "login": CLIENT, "password": SECRET, "extra": fields})
    assert settings_of(monkeypatch, uri) == settings_of(monkeypatch, as_json)


@pytest.mark.parametrize("form", ["object", "uri"])
def test_a_secrets_backend_gives_the_same_hook(stored, monkeypatch, tmp_path, form):
    """A backend of Airflow's that keeps connections in a file gives the same too."""
    uri = Connection(conn_id=ID, **{**stored, "extra": json.dumps(stored["extra"])}).get_uri()
    file = tmp_path / "connections.json"
    file.write_text(json.dumps({"adls_gen1_default": stored if form == "object" else uri}))
    connection = LocalFilesystemBackend(connections_file_path=str(file)).get_connection("adls_gen1_default")
    assert read_settings(connection) == settings_of(monkeypatch, json.dumps(stored))


def test_each_method_has_its_identity(connect, certificate):
    """Secret, certificate and azure-identity's ways are distinguished by the field `auth_method`."""
    own = {"login": CLIENT, "tenant_id": TENANT, "cloud": "public"}
    connect("a", password=SECRET, **own)
    connect("b", auth_method="client_certificate", private_key=certificate.private_key, **own)
    assert isinstance(ADLSGen1Hook("a").token_source().source, ClientSecret)
    with pytest.raises(errors.ConnectionFieldError, match="holds no certificate") as caught:
        ADLSGen1Hook("b").token_source()
    assert caught.value.field == "private_key"
    connect(
        "b",
        auth_method="client_certificate",
        private_key=certificate.private_key,
        thumbprint=certificate.thumbprint,
        **own,
    )
    assert isinstance(ADLSGen1Hook("b").token_source().source, ClientCertificate)
    for method in ("managed_identity", "workload_identity", "default"):
        connect("c", auth_method=method, **own)
        source = ADLSGen1Hook("c").token_source().source
        assert isinstance(source, AzureIdentity)
        assert (source.kind, source.client_id, source.tenant_id) == (method, CLIENT, TENANT)


@pytest.fixture
def application(emulator, certificate):
    """An application of the emulator that has the certificate."""
    emulator.add_principal(CLIENT, "unused", super_user=True, certificates=[certificate.certificate])


def test_a_certificate_of_the_connection(connect, application, certificate):
    """A key and certificate that lost their line breaks in a form's field sign in for both services."""
    pasted = (certificate.private_key + certificate.certificate).replace("\n", "")
    connect(login=CLIENT, auth_method="client_certificate", private_key=pasted)
    right, said = ADLSGen1Hook().test_connection()
    assert right, said


def test_a_certificate_of_files(connect, application, certificate, tmp_path):
    """A key in the field and its certificate in a file are as good, and so is one file with both."""
    file = tmp_path / "etl.pem"
    file.write_text(certificate.certificate)
    fields = {"login": CLIENT, "auth_method": "client_certificate", "certificate_file": str(file)}
    connect(private_key=certificate.private_key, **fields)
    assert ADLSGen1Hook().filesystem.ls("/") == []
    file.write_text(certificate.certificate + certificate.private_key)
    connect(**fields)
    assert ADLSGen1Hook().filesystem.ls("/") == []


def test_a_certificate_that_is_not_registered(connect, application, other_certificate):
    """A certificate that the application does not have is reported as one, and the key is not shown."""
    connect(
        login=CLIENT,
        auth_method="client_certificate",
        private_key=other_certificate.private_key,
        thumbprint=other_certificate.thumbprint,
    )
    right, said = ADLSGen1Hook().test_connection()
    assert not right
    assert "upload it in the portal" in said
    assert "PRIVATE KEY" not in said


def test_a_rotated_secret(connect, emulator):
    """A hook that lives on signs in with the new secret, once the old one is refused."""
    emulator.add_principal(CLIENT, "the old one", super_user=True)
    connect(login=CLIENT, password="the old one")
    hook = ADLSGen1Hook()
    assert hook.filesystem.ls("/") == []
    emulator.add_principal(CLIENT, "the new one", super_user=True)
    connect(login=CLIENT, password="the new one")
    TOKENS.clear()
    for credential in (hook.filesystem_credentials, hook.arm_credentials):
        assert credential.get_token().token
    assert hook.get_conn().ls("/") == []


def test_a_rotated_certificate(connect, emulator, certificate, other_certificate, tmp_path):
    """So does one whose certificate's file was replaced."""
    file = tmp_path / "etl.pem"
    file.write_text(certificate.certificate + certificate.private_key)
    emulator.add_principal(CLIENT, "unused", super_user=True, certificates=[certificate.certificate])
    connect(login=CLIENT, auth_method="client_certificate", certificate_file=str(file))
    hook = ADLSGen1Hook()
    assert hook.filesystem_credentials.get_token().token
    emulator.add_principal(CLIENT, "unused", super_user=True, certificates=[other_certificate.certificate])
    file.write_text(other_certificate.certificate + other_certificate.private_key)
    TOKENS.clear()
    assert hook.filesystem_credentials.get_token().token


def test_a_secret_that_stays_wrong(connect, emulator, monkeypatch):
    """Where the connection holds the same secret as before, or is gone, the refusal is raised."""
    emulator.add_principal(CLIENT, "another", super_user=True)
    connect(login=CLIENT, password="wrong")
    credential = ADLSGen1Hook().filesystem_credentials
    emulator.clear_requests()
    with pytest.raises(errors.SecretRejectedError):
        credential.get_token()
    assert sum(request.service == "login" for request in emulator.requests) == 1
    monkeypatch.delenv(f"AIRFLOW_CONN_{ID}")
    with pytest.raises(errors.SecretRejectedError):
        credential.get_token()


def test_credentials_go_to_other_processes(hook):
    """A credential of a hook pickles: where it arrives, it may read the connection too."""
    credential = pickle.loads(pickle.dumps(hook.filesystem_credentials))
    assert credential.get_token() == hook.filesystem_credentials.get_token()


def test_the_configuration_has_defaults(connect, emulator, monkeypatch):
    """What a connection leaves empty is taken from the section of Airflow's configuration."""
    values = {
        "ca_file": emulator.ca_file,
        "proxy": "http://proxy:3128",
        "connect_timeout": "7",
        "read_timeout": "8.5",
        "retries": "1",
    }
    assert tuple(values) == CONFIGURABLE
    for name, value in values.items():
        monkeypatch.setenv(f"AIRFLOW__ADLS_GEN1__{name.upper()}", value)
    own = {"login": CLIENT, "password": SECRET, "tenant_id": TENANT, "cloud": "public"}
    connect(**own)
    network = ADLSGen1Hook().settings.network
    assert (network.ca_file, network.proxy) == (emulator.ca_file, "http://proxy:3128")
    assert (network.timeout, network.retries) == ((7.0, 8.5), 1)
    connect(retries="4", proxy="http://other:3128", **own)
    network = ADLSGen1Hook().settings.network
    assert (network.proxy, network.retries) == ("http://other:3128", 4)


def test_a_company_s_proxy_is_not_the_emulator_s(hook, monkeypatch):
    """A proxy of the configuration is for Azure, and not for this machine."""
    monkeypatch.setenv("AIRFLOW__ADLS_GEN1__PROXY", "http://127.0.0.1:1")
    assert hook.filesystem.ls("/") == []


def test_a_wrong_default_is_named(connect, monkeypatch):
    """What is wrong in the configuration is named as such."""
    monkeypatch.setenv("AIRFLOW__ADLS_GEN1__RETRIES", "many")
    connect()
    with pytest.raises(errors.ConnectionFieldError, match=r"section \[adls_gen1\], option 'retries'"):
        _ = ADLSGen1Hook().settings


def test_the_network_of_every_client(connect, account):
    """CA file, proxy, timeouts and retries reach both sign-ins, and every client."""
    connect(proxy="http://u:hush@proxy:3128", connect_timeout=5, read_timeout="6", retries=1)
    hook = ADLSGen1Hook()
    source = hook.token_source().source
    assert isinstance(source, ClientSecret)
    assert (source.connect_seconds, source.read_seconds, source.attempts) == (5.0, 6.0, 2)
    config = hook.get_account_client().config
    assert (config.connection.timeout, config.retry_policy.retries) == ((5.0, 6.0), 1)
    # msrest logs what it has as its proxies.
    assert not config.proxies()
    assert source.proxy == "http://u:hush@proxy:3128"
    access = hook.access()
    assert (access.proxy, access.retry.attempts) == (source.proxy, 2)
    assert (access.limits.connect_seconds, access.limits.silence_seconds) == (5.0, 6.0)
    assert "hush" not in f"{hook.settings!r} {access!r} {source!r}"


def test_every_client_goes_through_the_proxy(connect, emulator, account, monkeypatch):
    """By a proxy that leads to the cloud in the emulator everything works, whatever the environment says."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
    connect(
        cloud="public",
        login=emulator.client_id,
        password=emulator.client_secret,
        tenant_id=emulator.tenant_id,
        subscription_id=emulator.subscription_id,
        ca_file=emulator.ca_file,
        proxy=emulator.proxy_url,
    )
    hook = ADLSGen1Hook()
    right, said = hook.test_connection()
    assert right, said
    assert hook.get_account(account).name == account
    assert hook.get_conn().ls("/") == hook.filesystem.ls("/") == []


def test_a_custom_cloud(connect, emulator, account):
    """A cloud that is known by its Resource Manager alone is signed in to, and its accounts are found."""
    connect(
        cloud="custom",
        resource_manager=f"{emulator.url}/",
        login=emulator.client_id,
        password=emulator.client_secret,
        tenant_id=emulator.tenant_id,
        subscription_id=emulator.subscription_id,
        endpoint=f"{emulator.url}/adls/{{account}}",
        ca_file=emulator.ca_file,
    )
    hook = ADLSGen1Hook()
    right, said = hook.test_connection()
    assert right, said
    assert hook.settings.cloud.authority == emulator.url
    assert hook.get_account(account).name == account


def test_secrets_are_masked(connect, certificate, monkeypatch):
    """Secret, private key and a proxy's password are made known to Airflow's masker."""
    masked = []
    monkeypatch.setattr("airflow_provider_adls.connection.sign_in.mask_secret", masked.append)
    own = {"login": CLIENT, "tenant_id": TENANT, "cloud": "public", "proxy": "http://u:p%40ssword@proxy:1"}
    connect(password=SECRET, **own)
    _ = ADLSGen1Hook().settings
    assert masked == [SECRET, "p%40ssword", "p@ssword"]
    masked.clear()
    key = certificate.private_key.replace("\n", "")
    connect(auth_method="client_certificate", private_key=key, thumbprint=certificate.thumbprint, **own)
    settings = ADLSGen1Hook().settings
    assert masked == [certificate.private_key, "p%40ssword", "p@ssword"]
    assert certificate.private_key not in f"{settings!r} {token_source(settings)!r}"


def test_an_official_connection_without_secret(monkeypatch):
    """What the official hook signs in to without a secret, the default chain does here too."""
    monkeypatch.setenv(
        f"AIRFLOW_CONN_{ID}",
        json.dumps({"conn_type": "azure_data_lake", "extra": {"managed_identity_client_id": CLIENT}}),
    )
    settings = read_settings(BaseHook.get_connection("adls_gen1_default"))
    assert settings.unread == ()
    source = token_source(settings).source
    assert isinstance(source, AzureIdentity)
    assert (source.kind, source.client_id) == ("default", CLIENT)
