"""The hook of a connection with a container: paths, and what its test and the doctor say."""

import datetime as dt
import logging
import uuid

import pytest
from airflow.providers.common.compat.sdk import ObjectStoragePath
from azure.storage.filedatalake import generate_directory_sas, generate_file_system_sas

from airflow_provider_adls.auth.storage_key import StorageKey
from airflow_provider_adls.client import DfsClient, WebHdfsClient
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.hooks.doctor import examine
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    ConnectionFieldError,
    ContainerNotFoundError,
    TokenRejectedError,
)

SECRET = "good~Secret.0123456789"
FLAT = "the account has no hierarchical namespace, so that it has neither directories nor rights"


@pytest.fixture
def stored(connect, adls_gen2_account):
    """Stores a connection with a container, but for what is given; its id has a hyphen."""
    fields = {"account_name": adls_gen2_account.name, "container": "test"}
    return lambda **changed: ADLSGen1Hook(connect("gen-2", **{**fields, **changed}))


@pytest.fixture
def sas(adls_gen2_account):
    """Makes a signature for the container, or for a directory of it."""

    def make(permission, hours=1, directory=None):
        where = (adls_gen2_account.name, "test", *([directory] if directory else []))
        sign = generate_directory_sas if directory else generate_file_system_sas
        expiry = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
        token = sign(*where, adls_gen2_account.key1, permission=permission, expiry=expiry)
        return {"auth_method": "sas", "sas_token": token, "password": None}

    return make


@pytest.fixture
def flat(emulator, stored):
    """Name of an account without hierarchical namespace, and its key."""
    name = f"flat{uuid.uuid4().hex[:16]}"
    accounts = stored().get_storage_client().storage_accounts
    body = {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "location": "eastus2"}
    accounts.begin_create("rg", name, body).result()
    yield name, accounts.list_keys("rg", name).as_dict()["keys"][0]["value"]
    emulator.delete_storage_account(name)


def steps(hook, **options):
    return {finding.step: finding for finding in examine(hook, **options)}


def test_paths(stored, emulator, account, adls_gen2_account):
    """A path is in the container, a URL in another one, and an account's URL in the same of that account."""
    name = adls_gen2_account.name
    stored().get_storage_client().blob_containers.create("rg", name, "raw-2026", {})
    hook = stored()
    hook.filesystem.pipe("/raw/a b.csv", b"1")
    assert isinstance(hook.filesystem.client, DfsClient)
    assert hook.list_paths("/raw") == ["/raw/a b.csv"]
    assert hook.list_paths(f"adl://{name}/raw/*") == [f"adl://{name}.azuredatalakestore.net/raw/a b.csv"]
    other = f"abfss://raw-2026@{name}.dfs.core.windows.net"
    hook.copy("/raw/a b.csv", f"{other}/10:00/")
    assert hook.list_paths(f"{other}/**") == [f"{other}/10:00/a b.csv"]
    assert hook.exists(f"{other}/10:00/a b.csv")
    assert not hook.exists("/10:00/a b.csv")
    hook.move_paths(f"{other}/10:00", f"{other}/11:00")
    assert hook.list_paths(other, include_directories=True) == [f"{other}/11:00"]


def test_a_container_s_path_in_a_connection_to_gen1(connect, account, stored, adls_gen2_account):
    """A connection to Gen1 signs in to the container that a path names, and stays one to Gen1 otherwise."""
    url = f"abfss://test@{adls_gen2_account.name}.dfs.core.windows.net/a"
    hook = ADLSGen1Hook(connect())
    hook.filesystem.pipe("/a", b"1")
    hook.copy("/a", url)
    assert stored().filesystem.cat("/a") == b"1"
    assert isinstance(hook.filesystem.client, WebHdfsClient)
    assert hook.place(url).account == f"test@{adls_gen2_account.name}"


