"""Account keys: what a client signs of a request, and whether one of the account's keys signed it.

Source: "Authorize with Shared Key" (versions from 2015-02-21 on, where an empty content has no length).
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

from aiohttp import hdrs

if TYPE_CHECKING:
    from multidict import CIMultiDictProxy

#: First version that leaves out a length of 0.
_WITHOUT_ZERO = "2015-02-21"
_LINES = (
    hdrs.CONTENT_ENCODING,
    hdrs.CONTENT_LANGUAGE,
    hdrs.CONTENT_LENGTH,
    hdrs.CONTENT_MD5,
    hdrs.CONTENT_TYPE,
    hdrs.DATE,
    hdrs.IF_MODIFIED_SINCE,
    hdrs.IF_MATCH,
    hdrs.IF_NONE_MATCH,
    hdrs.IF_UNMODIFIED_SINCE,
    hdrs.RANGE,
)
_LITE_LINES = (hdrs.CONTENT_MD5, hdrs.CONTENT_TYPE, hdrs.DATE)
_DATE = "x-ms-date"
_PREFIX = "x-ms-"
_SPACES = re.compile(r"\s+")


@functools.lru_cache(maxsize=256)
def _key(key: str) -> bytes:
    return base64.b64decode(key)


def sign(key: str, text: str) -> str:
    """Return the signature of a text: base64 of HMAC-SHA256.

    :param key: base64.
    """
    digest = hmac.new(_key(key), text.encode(errors="surrogateescape"), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def is_signed(signature: str, keys: Iterable[str], texts: Iterable[str]) -> bool:
    """Return whether a signature is that of one of the texts with one of the keys."""
    given = signature.encode(errors="surrogateescape")
    return any(hmac.compare_digest(given, sign(key, text).encode()) for text in texts for key in keys)


def texts(
    method: str,
    target: str,
    headers: CIMultiDictProxy[str],
    account: str,
    prefix: str = "",
    *,
    lite: bool = False,
) -> Iterator[str]:
    """Yield what a client may have signed of a request.

    They differ in the order of headers, which the service sorts without regard to hyphens and most clients by
    character, and in the path: a client that knows the emulator by a path signs that too.

    :param target: path and query of the request line.
    :param prefix: text before `/{container}` in the path.
    :param lite: whether the scheme is SharedKeyLite.
    """
    raw_path, _, query_text = target.partition("?")
    lines = _LITE_LINES if lite else _LINES
    head = "".join(f"{line}\n" for line in (method, *(_line(name, headers) for name in lines)))
    canonical = _canonical_headers(headers)
    query = _lite_query(query_text) if lite else _query(query_text)
    for path in dict.fromkeys((raw_path, raw_path.removeprefix(prefix))):
        for order in (_ordinal, _without_hyphens):
            named = "".join(f"{name}:{canonical[name]}\n" for name in sorted(canonical, key=order))
            yield f"{head}{named}/{account}{path}{query}"


def _line(name: str, headers: CIMultiDictProxy[str]) -> str:
    value = headers.get(name, "")
    if name == hdrs.DATE and _DATE in headers:
        return ""
    if name == hdrs.CONTENT_LENGTH and value == "0" and headers.get("x-ms-version", "") >= _WITHOUT_ZERO:
        return ""
    return value


def _canonical_headers(headers: CIMultiDictProxy[str]) -> Mapping[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in headers.items():
        if (lower := name.lower()).startswith(_PREFIX):
            found[lower].append(_SPACES.sub(" ", value.strip()))
    return {name: ",".join(values) for name, values in found.items()}


def _query(text: str) -> str:
    found: dict[str, list[str]] = defaultdict(list)
    for part in text.split("&"):
        if part:
            name, _, value = part.partition("=")
            found[unquote(name).lower()].append(unquote(value))
    return "".join(f"\n{name}:{','.join(sorted(found[name]))}" for name in sorted(found))


def _lite_query(text: str) -> str:
    comp = next((part for part in text.split("&") if part.lower().startswith("comp=")), "")
    return f"?comp={unquote(comp.partition('=')[2])}" if comp else ""


def _ordinal(name: str) -> str:
    return name


def _without_hyphens(name: str) -> str:
    return name.replace("-", "")
