"""`parse`: a request's path, operation, parameters and body.

Names of operations and parameters, and values that are words, are compared without case: official
clients differ. Unknown operations and parameters are refused by name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, unquote_to_bytes

from airflow_provider_adls.emulator.rules.refusals import Invalid, Unsupported
from airflow_provider_adls.model import acl, paths
from airflow_provider_adls.model.operations import (
    API_VERSION,
    COMMON_PARAMETERS,
    MAX_BODY,
    OPERATIONS,
    WEBHDFS,
    WEBHDFS_EXT,
    Operation,
)
from airflow_provider_adls.model.status import FileStatus

if TYPE_CHECKING:
    from aiohttp import web

    from airflow_provider_adls.emulator.store import Upload
    from airflow_provider_adls.model.acl import AclEntry

#: Operations whose content may be longer than `MAX_BODY`.
STREAMED = frozenset({"APPEND", "CREATE"})
#: Operations that the service has and this one does not do: Hadoop's, which no SDK of the service sends.
KNOWN = frozenset({"CREATENONRECURSIVE", "GETFILECHECKSUM", "SETREPLICATION"})
_STATUS_KEYS = tuple(FileStatus("", "FILE", 0, 0, 0, "0", "", "").to_json())
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_VERSION = re.compile(r"\d{4}-\d\d-\d\d(-preview)?", re.ASCII)
_FORBIDDEN = re.compile(r"[:\x00-\x1f\x7f]")
#: Weight of a content coding that is not wanted (RFC 9110, 12.4.2).
_REFUSED = re.compile(r"q *= *0(\.0*)?")
#: The second is how the Node SDK spells the first where it asks for sums.
_PREFIXES = {WEBHDFS: WEBHDFS, "/webhdfs/va": WEBHDFS, WEBHDFS_EXT: WEBHDFS_EXT}


class NoUrl(Invalid):
    """A URL with a control character; the answer is not JSON (.NET SDK's tests, of 0x7F; others assumed)."""


def decoded_path(request: web.Request) -> str:
    """Return the path of a request, percent-decoded exactly once, without the query.

    It is read from the request line as it came, because clients encode `/`, `%`, `#`, `?`, `+` and `,`
    in names, and some of them the whole path. A `+` stays a `+`: it means a blank in queries only.

    :raises Invalid: for bytes that are not UTF-8.
    """
    target = request.raw_path.partition("?")[0]
    if not target.startswith("/"):
        # A proxy's form of the request line names the host too.
        target = "/" + target.partition("://")[2].partition("/")[2]
    try:
        return unquote_to_bytes(_octets(target)).decode()
    except UnicodeDecodeError:
        raise Invalid("The path is not UTF-8") from None


class Request(NamedTuple):
    """A request of a known operation.

    :param operation: its operation.
    :param path: normalised path in the account.
    :param parameters: values by name in lower case.
    :param body: content, empty where the operation takes none.
    :param upload: content that is too long for memory, in place of `body`.
    """

    operation: Operation
    path: str
    parameters: Mapping[str, str]
    body: bytes = b""
    upload: Upload | None = None

    @property
    def content(self) -> bytes | Upload:
        """Content to write to a file."""
        return self.body if self.upload is None else self.upload

    def text(self, name: str, default: str = "") -> str:
        """Return the value of a parameter, as it came."""
        return self.parameters.get(name, default)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return the value of a parameter that is true or false.

        :raises Invalid: if it is neither.
        """
        value = self.parameters.get(name)
        if value is None:
            return default
        if value.lower() not in ("true", "false"):
            raise Invalid(f"{name} must be true or false, not {value!r}")
        return value.lower() == "true"

    def number(self, name: str, *, least: int = 0) -> int | None:
        """Return the value of a parameter that is a whole number; None without one.

        :raises Invalid: for any other value, or less than `least`.
        """
        value = self.parameters.get(name)
        if value is None:
            return None
        # The service's numbers have 64 bits.
        if not (value.isascii() and value.isdigit() and len(value) < 19) or int(value) < least:
            raise Invalid(f"{name} must be a whole number from {least}, not {value!r}")
        return int(value)

    def choice(self, name: str, words: tuple[str, ...], default: str = "") -> str:
        """Return the value of a parameter that is one of some words, spelt as in `words`.

        :raises Invalid: if it is another.
        """
        value = self.parameters.get(name)
        if value is None:
            return default
        for word in words:
            if value.lower() == word.lower():
                return word
        raise Invalid(f"{name} must be one of {', '.join(words)}, not {value!r}")

    def selected(self) -> frozenset[str]:
        """Return the keys of a file's status that `select` asks for, empty for all; the names are assumed.

        :raises Invalid: for one that a status does not have.
        """
        by_name = {key.lower(): key for key in _STATUS_KEYS}
        words = [word.strip().lower() for word in self.text("select").split(",") if word.strip()]
        for word in words:
            if word not in by_name:
                raise Invalid(f"select must name some of {', '.join(by_name.values())}, not {word!r}")
        return frozenset(by_name[word] for word in words)

    def permission(self) -> int | None:
        """Return the bits of the requested permission; None without one.

        :raises Invalid: if it is not octal.
        """
        value = self.parameters.get("permission")
        if value is None:
            return None
        try:
            return acl.permission(value)
        except ValueError as error:
            raise Invalid(str(error)) from None

    def acl_entries(self, *, rights: bool = True) -> list[AclEntry]:
        """Return the entries of `aclSpec`.

        :param rights: whether they carry rights.
        :raises Invalid: if it is malformed.
        """
        try:
            return acl.parse_spec(self.parameters["aclspec"], rights=rights)
        except ValueError as error:
            raise Invalid(str(error)) from None


@functools.lru_cache(maxsize=1024)
def parameters(query: str) -> Mapping[str, str]:
    """Return the values of a query's parameters, by name in lower case.

    :raises Invalid: for one given twice with different values, or bytes that are not UTF-8.
    """
    values: dict[str, str] = {}
    try:
        pairs = parse_qsl(_octets(query).decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Invalid("The query is not UTF-8") from None
    for name, value in pairs:
        if values.setdefault(name.lower(), value) != value:
            raise Invalid(f"Parameter {name} is given twice, with different values")
    return values


class Glimpse(NamedTuple):
    """The readable parts of a request; the service refuses the others.

    :param path: path in the account, or as it came.
    :param operation: name of the operation, known or not.
    :param parameters: values by name in lower case.
    :param extended: whether it came to `/webhdfsext`.
    """

    path: str
    operation: str | None = None
    parameters: Mapping[str, str] = MappingProxyType({})
    extended: bool = False


def glimpse(request: web.Request, prefix: str) -> Glimpse:
    """Return the readable parts of a request before anything is checked; never raise.

    :param prefix: part of the request's path before `/webhdfs/` or `/webhdfsext/`.
    """
    seen = Glimpse(request.path)
    try:
        path = decoded_path(request)[len(prefix) :]
        seen = seen._replace(path=path, extended=path.lower().startswith(WEBHDFS_EXT))
        found = parameters(request.raw_path.partition("?")[2])
        seen = seen._replace(parameters=found, operation=found.get("op", "").upper() or None)
        return seen._replace(path=checked(_split(path)[1]))
    except Invalid:
        return seen


def parse(method: str, path: str, parameters: Mapping[str, str]) -> Request:
    """Read a request, all but its body.

    :param method: HTTP method.
    :param path: decoded once, from `/webhdfs/v1` or `/webhdfsext` on.
    :param parameters: values by name in lower case.
    :raises Invalid: for an unknown operation or parameter, a wrong method, or a name that no path has.
    :raises Unsupported: for an operation that the service has and this one does not do.
    :raises NoUrl: for a control character in the path.
    """
    name = parameters.get("op", "").upper()
    operation = OPERATIONS.get(name)
    if operation is None:
        if name in KNOWN:
            raise Unsupported(f"Operation {name} is not supported by this emulator")
        raise Invalid(
            f"Unknown operation {name}" if name else "The request names no operation: op is missing"
        )
    prefix, rest = _split(path)
    if method != operation.verb:
        raise Invalid(f"{name} is sent with {operation.verb}, not with {method}")
    if prefix != operation.prefix:
        raise Invalid(f"{name} is sent to {operation.prefix}, not to {prefix}")
    for parameter in parameters:
        if parameter not in operation.parameters and parameter not in COMMON_PARAMETERS:
            raise Invalid(f"Unknown parameter {parameter} of {name}")
    version = parameters.get("api-version")
    if version is not None and not _VERSION.fullmatch(version):
        # HdfsCLI names none. Answers are ordered by these, which a word has no place among.
        raise Invalid(f"api-version must be a date such as {API_VERSION}, not {version!r}")
    for parameter in operation.required:
        if not parameters.get(parameter):
            raise Invalid(f"{name} needs the parameter {parameter}")
    if _CONTROL.search(rest):
        raise NoUrl(f"The path {rest!r} holds a control character")
    return Request(operation, checked(rest), parameters)


def checked(path: str) -> str:
    """Return a path of the account, normalised.

    :raises Invalid: if a name in it holds a colon or a control character (.NET SDK's tests).
    """
    if found := _FORBIDDEN.search(path):
        raise Invalid(f"The path {path!r} holds {found[0]!r}, which names may not")
    return paths.normalise(path)


def is_extended(path: str) -> bool:
    """Return whether a path, as :func:`decoded_path` gives it, is under `/webhdfsext`."""
    return path[: len(WEBHDFS_EXT)].lower() == WEBHDFS_EXT


def asks_for_gzip(request: web.Request) -> bool:
    """Return whether a client accepts gzip alone.

    Of 911 recorded reads by a client that accepts gzip among others, three came so.
    """
    codings = []
    for word in request.headers.get("Accept-Encoding", "").lower().split(","):
        coding, _, weight = (part.strip() for part in word.partition(";"))
        if coding != "identity" and not _REFUSED.fullmatch(weight):
            codings.append(coding)
    return codings == ["gzip"]


async def with_body(request: web.Request, parsed: Request, upload: Callable[[], Upload]) -> Request:
    """Read the content of a request, chunked or not, as it was sent, whatever its Content-Encoding says.

    What CREATE and APPEND send beyond `MAX_BODY` goes into an upload, which the caller closes: `curl -T` and
    HdfsCLI send whole files so. (Assumed; filesystem.json names the limit.) The content of an operation that
    takes none is not read.

    :param upload: makes an upload.
    :raises Invalid: if there is more than a request of another operation may hold. (Status assumed.)
    :raises StoreError: if it cannot be written.
    """
    if not parsed.operation.body:
        return parsed
    streamed = parsed.operation.name in STREAMED
    if not streamed and (request.content_length or 0) > MAX_BODY:
        raise _too_much(parsed.operation)
    chunks = [await request.content.readany()]
    size = len(chunks[0])
    while size <= MAX_BODY and not request.content.at_eof():
        chunks.append(await request.content.readany())
        size += len(chunks[-1])
    if size <= MAX_BODY:
        return parsed._replace(body=b"".join(chunks))
    if not streamed:
        raise _too_much(parsed.operation)
    received = upload()
    try:
        received.add(b"".join(chunks))
        while not request.content.at_eof():
            received.add(await request.content.readany())
    except BaseException:
        received.close()
        raise
    return parsed._replace(upload=received)


def _too_much(operation: Operation) -> Invalid:
    return Invalid(f"The content of a {operation.name} is at most {MAX_BODY} bytes")


def _split(path: str) -> tuple[str, str]:
    for spelling, prefix in _PREFIXES.items():
        if path[: len(spelling)].lower() == spelling and path[len(spelling) : len(spelling) + 1] in ("", "/"):
            return prefix, path[len(spelling) :]
    raise Invalid(f"{path} is under neither {WEBHDFS} nor {WEBHDFS_EXT}")


def _octets(text: str) -> bytes:
    # aiohttp keeps bytes of the request line that are no UTF-8 as lone surrogates.
    return text.encode(errors="surrogateescape")
