import os
import subprocess
import sys

import pytest

from airflow_provider_adls.auth import DataLakeCredential, auth
from airflow_provider_adls.model.errors import SecretRejectedError

#: What stood in scripts for Gen1, with the import of `auth` changed and nothing else.
SNIPPET = """
from airflow_provider_adls.auth import auth
from azure.datalake.store import core

token = auth(tenant_id={tenant!r}, client_secret={secret!r}, client_id={client!r},
             resource="https://datalake.azure.net/")
lake = core.AzureDLFileSystem(token, store_name={account!r})
with lake.open("/raw/a b.csv", "wb") as file:
    file.write(b"1,2,3")
print(lake.ls("/raw"), lake.cat("/raw/a b.csv"))
"""


def test_the_snippet_that_users_know(emulator, account):
    """Tenant, client, secret and resource into the SDK's file system, through the emulator's proxy."""
    script = SNIPPET.format(
        tenant=emulator.tenant_id,
        client=emulator.client_id,
        secret=emulator.client_secret,
        account=account,
    )
    environment = {
        name: value
        for name, value in os.environ.items()
        if name.upper() not in ("NO_PROXY", "CURL_CA_BUNDLE")
    }
    environment |= {"HTTPS_PROXY": emulator.proxy_url, "REQUESTS_CA_BUNDLE": emulator.ca_file}
    run = subprocess.run(
        [sys.executable, "-"], input=script, env=environment, capture_output=True, text=True, timeout=180
    )
    assert (run.stdout, run.returncode) == ("['raw/a b.csv'] b'1,2,3'\n", 0), run.stderr


def test_another_authority(emulator):
    """An authority of one's own is taken, and signed in at once."""
    given = {
        "tenant_id": emulator.tenant_id,
        "client_id": emulator.client_id,
        "authority": emulator.url,
        "ca_file": emulator.ca_file,
    }
    credential = auth(**given, client_secret=emulator.client_secret)
    assert isinstance(credential, DataLakeCredential)
    with pytest.raises(SecretRejectedError):
        auth(**given, client_secret="wrong")


def test_the_environment_fills_what_is_not_given(emulator, monkeypatch):
    """Like the function of old, it takes the rest from the environment, and names what is missing."""
    for name in ("tenant_id", "client_id", "client_secret"):
        monkeypatch.delenv(f"azure_{name}", raising=False)
    with pytest.raises(ValueError, match=r"auth\(\) needs client_id, client_secret, tenant_id"):
        auth()
    for name in ("tenant_id", "client_id", "client_secret"):
        monkeypatch.setenv(f"azure_{name}", getattr(emulator, name))
    assert auth(authority=emulator.url, ca_file=emulator.ca_file).get_token().token
