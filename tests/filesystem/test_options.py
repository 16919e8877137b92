"""How a file system's options are understood."""

from __future__ import annotations

import pickle

import pytest

from airflow_provider_adls.auth import DataLakeCredential
from airflow_provider_adls.client import RetryPolicy
from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.filesystem.options import Access, chosen_cloud, cloud_option, secret_credential
from airflow_provider_adls.model.clouds import CHINA, CLOUDS, PUBLIC, Cloud, emulator_cloud
from airflow_provider_adls.model.errors import ConnectionFieldError

URL = "https://127.0.0.1:10443"


@pytest.mark.parametrize(
    ("cloud", "expected"),
    [(None, PUBLIC), ("public", PUBLIC), ("china", CHINA), (CHINA, CHINA), (URL, emulator_cloud(URL))],
)
def test_clouds(cloud, expected):
    """A cloud is a name, a value, or an emulator's URL; the public one if nothing is said."""
    assert chosen_cloud(cloud, None) == expected


def test_endpoint():
    """An endpoint replaces the cloud's own."""
    endpoint = "https://{account}.lake.example.com"
    assert chosen_cloud("china", endpoint).account_endpoint("a") == "https://a.lake.example.com"


@pytest.mark.parametrize(
    ("cloud", "endpoint", "field"),
    [
        ("moon", None, "cloud"),
        ("http://lake.example.com", None, "cloud"),
        (None, "http://lake.example.com", "endpoint_url"),
        (None, "lake.example.com", "endpoint_url"),
        (None, "https://user:password@lake.example.com", "endpoint_url"),
    ],
)
def test_what_cannot_be_right(cloud, endpoint, field):
    """An unknown cloud, or a URL that would send the token in the clear, is named as the option it is."""
    with pytest.raises(ConnectionFieldError) as caught:
        chosen_cloud(cloud, endpoint)
    assert caught.value.field == field
    assert "password" not in str(caught.value)


@pytest.mark.parametrize("cloud", [*CLOUDS.values(), emulator_cloud(URL)])
def test_text_of_a_cloud(cloud):
    """The text of a cloud means that cloud again."""
    assert chosen_cloud(cloud_option(cloud), None) == cloud


def test_cloud_without_a_text():
    """A cloud that nobody else knows has no text."""
    with pytest.raises(TypeError, match="'mine'"):
        cloud_option(Cloud("mine", "https://a.example", "https://b.example", "c"))


def test_secret():
    """Tenant, client and secret make a credential that shows no secret; nothing of them makes none."""
    credential = secret_credential("tenant", "client", "hush", PUBLIC, None)
    assert isinstance(credential, DataLakeCredential)
    assert "hush" not in repr(credential)
    assert secret_credential(None, None, None, PUBLIC, None) is None


@pytest.mark.parametrize("missing", ["tenant_id", "client_id", "client_secret"])
def test_part_of_a_secret(missing):
    """The part that is missing is named, and the secret is not."""
    given = {"tenant_id": "t", "client_id": "c", "client_secret": "hush"} | {missing: None}
    with pytest.raises(ConnectionFieldError, match=missing) as caught:
        secret_credential(**given, cloud=PUBLIC, ca_file=None)
    assert caught.value.field == missing
    assert "hush" not in str(caught.value)


def test_nobody_to_sign_in_as():
    """Without a credential there is no client, and the options that make one are named."""
    with pytest.raises(ConnectionFieldError, match="credential, or tenant_id, client_id and client_secret"):
        Access(PUBLIC, None).client("lake")


def test_no_endpoint(credential):
    """Clouds that never named a host for Gen1 need one."""
    with pytest.raises(ConnectionFieldError, match="give the endpoint") as caught:
        Access(CHINA, credential).client("lake")
    assert caught.value.field == "endpoint_url"


def test_no_secret_in_repr(credential):
    """Neither the credential nor a proxy's password is shown."""
    assert "hush" not in repr(Access(PUBLIC, credential, proxy="http://user:hush@proxy:1"))


@pytest.mark.parametrize("way", ["option", "environment"])
def test_proxy(emulator, account, monkeypatch, way):
    """Sign-in and files go through a proxy to the cloud's own hosts, by option or environment."""
    for name in ("HTTPS_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    options = {"proxy": emulator.proxy_url, "ca_file": emulator.ca_file}
    if way == "environment":
        monkeypatch.setenv("HTTPS_PROXY", emulator.proxy_url)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", emulator.ca_file)
        options = {}
    fs = ADLSGen1FileSystem(
        account,
        tenant_id=emulator.tenant_id,
        client_id=emulator.client_id,
        client_secret=emulator.client_secret,
        retry=RetryPolicy(attempts=1),
        **options,
    )
    fs.pipe("/x", b"1")
    assert fs.cat(f"adl://{account}.azuredatalakestore.net/x") == b"1"


def test_no_proxy(emulator, account, options, monkeypatch):
    """What NO_PROXY names is reached directly: this proxy would refuse to go there."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    fs = ADLSGen1FileSystem(**options)
    assert fs.ls("/") == []


def test_http_leaves_this_machine_for_nobody():
    """A plain http endpoint is one of this machine, or is refused before anything is sent."""
    with pytest.raises(ConnectionFieldError, match="unencrypted"):
        ADLSGen1FileSystem("lake", endpoint_url="http://lake.example.com")
    assert ADLSGen1FileSystem("lake", endpoint_url="http://127.0.0.1:1").account_name == "lake"


def test_names_of_adlfs(options):
    """The name that adlfs gives the account is understood; an unknown option says what there is."""
    name = options.pop("account_name")
    fs = ADLSGen1FileSystem(store_name=name, **options)
    assert fs.account_name == name
    credential = object()
    made = ADLSGen1FileSystem(store_name=name, cloud="public")
    assert pickle.loads(pickle.dumps(made)).account_name == name
    assert ADLSGen1FileSystem(name, store_name=name, credential=credential).account_name == name
    with pytest.raises(TypeError, match="store_name is 'other', and account_name is"):
        ADLSGen1FileSystem(name, store_name="other")
    with pytest.raises(TypeError, match=r"no option 'sas'; it has account_name, tenant_id, .*batch_size"):
        ADLSGen1FileSystem(name, sas="x")
