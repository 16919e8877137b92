"""The rules of the connection's fields: a rule takes the text and returns the value."""

from __future__ import annotations

import base64
import binascii
import math
import re
import ssl
from collections.abc import Callable, Collection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from airflow_provider_adls.model.clouds import STORAGE_HOST, checked_url
from airflow_provider_adls.model.gen2 import checked_container
from airflow_provider_adls.model.operations import WEBHDFS
from airflow_provider_adls.model.paths import account_name
from airflow_provider_adls.model.redaction import shown

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})+", re.IGNORECASE)
#: Identifier URI of an application, which the v1 token endpoint takes where a client id is due.
_APPLICATION_URI = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/]\S*", re.IGNORECASE)
#: Resource Manager's naming rules, Microsoft.Resources/resourceGroups.
_RESOURCE_GROUP = re.compile(r"[-\w._()]{1,90}")
#: More than any chain of certificates and its key; a device would be read without end.
_LONGEST_FILE = 1024 * 1024
_PLACEHOLDER = re.compile(r"\{(?!account\})[^}]*\}?")


def tenant_id(text: str) -> str:
    """Return a tenant's id or one of its domains.

    :raises ValueError: for anything else.
    """
    if not (_GUID.fullmatch(text) or _DOMAIN.fullmatch(text)):
        raise ValueError(f"{shown(text)} is neither a directory (tenant) id, which is a GUID, nor a domain")
    return text


def client_id(text: str) -> str:
    """Return an application's id, or its identifier URI.

    :raises ValueError: for anything else.
    """
    if not (_GUID.fullmatch(text) or _APPLICATION_URI.fullmatch(text)):
        # What stands there may be the secret, in the wrong field, so it is not shown.
        raise ValueError("must be an application (client) id, which is a GUID")
    return text


def subscription_id(text: str) -> str:
    """Return a subscription's id.

    :raises ValueError: if it is not a GUID.
    """
    if not _GUID.fullmatch(text):
        raise ValueError(f"{shown(text)} is not a subscription id, which is a GUID")
    return text


def resource_group(text: str) -> str:
    """Return a resource group's name.

    :raises ValueError: if no group can be called so.
    """
    if not _RESOURCE_GROUP.fullmatch(text) or text.endswith("."):
        raise ValueError(
            f"{shown(text)} is not a resource group's name: 1 to 90 letters, digits and -_.(), and no dot at"
            " its end"
        )
    return text


def account(text: str) -> str:
    """Return an account's short name, from its short name or that of its host.

    :raises ValueError: if no account can be called so.
    """
    return account_name(STORAGE_HOST.sub("", text.strip()))


def storage_host(text: str) -> str:
    """Return the host name of a storage account; empty for another name of an account."""
    return text if STORAGE_HOST.search(text) else ""


def container(text: str) -> str:
    """Return a container's name.

    :raises ValueError: if no container can be called so.
    """
    return checked_container(text)


def account_key(text: str) -> str:
    """Return a key of a storage account, which is shown in no error.

    :raises ValueError: if it is not one.
    """
    try:
        is_key = bool(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        is_key = False
    if not is_key:
        raise ValueError("is not an account key, which the portal shows as 88 characters of Base64")
    return text


def sas_token(text: str) -> str:
    """Return a shared access signature without the question mark before it; it is shown in no error.

    :raises ValueError: if it is not one.
    """
    if "://" in text:
        raise ValueError("must be the part of the URL behind its question mark, and holds the URL")
    token = text.removeprefix("?")
    if (
        not {"sig", "sv", "se"} <= parse_qs(token).keys()
        and not {"sig", "sv", "si"} <= parse_qs(token).keys()
    ):
        raise ValueError("is not a shared access signature, which has the parts sv=, sig=, and se= or si=")
    return token


def endpoint(text: str) -> str:
    """Return a URL that stands before `/webhdfs/v1`, with `{account}` or without.

    :raises ValueError: if it is not one.
    """
    if strange := _PLACEHOLDER.search(text):
        raise ValueError(f"{shown(text)} may hold {{account}}, and not {shown(strange[0])}")
    # A template is not a host name, so what is judged is the URL of some account.
    checked_url(text.replace("{account}", "account"), "URL")
    if WEBHDFS in text:
        raise ValueError(f"{shown(text)} must end before {WEBHDFS}")
    return text.rstrip("/")


def ca_file(text: str) -> str:
    """Return the path of a PEM file that holds at least one certificate.

    :raises ValueError: if there is no such file here, or no certificate in it.
    """
    if "-----BEGIN" in text:
        raise ValueError("must be the path of a PEM file, and holds PEM itself")
    path = _path(text)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise ValueError(f"{shown(str(path))} holds no certificate in PEM form") from None
    except OSError as error:
        raise ValueError(f"{shown(str(path))} cannot be read on this machine: {error.strerror}") from None
    return str(path)


def one_of(choices: Collection[str]) -> Callable[[str], str]:
    """Return the rule of a field that has a few values, without regard to case."""

    def rule(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"{shown(text)} is not one of {', '.join(choices)}")
        return text.lower()

    return rule


def service_url(text: str) -> str:
    """Return a service's base URL, without a trailing slash.

    :raises ValueError: if it is not one, or would carry a token in the clear.
    """
    return checked_url(text, "URL").rstrip("/")


def audience(text: str) -> str:
    """Return a resource that tokens are issued for, as it is registered: a slash at its end counts.

    :raises ValueError: if it is not one.
    """
    if not (_APPLICATION_URI.fullmatch(text) or _GUID.fullmatch(text)):
        raise ValueError(f"{shown(text)} is not the URI of a resource that tokens are issued for")
    return text


def proxy(text: str) -> str:
    """Return the URL of an HTTP proxy, which may hold a user and a password and is shown in no error.

    :raises ValueError: if it is not one.
    """
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        right = False
    if not right:
        raise ValueError("is not the URL of a proxy: http:// or https://, a host and a port")
    return text


def seconds(text: str) -> float:
    """Return a time to wait.

    :raises ValueError: if it is not a number above 0.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ValueError(f"{shown(text)} is not a number of seconds above 0")
    return value


def count(text: str) -> int:
    """Return a number of repetitions.

    :raises ValueError: if it is not a whole number from 0 on.
    """
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{shown(text)} is not a whole number, 0 or more")
    return int(text)


def text_file(text: str) -> str:
    """Return the text of the file at this path, at most `_LONGEST_FILE` characters of it.

    :raises ValueError: if the file cannot be read here, or the value is the text of a file.
    """
    if "-----BEGIN" in text:
        raise ValueError(
            "must be the path of a PEM file, and holds PEM itself: that belongs into private_key"
        )
    path = _path(text)
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_LONGEST_FILE)
    except OSError as error:
        raise ValueError(f"{shown(str(path))} cannot be read on this machine: {error.strerror}") from None


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError(
            f"{shown(text)} names the home folder of a user whom this machine does not know"
        ) from None
