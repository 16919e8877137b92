"""`SharedLakes`: shared by the triggers of one triggerer, a client for each account of a connection."""

from __future__ import annotations

import asyncio
import functools
import logging
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.lake.view import View
from airflow_provider_adls.model.errors import ADLSGen1Error, PathNotFoundError
from airflow_provider_adls.model.paths import lake_name
from airflow_provider_adls.waiting.listings import SharedListings
from airflow_provider_adls.waiting.transient import is_transient

if TYPE_CHECKING:
    from airflow_provider_adls.client import DataLakeClient
    from airflow_provider_adls.client.loops import PerLoop
    from airflow_provider_adls.client.results import ContentSummary
    from airflow_provider_adls.lake.view import OnPage
    from airflow_provider_adls.model.status import FileStatus

log = logging.getLogger(__name__)

#: Requests to one account at one time, so that 1,000 triggers leave some of the client's connections free.
_TURNS = 32
#: Seconds after which a connection is read again, since it may have been changed or deleted.
_RENEWAL = 300.0


class SharedView(View):
    """A view of an account that many triggers use."""

    # Of one directory there is one listing for all of them.
    lists_trees = False

    def __init__(self, client: DataLakeClient) -> None:
        super().__init__(client)
        self._turns = asyncio.Semaphore(_TURNS)
        self._listings = SharedListings(client, self._turns)

    async def status(self, path: str) -> FileStatus | None:
        """Return the status of a path; None if it does not exist."""
        async with self._turns:
            return await super().status(path)

    async def look_through(self, path: str, on_page: OnPage) -> None:
        """Look through a directory, with all others that ask for the same one."""
        try:
            await self._listings.look_through(path, on_page)
        except PathNotFoundError:
            return

    async def summary(self, path: str) -> ContentSummary | None:
        """Return the numbers of files and bytes below a path; None if it does not exist."""
        async with self._turns:
            return await super().summary(path)


class SharedLakes:
    """The accounts of one connection, in one event loop.

    It lives as long as a trigger holds it; its clients then close their connections.

    :param conn_id: the connection's id.
    """

    def __init__(self, conn_id: str) -> None:
        self._conn_id = conn_id
        self._hook: ADLSGen1Hook | None = None
        self._read_at = 0.0
        self._reading = asyncio.Lock()
        self._views: dict[str, SharedView] = {}

    async def view(self, account: str | None) -> SharedView:
        """Return the view of an account, by the connection as it is now.

        :param account: short or full name; None for the connection's.
        :raises ConnectionFieldError: if the connection is wrong.
        :raises ConnectionNotFoundError: if the connection does not exist, or was deleted.
        """
        hook = await self.hook()
        name = lake_name(account) if account else hook.account_name
        view = self._views.get(name)
        if view is None:
            view = self._views[name] = SharedView(hook.access().client(name))
        return view

    async def hook(self) -> ADLSGen1Hook:
        """Return the connection's hook; the connection is read again after a while."""
        async with self._reading:
            now = asyncio.get_running_loop().time()
            if self._hook is None or now >= self._read_at + _RENEWAL:
                self._hook = await self._renewed()
                self._read_at = now
        return self._hook

    async def _renewed(self) -> ADLSGen1Hook:
        from asgiref.sync import sync_to_async

        try:
            # Reading a connection and importing an SDK block.
            hook = await sync_to_async(_read)(self._conn_id)
        except Exception as error:
            lasting = isinstance(error, ADLSGen1Error) and not is_transient(error)
            if self._hook is None or lasting:
                raise
            log.warning(
                "Could not read connection %s again, will go on with the old one: %s", self._conn_id, error
            )
            return self._hook
        if self._hook is None or hook.settings != self._hook.settings:
            # A look that is under way holds its old view, and closes its connections at the end.
            self._views = {}
            return hook
        return self._hook


def _read(conn_id: str) -> ADLSGen1Hook:
    """Return a hook that has read its connection, and import what its clients need."""
    hook = ADLSGen1Hook(conn_id)
    hook.access()
    from airflow_provider_adls.client import WebHdfsClient  # noqa: F401 - imported here and not in the loop

    return hook


@functools.cache
def _known() -> PerLoop[WeakValueDictionary[str, SharedLakes]]:
    # The client imports aiohttp, which a DAG processor does not need for a trigger's arguments.
    from airflow_provider_adls.client.loops import PerLoop

    return PerLoop()


def shared_lakes(conn_id: str) -> SharedLakes:
    """Return the part of a connection that the triggers of the running event loop share.

    A trigger holds it for as long as it looks.
    """
    known = _known().get()
    if known is None:
        _known().set(known := WeakValueDictionary())
    found = known.get(conn_id)
    if found is None:
        found = known[conn_id] = SharedLakes(conn_id)
    return found
