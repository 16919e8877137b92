"""What every part of the file system builds on: options, accounts, clients, secrets."""

from __future__ import annotations

import functools
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

from fsspec.asyn import AsyncFileSystem
from fsspec.utils import stringify_path

from airflow_provider_adls.filesystem.options import Access, chosen_cloud, cloud_option, secret_credential
from airflow_provider_adls.filesystem.places import (
    MEANT,
    PROTOCOLS,
    Place,
    may_be_meant,
    parent,
    place,
    strip_protocol,
)
from airflow_provider_adls.gen1.clouds import Cloud
from airflow_provider_adls.gen1.errors import AccountNotFoundError, PathError
from airflow_provider_adls.gen1.paths import Location
from airflow_provider_adls.gen1.paths import account_name as short_name

if TYPE_CHECKING:
    from airflow_provider_adls.client import DataLakeClient, RetryPolicy, TokenCredential

M = TypeVar("M", bound=Callable[..., Awaitable[Any]])
#: Options of fsspec's own that the base class takes.
_FSSPEC_OPTIONS = frozenset(
    {"asynchronous", "batch_size", "listings_expiry_time", "loop", "max_paths", "use_listings_cache"}
)


#: Options whose values JSON has no words for, and which a reader of it gives anew.
_OBJECTS = frozenset({"credential", "loop", "retry"})
#: Files that are read or written at once, where fsspec's own guess would fill the memory with blocks.
BATCH_SIZE = 32


class Base(AsyncFileSystem):
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
        credential: TokenCredential | None = None,
        cloud: str | Cloud | None = None,
        endpoint_url: str | None = None,
        ca_file: str | None = None,
        proxy: str | None = None,
        retry: RetryPolicy | None = None,
        **kwargs: Any,
    ) -> None:
        if unknown := sorted(kwargs.keys() - _FSSPEC_OPTIONS):
            raise TypeError(f"{type(self).__name__} has no option {unknown[0]!r}")
        super().__init__(**{"batch_size": BATCH_SIZE, **kwargs})
        #: Short name of the account that paths with a leading slash are in.
        self.account_name = short_name(account_name) if account_name else None
        chosen = chosen_cloud(cloud, endpoint_url)
        ca_path = None if ca_file is None else os.fspath(ca_file)
        credential = credential or secret_credential(tenant_id, client_id, client_secret, chosen, ca_path)
        self._access = Access(chosen, credential, ca_path, proxy, retry)
        self._clients: dict[str, DataLakeClient] = {}
        self._options: dict[str, Any] = {}
        self._withheld: list[str] = []

    def __repr__(self) -> str:
        return f"{type(self).__name__}(account_name={self.account_name!r}, cloud={self._access.cloud.name!r})"

    @property
    def storage_options(self) -> dict[str, Any]:
        """The options that this was made with, but for secrets."""
        return self._options

    @storage_options.setter
    def storage_options(self, given: dict[str, Any]) -> None:
        # fsspec sets them after the constructor, and hands them on: to pickles, JSON and whoever looks.
        self._withheld = [name for name, value in given.items() if _is_secret(name, value)]
        self._options = {name: value for name, value in given.items() if name not in self._withheld}

    def __reduce__(self) -> tuple[Any, ...]:
        if self._withheld:
            raise TypeError(
                f"a file system made with {self._withheld[0]} is not pickled, for the pickle would carry it:"
                " make it with credential=, an object that pickles without its secret"
            )
        reduced: tuple[Any, ...] = super().__reduce__()
        return reduced

    def __deepcopy__(self, memo: dict[int, Any]) -> Base:
        return self

    def to_dict(self, *, include_password: bool = True) -> dict[str, Any]:  # noqa: ARG002 - fsspec's
        """The options as JSON can carry them: without secrets and credential, which the reader has to add.

        :raises TypeError: for a cloud that has no name to give.
        """
        options = {name: value for name, value in self._options.items() if name not in _OBJECTS}
        if isinstance(cloud := options.get("cloud"), Cloud):
            options["cloud"] = cloud_option(cloud)
        if "ca_file" in options:
            options["ca_file"] = self._access.ca_file
        return {
            "cls": f"{type(self).__module__}:{type(self).__name__}",
            "protocol": self.protocol[0],
            "args": list(self.storage_args),
            **options,
        }

    @property
    def fsid(self) -> str:
        """What is the same for file systems that show the same files."""
        return (
            f"{self.protocol[0]}-{self._access.cloud.endpoint or self._access.cloud.name}-{self.account_name}"
        )

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        if isinstance(path, list):
            return [cls._strip_protocol(one) for one in path]
        return strip_protocol(stringify_path(path))

    @classmethod
    def _parent(cls, path: str) -> str:
        return parent(cls._strip_protocol(path))

    def unstrip_protocol(self, name: str) -> str:
        """A path as an `adl://` URL with the account's full host name."""
        where = self._place(name)
        return Location(where.account, where.path).url()

    def invalidate_cache(self, path: str | None = None) -> None:
        """Do nothing: no listing is kept, so that none is ever out of date."""

    def _place(self, path: str) -> Place:
        return place(self._strip_protocol(path), self.account_name)

    def _client(self, where: Place) -> DataLakeClient:
        client = self._clients.get(where.account)
        if client is None:
            # Of two threads that come here at once, both get the one that was there first.
            client = self._clients.setdefault(where.account, self._access.client(where.account))
        return client

    async def _close(self) -> None:
        """Close the connections of the running event loop."""
        for client in list(self._clients.values()):
            await client.close()

    def _explain(self, error: AccountNotFoundError, names: tuple[object, ...]) -> None:
        if MEANT in error.args[0]:
            # One coroutine method calls another, and the inner one has told it already.
            return
        for name in names:
            stripped = self._strip_protocol(name) if isinstance(name, (str, os.PathLike)) else "/"
            # Among the arguments may be a path of this machine too.
            with suppress(PathError):
                if not stripped.startswith("/") and self._place(stripped).account == error.account:
                    error.args = (f"{error.args[0]}. {may_be_meant(stripped)}",)
                    return


def explained(method: M) -> M:
    """Make a coroutine method say that a slash may be missing, where there is no account of a path's name."""

    @functools.wraps(method)
    async def explaining(self: Base, *args: Any, **kwargs: Any) -> Any:
        try:
            return await method(self, *args, **kwargs)
        except AccountNotFoundError as error:
            self._explain(error, (*args, *kwargs.values()))
            raise

    return cast("M", explaining)


def _is_secret(name: str, value: object) -> bool:
    if name == "proxy":
        return isinstance(value, str) and urlsplit(value).password is not None
    return name == "client_secret" and value is not None
