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
    """What the server under test answered; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Identities:
    """Who stood in the access control lists of a run, by its recording.

    :param specs: path and `aclSpec` of the requests that changed a list.
    :param foreign: whether the answers show that others had set up ACLs, which the run's files inherited.
    """

    specs: tuple[tuple[str, str], ...]
    foreign: bool

    @classmethod
    def of(cls, run: Run) -> Identities:
        """The identities of a run."""
        specs = tuple(
            (each.path, each.parameters["aclspec"]) for each in run.exchanges if "aclspec" in each.parameters
        )
        own = cls(specs, foreign=False)
        strangers = any(not guids(entry) <= own.named(path) for path, entry in acl_entries(run))
        inherited = not specs and any(b'"aclBit":true' in each.body for each in run.exchanges)
        return cls(specs, strangers or inherited)

    def named(self, path: str) -> set[str]:
        """Object ids that requests named for a path, or as a default for what is under its directories."""
        specs = [
            spec
            for place, spec in self.specs
            if place == path or ("default:" in spec and path.startswith(f"{place}/"))
        ]
        return guids(",".join(specs))


def guids(text: str) -> set[str]:
    """Object ids that a text names."""
    return {match[0].lower() for match in GUID.finditer(text)}


def acl_entries(run: Run) -> list[tuple[str, str]]:
    """The ACL entries that a run's answers show, with their paths."""
    return [
        (each.path, entry)
        for each in run.exchanges
        if each.operation == "MSGETACLSTATUS" and each.status == 200
        for entry in each.json["AclStatus"]["entries"]
    ]


def differences(exchange: Exchange, answer: Answer, identities: Identities) -> list[str]:
    """What of an answer is not as it was recorded, in words; empty if it agrees."""
    pairs = {
        "status": (exchange.status, answer.status),
        "body": bodies(exchange, answer, identities),
        **headers(exchange, answer),
    }
    return [f"{what}: recorded {old!r}, is {new!r}" for what, (old, new) in pairs.items() if old != new]


def headers(exchange: Exchange, answer: Answer) -> dict[str, tuple[Any, Any]]:
    """Recorded and actual values of the headers that count."""
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
    """What counts of a `Location`: path and parameters, from the service's prefix on."""
    if url is None:
        return None
    parts = urlsplit(url)
    path = unquote(parts.path)
    return path[path.lower().index("/webhdfs") :], sorted(parse_qsl(parts.query, keep_blank_values=True))


def bodies(exchange: Exchange, answer: Answer, identities: Identities) -> tuple[Any, Any]:
    """Recorded and actual body, as far as they can be compared; JSON objects as pairs, in their order."""
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
    """What is to be left out of one answer.

    :param foreign: whether others had set up the ACLs that the run's files inherited.
    :param named: object ids that requests named for this path.
    :param path: the path.
    """

    foreign: bool
    named: set[str]
    path: str

    def member(self, key: str, old: Any, new: Any) -> tuple[Any, Any]:
        """Recorded and actual value of a key, as far as they can be compared."""
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
        """Those of a list of ACL entries that are not others' doing: no defaults, mask, or strangers."""
        return [
            entry
            for entry in entries
            if not entry.startswith(("default:", "mask:")) and guids(entry) <= self.named
        ]


def pair(old: Any, new: Any, leave: Leave) -> tuple[Any, Any]:
    """Two JSON values without what cannot be compared; objects as pairs, in their order."""
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