def test_another_cloud(connect, emulator):
    """A path of an account of another cloud is refused, before anything is asked."""
    own = {"login": emulator.client_id, "password": SECRET, "tenant_id": emulator.tenant_id}
    hook = ADLSGen1Hook(connect(cloud="china", account_name="abc", container="raw", **own))
    assert hook.endpoint_of("abc") == "https://abc.dfs.core.chinacloudapi.cn"
    url = "abfss://raw@abc.dfs.core.chinacloudapi.cn/a"
    assert hook.place(url).name == url
    with pytest.raises(ConnectionFieldError, match=r"is not in cloud 'china'"):
        hook.place("abfss://raw@abc.dfs.core.windows.net/a")


def test_object_storage_path(stored, adls_gen2_account):
    """Airflow's paths name connection and account, and are in the connection's container."""
    stored()
    path = ObjectStoragePath(f"adl://gen-2@{adls_gen2_account.name}/raw/a b.csv")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"1")
    assert (path.read_bytes(), path.exists(), [one.name for one in path.parent.iterdir()]) == (
        b"1",
        True,
        ["a b.csv"],
    )
    assert stored().list_paths("/raw") == ["/raw/a b.csv"]


def test_a_key_opens_its_account_alone(stored, adls_gen2_account):
    """A key signs for its own account, of a file system that was pickled too, and for no other."""
    hook = stored(auth_method="account_key", password=adls_gen2_account.key1)
    assert isinstance(hook.filesystem_credentials, StorageKey)
    hook.filesystem.pipe("/a", b"1")
    with pytest.raises(ConnectionFieldError, match="opens no other"):
        hook.list_paths("abfss://test@another.dfs.core.windows.net/")


def test_lineage(stored, adls_gen2_account):
    """What is read and written is named as OpenLineage names files of containers."""
    from airflow_provider_adls.assets.adls_gen1 import openlineage_dataset
    from airflow_provider_adls.operators.datasets import lake

    hook = stored()
    known = lake(hook, "/raw/day.csv")
    namespace = f"abfss://test@{adls_gen2_account.name}.dfs.core.windows.net"
    assert (known.namespace, known.name) == (namespace, "raw/day.csv")
    dataset = openlineage_dataset(hook.filesystem.client.lake, "/")
    assert (dataset.namespace, dataset.name) == (namespace, "/")


@pytest.mark.parametrize("method", ["client_secret", "account_key", "sas"])
def test_a_good_connection(stored, adls_gen2_account, sas, method):
    """Each way of signing in: which service answered, and that all is well."""
    fields = {
        "client_secret": {},
        "account_key": {"auth_method": "account_key", "password": adls_gen2_account.key1},
        "sas": sas("racwdlmeop"),
    }[method]
    hook = stored(**fields)
    right, said = hook.test_connection()
    assert right, said
    assert f"Gen2 account {adls_gen2_account.name}, " in said
    assert f"container test, answered at {adls_gen2_account.dfs_url}/test." in said
    assert said.startswith(
        "Resource Manager: signed in; " if method == "client_secret" else "File system: Gen2"
    )
    found = steps(hook)
    assert [finding.said for finding in found.values() if not finding.well] == []
    assert ("sign-in for accounts" in found) == (method == "client_secret")
    assert "container test (Gen2)" in found["connection"].said
    assert found["round trip of a file"].well


def test_a_flat_account(stored, flat):
    """An account without hierarchical namespace is refused with the reason, by both services."""
    name, key = flat
    hook = stored(account_name=name)
    right, said = hook.test_connection()
    assert (right, said.count(FLAT)) == (False, 2)
    found = steps(hook)
    assert [step for step, finding in found.items() if not finding.well] == ["account", "file system"]
    assert "az storage account hns-migration" in found["file system"].said
    hook = stored(account_name=name, auth_method="account_key", password=key)
    assert FLAT in hook.test_connection()[1]


def test_a_missing_container(stored):
    """A container that does not exist is named, with the field."""
    hook = stored(container="nothere")
    right, said = hook.test_connection()
    assert not right
    assert "the account has no container 'nothere': check the connection's field container" in said
    with pytest.raises(ContainerNotFoundError):
        hook.list_paths("/")


