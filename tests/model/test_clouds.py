import pytest
from msrestazure import azure_cloud

from airflow_provider_adls.model.clouds import CLOUDS, PUBLIC, Cloud, checked_url, emulator_cloud

THEIRS = {
    "public": azure_cloud.AZURE_PUBLIC_CLOUD,
    "china": azure_cloud.AZURE_CHINA_CLOUD,
    "us_government": azure_cloud.AZURE_US_GOV_CLOUD,
    "germany": azure_cloud.AZURE_GERMAN_CLOUD,
}


@pytest.mark.parametrize("name", CLOUDS)
def test_endpoints_are_those_of_msrestazure(name):
    """Authority, Resource Manager and its audience are what msrestazure knows of the cloud."""
    ours, theirs = CLOUDS[name], THEIRS[name].endpoints
    assert ours.authority == theirs.active_directory.rstrip("/")
    assert ours.resource_manager == theirs.resource_manager.rstrip("/")
    assert ours.resource_manager_audience == theirs.active_directory_resource_id


def test_public_suffix_is_that_of_msrestazure():
    """An account of the public cloud has the host name that msrestazure's suffix gives it."""
    suffix = azure_cloud.AZURE_PUBLIC_CLOUD.suffixes.azure_datalake_store_file_system_endpoint
    assert PUBLIC.account_endpoint("lake") == f"https://lake.{suffix}"


@pytest.mark.parametrize("name", ["china", "us_government", "germany"])
def test_a_cloud_without_gen1_asks_for_an_endpoint(name):
    """Where the cloud never named a host for Gen1, the error says to give the endpoint."""
    with pytest.raises(ValueError, match=r"give the endpoint, a URL that may hold \{account\}"):
        CLOUDS[name].account_endpoint("lake")
    custom = CLOUDS[name].with_endpoint("https://{account}.lake.example/")
    assert custom.account_endpoint("raw") == "https://raw.lake.example"


@pytest.mark.parametrize("name", CLOUDS)
def test_storage_accounts_are_named_as_in_msrestazure(name):
    """Every cloud has Gen2, under the storage suffix that msrestazure knows."""
    suffix = THEIRS[name].suffixes.storage_endpoint
    assert CLOUDS[name].storage_endpoint("lake") == f"https://lake.dfs.{suffix}"
    assert CLOUDS[name].storage_audience == "https://storage.azure.com/"


def test_a_cloud_without_a_storage_suffix_asks_for_an_endpoint():
    """Where nothing says what storage accounts are called, the error says to give the endpoint."""
    cloud = Cloud("custom", "https://login.example", "https://arm.example", "https://arm.example/")
    with pytest.raises(ValueError, match=r"give the endpoint, a URL that may hold \{account\}"):
        cloud.storage_endpoint("lake")
    given = cloud.with_dfs_endpoint("https://{account}.dfs.example/")
    assert given.storage_endpoint("raw") == "https://raw.dfs.example"
    assert given.endpoint is None


def test_an_emulator_is_one_host_for_all():
    """An emulator's cloud goes to its URL for tokens, accounts and files, with Azure's audiences."""
    cloud = emulator_cloud("https://127.0.0.1:10443/")
    assert cloud.authority == cloud.resource_manager == "https://127.0.0.1:10443"
    assert cloud.account_endpoint("lake") == "https://127.0.0.1:10443/adls/lake"
    assert cloud.storage_endpoint("lake") == "https://127.0.0.1:10443/dfs/lake"
    assert cloud.resource_manager_audience == PUBLIC.resource_manager_audience


@pytest.mark.parametrize(
    "url", ["https://lake.example/x", "http://127.0.0.1:80/x", "http://[::1]:8080", "http://localhost"]
)
def test_urls_that_keep_a_token_safe(url):
    """Https anywhere, and http to this machine alone, are endpoints."""
    assert checked_url(f" {url} ", "endpoint") == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("lake.example", "must start with https://"),
        ("ftp://lake.example", "must start with https://"),
        ("https://", "must start with https://"),
        ("https://[::1", "is not a URL"),
        ("http://lake.example", "would send the token unencrypted"),
        ("http://127.0.0.1.example", "would send the token unencrypted"),
        ("https://me:word@lake.example", "must be a plain URL"),
        ("https://lake.example?a=b", "must be a plain URL"),
    ],
)
def test_urls_that_do_not(url, reason):
    """Anything else is refused, by the name of the field and with the reason."""
    with pytest.raises(ValueError, match=reason) as caught:
        checked_url(url, "endpoint")
    assert str(caught.value).startswith("endpoint")
    assert "word" not in str(caught.value)
