"""`DfsRights`: permissions, owners and access control lists in a Gen2 container, of one path and of trees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.client.dfs_paths import DfsPaths
from airflow_provider_adls.client.dfs_values import read_acl, read_entries
from airflow_provider_adls.client.dialect import Request, flag
from airflow_provider_adls.client.results import AclChanges, AclStatus, Advance
from airflow_provider_adls.model.acl import AclEntry, bits_of, format_spec, rights_of
from airflow_provider_adls.model.errors import AccessDeniedError, ServiceError
from airflow_provider_adls.model.gen2 import ACL_BATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from airflow_provider_adls.client.interface import AclMode, Fail

    #: Entries by what identifies them.
    Entries = Mapping[tuple[bool, str, str], AclEntry]
#: Times that a file may become another between the reading of its list and the writing.
_ATTEMPTS = 5
_OWN = ("user", "group", "other")


class DfsRights(DfsPaths):
    """Documented at `DataLakeClient`."""

    async def set_permission(self, path: str, permission: str) -> None:
        """Set the permission."""
        await self._set_access(path, {"x-ms-permissions": permission.zfill(4)})

    async def set_owner(self, path: str, *, owner: str | None = None, group: str | None = None) -> None:
        """Set owner, owning group, or both.

        :raises ValueError: if neither is given.
        """
        headers = {f"x-ms-{name}": value for name, value in (("owner", owner), ("group", group)) if value}
        if not headers:
            raise ValueError("set_owner needs an owner, a group, or both")
        await self._set_access(path, headers)

    async def acl(self, path: str) -> AclStatus:
        """Return owner, permission and access control list."""
        return await self._read(
            Request("GetPathAccessControl", path), lambda answer: read_acl(answer.headers)
        )

    async def set_acl(self, path: str, entries: Sequence[AclEntry]) -> None:
        """Replace the access control list."""
        await self._set_access(path, {"x-ms-acl": format_spec(list(entries))})

    async def modify_acl(self, path: str, entries: Sequence[AclEntry]) -> None:
        """Add or change entries; changes of others at the same time are kept."""
        known = await self._known(path)
        changed = _modified(known, entries)
        changes = [entry for key, entry in changed.items() if known.get(key) != entry]
        # The service would make a mask anew that is not given.
        masks = [e for e in changed.values() if e.type == "mask" and e not in changes]
        await self._change_one(path, changes and [*changes, *masks], "modify")

    async def remove_acl_entries(self, path: str, entries: Sequence[AclEntry]) -> None:
        """Remove entries."""
        removed = {entry.key for entry in entries}
        for entry in entries:
            if not entry.default and not entry.qualifier and entry.type in _OWN:
                raise ValueError(f"ACL entry {entry} cannot be removed: every file and directory has it")
        known = await self._known(path)
        left = {key: entry for key, entry in known.items() if key not in removed}
        if any(
            entry.type == "mask" and bits_of(entry.rights or "") != _reach(left, entry)
            for entry in left.values()
        ):
            # The service would widen a mask that was set on purpose.
            await self._change_acl(path, lambda known: {k: e for k, e in known.items() if k not in removed})
        else:
            gone = [entry._replace(rights=None) for key, entry in known.items() if key in removed]
            await self._change_one(path, gone, "remove")

    async def remove_default_acl(self, path: str) -> None:
        """Remove all default entries."""
        await self._change_acl(path, lambda known: {k: e for k, e in known.items() if not e.default})

    async def remove_acl(self, path: str) -> None:
        """Remove all entries but the three that every item has."""
        await self._change_acl(
            path,
            lambda known: {
                k: e for k, e in known.items() if not e.default and not e.qualifier and e.type in _OWN
            },
        )

    async def change_acl_tree(
        self, path: str, entries: Sequence[AclEntry], mode: AclMode, *, fail: Fail | None = None
    ) -> AclChanges:
        """Change the access control lists of a tree; the service does it, 2,000 items a request."""
        if mode == "remove":
            entries = [entry._replace(rights=None) for entry in entries]
        headers = {"x-ms-acl": format_spec(list(entries))}
        advance = Advance("SetPathAccessControlRecursive", path, self.account)
        directories = files = 0
        token = ""
        while True:
            advance.to(token)
            parameters = {"mode": mode, "maxRecords": str(ACL_BATCH), "forceFlag": flag(fail is not None)}
            if token:
                parameters["continuation"] = token
            request = Request("SetPathAccessControlRecursive", path, parameters, headers=headers)
            answer = await self._transport.send(request)
            done, failures = self._transport.read(request, answer, _read_changes)
            directories, files = directories + done.directories, files + done.files
            for name, message in failures:
                error = self._failure(name, message)
                if fail is None:
                    raise error
                fail(name, error)
            token = answer.headers.get("x-ms-continuation") or ""
            if not token:
                break
        # The service counts files that it skips.
        return AclChanges(directories, 0 if all(entry.default for entry in entries) else files)

    def _failure(self, path: str, message: str) -> ServiceError:
        cls = AccessDeniedError if "authori" in message.lower() else ServiceError
        request = Request("SetPathAccessControlRecursive", path)
        error = self._error(request, cls, message, status=None)
        assert isinstance(error, ServiceError)
        return error

    async def _change_one(self, path: str, entries: Sequence[AclEntry], mode: AclMode) -> None:
        """Change entries of one path by one request, which leaves the others as they are.

        The service's only request that does so is for trees, and begins with the path itself: a batch of one
        changes that alone. A list that is read and written would lose what another writer changed meanwhile,
        for such a change keeps the ETag.
        """
        if not entries:
            return
        parameters = {"mode": mode, "maxRecords": "1", "forceFlag": "false"}
        headers = {"x-ms-acl": format_spec(list(entries))}
        request = Request("SetPathAccessControlRecursive", path, parameters, headers=headers)
        _, failures = self._transport.read(request, await self._transport.send(request), _read_changes)
        for _, message in failures:
            raise self._failure(path, message)

    async def _known(self, path: str) -> Entries:
        return {entry.key: entry for entry in await self._entries(path)}

    async def _change_acl(self, path: str, change: Callable[[Entries], Entries]) -> None:
        """Change a list by what it is; a file that became another meanwhile is read again."""
        for attempt in range(1, _ATTEMPTS + 1):
            etag, entries = await self._read(
                Request("GetPathAccessControl", path),
                lambda answer: (answer.headers["ETag"], read_entries(answer.headers)),
            )
            known = {entry.key: entry for entry in entries}
            changed = change(known)
            if changed == known:
                return
            spec = format_spec(list(changed.values()))
            try:
                await self._set_access(path, {"x-ms-acl": spec, "If-Match": etag})
            except ServiceError as error:
                if error.status != 412 or attempt == _ATTEMPTS:
                    raise
            else:
                return

    async def _entries(self, path: str) -> list[AclEntry]:
        return await self._read(
            Request("GetPathAccessControl", path), lambda answer: read_entries(answer.headers)
        )

    async def _set_access(self, path: str, headers: Mapping[str, str]) -> None:
        await self._transport.send(Request("SetPathAccessControl", path, headers=headers))


def _reach(entries: Entries, mask: AclEntry) -> int:
    """Return the rights that the entries below a mask give together: what the service makes of a mask."""
    bits = 0
    for entry in entries.values():
        if (
            entry.default == mask.default
            and entry.type != "mask"
            and (entry.qualifier or entry.type == "group")
        ):
            bits |= bits_of(entry.rights or "")
    return bits


def _modified(known: Entries, changes: Sequence[AclEntry]) -> Entries:
    """Return entries with others added or changed.

    A mask stays, unless one is given, or the new entries need more than it lets through: then it is widened
    by that much, for they would have no effect. Default entries bring those of owner, owning group and other
    with them, as on Gen1.
    """
    entries = {**known, **{entry.key: entry for entry in changes}}
    given = {entry.key for entry in changes}
    if any(entry.default for entry in changes):
        for kind in _OWN:
            entries.setdefault((True, kind, ""), known[False, kind, ""]._replace(default=True))
    for default in (False, True):
        mask = entries.get((default, "mask", ""))
        if mask is None or mask.key in given:
            # Where a named entry needs a mask and there is none, the service makes it.
            continue
        needed = bits_of(mask.rights or "")
        for entry in changes:
            if entry.default == default and (entry.qualifier or entry.type == "group"):
                needed |= bits_of(entry.rights or "")
        entries[mask.key] = mask._replace(rights=rights_of(needed))
    return entries


def _read_changes(body: Any) -> tuple[AclChanges, list[tuple[str, str]]]:
    """Return what one request changed, and path and message of what could not be changed."""
    failures = [
        (f"/{entry['name'].lstrip('/')}", str(entry["errorMessage"])) for entry in body["failedEntries"]
    ]
    return AclChanges(int(body["directoriesSuccessful"]), int(body["filesSuccessful"])), failures
