"""`WrittenAttributes`: rights and expiry that files get before they appear under their names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.lake.attributes import Acl, acl_entries, set_expiry
from airflow_provider_adls.lake.keep import AttributeCopier, KeepRecord, Name, parse_keep
from airflow_provider_adls.model.acl import AclEntry
from airflow_provider_adls.model.acl import permission as permission_bits
from airflow_provider_adls.model.errors import PathNotFoundError
from airflow_provider_adls.model.times import span

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient


@dataclass(frozen=True)
class WrittenAttributes:
    """Attributes of new files.

    :param permission: octal digits; None leaves it to the service.
    :param entries: the whole access control list; empty leaves it to the service.
    :param expires_in: span from the upload of each file; None for no expiry.
    :param keep: attributes that a file gets from the one that it replaces.
    :param record: counts what was kept.
    """

    permission: str | None = None
    entries: tuple[AclEntry, ...] = ()
    expires_in: timedelta | None = None
    keep: tuple[Name, ...] = ()
    record: KeepRecord = field(default_factory=KeepRecord)

    @classmethod
    def of(
        cls,
        *,
        permission: str | None = None,
        acl: Acl | None = None,
        expires_in: timedelta | float | str | None = None,
        keep: str | Iterable[str] | None = None,
    ) -> WrittenAttributes:
        """Return the attributes that a caller gives.

        :raises ValueError: for a value that cannot be read, and for two that contradict each other.
        """
        if permission is not None:
            permission_bits(permission)
        entries = () if acl is None else tuple(acl_entries(acl))
        names = parse_keep(keep)
        if permission is not None and entries:
            raise ValueError("acl: has no meaning beside permission, which it holds")
        if any(entry.default for entry in entries):
            raise ValueError("acl: files have no default entries; give them to the directory")
        if "times" in names:
            raise ValueError("keep: the time of a replaced file is not that of the new one")
        if "permission" in names and (permission is not None or entries):
            raise ValueError("keep: has no permission to keep beside permission or acl")
        if "expiry" in names and expires_in is not None:
            raise ValueError("keep: has no expiry to keep beside expires_in")
        return cls(permission, entries, None if expires_in is None else span(expires_in), names)

    def preparation(
        self, client: DataLakeClient, path: str, *, in_parts: bool
    ) -> Callable[[str], Awaitable[None]] | None:
        """Return what sets them on a whole hidden file; None where its creation can say all of them.

        :param in_parts: whether the file is not made by one call.
        """
        # Gen1 clears the digit of all others when it makes a file.
        is_late = self.permission is not None and (int(self.permission, 8) & 0o007 or in_parts)
        if not (self.entries or self.expires_in or self.keep or is_late):
            return None

        async def prepare(hidden: str) -> None:
            if self.expires_in:
                await set_expiry(client, hidden, self.expires_in)
            if self.entries:
                await client.set_acl(hidden, self.entries)
            elif self.permission is not None:
                await client.set_permission(hidden, self.permission)
            if self.keep:
                await self._keep(client, path, hidden)

        return prepare

    def conclude(
        self, summary: dict[str, Any], log: Callable[..., object], *, fail_unless_kept: bool
    ) -> dict[str, Any]:
        """Return a summary with the numbers of what was kept, if anything was to be.

        :param log: takes a line with %-arguments.
        :raises NotKeptError: with `fail_unless_kept`, for what could not be kept.
        """
        if not self.keep:
            return summary
        log("Attributes: %s", self.record.line())
        if fail_unless_kept:
            self.record.refuse()
        return summary | self.record.summary()

    async def _keep(self, client: DataLakeClient, path: str, hidden: str) -> None:
        try:
            replaced = await client.status(path)
        except PathNotFoundError:
            return
        copier = AttributeCopier(client, client, self.keep, self.record)
        await copier.keep(path, replaced, hidden, await client.status(hidden), path)


#: Nothing but what the service gives.
DEFAULT = WrittenAttributes()
