"""Ask and Reply: a request to a face with what its handlers need of it, and what they answer."""

from __future__ import annotations

import base64
import binascii
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.faces.bodies import EMPTY, Body
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import properties
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.gen2.versions import etag

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store import Node, Reader

LEASE_ID = "x-ms-lease-id"
_CONTENT = {
    "content-type": properties.TYPE,
    "content-encoding": properties.ENCODING,
    "content-language": properties.LANGUAGE,
    "content-disposition": properties.DISPOSITION,
    "cache-control": properties.CACHE,
    "content-md5": properties.MD5,
}
_MAX_NUMBER = 20


@dataclass(eq=False, slots=True)
class Ask:
    """A request.

    :param path: `/dir/file` in the container; `/` for its root, or where the request names none.
    :param query: values by name in lower case.
    :param headers: case-insensitive.
    :param version: version of the protocol that was asked for.
    :param host: returns the URL that the request was sent to, before its path.
    """

    account: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    version: str
    host: Callable[[], str] = str
    body: Body = EMPTY

    def header(self, name: str) -> str:
        """Return a header, empty where there is none."""
        return self.headers.get(name, "")

    @property
    def lease(self) -> str:
        """Return the lease id that the request carries; empty for none."""
        return self.headers.get(LEASE_ID, "")

    def conditions(self, prefix: str = "") -> Conditions:
        """Return the conditions of the request.

        :param prefix: text before their names: `x-ms-source-` for those on a source.
        :raises StorageError: for a date that is none.
        """
        found = [self.headers.get(prefix + name) for name in _CONDITIONS]
        if not any(found):
            return Conditions()
        match, none_match, since, unmodified = found
        return Conditions(_etags(match), _etags(none_match), _seconds(since), _seconds(unmodified))

    def content_headers(self, prefix: str) -> dict[str, str]:
        """Return the content headers of a new file, by the names that answers have for them.

        :param prefix: text before their names: `x-ms-`, or `x-ms-blob-`.
        """
        return {
            shown: value
            for name, shown in _CONTENT.items()
            if (value := self.headers.get(prefix + name)) is not None
        }

    def number(self, name: str, *, least: int = 0, most: int | None = None) -> int | None:
        """Return a parameter that is a whole number, or None where there is none.

        :raises StorageError: if it is not one, or is out of range.
        """
        text = self.query.get(name)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < _MAX_NUMBER):
            raise refused("InvalidQueryParameterValue")
        if int(text) < least or (most is not None and int(text) > most):
            raise refused("OutOfRangeQueryParameterValue")
        return int(text)

    def header_number(self, name: str) -> int | None:
        """Return a header that is a whole number, or None where there is none."""
        text = self.headers.get(name)
        if text is None:
            return None
        try:
            return int(text)
        except ValueError:
            raise refused("InvalidHeaderValue") from None

    def flag(self, name: str) -> bool:
        """Return a parameter that is `true` or `false`; False where there is none."""
        text = self.query.get(name, "false").lower()
        if text not in ("true", "false"):
            raise refused("InvalidQueryParameterValue")
        return text == "true"


def scope_of(ask: Ask) -> dict[str, Any]:
    """Return the encryption scope that a new container is to have."""
    scope = ask.header("x-ms-default-encryption-scope")
    only = ask.header("x-ms-deny-encryption-scope-override").lower() == "true"
    return {"scope": "" if scope.startswith("$") else scope, "scope_only": only}


@dataclass
class Reply:
    """Answer of a handler.

    :param reader: content that is sent as it is read, in place of `body`.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    reader: Reader | None = None


def version_headers(node: Node) -> dict[str, str]:
    """Return ETag and Last-Modified of a path or container."""
    return {"ETag": quoted(node), "Last-Modified": date(node.modified)}


def quoted(node: Node) -> str:
    """Return an ETag as headers have it."""
    return f'"{etag(node.etag)}"'


def date(milliseconds: int) -> str:
    """Return a time as headers have it."""
    return _date(milliseconds // 1000)


@functools.lru_cache(maxsize=1024)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


def decoded_properties(text: str) -> dict[str, str]:
    """Return the metadata of a header `x-ms-properties`: `name=base64,name=base64`.

    :raises StorageError: if it is malformed.
    """
    found = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise refused("InvalidHeaderValue")
        try:
            found[name] = base64.b64decode(value, validate=True).decode("utf-8", "surrogateescape")
        except binascii.Error:
            raise refused("InvalidHeaderValue") from None
    return found


def encoded_properties(metadata: Mapping[str, str]) -> str:
    """Return metadata as a header `x-ms-properties`."""
    return ",".join(
        f"{name}={base64.b64encode(value.encode('utf-8', 'surrogateescape')).decode()}"
        for name, value in metadata.items()
    )


_CONDITIONS = ("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since")


def _etags(text: str | None) -> tuple[str, ...]:
    return tuple(
        part.strip().removeprefix("W/").strip('"') for part in (text or "").split(",") if part.strip()
    )


def _seconds(text: str | None) -> int | None:
    if not text:
        return None
    try:
        return int(parsedate_to_datetime(text).timestamp())
    except ValueError:
        raise refused("InvalidHeaderValue") from None
