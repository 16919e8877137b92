"""`redact` and `shown`: text for errors and logs, in which every secret is replaced by `***`."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "***"
#: A shorter value may be part of any word; Airflow's masker has the same bound
#: ([logging] min_length_masked_secret).
SHORTEST = 5
#: Most characters of a value that an error repeats.
_LONGEST = 200
_PASSWORD = re.compile(r"(//[^/\s:@]*:)[^/\s@]+(?=@)")
_TOKEN = re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
_MARK = "-----BEGIN"
#: A key or certificate, whole or cut off; the mark alone stands in advice about them.
_PEM = re.compile(
    rf"{_MARK} [A-Z0-9 ]+-----(?:\s|\\[rn])*[A-Za-z0-9+/]{{20}}.*?(?:-----END [A-Z0-9 ]+-----|\Z)", re.DOTALL
)
#: The form of a sign-in, which some servers send back.
_FORM = re.compile(
    r"(client_secret|client_assertion|password|refresh_token)(=|%(?:25)*3[Dd])(?:(?!%(?:25)*26)[^&\s\"'<])+"
)
#: The signature of a shared access signature, and a key of a storage account.
_SIGNATURE = re.compile(r"((?<![A-Za-z])sig(?:=|%(?:25)*3[Dd]))(?:(?!%(?:25)*26)[^&\s\"'<])+")
_ACCOUNT_KEY = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==")
_UNBROKEN = re.compile(r"[A-Za-z0-9+/=_.~-]{30,}")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a text without secrets.

    Passwords in URLs, bearer tokens, keys in PEM form, keys of storage accounts, shared access signatures and
    the secret fields of a sign-in's form are found by their look.

    :param secrets: values to replace too, in every spelling that HTTP, HTML and JSON have for them. Values
        shorter than `SHORTEST` are left, for they are parts of words.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            for spelling in _spellings(secret):
                text = text.replace(spelling, HIDDEN)
    text = _PASSWORD.sub(rf"\1{HIDDEN}", text)
    text = _TOKEN.sub(HIDDEN, text)
    text = _PEM.sub(HIDDEN, text)
    text = _SIGNATURE.sub(rf"\1{HIDDEN}", text)
    text = _ACCOUNT_KEY.sub(HIDDEN, text)
    return _FORM.sub(rf"\1\2{HIDDEN}", text)


def shown(value: str) -> str:
    """Return a value as an error may repeat it: quoted, or its length alone if it may be a secret.

    People paste secrets and keys into the wrong field of a form.
    """
    if (
        len(value) > _LONGEST
        or _MARK in value
        or not value.isprintable()
        or redact(value) != value
        or _is_random(value)
    ):
        return f"the value ({len(value)} characters, not shown)"
    return repr(value)


def _spellings(secret: str) -> set[str]:
    quoted = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    lower = {re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), one) for one in quoted}
    return {secret, *quoted, *lower, html.escape(secret), json.dumps(secret)[1:-1]}


def _is_random(value: str) -> bool:
    """Return whether a value has the look of a client secret or an account key."""
    kinds = (str.isupper, str.islower, str.isdigit)
    return any(
        all(any(kind(character) for character in word) for kind in kinds)
        for word in _UNBROKEN.findall(value)
        if "/" not in word[:1]
    )
