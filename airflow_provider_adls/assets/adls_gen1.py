"""`adl://` as an asset's URI: one way to write each file and directory, and its name in OpenLineage.

A URI is percent-encoded where a path has a character that URIs keep for themselves, ``%``, ``?`` and ``#``, a
space, or one beyond ASCII, which Airflow 2 refuses and MySQL cannot keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, unquote, urlsplit

from airflow_provider_adls.model.paths import SCHEME, Location, account_name, normalise, parse

if TYPE_CHECKING:
    from airflow.providers.common.compat.openlineage.facet import Dataset as OpenLineageDataset
    from airflow.providers.common.compat.sdk import Asset

_PLAIN = "".join(map(chr, range(33, 127))).translate(dict.fromkeys(map(ord, "%?#")))


def create_asset(
    *,
    path: str,
    account: str | None = None,
    name: str | None = None,
    group: str | None = None,
    watchers: Sequence[Any] = (),
    extra: dict[str, Any] | None = None,
) -> Asset:
    """Return the asset of a file or directory in a lake.

    :param path: ``/path``, or an `adl://` or `abfss://` URL.
    :param account: short or full name of the account of a path that names none.
    :param name: of the asset; None for its URI, as Airflow has it.
    :param group: of assets; None for Airflow's own.
    :param watchers: `AssetWatcher` objects, whose triggers start DAGs.
    :param extra: values that Airflow keeps with the asset.
    :raises PathError: for a path that names no account where none is given either.
    :raises TypeError: for a name, a group or watchers on Airflow 2, which has none of them.
    """
    from airflow.providers.common.compat.sdk import Asset

    location = parse(path)
    if location.account is None:
        location = location._replace(account=account_name(account or ""))
    given: dict[str, Any] = {"name": name, "group": group, "watchers": list(watchers)}
    more: dict[str, Any] = {key: value for key, value in given.items() if value}
    return Asset(uri=asset_uri(location), extra=extra, **more)


def sanitize_uri(uri: SplitResult) -> SplitResult:
    """Return the canonical form of a URI; Airflow calls it for each asset with the scheme `adl`.

    The host is the account's full name in small letters, without the connection that `ObjectStoragePath`
    puts before it. The path has single slashes, and neither dots that lead elsewhere nor a slash at its end.

    :raises PathError: if the host cannot be an account, or the URI has a query.
    """
    host = uri.netloc.rpartition("@")[2]
    path = uri.path
    if uri.query:
        # Airflow has rewritten it by now, so that nobody knows what file it was.
        path = f"{path}?{uri.query}"
        raise ValueError(f"{SCHEME}://{host}{path}: write a question mark in a path as %3F")
    return urlsplit(asset_uri(Location(account_name(host), normalise(unquote(path)))))


def convert_asset_to_openlineage(asset: Asset, lineage_context: Any) -> OpenLineageDataset:  # noqa: ARG001 - Airflow's signature
    """Return the dataset of an asset, named as OpenLineage names files of other object stores.

    The namespace is scheme and host, ``adl://mylake.azuredatalakestore.net``, and the name is the path in
    it, ``raw/2026/day.csv`` (OpenLineage's naming of ABFS, S3 and GCS).
    """
    uri = urlsplit(asset.uri)
    return openlineage_dataset(account_name(uri.netloc), unquote(uri.path))


def openlineage_dataset(account: str, path: str) -> OpenLineageDataset:
    """Return OpenLineage's dataset of a file or directory.

    :param account: short name of the account, or `container@account`, as a `Location` has it.
    :param path: absolute path in it.
    """
    from airflow.providers.common.compat.openlineage.facet import Dataset

    return Dataset(namespace=Location(account, "").url(), name=path.strip("/") or "/")


def asset_uri(location: Location) -> str:
    """Return the URI of a location with an account."""
    return location._replace(path=quote(location.path, safe=_PLAIN)).url()
