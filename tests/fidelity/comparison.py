"""Whether an answer agrees with the recorded one.

Left out are times, GUIDs, and the request id and time at the end of messages; and, by a rule that looks
at the recording alone, ACL entries for identities that no request of the run named, with what they
bring along: `aclBit`, the mask, and the defaults of a directory that others had set up.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from recordings import Exchange, Run

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
TAIL = re.compile(r" \[[^\[\]]*\]\[[^\[\]]*\]$")
TIMES = {"accessTime", "modificationTime", "msExpirationTime"}
IDENTITIES = {"owner", "group"}


@dataclass(frozen=True)
class Answer:
    """An answer of the server under test; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Identities:
    """The identities in the access control lists of a run, by its recording.

    :param specs: path and `aclSpec` of the requests that changed a list.
    :param foreign: whether the answers show that others had set up ACLs, which the run's files inherited.
    """

    specs: tuple[tuple[str, str], ...]
    foreign: bool

    @classmethod
    def of(cls, run: Run) -> Identities:
        """Collect the identities of a run."""
        specs = tuple(
            (each.path, each.parameters["aclspec"]) for each in run.exchanges if "aclspec" in each.parameters
        )
        own = cls(specs, foreign=False)
        strangers = any(not guids(entry) <= own.named(path) for path, entry in acl_entries(run))
        inherited = not specs and any(b'"aclBit":true' in each.body for each in run.exchanges)
        return cls(specs, strangers or inherited)

    def named(self, path: str) -> set[str]:
        """Return the object ids that requests named for a path, or as a default of its parents."""
        specs = [
            spec
            for place, spec in self.specs
            if place == path or ("default:" in spec and path.startswith(f"{place}/"))
        ]
        return guids(",".join(specs))


def guids(text: str) -> set[str]:
    """Return the object ids in a text."""
    return {match[0].lower() for match in GUID.finditer(text)}


def acl_entries(run: Run) -> list[tuple[str, str]]:
    """Yield the ACL entries in a run's answers, with their paths."""
    return [
        (each.path, entry)
        for each in run.exchanges
        if each.operation == "MSGETACLSTATUS" and each.status == 200
        for entry in each.json["AclStatus"]["entries"]
    ]


def differences(exchange: Exchange, answer: Answer, identities: Identities) -> list[str]:
    """Return the differences of an answer from its recording, in words; empty if it agrees."""
    pairs = {
        "status": (exchange.status, answer.status),
        "body": bodies(exchange, answer, identities),
        **headers(exchange, answer),
    }
    return [f"{what}: recorded {old!r}, is {new!r}" for what, (old, new) in pairs.items() if old != new]


def headers(exchange: Exchange, answer: Answer) -> dict[str, tuple[Any, Any]]:
    """Return recorded and actual values of the compared headers."""
    old, new = exchange.headers, answer.headers
    pairs: dict[str, tuple[Any, Any]] = {
        "content-type": (old.get("content-type"), new.get("content-type")),
        "location": (location(old.get("location")), location(new.get("location"))),
        "x-ms-request-id is there": (True, bool(GUID.fullmatch(new.get("x-ms-request-id", "")))),
        "x-ms-webhdfs-version is there": (not exchange.extended, "x-ms-webhdfs-version" in new),
    }
    if "status" in old:
        # Four answers of one operation were recorded without it, ten others of the same with it.
        pairs["Status"] = (old["status"], new.get("status"))
    return pairs


def location(url: str | None) -> Any:
    """Return the compared part of a `Location`: path and parameters, from the service's prefix on."""
    if url is None:
        return None
    parts = urlsplit(url)
    path = unquote(parts.path)
    return path[path.lower().index("/webhdfs") :], sorted(parse_qsl(parts.query, keep_blank_values=True))


def bodies(exchange: Exchange, answer: Answer, identities: Identities) -> tuple[Any, Any]:
    """Return the comparable parts of recorded and actual body; JSON objects as pairs, in their order."""
    old, new = exchange.body, answer.body
    if exchange.headers.get("content-type", "").startswith("application/json"):
        try:
            actual = json.loads(new)
        except ValueError:
            return old, new
        return pair(
            exchange.json, actual, Leave(identities.foreign, identities.named(exchange.path), exchange.path)
        )
    return old, new


@dataclass(frozen=True)
class Leave:
    """The parts of one answer that are not compared.

    :param foreign: whether others had set up the ACLs that the run's files inherited.
    :param named: object ids that requests named for this path.
    :param path: the path.
    """

    foreign: bool
    named: set[str]
    path: str

    def member(self, key: str, old: Any, new: Any) -> tuple[Any, Any]:
        """Return the comparable parts of a key's recorded and actual value."""
        if key == "message":
            return TAIL.sub("", old), TAIL.sub("", new)
        if key == "entries" and self.foreign:
            return self.own(old), self.own(new)
        # No request made the root: with an ACL of others on it, its permission is theirs too.
        inherited = self.foreign and ((key == "aclBit" and old) or (key == "permission" and self.path == "/"))
        if inherited or key in TIMES or key in IDENTITIES:
            return type(old), type(new)
        return pair(old, new, self)

    def own(self, entries: list[str]) -> list[str]:
        """Return the ACL entries that requests of the run made: without defaults, mask, and strangers."""
        return [
            entry
            for entry in entries
            if not entry.startswith(("default:", "mask:")) and guids(entry) <= self.named
        ]


def pair(old: Any, new: Any, leave: Leave) -> tuple[Any, Any]:
    """Return two JSON values without incomparable parts; objects as pairs, in their order."""
    if isinstance(old, dict) and isinstance(new, dict):
        compared = {key: leave.member(key, value, new[key]) for key, value in old.items() if key in new}
        return (
            [(key, compared[key][0] if key in compared else value) for key, value in old.items()],
            [(key, compared[key][1] if key in compared else value) for key, value in new.items()],
        )
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = [pair(one, other, leave) for one, other in zip(old, new, strict=True)]
        return [one for one, _ in pairs], [other for _, other in pairs]
    return old, new
