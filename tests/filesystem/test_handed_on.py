"""What is handed on of a file system: options, JSON, pickles, and no secret."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from fsspec import AbstractFileSystem

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.model.clouds import emulator_cloud

SECRET = "hush~hush"
MADE_WITH_SECRET = {"tenant_id": "t", "client_id": "c", "client_secret": SECRET}


class PlainCredential:
    """A credential that pickles."""

    def get_token(self, *scopes):
        raise NotImplementedError

    def __eq__(self, other):
        return isinstance(other, PlainCredential)

    def __hash__(self):
        return 1


def test_secret_is_nowhere():
    """The secret stands in no repr, option, token, attribute's text or JSON."""
    fs = ADLSGen1FileSystem("lake", **MADE_WITH_SECRET)
    assert SECRET not in repr(fs)
    assert SECRET not in str(fs.storage_options)
    assert SECRET not in fs.to_json()
    assert SECRET not in str(fs.to_dict())
    assert SECRET not in str(vars(fs))
    assert SECRET not in fs._fs_token


def test_pickle_of_a_secret():
    """A file system that was made with a secret is not pickled, and says what to do."""
    for fs in (
        ADLSGen1FileSystem("lake", **MADE_WITH_SECRET),
        ADLSGen1FileSystem("lake", credential=PlainCredential(), proxy=f"http://user:{SECRET}@proxy:1"),
    ):
        with pytest.raises(TypeError, match="would carry it") as caught:
            pickle.dumps(fs)
        assert SECRET not in str(caught.value)
        assert SECRET not in str(fs.storage_options)
        assert copy.deepcopy(fs) is fs


def test_pickle_of_a_credential():
    """A credential object goes with the pickle."""
    fs = ADLSGen1FileSystem("lake", credential=PlainCredential(), cloud="china", skip_instance_cache=True)
    again = pickle.loads(pickle.dumps(fs))
    assert (fs.account_name, fs._access) == (again.account_name, again._access)


def test_json():
    """JSON carries what it can: the reader adds who signs in."""
    cloud = "https://127.0.0.1:10443"
    fs = ADLSGen1FileSystem("lake", **MADE_WITH_SECRET, cloud=emulator_cloud(cloud), ca_file="/ca.pem")
    described = json.loads(fs.to_json())
    assert described == {
        "cls": "airflow_provider_adls.filesystem.file_system:ADLSGen1FileSystem",
        "protocol": "adl",
        "args": ["lake"],
        "tenant_id": "t",
        "client_id": "c",
        "cloud": cloud,
        "ca_file": "/ca.pem",
    }
    described |= {"client_secret": SECRET}
    again = AbstractFileSystem.from_dict(described)
    assert again._access.cloud == fs._access.cloud
    only = ADLSGen1FileSystem("lake", credential=PlainCredential())
    assert isinstance(AbstractFileSystem.from_json(only.to_json()), ADLSGen1FileSystem)
