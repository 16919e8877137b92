"""`WebHdfsDialect`: URLs, headers and errors of Gen1's WebHDFS protocol."""

from __future__ import annotations

import itertools
import json
import uuid
from typing import TYPE_CHECKING

from yarl import URL

from airflow_provider_adls.client.dialect import Refusal, Request, RequestLimits, endpoint_parts, query_of
from airflow_provider_adls.model.errors import AccountNotFoundError, PathError, error_class
from airflow_provider_adls.model.operations import API_VERSION, MAX_BODY, OPERATIONS, PAGE_SIZE
from airflow_provider_adls.model.paths import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Operations that leave the same behind however often they are sent. RelativeToNow makes SETEXPIRY
#: count from the last of them, which is what its caller asked for.
REPEATABLE = frozenset(
    {
        "CHECKACCESS",
        "ENUMERATEDELETEDITEMS",
        "GETCONTENTSUMMARY",
        "GETFILESTATUS",
        "LISTSTATUS",
        "MKDIRS",
        "MODIFYACLENTRIES",
        "MSGETACLSTATUS",
        "OPEN",
        "REMOVEACL",
        "REMOVEACLENTRIES",
        "REMOVEDEFAULTACL",
        "SETACL",
        "SETEXPIRY",
        "SETOWNER",
        "SETPERMISSION",
        "SETTIMES",
    }
)


class WebHdfsDialect:
    """The dialect of Gen1; `Dialect` documents its methods."""

    limits = RequestLimits(body=MAX_BODY, page=PAGE_SIZE)

    def __init__(self) -> None:
        # A new one for each request would take a tenth of a small request's time.
        self._id = str(uuid.uuid4())[:-12]
        self._numbers = itertools.count()

    def method(self, request: Request) -> str:
        """Return the HTTP method."""
        return OPERATIONS[request.operation].verb

    def url(self, endpoint: str, request: Request) -> URL:
        """Return the URL, quoted once and for good."""
        operation = OPERATIONS[request.operation]
        try:
            path = quoted(request.path)
            query = query_of(
                ("op", operation.name), *request.parameters.items(), ("api-version", API_VERSION)
            )
        except UnicodeEncodeError as error:
            raise PathError(f"path {request.path!r} is not Unicode text: {error}") from error
        scheme, authority, prefix = endpoint_parts(endpoint)
        return URL.build(
            scheme=scheme,
            authority=authority,
            path=f"{prefix}{operation.prefix}{path}",
            query_string=query,
            encoded=True,
        )

    def headers(self, request: Request, attempt: int) -> dict[str, str]:
        """Return the headers beside the token."""
        # The Python SDK's form since 0.0.34: an id of the request, and how often it was sent before.
        return {
            "x-ms-client-request-id": f"{self._id}{next(self._numbers):012x}.{attempt}",
            **request.headers,
        }

    def is_repeatable(self, request: Request) -> bool:
        """Return whether a request may be sent again when it is not known whether it was done."""
        if request.operation == "APPEND":
            # Nothing, however often it is added, is nothing.
            return not request.content
        return request.operation in REPEATABLE or request.parameters.get("overwrite") == "true"

    def needs_length(self, request: Request) -> bool:
        """Return whether an answer must say how long it is: JSON that is cut does not parse."""
        return request.reads

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal:
        """Return what an answer that is an error means."""
        name, message = remote_exception(body)
        # A server that is reached by another name than the account's has no other way to say that it has no
        # such account (RFC 9110, 15.5.20); 404 would say that a path is missing.
        error = AccountNotFoundError if status == 421 else error_class(status, name)
        return Refusal(error, message, name, self.request_id(headers))

    def request_id(self, headers: Mapping[str, str]) -> str | None:
        """Return the service's id of a request."""
        return headers.get("x-ms-request-id")


def remote_exception(body: bytes) -> tuple[str | None, str | None]:
    """Return the name and the message in an error's body, None for what it does not say."""
    try:
        remote = json.loads(body)["RemoteException"]
        name, message = remote.get("exception"), remote.get("message")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None, None
    return (name if isinstance(name, str) else None, message if isinstance(message, str) else None)
