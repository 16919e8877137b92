"""`Dialect`: what of a request belongs to one protocol of the service.

`Transport` sends requests of any dialect: sessions, tokens, retries, bounds and what a lost answer means are
the same for all.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import quote

from yarl import URL

if TYPE_CHECKING:
    from airflow_provider_adls.client.pieces import Content
    from airflow_provider_adls.model.errors import RequestError

#: No parameters, no headers.
NOTHING: Mapping[str, str] = MappingProxyType({})


class Request(NamedTuple):
    """A request to be sent.

    :param operation: the dialect's name for it.
    :param path: absolute, normalised path in the account.
    :param parameters: query, unquoted.
    :param content: body.
    :param headers: beyond those that every request has.
    :param reads: whether the answer is the content of a file, and not JSON.
    :param length: most bytes of a file's content that are taken; None for all that come.
    """

    operation: str
    path: str
    parameters: Mapping[str, str] = NOTHING
    content: Content | None = None
    headers: Mapping[str, str] = NOTHING
    reads: bool = False
    length: int | None = None


@dataclass(frozen=True)
class RequestLimits:
    """Bounds of one request to a service.

    :param body: most bytes that a request carries, but for blocks of a file that had too many of them.
    :param page: most entries of a listing's page.
    :param blocks: most requests that one file's content may come by; None for any number.
    """

    body: int
    page: int
    blocks: int | None = None

    def block_size(self, length: int) -> int:
        """Return the bytes of the blocks of a file: of more than usual, if it had too many blocks otherwise.

        :param length: bytes of the file.
        """
        usual = self.body
        return usual if self.blocks is None else usual * max(1, -(-length // (self.blocks * usual)))


def flag(value: bool) -> str:  # noqa: FBT001 - it spells a boolean
    """Return a boolean as the services spell it."""
    return "true" if value else "false"


@functools.lru_cache(maxsize=1024)
def query_of(*parameters: tuple[str, str]) -> str:
    """Return the query of a URL, quoted; most requests of a transfer have the same."""
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters)


@functools.lru_cache(maxsize=256)
def endpoint_parts(endpoint: str) -> tuple[str, str, str]:
    """Return scheme, authority and path of an endpoint."""
    url = URL(endpoint, encoded=True)
    return url.scheme, url.raw_authority, url.raw_path.rstrip("/")


class Refusal(NamedTuple):
    """The meaning of an error answer.

    :param error: class that it is raised as.
    :param message: the service's own words; None where it had none.
    :param name: the service's name for the error.
    :param request_id: the service's id of the request.
    """

    error: type[RequestError]
    message: str | None = None
    name: str | None = None
    request_id: str | None = None


class Dialect(Protocol):
    """One protocol of the service."""

    @property
    def limits(self) -> RequestLimits:
        """Bounds of its requests."""
        ...

    def method(self, request: Request) -> str:
        """Return the HTTP method of a request."""
        ...

    def url(self, endpoint: str, request: Request) -> URL:
        """Return the URL of a request, quoted once and for good.

        :param endpoint: URL of the account, without a slash at its end.
        :raises PathError: for a path that UTF-8 cannot carry.
        """
        ...

    def headers(self, request: Request, attempt: int) -> Mapping[str, str]:
        """Return the headers of a request, beside its token.

        :param attempt: number of attempts before this one.
        """
        ...

    def is_repeatable(self, request: Request) -> bool:
        """Return whether a request may be sent again when it is not known whether it was done."""
        ...

    def needs_length(self, request: Request) -> bool:
        """Return whether an answer must say how long it is, for it could be cut anywhere otherwise."""
        ...

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal:
        """Return what an answer that is an error means.

        :param body: the service's, or what a proxy or gateway wrote instead; may be empty or cut.
        """
        ...

    def request_id(self, headers: Mapping[str, str]) -> str | None:
        """Return the service's id of a request, from the headers of its answer."""
        ...