def test_a_missing_account(stored):
    """An account that does not exist is one for both services."""
    right, said = stored(account_name="abc").test_connection()
    assert not right
    assert said.count("check account_name") == 2


def test_a_wrong_key(stored, caplog):
    """A key that is not the account's is said to be none, and shown nowhere."""
    wrong = "V3Jvbmcga2V5IG9mIGFuIGFjY291bnQsIHdoaWNoIG9wZW5zIG5vdGhpbmcgYXQgYWxsLi4uLi4uLi4uLi4uLg=="
    caplog.set_level(logging.DEBUG)
    hook = stored(auth_method="account_key", password=wrong)
    right, said = hook.test_connection()
    assert not right
    assert "the account key is not one of the account's" in said
    with pytest.raises(TokenRejectedError, match="the account key is not one of the account's"):
        hook.list_paths("/")
    assert wrong not in caplog.text + said


def test_a_signature_that_has_ended(stored, sas, caplog):
    """A signature that has ended is refused, with its end, and shown nowhere."""
    caplog.set_level(logging.DEBUG)
    fields = sas("rl", hours=-1)
    hook = stored(**fields)
    right, said = hook.test_connection()
    assert not right
    assert "the signature has ended or was changed" in said
    assert "Connection: the signature ended at 20" in said
    with pytest.raises(TokenRejectedError):
        hook.list_paths("/")
    assert fields["sas_token"].partition("sig=")[2] not in caplog.text + said


def test_a_signature_without_the_right_to_list(stored, sas):
    """What a signature does not allow is refused where it is needed, with the permission that is missing."""
    hook = stored(**sas("rwc"))
    assert hook.test_connection()[0]
    failed = steps(hook)["round trip of a file"]
    assert not failed.well
    assert "A signature needs the permission among its sp=" in failed.said
    hook.filesystem.pipe("/a", b"1")
    with pytest.raises(AccessDeniedError, match="A signature needs the permission"):
        hook.list_paths("/")


def test_a_signature_for_a_directory(stored, sas):
    """A signature for a directory is not asked for the container, and works in its directory."""
    stored().make_directory("/mine")
    hook = stored(**sas("racwdlmeop", directory="mine"))
    right, said = hook.test_connection()
    assert right, said
    assert "the signature is for a directory" in said
    found = steps(hook, path="/mine")
    assert found["round trip of a file"].well, found


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (
            "none",
            "assign the role Storage Blob Data Reader to read, Storage Blob Data Contributor to write, or",
        ),
        ("reader", "assign the role Storage Blob Data Contributor, or"),
    ],
)
def test_a_missing_role(stored, emulator, role, said):
    """The doctor names the role that is missing; an error names the roles too."""
    client_id = str(uuid.uuid4())
    emulator.add_principal(client_id, SECRET, storage_role=role)
    stored().filesystem.pipe("/a", b"1")
    hook = stored(login=client_id, password=SECRET)
    found = steps(hook)
    assert not found["rights"].well
    assert said in found["rights"].said
    assert "round trip of a file" not in found
    with pytest.raises(AccessDeniedError, match="Storage Blob Data Contributor to write"):
        hook.filesystem.pipe("/b", b"1")


def test_names_with_a_colon(stored, tmp_path):
    """Names that Gen1 has not are written, found and copied in a container."""
    hook = stored()
    (tmp_path / "10:00").mkdir()
    (tmp_path / "10:00" / "a:b.csv").write_bytes(b"1")
    hook.upload(str(tmp_path / "10:00"), "/runs/10:00")
    assert hook.exists("/runs/10:00/a:b.csv")
    assert hook.filesystem.isfile("/runs/10:00/a:b.csv")
    assert hook.filesystem.glob("/runs/*:*/*") == ["/runs/10:00/a:b.csv"]
    hook.filesystem.put(f"{tmp_path}/", "/again/10:00", recursive=True)
    assert hook.filesystem.cat("/again/10:00/10:00/a:b.csv") == b"1"
    assert not hook.exists("/runs/\0")
