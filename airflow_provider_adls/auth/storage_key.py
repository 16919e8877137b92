"""`StorageKey` and `StorageSignature`: credentials of a storage account that need no sign-in.

They sign every request. They serve the files of an account, and not the Resource Manager.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from yarl import URL

from airflow_provider_adls.model.errors import ConnectionFieldError

if TYPE_CHECKING:
    from collections.abc import MutableMapping

#: Headers that the signed text names by their place; the date stands in `x-ms-date`.
_LINES = (
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-MD5",
    "Content-Type",
    "Date",
    "If-Modified-Since",
    "If-Match",
    "If-None-Match",
    "If-Unmodified-Since",
    "Range",
)
_RENAME_SOURCE = "x-ms-rename-source"


@dataclass(frozen=True)
class StorageKey:
    """A key of a storage account, which gives all rights on its files.

    :param account: short name of the account.
    :param key: the key, base64.
    :raises ConnectionFieldError: if the key is not base64.
    """

    account: str
    key: str = field(repr=False)

    def __post_init__(self) -> None:
        try:
            base64.b64decode(self.key, validate=True)
        except (binascii.Error, ValueError):
            raise ConnectionFieldError(
                f"the key of account {self.account} is not base64: copy it whole (portal, the account, Access"
                " keys)",
                field="account_key",
            ) from None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Secrets that no error may show."""
        return (self.key,)

    def sign(
        self, account: str, method: str, url: URL, headers: MutableMapping[str, str], length: int
    ) -> URL:
        """Add the signature to a request's headers.

        :param account: short name of the account that the request goes to.
        :param headers: all that the signature covers: `x-ms-…`, conditions, range and type of content.
        :param length: bytes of its content.
        :returns: the URL to send it to.
        :raises ConnectionFieldError: if the key is another account's.
        """
        if account != self.account:
            raise ConnectionFieldError(
                f"the key is that of account {self.account}, and opens no other, as {account}: use a"
                " connection of that account, or sign in by Azure AD",
                field="account_key",
            )
        headers["x-ms-date"] = formatdate(usegmt=True)
        text = self._text(method, url, headers, length)
        digest = hmac.new(base64.b64decode(self.key), text.encode(), hashlib.sha256).digest()
        headers["Authorization"] = f"SharedKey {self.account}:{base64.b64encode(digest).decode()}"
        return url

    def _text(self, method: str, url: URL, headers: MutableMapping[str, str], length: int) -> str:
        """Return the text that is signed ("Authorize with Shared Key", versions since 2015-02-21)."""
        named = {**headers, "Content-Length": str(length) if length else ""}
        lines = [method, *(named.get(name, "") for name in _LINES)]
        named = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
        lines += [f"{name}:{named[name]}" for name in sorted(named) if name.startswith("x-ms-")]
        query = {
            name.lower(): value for name, value in parse_qsl(url.raw_query_string, keep_blank_values=True)
        }
        lines.append(f"/{self.account}{url.raw_path}")
        lines += [f"{name}:{query[name]}" for name in sorted(query)]
        return "\n".join(lines)


@dataclass(frozen=True)
class StorageSignature:
    """A shared access signature (SAS), which gives the rights that it names, for as long as it says.

    :param token: its parameters, ``sv=…&sig=…``, with or without a question mark before them.
    """

    token: str = field(repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Secrets that no error may show."""
        signature = dict(part.partition("=")[::2] for part in self._parameters.split("&")).get("sig", "")
        return (self._parameters, signature, unquote(signature)) if signature else (self._parameters,)

    @property
    def _parameters(self) -> str:
        return self.token.strip().lstrip("?")

    def sign(
        self,
        account: str,  # noqa: ARG002 - the signature says what it is for
        method: str,  # noqa: ARG002 - a shared access signature does not cover it
        url: URL,
        headers: MutableMapping[str, str],
        length: int,  # noqa: ARG002 - a shared access signature does not cover it
    ) -> URL:
        """Add the signature to a request's URL, and to the source of a rename.

        :param headers: those of the request.
        :returns: the URL to send it to.
        """
        if _RENAME_SOURCE in headers:
            headers[_RENAME_SOURCE] += f"?{self._parameters}"
        return URL(f"{url}{'&' if url.raw_query_string else '?'}{self._parameters}", encoded=True)
