"""`Base`: options, accounts and clients, which every part of the file system builds on."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

from fsspec.asyn import _run_coros_in_chunks, sync
from fsspec.utils import stringify_path

from airflow_provider_adls.filesystem.connections import NamedConnection
from airflow_provider_adls.filesystem.lifetime import Instance, leave_to_parent
from airflow_provider_adls.filesystem.options import (
    Access,
    chosen_cloud,
    container_option,
    secret_credential,
)
from airflow_provider_adls.filesystem.paths import (
    LEADING_SLASH_HINT,
    PROTOCOLS,
    Named,
    may_be_meant,
    named,
    parent,
    strip_protocol,
    user,
)
from airflow_provider_adls.filesystem.storage_options import (
    ADLFS,
    signing_credential,
)
from airflow_provider_adls.lake.hints import explain
from airflow_provider_adls.lake.places import Place
from airflow_provider_adls.model.connection_string import read_connection_string
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    AccountNotFoundError,
    ConnectionFieldError,
    PathError,
    PathNotFoundError,
    ServiceError,
)
from airflow_provider_adls.model.paths import Location, lake_name

if TYPE_CHECKING:
    from airflow_provider_adls.client import DataLakeClient, Limits, RetryPolicy, TokenCredential
    from airflow_provider_adls.client.tokens import RequestSigner
    from airflow_provider_adls.model.clouds import Cloud

#: Methods that others check existence by, and walk by: "no" is a result to them, and must not cost more
#: requests. Their blocking faces explain.
_QUIET = frozenset({"_info", "_ls", "_rm", "_rm_file", "_rmdir"})

M = TypeVar("M", bound=Callable[..., Awaitable[Any]])
#: Options of fsspec's own that the base class takes.
_FSSPEC_OPTIONS = frozenset(
    {"asynchronous", "batch_size", "listings_expiry_time", "loop", "max_paths", "use_listings_cache"}
)

#: Files that are read or written at once, where fsspec's own guess would fill the memory with blocks.
BATCH_SIZE = 128


class Base(Instance):
    """Accounts and their clients; documented at :class:`ADLSGen1FileSystem`."""

    protocol = PROTOCOLS
    root_marker = "/"
    #: A request carries this many bytes at most, so it is the natural size of a block.
    blocksize = 4 * 2**20

    def __init__(
        self,
        account_name: str | None = None,
        *,
        tenant_id: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        credential: TokenCredential | RequestSigner | None = None,
        conn_id: str | None = None,
        cloud: str | Cloud | None = None,
        endpoint_url: str | None = None,
        ca_file: str | None = None,
        proxy: str | None = None,
        retry: RetryPolicy | None = None,
        limits: Limits | None = None,
        container: str | None = None,
        account_key: str | None = None,
        sas_token: str | None = None,
        connection_string: str | None = None,
        **kwargs: Any,
    ) -> None:
        # adlfs calls the account of a Gen1 file system so.
        if (store_name := kwargs.pop("store_name", None)) is not None:
            if account_name not in (None, store_name):
                raise TypeError(f"store_name is {store_name!r}, and account_name is {account_name!r}")
            account_name = store_name
        if foreign := sorted(kwargs.keys() & ADLFS.keys()):
            raise TypeError(
                f"{type(self).__name__} has no option {foreign[0]!r} of adlfs: give {ADLFS[foreign[0]]}"
            )
        if unknown := sorted(kwargs.keys() - _FSSPEC_OPTIONS):
            known = [*inspect.signature(Base.__init__).parameters][1:-1]
            raise TypeError(
                f"{type(self).__name__} has no option {unknown[0]!r}; it has {', '.join(known)}, and fsspec's"
                f" {', '.join(sorted(_FSSPEC_OPTIONS))}"
            )
        super().__init__(**{"batch_size": BATCH_SIZE, **kwargs})
        if connection_string is not None:
            said = read_connection_string(connection_string)
            account_name, endpoint_url = account_name or said.account, endpoint_url or said.endpoint
            account_key, sas_token = account_key or said.key, sas_token or said.signature
        #: Name of the account that paths with a leading slash are in: its short name, or `container@account`.
        self.account_name = lake_name(account_name) if account_name else None
        container = container_option(container)
        is_gen2 = bool(container or connection_string or "@" in (self.account_name or ""))
        ca_path = None if ca_file is None else os.fspath(ca_file)
        self._named: NamedConnection | None = None
        self._access: Access | None = None
        if conn_id is None:
            chosen = chosen_cloud(cloud, endpoint_url, is_gen2=is_gen2)
            credential = (
                credential
                or signing_credential(self.account_name, account_key, sas_token)
                or secret_credential(tenant_id, client_id, client_secret, chosen, ca_path, proxy)
            )
            self._access = Access(chosen, credential, ca_path, proxy, retry, limits, container)
        else:
            _refuse_beside_connection(
                tenant_id=tenant_id,
                client_id=client_id,
                client_secret=client_secret,
                credential=credential,
                cloud=cloud,
                account_key=account_key,
                sas_token=sas_token,
                connection_string=connection_string,
            )
            self._named = NamedConnection(
                conn_id,
                endpoint_url=endpoint_url,
                ca_file=ca_path,
                proxy=proxy,
                retry=retry,
                limits=limits,
                container=container,
            )
        self._clients: dict[str, DataLakeClient] = {}

    def __repr__(self) -> str:
        how = (
            f"conn_id={self._named.conn_id!r}"
            if self._named
            else f"cloud={self._known_access().cloud.name!r}"
        )
        return f"{type(self).__name__}(account_name={self.account_name!r}, {how})"

    @property
    def fsid(self) -> str:
        """An id that file systems of the same files share. It does not read the connection."""
        if self._named:
            where = self._named.conn_id
        else:
            access = self._known_access()
            is_gen2 = access.container or "@" in (self.account_name or "")
            where = (access.cloud.dfs_endpoint if is_gen2 else access.cloud.endpoint) or access.cloud.name
            where = f"{where}-{access.container}" if access.container else where
        return f"{self.protocol[0]}-{where}-{self.account_name}"

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        if isinstance(path, list):
            return [cls._strip_protocol(one) for one in path]
        return strip_protocol(stringify_path(path))

    @classmethod
    def _parent(cls, path: str) -> str:
        return parent(cls._strip_protocol(path))

    @staticmethod
    def _get_kwargs_from_urls(path: str) -> dict[str, Any]:
        conn_id = user(path)
        return {"conn_id": conn_id} if conn_id else {}

    def unstrip_protocol(self, name: str) -> str:
        """Return a path as an `adl://` or `abfss://` URL with the account's full host name."""
        where = self._named_place(name)
        return Location(self._known_access().lake(where.account), where.path).url()

    def invalidate_cache(self, path: str | None = None) -> None:
        """Do nothing: no listing is kept, so that none is ever out of date."""

    def _named_place(self, path: str) -> Named:
        stripped = self._strip_protocol(path)
        if self.account_name is None and stripped.startswith("/"):
            # The connection may name it.
            self._known_access()
        return named(stripped, self.account_name)

    def _place(self, path: str) -> Place:
        where = self._named_place(path)
        return Place(self._client(where.account), where.prefix, where.path)

    def _client(self, account: str) -> DataLakeClient:
        access = self._known_access()
        if self._pid != os.getpid():
            self._begin_anew()
        client = self._clients.get(account)
        if client is None:
            # Of two threads that come here at once, both get the one that was there first.
            client = self._clients.setdefault(account, access.client(account))
        return client

    @property
    def client(self) -> DataLakeClient:
        """The client of the own account: the verbs of the service."""
        return self._place("/").client

    async def _each(self, method: Callable[..., Any], items: Iterable[Any]) -> list[Any]:
        """Return the results of a coroutine method for several items, as many at once as fsspec allows."""
        results: list[Any] = await _run_coros_in_chunks(
            [method(item) for item in items], batch_size=self.batch_size, nofiles=True
        )
        return results

    def _known_access(self) -> Access:
        """Return how accounts are reached; read the connection first if needed, which blocks."""
        if self._access is None:
            sync(self.loop, self._read_connection)
        assert self._access
        return self._access

    async def _read_connection(self) -> None:
        """Read the connection, if one was named and was not read before."""
        if self._access is None:
            assert self._named
            connection = await self._named.read()
            self.account_name = self.account_name or connection.account_name
            self._access = connection.access

    def _begin_anew(self) -> None:
        # Connections that were open at a fork belong to the parent, and are its to close.
        leave_to_parent(self._clients)
        self._clients = {}

    async def _close(self) -> None:
        """Close the connections of the running event loop."""
        for client in list(self._clients.values()):
            await client.close()

    async def _explain_refusal(self, error: ServiceError) -> None:
        """Add a hint to the error of a missing path or a missing right."""
        if client := self._clients.get(error.account or ""):
            await explain(client, error)

    def _explain(self, error: AccountNotFoundError, names: tuple[object, ...]) -> None:
        if LEADING_SLASH_HINT in error.args[0]:
            # One coroutine method calls another, and the inner one has added the hint already.
            return
        for name in names:
            stripped = self._strip_protocol(name) if isinstance(name, (str, os.PathLike)) else "/"
            # Among the arguments may be a path of this machine too.
            with suppress(PathError):
                if not stripped.startswith("/") and self._named_place(stripped).account == error.account:
                    error.args = (f"{error.args[0]}. {may_be_meant(stripped)}",)
                    return


def explained(method: M) -> M:
    """Make a coroutine method read the connection first, if that was not done yet.

    Its errors say that a slash may be missing, where a path's first segment is not an account; which part of
    a path is missing; and which directory is closed.
    """
    quiet = method.__name__ in _QUIET

    @functools.wraps(method)
    async def explaining(self: Base, *args: Any, **kwargs: Any) -> Any:
        await self._read_connection()
        try:
            return await method(self, *args, **kwargs)
        except AccountNotFoundError as error:
            self._explain(error, (*args, *kwargs.values()))
            raise
        except (PathNotFoundError, AccessDeniedError) as error:
            if not quiet:
                await self._explain_refusal(error)
            raise

    return cast("M", explaining)


def _refuse_beside_connection(**options: object) -> None:
    if given := [name for name, value in options.items() if value is not None]:
        raise ConnectionFieldError(f"{given[0]} and conn_id: the connection says it", field=given[0])
