"""Shared access signatures: their parts, and what of them is signed, by version.

Sources: "Create an account SAS", "Create a service SAS", "Create a user delegation SAS"; for the newest lines
of the last the Python SDK (azure-storage-blob 12.31).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.gen2.operations import Address

#: Headers of answers that a signature may set.
OVERRIDES = {
    "rscc": "Cache-Control",
    "rscd": "Content-Disposition",
    "rsce": "Content-Encoding",
    "rscl": "Content-Language",
    "rsct": "Content-Type",
}
_SCOPES = "2020-12-06"
_AGENTS = "2020-02-10"
_SNAPSHOTS = "2018-11-09"
_ADDRESSES = "2015-04-05"
_SERVICE_NAMES = "2015-02-21"
_OVERRIDES = "2013-08-15"
_DELEGATED_USERS = "2025-07-05"
#: From when on lines for signed headers and parameters stand, or may stand: sources do not agree.
_SIGNED_HEADERS = "2026-02-06"


@dataclass(frozen=True)
class Signature:
    """A shared access signature, as it stands in the query.

    :param fields: its parameters, decoded.
    :param stored: values of a stored access policy for parameters that it lacks.
    """

    fields: Mapping[str, str]
    stored: Mapping[str, str] = field(default_factory=dict)

    def completed(self, policy: Mapping[str, str]) -> Signature:
        """Return it with those of start, expiry and permission that it lacks from a stored access policy."""
        names = {"st": "Start", "se": "Expiry", "sp": "Permission"}
        stored = {name: policy.get(member, "") for name, member in names.items()}
        return Signature(self.fields, stored)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name) or self.stored.get(name, "")

    @property
    def of_account(self) -> bool:
        """Return whether it is for the account's services, and not for one container, directory or blob."""
        return "srt" in self.fields or "ss" in self.fields

    @property
    def of_user(self) -> bool:
        """Return whether a user delegation key signed it."""
        return "skoid" in self.fields

    @property
    def permissions(self) -> frozenset[str]:
        """Return its permissions, a letter each."""
        return frozenset(self["sp"])

    def scope(self, place: Address) -> str | None:
        """Return the resource, `/container/dir`, that it must be for to allow a place; None if none fits."""
        match self["sr"]:
            case "c":
                return f"/{place.container}"
            case "b" if place.path:
                return f"/{place.container}/{place.path}"
            case "d" if self["sdd"].isdecimal():
                depth = int(self["sdd"])
                names = place.path.split("/") if place.path else []
                if depth > len(names):
                    return None
                return "/".join((f"/{place.container}", *names[:depth]))
        return None

    def account_text(self, account: str) -> str:
        """Return what is signed of an account SAS."""
        names = ["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"]
        if self["sv"] >= _SCOPES:
            names.append("ses")
        return "".join(f"{line}\n" for line in (account, *(self[name] for name in names)))

    def texts(self, account: str, resource: str) -> Iterator[str]:
        """Yield what may be signed of a service SAS or a user delegation SAS.

        :param resource: resource that it is for, from :meth:`scope`.
        """
        version = self["sv"]
        service = "/blob" if version >= _SERVICE_NAMES else ""
        # A directory of depth 0 is the container's root, which clients write with no slash, or one, or two.
        for slashes in ("", "/", "//") if self["sdd"] == "0" else ("",):
            first = [self["sp"], self["st"], self["se"], f"{service}/{account}{resource}{slashes}"]
            for rest in self._delegated(version) if self.of_user else self._plain(version):
                yield "\n".join((*first, *rest))

    def _plain(self, version: str) -> Iterator[list[str]]:
        lines = [self["si"]]
        lines += [self["sip"], self["spr"]] if version >= _ADDRESSES else []
        lines += [self["sv"]]
        lines += [self["sr"], self["snapshot"]] if version >= _SNAPSHOTS else []
        lines += [self["ses"]] if version >= _SCOPES else []
        lines += self._overrides() if version >= _OVERRIDES else []
        yield lines

    def _delegated(self, version: str) -> Iterator[list[str]]:
        lines = [self[name] for name in ("skoid", "sktid", "skt", "ske", "sks", "skv")]
        lines += [self[name] for name in ("saoid", "suoid", "scid")] if version >= _AGENTS else []
        lines += [self["skdutid"], self["sduoid"]] if version >= _DELEGATED_USERS else []
        lines += [self["sip"], self["spr"], self["sv"], self["sr"], self["snapshot"]]
        lines += [self["ses"]] if version >= _SCOPES else []
        overrides = self._overrides()
        if version >= _SIGNED_HEADERS:
            yield [*lines, "", "", *overrides]
        yield [*lines, *overrides]

    def _overrides(self) -> list[str]:
        return [self[name] for name in OVERRIDES]


def moment(text: str) -> float | None:
    """Return a time of a signature in seconds since 1970; None if it is not a time."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp()
