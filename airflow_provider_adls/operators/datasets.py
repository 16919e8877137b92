"""OpenLineage's datasets of what operators read and write: names, and what is cheaply known of a file."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from airflow_provider_adls.hooks.ends import LOCAL
from airflow_provider_adls.model.paths import join, name, parse
from airflow_provider_adls.operators.schema import columns

if TYPE_CHECKING:
    from airflow.providers.common.compat.openlineage.facet import Dataset

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
    from airflow_provider_adls.operators.schema import Column

logger = logging.getLogger(__name__)


class _File(NamedTuple):
    """A file that is there.

    :param size: bytes.
    :param opener: opens it for reading.
    """

    size: int
    opener: Callable[[], IO[bytes]]


class Known(NamedTuple):
    """A dataset's name, and how to look at the file that it may be.

    :param namespace: OpenLineage's namespace.
    :param path: path in it.
    :param look: gives the file; None if it is a directory, or cannot be looked at.
    """

    namespace: str
    path: str
    look: Callable[[str], _File | None]

    @property
    def name(self) -> str:
        """OpenLineage's name: that of a store's file has no slash before it, that of a machine's has one."""
        return self.path if self.namespace == "file" else self.path.strip("/") or "/"

    def below(self, leaf: str) -> Known:
        """The dataset of an entry of this directory."""
        return self._replace(path=join(self.path, leaf))


def lake(hook: ADLSGen1Hook, path: str) -> Known:
    """The dataset of a path or URL in a lake; of a glob, that of the directory that it begins in."""
    from airflow_provider_adls.assets.adls_gen1 import openlineage_dataset

    where = parse(_root(path))
    account = where.account or hook.account_name
    dataset = openlineage_dataset(account, where.path)

    @cache
    def look(path: str) -> _File | None:
        filesystem = hook.filesystem_of(where.account)
        info = filesystem.info(path)
        if info["type"] != "file":
            return None
        return _File(info["size"], lambda: cast("IO[bytes]", filesystem.open(path, "rb")))

    return Known(dataset.namespace, where.path, look)


def local(path: str) -> Known:
    """The dataset of a path of this machine; of a glob, as for `lake`."""

    def look(path: str) -> _File | None:
        file = Path(path)
        return _File(file.stat().st_size, lambda: file.open("rb")) if file.is_file() else None

    return Known("file", str(Path(os.path.expanduser(_root(path))).absolute()), look)  # noqa: PTH111 - a slash may be at its end


def other(url: str) -> Known:
    """The dataset of a URL of another store, called as Airflow's own operators call it, and not looked at."""
    from airflow.providers.common.compat.sdk import ObjectStoragePath

    scheme, _, rest = url.partition("://")
    if scheme.lower() in LOCAL:
        return local(rest)
    path = ObjectStoragePath(_root(url))
    return Known(path.namespace, path.key, lambda _: None)


def described(known: Known, *, look: bool, output: bool) -> Dataset:
    """The dataset, with its columns, and the size of an output, where it is a file that may be looked at.

    :param look: whether to ask for the file; what that fails of is logged, and the name is what is left.
    """
    from airflow.providers.common.compat.openlineage import facet

    facets: dict[str, Any] = {}
    statistics: dict[str, Any] = {}
    if look and (file := _seen(known)):
        if found := _columns(known, file):
            fields = [facet.SchemaDatasetFacetFields(name=one.name, type=one.type or None) for one in found]
            facets["schema"] = facet.SchemaDatasetFacet(fields=fields)
        statistics["outputStatistics"] = facet.OutputStatisticsOutputDatasetFacet(size=file.size)
    if output:
        return facet.OutputDataset(known.namespace, known.name, facets=facets, outputFacets=statistics)
    return facet.InputDataset(known.namespace, known.name, facets=facets)


def one_file(source: Known, target: Known) -> Known:
    """Where a source that is, or was, one file has come to lie, if it went into a directory."""
    inside = target.below(name(source.path))
    return inside if _seen(inside) else target


def _seen(known: Known) -> _File | None:
    try:
        return known.look(known.path)
    except FileNotFoundError:
        return None
    # Lineage is no reason for a task to fail.
    except Exception:
        logger.debug("what is at %s is not known", known.name, exc_info=True)
        return None


def _columns(known: Known, file: _File) -> list[Column]:
    try:
        return columns(known.path, file.opener)
    # A file's name says what it may be, and its content may be anything.
    except Exception:
        logger.debug("the columns of %s are not known", known.name, exc_info=True)
        return []


def _root(path: str) -> str:
    from airflow_provider_adls.lake.glob import glob_root, is_glob

    return (glob_root(path) or "/") if is_glob(path) else path
