"""`AttributeCopier`: rights, owner, expiry and time of one path given to another, in any two lakes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.model.acl import AclEntry, bits_of, rights_of
from airflow_provider_adls.model.errors import (
    PathNotFoundError,
    ServiceError,
    ServiceFailureError,
    ThrottledError,
    TokenRejectedError,
    UnsupportedOperationError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.client.results import AclStatus
    from airflow_provider_adls.model.status import FileStatus

#: The attributes, in the order in which they are set: a client that gave a file away changes no more of it.
NAMES = ("times", "expiry", "permission", "owner")
Name = Literal["permission", "owner", "expiry", "times"]
#: Paths that a record names.
NAMED = 100
#: Refusals of one attribute without a success, after which no more requests are sent for it.
_HOPELESS = 16
#: Why a service refuses each attribute of every path.
_IMPOSSIBLE = {
    "times": "the service sets the times itself: a Gen2 account has no request that does",
    "expiry": "the service has no expiry at this address: the connection reaches no Blob endpoint",
    "permission": "the service has no rights",
    "owner": "the service has no owners",
}
#: An entry's rights by what identifies the entry.
Rights = dict[tuple[bool, str, str], str]


def parse_keep(value: str | Iterable[str] | None) -> tuple[Name, ...]:
    """Return the names of attributes, in the order in which they are set.

    :param value: a list of names, or text of names with commas between them; None for none.
    :raises ValueError: for a name that is none of `NAMES`.
    """
    if isinstance(value, str):
        value = [name.strip(" '\"") for name in value.strip(" []()").split(",")]
    names = [name for name in value or () if name]
    for name in names:
        if name not in NAMES:
            raise ValueError(f"{name!r} cannot be kept: {', '.join(sorted(NAMES))}")
    return tuple(name for name in NAMES if name in names)  # type: ignore[misc] # mypy does not see that NAMES are the literals


@dataclass
class KeepRecord:
    """Record of what was set, and of what could not be.

    :param kept: numbers of paths that got an attribute, by its name; those that had it already do not count.
    :param not_kept: numbers of paths that could not get it.
    :param paths: the first of these: ``path``, ``attribute`` and ``error`` of each.
    """

    kept: Counter[str] = field(default_factory=Counter)
    not_kept: Counter[str] = field(default_factory=Counter)
    paths: list[dict[str, str]] = field(default_factory=list)

    def fail(self, path: str, attribute: str, reason: str) -> None:
        """Count an attribute that a path could not get."""
        self.not_kept[attribute] += 1
        if len(self.paths) < NAMED:
            self.paths.append({"path": path, "attribute": attribute, "error": reason})

    def add(self, other: dict[str, Any]) -> None:
        """Add what :meth:`summary` of another says."""
        self.kept.update(other["kept"])
        self.not_kept.update(other["not_kept"])
        self.paths += other.get("not_kept_paths", [])[: NAMED - len(self.paths)]

    def summary(self) -> dict[str, Any]:
        """Return the numbers and the first paths, as JSON."""
        paths = {"not_kept_paths": sorted(self.paths, key=str)} if self.paths else {}
        return {"kept": dict(self.kept), "not_kept": dict(self.not_kept), **paths}

    def line(self) -> str:
        """Return a sentence for the log."""
        text = f"set {_counted(self.kept)}" if self.kept else "nothing had to be set"
        if self.not_kept:
            first = self.paths[0]
            text += (
                f"; could not keep {_counted(self.not_kept)}: first {first['attribute']} of {first['path']}:"
                f" {first['error']}"
            )
        return text

    def refuse(self) -> None:
        """Raise if something could not be kept.

        :raises OSError: naming the numbers and the first path.
        """
        if self.not_kept:
            first = self.paths[0]
            raise OSError(
                f"everything is copied, but {_counted(self.not_kept)} could not be kept: first"
                f" {first['attribute']} of {first['path']}: {first['error']}"
            )


def _counted(numbers: Counter[str]) -> str:
    return ", ".join(f"{name} of {number}" for name, number in sorted(numbers.items()))


class AttributeCopier:
    """Gives paths of one lake the attributes that paths of another have; what is equal costs no request.

    :param source: client of the lake that they are taken from.
    :param target: client of the lake whose paths get them.
    :param names: names from `parse_keep`.
    :param record: counts what was set and what could not be.
    """

    def __init__(
        self, source: DataLakeClient, target: DataLakeClient, names: tuple[Name, ...], record: KeepRecord
    ) -> None:
        self._source = source
        self._target = target
        self._names = names
        self._record = record
        self._refused: Counter[str] = Counter()
        self._impossible: dict[str, str] = {}

    def differing(self, here: FileStatus, there: FileStatus) -> list[Name]:
        """Return what a path does not have as the other has it, as far as their statuses say it.

        :param here: status that is to be kept.
        :param there: status of the path that is to get it.
        """
        checks = {
            "times": lambda: here.modification_time != there.modification_time,
            "expiry": lambda: (
                not here.is_directory and not _same_moment(here.expiration_time, there.expiration_time)
            ),
            "permission": lambda: (
                here.permission != there.permission or _may_have_entries(here) or _may_have_entries(there)
            ),
            "owner": lambda: (here.owner, here.group) != (there.owner, there.group),
        }
        return [name for name in self._names if checks[name]()]

    async def keep(
        self, path: str, here: FileStatus, target: str, there: FileStatus, shown: str | None = None
    ) -> bool:
        """Set what differs; record what cannot be set.

        :param path: source of the attributes.
        :param here: its status.
        :param target: path that gets them.
        :param there: its status.
        :param shown: how messages name it.
        :returns: whether all is kept that the service can keep; a service that has no such attribute is no
            reason for False.
        """
        setters: dict[str, Callable[[], Awaitable[bool]]] = {
            "times": lambda: self._set_times(target, here),
            "expiry": lambda: self._set_expiry(target, here),
            "permission": lambda: self._set_rights(path, here, target, there),
            "owner": lambda: self._set_owner(target, here, there),
        }
        complete = True
        for name in self.differing(here, there):
            if name in self._impossible:
                self._record.fail(shown or target, name, self._impossible[name])
                continue
            if self._refused[name] >= _HOPELESS and not self._record.kept[name]:
                self._record.fail(shown or target, name, f"not tried after {_HOPELESS} refusals")
                complete = False
                continue
            try:
                if await setters[name]():
                    self._record.kept[name] += 1
            except UnsupportedOperationError:
                self._impossible[name] = _IMPOSSIBLE[name]
                self._record.fail(shown or target, name, self._impossible[name])
            except (ThrottledError, ServiceFailureError, TokenRejectedError):
                # That is not about the attribute: another try may succeed.
                raise
            except (ServiceError, ValueError) as error:
                self._refused[name] += not isinstance(error, PathNotFoundError)
                self._record.fail(shown or target, name, f"{type(error).__name__}: {error}")
                complete = False
        return complete

    async def _set_times(self, target: str, here: FileStatus) -> bool:
        await self._target.set_times(target, modified=here.modification_time)
        return True

    async def _set_expiry(self, target: str, here: FileStatus) -> bool:
        if here.expiration_time:
            await self._target.set_expiry(target, "Absolute", here.expiration_time)
        else:
            await self._target.set_expiry(target, "NeverExpire")
        return True

    async def _set_rights(self, path: str, here: FileStatus, target: str, there: FileStatus) -> bool:
        bits, now = int(here.permission, 8), int(there.permission, 8)
        changed = False
        if not _may_have_entries(here) and not _may_have_entries(there):
            await self._target.set_permission(target, here.permission)
            return True
        if (bits ^ now) & 0o1000:
            # An access control list does not carry the sticky bit.
            await self._target.set_permission(target, here.permission)
            changed = True
        wanted = await _rights(self._source, path, here)
        held = await _rights(self._target, target, there)
        if wanted != held or changed:
            if any(key[0] for key in held) and not any(key[0] for key in wanted):
                # A list without default entries leaves those that a directory has.
                await self._target.remove_default_acl(target)
            await self._target.set_acl(target, [_entry(*item) for item in sorted(wanted.items())])
            changed = True
        return changed

    async def _set_owner(self, target: str, here: FileStatus, there: FileStatus) -> bool:
        owner = here.owner if here.owner != there.owner else None
        group = here.group if here.group != there.group else None
        await self._target.set_owner(target, owner=owner, group=group)
        return True


def _same_moment(one: int, other: int) -> bool:
    """Return whether two expiries are the same, where one of the services keeps whole seconds."""
    if one == other or not one or not other:
        return one == other
    return abs(one - other) < 1000 and not (one % 1000 and other % 1000)


def _may_have_entries(status: FileStatus) -> bool:
    """Return whether a path may have entries that its permission does not show.

    On Gen2, whose files have an ETag, the bit says nothing of a directory's default entries.
    """
    return status.acl_bit or (status.is_directory and status.etag is not None)


async def _rights(client: DataLakeClient, path: str, status: FileStatus) -> Rights:
    """Return all entries of a path, those of owner, owning group and other among them."""
    bits = int(status.permission, 8)
    own = {
        (False, kind, ""): rights_of(bits >> shift & 7)
        for kind, shift in (("user", 6), ("group", 3), ("other", 0))
    }
    if not _may_have_entries(status):
        return own
    found: AclStatus = await client.acl(path)
    return {**own, **{entry.key: entry.rights or "---" for entry in found.entries}}


def _entry(key: tuple[bool, str, str], rights: str) -> AclEntry:
    default, kind, qualifier = key
    return AclEntry(kind, qualifier, rights_of(bits_of(rights)), default)
