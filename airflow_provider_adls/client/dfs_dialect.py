"""`DfsDialect`: URLs, headers and errors of Gen2's protocol, on its DFS and its Blob face."""

from __future__ import annotations

import functools
import itertools
import json
import re
import uuid
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from yarl import URL

from airflow_provider_adls.client.dialect import (
    NOTHING,
    Refusal,
    Request,
    RequestLimits,
    endpoint_parts,
    query_of,
)
from airflow_provider_adls.model import errors, gen2
from airflow_provider_adls.model.errors import PathError, error_class
from airflow_provider_adls.model.operations import MAX_BODY
from airflow_provider_adls.model.paths import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.model.errors import RequestError

#: Version of the protocol that is sent: the newest that is recorded with all the operations below.
VERSION = "2021-12-02"
#: The service joins 50,000 at most; a file that a retry goes on with may have one more than its length needs.
_BLOCKS = 49_992


class DfsOperation(NamedTuple):
    """Method, place and parameters of an operation.

    :param method: HTTP method.
    :param query: parameters that are always the same.
    :param repeatable: whether it leaves the same behind however often it is sent.
    :param blob: whether it is sent to the account's Blob face.
    :param container: whether it is sent to the container, with no path.
    """

    method: str
    query: Mapping[str, str]
    repeatable: bool = True
    blob: bool = False
    container: bool = False


#: By the names of the service's logs.
OPERATIONS = {
    "GetPathStatus": DfsOperation("HEAD", {"action": "getStatus"}),
    "GetFilesystemProperties": DfsOperation("HEAD", {"resource": "filesystem"}, container=True),
    "GetBlobProperties": DfsOperation("HEAD", {}, blob=True),
    "ListFilesystemDir": DfsOperation("GET", {"resource": "filesystem"}, container=True),
    "ReadFile": DfsOperation("GET", {}),
    "PutBlob": DfsOperation("PUT", {}, blob=True),
    "CreatePathFile": DfsOperation("PUT", {"resource": "file"}),
    "CreatePathDir": DfsOperation("PUT", {"resource": "directory"}),
    "AppendFile": DfsOperation("PATCH", {"action": "append"}),
    "FlushFile": DfsOperation("PATCH", {"action": "flush"}, repeatable=False),
    "LeasePath": DfsOperation("POST", {}),
    "RenamePath": DfsOperation("PUT", {"mode": "legacy"}, repeatable=False),
    "DeletePath": DfsOperation("DELETE", {}, repeatable=False),
    "GetPathAccessControl": DfsOperation("HEAD", {"action": "getAccessControl"}),
    "SetPathAccessControl": DfsOperation("PATCH", {"action": "setAccessControl"}),
    "SetPathAccessControlRecursive": DfsOperation("PATCH", {"action": "setAccessControlRecursive"}),
    "GetPathProperties": DfsOperation("HEAD", {}),
    "SetPathProperties": DfsOperation("PATCH", {"action": "setProperties"}),
    "CheckPathAccess": DfsOperation("HEAD", {"action": "checkAccess"}),
    "SetBlobExpiry": DfsOperation("PUT", {"comp": "expiry"}, blob=True),
    "ListBlobs": DfsOperation(
        "GET",
        {"restype": "container", "comp": "list", "showonly": "deleted"},
        blob=True,
        container=True,
    ),
    "UndeleteBlob": DfsOperation("PUT", {"comp": "undelete"}, repeatable=False, blob=True),
}
_NAMED: dict[str, type[RequestError]] = {
    "PathAlreadyExists": errors.PathExistsError,
    "PathConflict": errors.PathExistsError,
    "BlobAlreadyExists": errors.PathExistsError,
    # What is to be a file is a directory.
    "OperationNotSupportedOnDirectory": errors.PathExistsError,
    "ResourceTypeMismatch": errors.PathExistsError,
    "InvalidSourceOrDestinationResourceType": errors.PathExistsError,
    "InvalidFlushPosition": errors.BadOffsetError,
    "UnsupportedRestVersion": errors.UnsupportedOperationError,
    "ServerBusy": errors.ThrottledError,
    # A key or signature that is not the account's; a token that is not accepted comes with 401.
    "AuthenticationFailed": errors.TokenRejectedError,
    "AccountIsDisabled": errors.AccountStateError,
    "InternalOperationAbortError": errors.ServiceFailureError,
}
#: Answers of 409 and 412 that name no class above: a condition, a lease.
_CONFLICTS = frozenset({409, 412, 416})
_WITH_CONTENT = frozenset({"PATCH", "POST", "PUT"})
_NO_CONTAINER = frozenset({"FilesystemNotFound", "ContainerNotFound"})


