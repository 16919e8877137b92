"""One URI for each place in a lake."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from airflow.providers.common.compat.sdk import Asset, ObjectStoragePath

from airflow_provider_adls.assets.adls_gen1 import convert_asset_to_openlineage, create_asset, sanitize_uri
from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1PathTrigger

DAY = "adl://mylake.azuredatalakestore.net/raw/2026/day.csv"
ODD = "/raw/50% of #1? größe & co.csv"


@pytest.mark.parametrize(
    "uri",
    [
        DAY,
        "adl://mylake/raw/2026/day.csv",
        "adl://MyLake.AzureDataLakeStore.Net/raw/2026/day.csv",
        "adl://mylake//raw/./2025/../2026/day.csv/",
        "adl://conn_id@mylake/raw/2026/day.csv",
        "ADL://mylake/raw/2026/day.csv",
        "adl://mylake/raw/2026/d%61y.csv",
    ],
)
def test_one_place_has_one_uri(uri):
    """Short and full host, case, dots, slashes, and the connection of a path make no other asset."""
    assert Asset(uri).uri == DAY


def test_paths_keep_their_case():
    """The service distinguishes small letters and capitals in paths."""
    assert Asset("adl://mylake/Raw").uri == "adl://mylake.azuredatalakestore.net/Raw"


def test_object_storage_path_is_an_asset():
    """A path of Airflow's object storage means the same asset, whatever connection opens it."""
    assert Asset(str(ObjectStoragePath("adl://lake_conn@mylake/raw/2026/day.csv"))).uri == DAY


@pytest.mark.parametrize(
    ("path", "account"),
    [("/raw/2026/day.csv", "mylake"), (DAY, None), ("adl://mylake/raw/2026/day.csv", "other")],
)
def test_assets_are_made_of_paths(path, account):
    """Path and account, or a URL, give the asset; a URL's account goes before the other."""
    assert create_asset(path=path, account=account, extra={"team": "sales"}) == Asset(
        DAY, extra={"team": "sales"}
    )


def test_the_root_is_an_asset():
    """The whole account has a URI too."""
    assert create_asset(path="/", account="mylake").uri == "adl://mylake.azuredatalakestore.net/"


def test_odd_names_come_back():
    """Characters that URIs keep for themselves are encoded, once, and come back in the dataset's name."""
    asset = create_asset(path=ODD, account="mylake")

    assert asset.uri.endswith("/raw/50%25%20of%20%231%3F%20gr%C3%B6%C3%9Fe%20&%20co.csv")
    assert asset == Asset(asset.uri)
    assert ODD[1:] == convert_asset_to_openlineage(asset, None).name


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"path": "/raw"}, "not an account name"),
        ({"path": "raw", "account": "mylake"}, "write /raw"),
        ({"path": "s3://bucket/raw"}, "not a place in a lake"),
    ],
)
def test_text_that_is_not_a_place(arguments, message):
    """A missing account, a relative path and another store's URL have errors of their own."""
    with pytest.raises(ValueError, match=message):
        create_asset(**arguments)


def test_queries_are_refused():
    """Airflow rewrites what stands behind a question mark, which would name another file; 2.11 only warns."""
    with pytest.raises(ValueError, match="write a question mark in a path as %3F"):
        sanitize_uri(urlsplit("adl://mylake/raw/what?day=1"))


def test_names_in_openlineage():
    """Namespace is scheme and host, and the name the path in it; the root has a name too."""
    names = [convert_asset_to_openlineage(Asset(uri), None) for uri in (DAY, "adl://mylake")]
    assert [("adl://mylake.azuredatalakestore.net", name) for name in ("raw/2026/day.csv", "/")] == [
        (dataset.namespace, dataset.name) for dataset in names
    ]


def test_name_group_and_watchers():
    """On Airflow 3 an asset may have a name and a group of its own, and watchers."""
    sdk = pytest.importorskip("airflow.sdk")
    named = create_asset(path=DAY, name="day", group="lake")
    assert (named.name, named.group, named.uri) == ("day", "lake", DAY)
    assert create_asset(path=DAY).name == Asset(DAY).name
    watcher = sdk.AssetWatcher(name="files", trigger=ADLSGen1PathTrigger("/raw/2026/*.csv"))
    assert create_asset(path=DAY, watchers=[watcher]).watchers == [watcher]
