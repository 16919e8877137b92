"""`Asked`: account, container and path of a request to a face, before anything is checked."""

from __future__ import annotations

import functools
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from airflow_provider_adls.emulator.gen2.operations import Address, address, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web

    from airflow_provider_adls.emulator.gen2.answers import Face


class Asked(NamedTuple):
    """A request to a face.

    :param operation: name of the operation; None if the face has none of the kind.
    :param address: container and path.
    :param path: percent-encoded path, without what the mount point takes.
    :param query: parameters of the query, by name in lower case.
    """

    operation: str | None
    address: Address
    path: str
    query: Mapping[str, str]

    @property
    def shown(self) -> str:
        """Return the path as the request record shows it: `/container/dir/file`."""
        return "/" + "/".join(part for part in self.address if part)


def asked(request: web.Request, face: Face, prefix: str) -> Asked:
    """Return what a request asks for.

    :param prefix: text before `/{container}` in the path of the request.
    """
    raw, _, query_text = request.raw_path.partition("?")
    path = raw[len(prefix) :] or "/"
    query = _query(query_text)
    place = address(path)
    name = operation(face, request.method, place.level, query, request.headers)
    return Asked(name, place, path, query)


@functools.lru_cache(maxsize=1024)
def _query(text: str) -> Mapping[str, str]:
    """Return the parameters of a query; most requests have one of a few."""
    return MappingProxyType({name.lower(): value for name, value in parse_qsl(text, keep_blank_values=True)})
