"""`NamedConnection`: a stored connection, read by its id when it is first needed.

This floor cannot read one itself. The reader is found by its entry point in the group :data:`GROUP`;
Airflow's is in `airflow_provider_adls.fs.adls_gen1`. So a file system that names a connection works wherever
it is made or unpickled, and carries no more than the name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.filesystem.options import Access, chosen_cloud
from airflow_provider_adls.model.errors import ConnectionFieldError

if TYPE_CHECKING:
    from airflow_provider_adls.client import Limits, RetryPolicy
    from airflow_provider_adls.client.loops import PerLoop

#: Entry points that are coroutine functions, from a connection's id to a `Connection`.
GROUP = "airflow_provider_adls.connections"


class Connection(NamedTuple):
    """Account and access of a connection.

    :param account_name: short name of the account that it names, if it names one.
    :param access: how accounts are reached, and who signs in.
    """

    account_name: str | None
    access: Access


ConnectionReader = Callable[[str], Awaitable[Connection]]


def connection_reader() -> ConnectionReader:
    """Return the reader of stored connections.

    :raises ConnectionFieldError: if no package has one.
    """
    for point in entry_points(group=GROUP):
        found: ConnectionReader = point.load()
        return found
    raise ConnectionFieldError(
        f"conn_id: no stored connections here; no package is installed with an entry point in {GROUP!r}",
        field="conn_id",
    )


@dataclass(eq=False)
class NamedConnection:
    """A connection that is read once, at the first call that needs it.

    :param conn_id: its id.
    :param endpoint_url: goes before its endpoint.
    :param ca_file: goes before its CA file.
    :param proxy: URL of an HTTP proxy.
    :param retry: how failed requests are repeated.
    :param limits: bounds of the connections.
    :param container: goes before its container.
    """

    conn_id: str
    endpoint_url: str | None = None
    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=False)
    retry: RetryPolicy | None = None
    limits: Limits | None = None
    container: str | None = None
    known: Connection | None = field(default=None, init=False)
    _locks: PerLoop[asyncio.Lock] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if self.endpoint_url:
            # A malformed one raises at once, not when the connection is read.
            chosen_cloud(None, self.endpoint_url)

    async def read(self) -> Connection:
        """Return the connection; a failure is not kept, so that the next call reads again."""
        if self.known:
            return self.known
        if self._locks is None:
            from airflow_provider_adls.client.loops import PerLoop

            self._locks = PerLoop()
        lock = self._locks.get()
        if lock is None:
            self._locks.set(lock := asyncio.Lock())
        async with lock:
            if not self.known:
                self.known = self._with_options(await connection_reader()(self.conn_id))
        return self.known

    def _with_options(self, connection: Connection) -> Connection:
        access = connection.access
        container = self.container or access.container
        changed = replace(
            access,
            cloud=chosen_cloud(access.cloud, self.endpoint_url, is_gen2=container is not None),
            container=container,
            ca_file=self.ca_file or access.ca_file,
            proxy=self.proxy or access.proxy,
            retry=self.retry or access.retry,
            limits=self.limits or access.limits,
        )
        return connection._replace(access=changed)
