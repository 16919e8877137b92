"""Refusals of the storage service, as both faces write them: DFS in JSON, Blob in XML.

Codes and messages are those of the published REST documentation and of recorded answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.gen2.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Mapping


class StorageError(Exception):
    """A refusal.

    :param status: HTTP status.
    :param code: the service's name for the error.
    :param message: its text, without request id and time.
    :param headers: headers that go with it.
    :param about: further content of the Blob face's document, by the names of its elements.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
        about: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.about = dict(about or {})


def refused(code: str, headers: Mapping[str, str] | None = None) -> StorageError:
    """Return the refusal of a code, with its usual status and message."""
    status, message = CODES[code]
    return StorageError(status, code, message, headers)


def header_refused(name: str, value: object) -> StorageError:
    """Return the refusal of a header's value, or of a request without it; the Blob face names it (recorded).

    :param value: the caller's value; empty for none.
    """
    code, about = "MissingRequiredHeader", {"HeaderName": name}
    if value != "":
        code, about = "InvalidHeaderValue", {**about, "HeaderValue": str(value)}
    status, message = CODES[code]
    return StorageError(status, code, message, about=about)


def account_missing(name: str) -> StorageError:
    """Return the refusal of a request to an account that does not exist.

    In the cloud its host name would not resolve, so no answer is known. A 404 would read as a missing file
    to clients; this status says that the host is not served here.
    """
    return StorageError(421, "AccountNotFound", f"There is no storage account {name}.")


def namespace_flat(name: str) -> StorageError:
    """Return the refusal of a request for files of an account without a hierarchical namespace.

    The cloud serves them, and differently: this refusal is the emulator's own.
    """
    return StorageError(
        501,
        "NotImplemented",
        f"The emulator serves the files of accounts with a hierarchical namespace alone, and {name} has none:"
        " create it with isHnsEnabled.",
    )
