"""Connections with a container: a Gen2 account, and the ways of signing in that it has more of."""

import json
import logging
import traceback
from urllib.parse import quote

import pytest
from airflow.providers.common.compat.sdk import Connection

from airflow_provider_adls.connection.emulator import VARIABLE
from airflow_provider_adls.connection.settings import parse_connection
from airflow_provider_adls.model.clouds import CHINA, CLOUDS
from airflow_provider_adls.model.errors import ConnectionFieldError

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
KEY = "bGFrZSBrZXkgb2YgYW4gYWNjb3VudCB0aGF0IG5vYm9keSBoYXMsIG1hZGUgdXAgZm9yIGEgdGVzdC4uLi4uLg=="
SIGNATURE = "Gx4t/ShownNowhere+ByAnybody0123456789abcdefg="
SAS = f"sv=2024-11-04&sr=c&sp=racwdl&se=2030-01-01T00%3A00%3A00Z&sig={quote(SIGNATURE, safe='')}"


def connection(login=CLIENT, password="s3cret~Value", **fields):
    extra = {"tenant_id": TENANT, "account_name": "lake", "container": "raw", **fields}
    return Connection(
        conn_id="gen-2", conn_type="adls_gen1", login=login, password=password, extra=json.dumps(extra)
    )


def settings(*args, **fields):
    return parse_connection(connection(*args, **fields))


def refusal(*args, **fields):
    with pytest.raises(ConnectionFieldError) as caught:
        settings(*args, **fields)
    return caught.value


@pytest.mark.parametrize("name", ["raw", "a1b", "raw-2026-11", "0" * 63, "$web", "$root", "$logs"])
def test_containers(name):
    """A container may be called as the service allows it."""
    assert settings(container=name).container == name


def test_no_container_means_gen1():
    """Without a container, or with an empty one, tokens for files are those of Gen1."""
    for empty in (None, "", "  "):
        found = settings(container=empty)
        assert (found.container, found.files_audience) == (None, "https://datalake.azure.net/")


@pytest.mark.parametrize("name", CLOUDS)
def test_every_cloud_has_containers(name):
    """With a container, account and audience are those of the cloud's storage accounts."""
    found = settings(cloud=name)
    assert found.cloud.storage_endpoint("lake").startswith("https://lake.dfs.core.")
    assert found.files_audience == "https://storage.azure.com/"


@pytest.mark.parametrize(
    "host", ["dfs.core.windows.net", "blob.core.windows.net", "dfs.core.usgovcloudapi.net"]
)
def test_an_account_by_its_host(host):
    """An account of three characters may be named by the host of either face."""
    assert settings(account_name=f"abc.{host}").account_name == "abc"


def test_endpoint_and_audience_are_those_of_the_service():
    """Endpoint and audience of a connection with a container are of Gen2, and leave those of Gen1 alone."""
    found = settings(
        cloud="china",
        endpoint="https://{account}.gate.example.com/",
        datalake_audience="https://lake.example/",
    )
    assert found.cloud.storage_endpoint("lake") == "https://lake.gate.example.com"
    assert found.files_audience == "https://lake.example/"
    assert (found.cloud.endpoint, found.cloud.datalake_audience) == (CHINA.endpoint, CHINA.datalake_audience)


def test_an_account_key():
    """The password is an account key, if the sign-in method says so, and nothing else is needed."""
    found = settings(None, f" {KEY}\n", auth_method="account_key", tenant_id=None)
    assert (found.account_key, found.client_secret, found.is_for_files_alone) == (KEY, None, True)


def test_a_signature():
    """A signature needs no client; the question mark before it is left out."""
    found = settings(None, None, auth_method="sas", sas_token=f"?{SAS}")
    assert (found.sas_token, found.is_for_files_alone) == (SAS, True)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("s3cret~Value", "is not an account key"),
        (KEY[:-1], "is not an account key"),
        ("***", "enter the value again"),
        (None, "leaves field 'password'"),
    ],
)
def test_what_is_not_an_account_key(password, said):
    """An account key that is missing or cut off is named by its field, and not shown."""
    error = refusal(None, password, auth_method="account_key")
    assert (error.field, said in str(error)) == ("password", True)
    assert str(password) not in str(error) or password in (None, "***")