class DfsDialect:
    """The dialect of Gen2; `Dialect` documents its methods.

    :param container: container of the paths.
    """

    limits = RequestLimits(body=MAX_BODY, page=gen2.PAGE_SIZE, blocks=_BLOCKS)

    def __init__(self, container: str) -> None:
        self._container = container
        # A new one for each request would take a tenth of a small request's time.
        self._id = str(uuid.uuid4())[:-12]
        self._numbers = itertools.count()

    def method(self, request: Request) -> str:
        """Return the HTTP method."""
        return OPERATIONS[request.operation].method

    def url(self, endpoint: str, request: Request) -> URL:
        """Return the URL, quoted once and for good."""
        operation = OPERATIONS[request.operation]
        try:
            # The root has a slash behind the container, and only so is it a path.
            path = "" if operation.container else quoted(request.path)
            parameters = request.parameters
            if request.operation == "RenamePath":
                # Its errors are about the source, as on Gen1.
                path, parameters = quoted(parameters["destination"]), NOTHING
            query = query_of(*operation.query.items(), *parameters.items())
        except UnicodeEncodeError as error:
            raise PathError(f"path {request.path!r} is not Unicode text: {error}") from error
        base = blob_endpoint(endpoint) or endpoint if operation.blob else endpoint
        scheme, authority, prefix = endpoint_parts(base)
        return URL.build(
            scheme=scheme,
            authority=authority,
            path=f"{prefix}/{self._container}{path}",
            query_string=query,
            encoded=True,
        )

    def headers(self, request: Request, attempt: int) -> dict[str, str]:
        """Return the headers beside the token."""
        headers = {
            "x-ms-version": VERSION,
            "x-ms-client-request-id": f"{self._id}{next(self._numbers):012x}.{attempt}",
            **request.headers,
        }
        if self.method(request) in _WITH_CONTENT:
            # What aiohttp would say of no content too; a key signs it.
            headers["Content-Type"] = gen2.OCTETS
        if request.operation == "RenamePath":
            headers["x-ms-rename-source"] = f"/{self._container}{quoted(request.path)}"
        return headers

    def is_repeatable(self, request: Request) -> bool:
        """Return whether a request may be sent again when it is not known whether it was done."""
        if request.operation in ("PutBlob", "CreatePathFile"):
            return "If-None-Match" not in request.headers
        return OPERATIONS[request.operation].repeatable

    def needs_length(self, request: Request) -> bool:
        """Return whether an answer must say how long it is."""
        return request.reads

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal:
        """Return what an answer that is an error means."""
        said, message = _error(body)
        name = headers.get("x-ms-error-code") or said
        if name in _NO_CONTAINER:
            message = (
                f"the account has no container {self._container!r}: check the connection's field container,"
                " or the part of the URL before the @"
            )
        elif not message and name:
            # The answer to a HEAD has no content.
            message = _WORDS.get(name, name)
        return Refusal(_class(status, name), message, name, self.request_id(headers))

    def request_id(self, headers: Mapping[str, str]) -> str | None:
        """Return the service's id of a request."""
        return headers.get("x-ms-request-id")


#: The service's message for each name of an error, as its answers with a body have it.
_WORDS = {
    "PathNotFound": "the path does not exist",
    "BlobNotFound": "the path does not exist",
    "AuthenticationFailed": "Server failed to authenticate the request",
    "AuthorizationPermissionMismatch": "this client has no right to do it",
    "NotImplemented": "the service does not serve this account so: it may have no hierarchical namespace",
    "AuthorizationFailure": "the account's network rules do not let this machine in",
}


def _class(status: int, name: str | None) -> type[RequestError]:
    if status == 421:
        return errors.AccountNotFoundError
    if name in _NO_CONTAINER:
        return errors.ContainerNotFoundError
    if name in _NAMED:
        return _NAMED[name]
    if status == 404 and name:
        return errors.PathNotFoundError
    return errors.ServiceError if status in _CONFLICTS else error_class(status, None)


@functools.lru_cache(maxsize=256)
def blob_endpoint(endpoint: str) -> str | None:
    """Return the URL of an account's Blob face, from that of its DFS face; None where it is not known."""
    scheme, authority, prefix = endpoint_parts(endpoint)
    if prefix.startswith("/dfs/"):
        return f"{scheme}://{authority}/blob/{prefix.removeprefix('/dfs/')}"
    found = re.sub(r"^([^.]+)\.dfs\.", r"\1.blob.", authority)
    return f"{scheme}://{found}{prefix}" if found != authority else None


def _error(body: bytes) -> tuple[str | None, str | None]:
    """Return the name and the message in an error's JSON or XML, None for what it does not say."""
    try:
        if body.lstrip(b"\xef\xbb\xbf").startswith(b"<"):
            root = ET.fromstring(body)  # noqa: S314 - of at most 1 MiB, and expat bounds its entities
            if root.tag != "Error":
                return None, None
            name, message = root.findtext("Code"), root.findtext("Message")
        else:
            error = json.loads(body)["error"]
            name, message = error.get("code"), error.get("message")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ET.ParseError):
        return None, None
    if not isinstance(name, str) or not isinstance(message, str):
        return None, None
    return name, message.partition("\n")[0]
