"""In the place of the official Azure provider's hook for Gen2: the same calls, the same results."""

import inspect
import logging

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError
from azure.storage.filedatalake import DataLakeDirectoryClient, DataLakeFileClient

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.hooks.official_gen2 import OfficialGen2Mixin
from airflow_provider_adls.model.errors import ConnectionFieldError

#: Signatures of apache-airflow-providers-microsoft-azure 15.2.1, by method: names and defaults.
OFFICIAL = {
    "create_file_system": "(self, file_system_name)",
    "get_file_system": "(self, file_system)",
    "create_directory": "(self, file_system_name, directory_name, **kwargs)",
    "get_directory_client": "(self, file_system_name, directory_name)",
    "create_file": "(self, file_system_name, file_name)",
    "upload_file_to_directory": (
        "(self, file_system_name, directory_name, file_name, file_path, overwrite=False, **kwargs)"
    ),
    "list_files_directory": "(self, file_system_name, directory_name)",
    "list_file_system": "(self, prefix=None, include_metadata=False, **kwargs)",
    "delete_file_system": "(self, file_system_name)",
    "delete_directory": "(self, file_system_name, directory_name)",
    "_upload_to_container": "(self, file_system_name, file_name, file_path, overwrite=False, **kwargs)",
}


@pytest.fixture(params=["client_secret", "account_key"])
def hook(request, connect, adls_gen2_account):
    """A hook whose connection has a container, by each way of signing in."""
    signing_in = {}
    if request.param == "account_key":
        signing_in = {"auth_method": "account_key", "password": adls_gen2_account.key1}
    connect("gen-2", account_name=adls_gen2_account.name, container="test", **signing_in)
    hook = ADLSGen1Hook(adls_conn_id="gen-2")
    yield hook
    hook.service_client.close()


@pytest.mark.parametrize("name", OFFICIAL)
def test_signatures(name):
    """Names and defaults of arguments are those of the official hook."""
    parameters = inspect.signature(getattr(OfficialGen2Mixin, name)).parameters.values()
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    assert str(inspect.Signature(bare)) == OFFICIAL[name]


def test_calls(hook, tmp_path, caplog):
    """The calls of the official hook's guide do what they do there."""
    (file := tmp_path / "day 1.csv").write_bytes(b"1\n")
    caplog.set_level(logging.INFO)
    for _ in range(2):
        hook.create_file_system("other-1")
    assert hook.list_file_system() == ["other-1", "test"]
    assert hook.list_file_system(prefix="o") == ["other-1"]
    assert isinstance(hook.create_directory("test", "raw/ä"), DataLakeDirectoryClient)
    assert isinstance(hook.create_file("test", "raw/empty"), DataLakeFileClient)
    hook.upload_file("test", "raw/1.csv", str(file))
    hook.upload_file(file_system_name="test", file_name="raw/2.csv", file_path=file, overwrite=True)
    hook.upload_file_to_directory("test", "raw/ä", "3.csv", str(file), overwrite=True)
    assert hook.list_files_directory("test", "raw") == [
        "raw/1.csv",
        "raw/2.csv",
        "raw/empty",
        "raw/ä",
        "raw/ä/3.csv",
    ]
    assert hook.get_file_system("test").get_file_client("raw/ä/3.csv").download_file().readall() == b"1\n"
    hook.delete_directory("test", "raw")
    hook.delete_file_system("other-1")
    hook.delete_file_system("never-made")
    assert hook.list_file_system() == ["test"]


def test_an_existing_file_is_kept(hook, tmp_path):
    """Without `overwrite` a new file is written, and an existing one stays as it is."""
    (file := tmp_path / "day.csv").write_bytes(b"1\n")
    hook.upload_file("test", "a", str(file))
    file.write_bytes(b"other\n")
    with pytest.raises(ResourceExistsError):
        hook.upload_file("test", "a", str(file))
    with pytest.raises(ResourceExistsError):
        hook.upload_file_to_directory("test", "/", "a", str(file))
    assert hook.get_file_system("test").get_file_client("a").get_file_properties().size == 2
    hook.upload_file("test", "a", str(file), overwrite=True)
    assert hook.get_file_system("test").get_file_client("a").get_file_properties().size == 6


def test_errors_are_the_sdk_s(connect, adls_gen2_account):
    """A wrong key, a signature that has expired, and a missing right are errors of the SDK."""
    fields = {"account_name": adls_gen2_account.name, "container": "test"}
    wrong = ADLSGen1Hook(connect(auth_method="account_key", password="d3Jvbmc=", **fields))
    with pytest.raises(ClientAuthenticationError):
        wrong.list_file_system()
    expired = "sv=2024-11-04&sr=c&sp=rl&se=2020-01-01T00%3A00%3A00Z&sig=abc%3D"
    late = ADLSGen1Hook(connect(auth_method="sas", sas_token=expired, **fields))
    with pytest.raises(HttpResponseError) as caught:
        late.list_files_directory("test", "/")
    assert caught.value.status_code == 403
    for hook in (wrong, late):
        hook.service_client.close()


def test_ids_are_names_for_one_argument():
    """Two ids that differ are refused, whichever hook's names they have."""
    assert ADLSGen1Hook(adls_conn_id="a").adls_gen1_conn_id == "a"
    with pytest.raises(TypeError, match="names for one argument"):
        ADLSGen1Hook(azure_data_lake_conn_id="a", adls_conn_id="b")


def test_gen1_has_no_file_systems(connect):
    """A connection without a container is refused, and the error names the field."""
    with pytest.raises(ConnectionFieldError) as caught:
        ADLSGen1Hook(connect()).list_file_system()
    assert caught.value.field == "container"
