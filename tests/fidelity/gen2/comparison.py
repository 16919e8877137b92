"""Whether an answer agrees with the recorded one.

Left out are times, ids, opaque tokens, checksums, and headers for browsers of other origins. An ETag counts
by where else the run shows the same one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from tests.fidelity.gen2.recordings import Exchange, Run

#: Headers whose value cannot agree; that they are there is compared.
_ANY_VALUE = {
    "x-ms-request-id",
    "x-ms-client-request-id",
    "x-ms-continuation",
    "x-ms-deletion-id",
    "x-ms-creation-time",
    "x-ms-expiry-time",
    "x-ms-content-crc64",
    "x-ms-lease-id",
    "last-modified",
    "etag",
}
_COMPARED = {"etag", "last-modified", "content-type", "content-range", "content-md5", "accept-ranges"}
_COMPARED |= {"content-encoding", "content-language", "content-disposition", "cache-control"}
#: What recorders took out, or the account had on for browsers.
_LEFT_OUT = {"x-ms-client-request-id", "x-ms-request-id", "x-ms-lease-id"}
_TIMES = {"lastModified", "creationTime", "expiryTime", "etag"}
_XML_TIMES = {
    "Creation-Time",
    "Last-Modified",
    "Expiry-Time",
    "DeletedTime",
    "Etag",
    "DeletionId",
    "Version",
    "NextMarker",
    "Marker",
    "Content-CRC64",
}
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What the server under test answered; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Known:
    """What the run has shown so far, recorded and actual: ETags, tokens, ids of leases and deletions."""

    values: dict[str, str] = field(default_factory=dict)
    #: Object ids that requests of the run named; other owners are whoever the recording user was.
    named: frozenset[str] = frozenset()

    @classmethod
    def of(cls, run: Run) -> Known:
        texts = [" ".join(each.request_headers.values()) for each in run.exchanges]
        return cls(named=frozenset(match[0].lower() for text in texts for match in _ID.finditer(text)))

    def is_stranger(self, value: str | None) -> bool:
        """Whether a value is the object id of somebody whom no request named."""
        return bool(value and _ID.fullmatch(value) and value.lower() not in self.named)

    def learn(self, old: str, new: str) -> None:
        if old:
            self.values.setdefault(old, new)

    def translated(self, text: str) -> str:
        """Return a value of a request as the server under test knows it."""
        if text in self.values:
            return self.values[text]
        for old, new in self.values.items():
            if len(old) > len("0x8D") and old in text:
                text = text.replace(old, new)
        return text


def differences(exchange: Exchange, answer: Answer, known: Known) -> list[str]:
    """Return what of an answer is not as it was recorded, in words; empty if it agrees."""
    pairs: dict[str, tuple[Any, Any]] = {"status": (exchange.status, answer.status)}
    pairs |= _headers(exchange, answer, known)
    if exchange.method != "HEAD":
        pairs["body"] = _bodies(exchange, answer, known)
    return [f"{what}: recorded {old!r}, is {new!r}" for what, (old, new) in pairs.items() if old != new]


def _headers(exchange: Exchange, answer: Answer, known: Known) -> dict[str, tuple[Any, Any]]:
    old, new = exchange.headers, answer.headers
    names = {name for name in {*old, *new} if name.startswith("x-ms-") or name in _COMPARED} - _LEFT_OUT
    pairs: dict[str, tuple[Any, Any]] = {
        name: (_value(name, old.get(name)), _value(name, new.get(name))) for name in sorted(names)
    }
    for name in ("x-ms-owner", "x-ms-group"):
        if known.is_stranger(old.get(name)):
            pairs[name] = (True, name in new)
    if "etag" in old and "etag" in new:
        pairs["the same ETag"] = _same(old["etag"].strip('"'), new["etag"].strip('"'), known)
    for name in ("x-ms-continuation", "x-ms-deletion-id", "x-ms-lease-id"):
        if name in old and name in new:
            known.learn(old[name], new[name])
    if not answer.headers.get("x-ms-request-id"):
        pairs["x-ms-request-id is there"] = (True, False)
    return pairs


def _same(old: str, new: str, known: Known) -> tuple[str, str]:
    known.learn(old, new)
    return known.values[old], new


def _value(name: str, value: str | None) -> str | None:
    if value is None or name in _ANY_VALUE:
        # An empty token says that no more is to come.
        return None if value is None else "" if name == "x-ms-continuation" and not value else "any"
    if name == "content-type":
        return value.replace(" ", "").lower()
    return value


def _bodies(exchange: Exchange, answer: Answer, known: Known) -> tuple[Any, Any]:
    kind = exchange.headers.get("content-type", "")
    if exchange.face == "dfs" and exchange.body.startswith(b'{"'):
        try:
            return _json(json.loads(exchange.body), json.loads(answer.body), known)
        except ValueError:
            return exchange.body, answer.body
    if "xml" in kind:
        try:
            old, new = (_tree(body) for body in (exchange.body, answer.body))
        except ET.ParseError:
            return exchange.body, answer.body
        learn(exchange.body, answer.body, known)
        return old, new
    return exchange.body, answer.body


def _json(old: Any, new: Any, known: Known) -> tuple[Any, Any]:
    if isinstance(old, dict) and isinstance(new, dict) and "error" in old and "error" in new:
        return _message(old["error"]), _message(new["error"])
    return _plain(old, old, known), _plain(new, old, known)


def _message(error: dict[str, str]) -> tuple[str, str]:
    return error["code"], error["message"].partition("\n")[0]


def _plain(value: Any, recorded: Any, known: Known) -> Any:
    """Return a JSON value in its order of keys, without what cannot be compared.

    :param recorded: the recorded value at the same place, which alone decides about that.
    """
    if isinstance(value, dict):
        old = recorded if isinstance(recorded, dict) else {}
        return [
            (key, "any" if _is_left_out(key, old.get(key), known) else _plain(item, old.get(key), known))
            for key, item in value.items()
        ]
    if isinstance(value, list):
        olds = recorded if isinstance(recorded, list) and len(recorded) == len(value) else value
        return [_plain(item, old, known) for item, old in zip(value, olds, strict=True)]
    return value


def _is_left_out(key: str, old: Any, known: Known) -> bool:
    return key in _TIMES or (key in ("owner", "group") and known.is_stranger(old))


def _tree(body: bytes) -> Any:
    root = ET.fromstring(body.decode("utf-8-sig"))
    if root.tag == "Error":
        return root.findtext("Code"), (root.findtext("Message") or "").partition("\n")[0]
    return _element(root)


def _element(element: ET.Element) -> Any:
    if element.tag == "EnumerationResults":
        return element.get("ContainerName"), [_element(child) for child in element]
    if element.tag == "Containers":
        # The commands' recordings have other names than those by which the service put them in order.
        return element.tag, sorted(_element(child) for child in element)
    if element.tag in _XML_TIMES:
        return element.tag, bool(element.text)
    if len(element):
        return element.tag, [_element(child) for child in element]
    return element.tag, (element.text or "").strip()


def learn(old: bytes, new: bytes, known: Known) -> None:
    """Learn the tokens and ids of two listings."""
    for pattern in (_TOKEN, _REMOVED):
        actual = dict(pattern.findall(new))
        for name, value in pattern.findall(old):
            if name in actual:
                known.learn(value.decode(), actual[name].decode())


_TOKEN = re.compile(rb"<(NextMarker|DeletionId)>([^<]+)<")
_REMOVED = re.compile(rb"<Name>([^<]+)</Name><(?:Deleted>true</Deleted><Version|DeletionId)>([^<]+)<")
