"""OpenLineage's datasets for the paths of operators: names, sizes of outputs, headers of CSV files."""

from __future__ import annotations

import csv
import logging
import os
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from airflow_provider_adls.hooks.ends import LOCAL
from airflow_provider_adls.model.paths import join, name, parse

if TYPE_CHECKING:
    from airflow.providers.common.compat.openlineage.facet import Dataset

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

logger = logging.getLogger(__name__)

#: Separators of the columns, by the endings of files whose first line names them.
_SEPARATORS = {"csv": ",", "tsv": "\t"}
#: Bytes that are read for the first line.
HEAD = 64 * 1024


class _File(NamedTuple):
    """An existing file.

    :param size: bytes.
    :param opener: opens it for reading.
    """

    size: int
    opener: Callable[[], IO[bytes]]


class Known(NamedTuple):
    """The name of a dataset, and a way to look at its file.

    :param namespace: OpenLineage's namespace.
    :param path: path in it.
    :param look: returns the file; None for a directory, and in a store that is not looked at.
    """

    namespace: str
    path: str
    look: Callable[[str], _File | None]

    @property
    def name(self) -> str:
        """OpenLineage's name: a file of a machine has a slash at its beginning, one of a store has none."""
        return self.path if self.namespace == "file" else self.path.strip("/") or "/"

    def below(self, leaf: str) -> Known:
        """Return the dataset of an entry of this directory."""
        return self._replace(path=join(self.path, leaf))


def lake(hook: ADLSGen1Hook, path: str) -> Known:
    """Return the dataset of a path or URL in a lake; of a glob, that of its root."""
    from airflow_provider_adls.assets.adls_gen1 import openlineage_dataset

    where = parse(_root(path))
    dataset = openlineage_dataset(hook.filesystem_of(where.account).client.lake, where.path)

    @cache
    def look(path: str) -> _File | None:
        filesystem = hook.filesystem_of(where.account)
        info = filesystem.info(path)
        if info["type"] != "file":
            return None
        return _File(info["size"], lambda: cast("IO[bytes]", filesystem.open(path, "rb")))

    return Known(dataset.namespace, where.path, look)


def local(path: str) -> Known:
    """Return the dataset of a path of this machine; of a glob, that of its root."""

    def look(path: str) -> _File | None:
        file = Path(path)
        return _File(file.stat().st_size, lambda: file.open("rb")) if file.is_file() else None

    return Known("file", str(Path(os.path.expanduser(_root(path))).absolute()), look)  # noqa: PTH111 - a slash may be at its end


def other(url: str) -> Known:
    """Return the dataset of a URL of another store, with the name that Airflow's own operators use."""
    from airflow.providers.common.compat.sdk import ObjectStoragePath

    scheme, _, rest = url.partition("://")
    if scheme.lower() in LOCAL:
        return local(rest)
    path = ObjectStoragePath(_root(url))
    return Known(path.namespace, path.key, lambda _: None)


def described(known: Known, *, look: bool, output: bool) -> Dataset:
    """Return the dataset, with the columns of a file, and the size of an output.

    :param look: whether to look at the file; if that fails, the dataset has its name alone.
    """
    from airflow.providers.common.compat.openlineage import facet

    facets: dict[str, Any] = {}
    statistics: dict[str, Any] = {}
    if look and (file := _seen(known)):
        if names := _columns(known, file):
            fields = [facet.SchemaDatasetFacetFields(name=name) for name in names]
            facets["schema"] = facet.SchemaDatasetFacet(fields=fields)
        statistics["outputStatistics"] = facet.OutputStatisticsOutputDatasetFacet(size=file.size)
    if output:
        return facet.OutputDataset(known.namespace, known.name, facets=facets, outputFacets=statistics)
    return facet.InputDataset(known.namespace, known.name, facets=facets)


def one_file(source: Known, target: Known) -> Known:
    """Return the dataset of a single file in the directory that it went into; otherwise the target."""
    inside = target.below(name(source.path))
    return inside if _seen(inside) else target


def _seen(known: Known) -> _File | None:
    try:
        return known.look(known.path)
    except FileNotFoundError:
        return None
    # Lineage must not make a task fail.
    except Exception:
        logger.debug("could not look at %s", known.name, exc_info=True)
        return None


def _columns(known: Known, file: _File) -> list[str]:
    separator = _SEPARATORS.get(known.path.rpartition(".")[2].lower())
    if separator is None:
        return []
    try:
        return header(file.opener, separator)
    # Whatever its name says, a file's content may be anything.
    except Exception:
        logger.debug("could not read the columns of %s", known.name, exc_info=True)
        return []


def header(opener: Callable[[], IO[bytes]], separator: str) -> list[str]:
    """Return the names in the first line of a file; none if that is longer than 64 KiB."""
    with closing(opener()) as file:
        head = file.read(HEAD)
    line, end, _ = head.partition(b"\n")
    if not end and len(head) == HEAD:
        return []
    return [
        name
        for row in csv.reader([line.decode("utf-8-sig").rstrip("\r")], delimiter=separator)
        for name in row
    ]


def _root(path: str) -> str:
    from airflow_provider_adls.lake.glob import glob_root, is_glob

    return (glob_root(path) or "/") if is_glob(path) else path