def test_a_missing_signature():
    """The method `sas` without a signature names the field."""
    assert refusal(None, None, auth_method="sas").field == "sas_token"


def test_a_signature_or_key_without_its_method():
    """Where the method is left empty, what is given says which one is missing."""
    error = refusal(None, None, sas_token=SAS)
    assert (error.field, str(error).endswith("For example: sas")) == ("auth_method", True)
    error = refusal(None, KEY)
    assert (error.field, str(error).endswith("For example: account_key")) == ("auth_method", True)


@pytest.mark.parametrize("fields", [{"auth_method": "account_key"}, {"auth_method": "sas", "sas_token": SAS}])
def test_key_and_signature_are_for_containers(fields):
    """On Gen1 there is neither key nor signature: the container is missing."""
    error = refusal(None, KEY, container=None, **fields)
    assert error.field == "container"
    assert "signs in to the files of a container (Gen2) alone" in str(error)


@pytest.mark.parametrize("method", ["account_key", "sas"])
def test_neither_is_shown(method):
    """Key and signature are in no repr, and among the values that messages are cleared of."""
    found = settings(None, KEY, auth_method=method, sas_token=SAS)
    assert not [secret for secret in (KEY, SAS, SIGNATURE) if secret in repr(found)]
    assert set(found.secrets) == ({KEY} if method == "account_key" else {SAS, SIGNATURE})


@pytest.mark.parametrize("field", ["container", "cloud", "auth_method", "sas_token"])
@pytest.mark.parametrize("value", [KEY, f"x{SAS}"[1:].replace("se=", "xe=")])
def test_a_key_or_signature_in_the_wrong_field(field, value):
    """An error about a field does not repeat a key or signature that was pasted into it."""
    with pytest.raises(ConnectionFieldError) as caught:
        settings(**{field: value})
    assert value not in str(caught.value)


def test_frames_of_a_field_error():
    """A traceback with the local variables of its frames shows neither key nor signature."""
    stored = connection(None, KEY, auth_method="account_key", sas_token=SAS, cloud="nowhere")
    with pytest.raises(ConnectionFieldError) as caught:
        parse_connection(stored)
    error = caught.value.with_traceback(caught.tb.tb_next)
    shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "in parse_connection" in shown
    assert not [secret for secret in (KEY, SAS) if secret in shown]


def test_the_environments_uri(caplog, monkeypatch):
    """A connection of the environment, as a URI, may have an id with a hyphen and name a container."""
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

    uri = f"adls-gen1://:{quote(KEY)}@/?account_name=abc&container=raw-2026&auth_method=account_key"
    monkeypatch.setenv("AIRFLOW_CONN_LAKE-GEN2", uri)
    with caplog.at_level(logging.DEBUG):
        found = ADLSGen1Hook("lake-gen2").settings
    assert (found.account_name, found.container, found.account_key) == ("abc", "raw-2026", KEY)
    assert KEY not in caplog.text


def test_the_emulators_key(emulator, monkeypatch, tmp_path):
    """A connection to an account of the ready file needs no key of its own."""
    account = emulator.create_storage_account("abc", ["raw"])
    (ready := tmp_path / "ready.json").write_text(json.dumps(emulator.ready))
    monkeypatch.setenv(VARIABLE, str(ready))
    try:
        found = settings(None, None, cloud="emulator", auth_method="account_key", account_name="abc")
        assert found.account_key == account["key1"]
        assert found.cloud.storage_endpoint("abc") == account["dfs_url"]
        error = refusal(None, None, cloud="emulator", auth_method="account_key", account_name="other")
        assert error.field == "password"
    finally:
        emulator.delete_storage_account("abc")
