"""`WebHdfsClient`: the verbs over the Gen1 service's WebHDFS protocol."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from airflow_provider_adls.client import settle
from airflow_provider_adls.client.ahead import Listed
from airflow_provider_adls.client.connections import Connections, Limits
from airflow_provider_adls.client.dialect import Request, flag
from airflow_provider_adls.client.interface import enter_all
from airflow_provider_adls.client.results import (
    AclChanges,
    AclStatus,
    ContentSummary,
    DeletedPage,
    Page,
)
from airflow_provider_adls.client.retry import RetryPolicy
from airflow_provider_adls.client.tokens import SCOPE, TokenCredential, authorizer
from airflow_provider_adls.client.transport import Answer, Transport
from airflow_provider_adls.client.walk import change_each, walk
from airflow_provider_adls.client.webhdfs_content import WebHdfsContent
from airflow_provider_adls.client.webhdfs_dialect import WebHdfsDialect
from airflow_provider_adls.client.webhdfs_json import (
    read_acl,
    read_deleted_page,
    read_entries,
    read_listing,
    read_status,
    read_summary,
)
from airflow_provider_adls.client.webhdfs_staging import SegmentStaging
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.acl import AclEntry, format_spec
from airflow_provider_adls.model.clouds import checked_url
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    PathExistsError,
    PathNotFoundError,
    RequestError,
    ServiceError,
)
from airflow_provider_adls.model.operations import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from airflow_provider_adls.client.interface import (
        AclMode,
        Enters,
        ExpiryOption,
        Fail,
        RestoreAction,
        TreePage,
    )
    from airflow_provider_adls.client.staging import PartName, Staging
    from airflow_provider_adls.model.status import FileStatus


class WebHdfsClient(WebHdfsContent):
    """One account of the Gen1 service: the verbs of :class:`DataLakeClient`, which documents them.

    Each event loop has connections of its own. Makes no request until asked.
    :param account: short name.
    :param endpoint: URL before ``/webhdfs/v1``: https, or http on this machine.
    :param credential: any object with ``get_token(*scopes)``.
    :param ca_file: certificates to trust, PEM; None for the environment's or the system's.
    :param proxy: URL of an HTTP proxy; None for the environment's.
    :param retry: rules for repeating failed requests.
    :param limits: bounds of the connections.
    :param scope: scope of the tokens.
    :raises ValueError: for an endpoint that would send the token in the clear.
    """

    listing = "LISTSTATUS"

    def __init__(
        self,
        account: str,
        endpoint: str,
        credential: TokenCredential,
        *,
        ca_file: str | None = None,
        proxy: str | None = None,
        retry: RetryPolicy | None = None,
        limits: Limits | None = None,
        scope: str = SCOPE,
    ) -> None:
        self.account = self.lake = account
        self.endpoint = checked_url(endpoint, "endpoint").rstrip("/")
        self._dialect = WebHdfsDialect()
        self._connections = Connections(self.endpoint, ca_file=ca_file, proxy=proxy, limits=limits)
        self._transport = Transport(
            account,
            self.endpoint,
            self._dialect,
            authorizer(account, credential, scope),
            self._connections,
            retry or RetryPolicy(),
        )

    async def status(self, path: str) -> FileStatus:
        """Return the status of a path."""
        request = Request("GETFILESTATUS", path)
        return await self._transport.json(request, lambda body: read_status(body["FileStatus"]))

    async def list_page(self, path: str, *, token: str = "", begin: str = "", limit: int = PAGE_SIZE) -> Page:
        """Return one page of a directory."""
        listed = await self._listed(path, limit, token or begin)  # the name that the page begins after
        return Page(listed.read(), listed.continuation)

    async def _listed(self, path: str, limit: int, token: str) -> Listed[list[FileStatus]]:
        after = {"listAfter": token} if token else {}
        request = Request(self.listing, path, {"listSize": str(limit), **after})
        answer = await self._transport.send(request)
        found, continuation = self._transport.read(request, answer, read_listing)
        return Listed(
            # A full last page has a token too, and the page after it is empty (631 of 631 recordings).
            continuation if found else "",
            lambda: self._transport.read_answer(request, answer, lambda _: read_entries(found)),
        )

    def tree_pages(
        self, path: str, *, limit: int = PAGE_SIZE, enters: Enters = enter_all, fail: Fail | None = None
    ) -> AsyncGenerator[TreePage, None]:
        """Return all below a directory; each directory is listed."""
        return walk(self, path, limit, enters, fail)

    def staging(self, directory: str, name: Callable[[], str], part: PartName | None = None) -> Staging:
        """Return a file to be written under a hidden name."""
        return SegmentStaging(self, directory, name, part)

    async def make_directories(self, path: str, *, permission: str | None = None) -> None:
        """Make a directory and those above it."""
        request = Request("MKDIRS", path, {} if permission is None else {"permission": permission})
        if not await self._transport.json(request, _done):
            raise self._error(request, ServiceError, "the directory was not made")

    async def rename(
        self, source: str, destination: str, *, overwrite: bool = False, known: FileStatus | None = None
    ) -> None:
        """Move a file or directory."""
        known = known or await self.status(source)
        parameters = {"destination": destination}
        if overwrite:
            parameters["renameoptions"] = "OVERWRITE"
        request = Request("RENAME", source, parameters)
        if known.is_directory and await settle.status_or_none(self, destination):
            # The service would move it into a directory that exists.
            raise self._error(request, PathExistsError, f"{destination} exists")
        answer = await self._transport.send(
            request, partial(settle.renamed, self, source, destination, known)
        )
        if not self._transport.read(request, answer, _done):
            raise await self._why_not_renamed(request, destination)

    async def _why_not_renamed(self, request: Request, destination: str) -> RequestError:
        """Return the error behind the service's `false`, which says no more."""
        if await settle.status_or_none(self, request.path) is None:
            return self._error(request, PathNotFoundError, "the source does not exist")
        if await settle.status_or_none(self, destination):
            return self._error(request, PathExistsError, f"{destination} exists")
        parent = paths.parent(destination)
        if await settle.status_or_none(self, parent) is None:
            return self._error(
                request, PathNotFoundError, f"{parent}, the destination's directory, does not exist"
            )
        return self._error(request, ServiceError, f"the service did not rename it to {destination}")

    async def delete(self, path: str, *, recursive: bool = False) -> bool:
        """Remove a file or directory."""
        repeated = False

        async def look(_: RequestError) -> Answer | None:
            nonlocal repeated
            repeated = True
            return await settle.deleted(self, path)

        request = Request("DELETE", path, {"recursive": flag(recursive)})
        answer = await self._transport.send(request, look)
        # It was there when the first answer was lost, so that the lost request deleted it after all.
        return self._transport.read(request, answer, _done) or repeated

    async def set_permission(self, path: str, permission: str) -> None:
        """Set the permission."""
        await self._transport.send(Request("SETPERMISSION", path, {"permission": permission}))

    async def set_owner(self, path: str, *, owner: str | None = None, group: str | None = None) -> None:
        """Set owner, owning group, or both.

        :raises ValueError: if neither is given.
        """
        parameters = {name: value for name, value in (("owner", owner), ("group", group)) if value}
        if not parameters:
            raise ValueError("set_owner needs an owner, a group, or both")
        await self._transport.send(Request("SETOWNER", path, parameters))

    async def acl(self, path: str) -> AclStatus:
        """Return owner, permission and access control list."""
        request = Request("MSGETACLSTATUS", path)
        return await self._transport.json(request, lambda body: read_acl(body["AclStatus"]))

    async def set_acl(self, path: str, entries: Sequence[AclEntry]) -> None:
        """Replace the access control list."""
        await self._transport.send(Request("SETACL", path, {"aclspec": format_spec(list(entries))}))

    async def modify_acl(self, path: str, entries: Sequence[AclEntry]) -> None:
        """Add or change entries."""
        await self._transport.send(Request("MODIFYACLENTRIES", path, {"aclspec": format_spec(list(entries))}))

    async def remove_acl_entries(self, path: str, entries: Sequence[AclEntry]) -> None:
        """Remove entries."""
        spec = format_spec([entry._replace(rights=None) for entry in entries])
        await self._transport.send(Request("REMOVEACLENTRIES", path, {"aclspec": spec}))

    async def change_acl_tree(
        self, path: str, entries: Sequence[AclEntry], mode: AclMode, *, fail: Fail | None = None
    ) -> AclChanges:
        """Change the access control lists of a tree, item by item."""
        changes = {"set": self.set_acl, "modify": self.modify_acl, "remove": self.remove_acl_entries}
        own = [entry for entry in entries if not entry.default]

        async def change(name: str, status: FileStatus) -> bool:
            fitting = entries if status.is_directory else own
            if fitting:
                await changes[mode](name, fitting)
            return bool(fitting)

        return await change_each(self, path, change, fail)

    async def remove_default_acl(self, path: str) -> None:
        """Remove all default entries."""
        await self._transport.send(Request("REMOVEDEFAULTACL", path))

    async def remove_acl(self, path: str) -> None:
        """Remove all entries but the three that every item has."""
        await self._transport.send(Request("REMOVEACL", path))

    async def set_expiry(self, path: str, option: ExpiryOption, milliseconds: int | None = None) -> None:
        """Set when a file expires."""
        parameters = {"expiryOption": str(option)}
        if milliseconds is not None:
            parameters["expireTime"] = str(milliseconds)
        await self._transport.send(Request("SETEXPIRY", path, parameters))

    async def set_times(self, path: str, *, modified: int | None = None, accessed: int | None = None) -> None:
        """Set the times of a file or directory."""
        times = {"modificationtime": modified, "accesstime": accessed}
        parameters = {name: str(time) for name, time in times.items() if time is not None}
        await self._transport.send(Request("SETTIMES", path, parameters))

    async def content_summary(self, path: str) -> ContentSummary:
        """Return the numbers of directories, files and bytes."""
        request = Request("GETCONTENTSUMMARY", path)
        return await self._transport.json(request, lambda body: read_summary(body["ContentSummary"]))

    async def check_access(self, path: str, rights: str) -> bool:
        """Return whether the caller has rights on a path."""
        try:
            await self._transport.send(Request("CHECKACCESS", path, {"fsaction": rights}))
        except AccessDeniedError:
            return False
        return True

    async def deleted_page(self, hint: str, *, token: str = "", limit: int = PAGE_SIZE) -> DeletedPage:
        """Return one page of the account's deleted items."""
        parameters = {"hint": hint, "listSize": str(limit)} | ({"listAfter": token} if token else {})
        return await self._transport.json(
            Request("ENUMERATEDELETEDITEMS", "/", parameters), read_deleted_page
        )

    async def restore(
        self, token: str, destination: str, *, directory: bool = False, action: RestoreAction | None = None
    ) -> None:
        """Bring a deleted item back."""
        before = await settle.status_or_none(self, destination)
        parameters = {
            "restoreToken": token,
            "restoreDestination": destination,
            "type": "directory" if directory else "file",
        }
        request = Request(
            "RESTOREDELETEDITEMS", "/", parameters | ({"restoreAction": action} if action else {})
        )
        await self._transport.send(request, partial(settle.restored, self, destination, before))


def _done(body: dict[str, bool]) -> bool:
    return body["boolean"] is True
