"""The file system that people use."""

from __future__ import annotations

from typing import Any

from airflow_provider_adls.filesystem.attributes import Attributes
from airflow_provider_adls.filesystem.base import Base
from airflow_provider_adls.filesystem.content import Content
from airflow_provider_adls.filesystem.copying import Copying
from airflow_provider_adls.filesystem.files import ADLSGen1File, ADLSGen1TextFile
from airflow_provider_adls.filesystem.lake_copies import LakeCopies
from airflow_provider_adls.filesystem.lifetime import blocking
from airflow_provider_adls.filesystem.listing import Listing
from airflow_provider_adls.filesystem.tree import TreeChanges
from airflow_provider_adls.filesystem.walking import Walking
from airflow_provider_adls.model.errors import PathExistsError

_TEXT_OPTIONS = ("encoding", "errors", "newline")


@blocking
class ADLSGen1FileSystem(Walking, Listing, TreeChanges, Content, Copying, LakeCopies, Attributes, Base):
    """Azure Data Lake Storage, Gen1 and Gen2, as an fsspec file system.

    With a container it is one of a Gen2 account, without one of a Gen1 account. A path with a leading slash
    is in its own account or container; without one its first segment is the account, by short or full name,
    or `container@account`. `adl://account/path` means the same, and so does
    `abfss://container@account.dfs.core.windows.net/path`. Results take the form that was asked.

    Nothing is read, opened or signed in to before the first call. Listings are not cached. Files appear
    whole or not at all: what is larger than 4 MiB is written under a hidden name first.

    With ``asynchronous=True`` its coroutines, the methods with a leading underscore, are used on the
    caller's event loop; otherwise its methods block, and may be called from any thread.

    Secrets stand in neither `storage_options` nor JSON, and a file system that was made with one is not
    pickled; one that was made with a ``credential`` carries that object, one with a ``conn_id`` the id.

    Its connections are closed with the last reference to it. In the child of a fork it opens its own.

    :param account_name: short or full name of the own account; None for the connection's, or if all
        paths name theirs.
    :param tenant_id: directory to sign in to by client secret.
    :param client_id: application to sign in as.
    :param client_secret: its secret.
    :param credential: any object with ``get_token(*scopes)``, in place of the three.
    :param conn_id: id of an Airflow connection, in place of credential and cloud. It is read at the first
        call; what is given of the other options goes before what it says.
    :param cloud: name in `gen1.clouds.CLOUDS`, a `Cloud`, or an emulator's URL; the public one by default.
    :param endpoint_url: URL before ``/webhdfs/v1``, or on Gen2 before the container; may hold
        ``{account}``. https, or http to this machine.
    :param ca_file: certificates to trust, PEM; None for `REQUESTS_CA_BUNDLE`, `SSL_CERT_FILE`, or the
        system's.
    :param proxy: URL of an HTTP proxy; None for `HTTPS_PROXY` and `NO_PROXY`.
    :param retry: how failed requests are repeated.
    :param limits: bounds of the connections: how many, and their timeouts.
    :param container: container of paths with a leading slash (Gen2); None for a Gen1 account.
    :param account_key: key of the storage account, in place of a credential.
    :param sas_token: shared access signature, in place of a credential.
    :param connection_string: of a storage account: its name, key or signature, and endpoint.
    :param kwargs: fsspec's ``asynchronous``, ``loop``, ``batch_size``.
    :raises ConnectionFieldError: for an option that cannot be right.
    """

    def open(
        self,
        path: Any,
        mode: str = "rb",
        block_size: int | None = None,
        cache_options: dict[str, Any] | None = None,
        compression: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Open a file; modes are those of Python's `open`, without ``+``.

        :param kwargs: ``prepare``, as `pipe_file` has it, for a file that is written and not appended to.
        """
        if "b" in mode:
            return super().open(path, mode, block_size, cache_options, compression, **kwargs)
        text = {name: kwargs.pop(name) for name in _TEXT_OPTIONS if name in kwargs}
        binary_mode = mode.replace("t", "") + "b"
        binary = super().open(path, binary_mode, block_size, cache_options, compression, **kwargs)
        return ADLSGen1TextFile(binary, **text)

    def _open(
        self,
        path: str,
        mode: str = "rb",
        block_size: int | None = None,
        autocommit: bool = True,  # noqa: FBT001, FBT002 - fsspec's
        cache_options: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> ADLSGen1File:
        # All that can refuse comes before the file is there: one that is dropped is closed, and so written.
        details = None
        if mode == "rb" and kwargs.get("size") is None:
            details = self.info(path)
            kwargs["size"] = details["size"]
            if details["type"] == "directory":
                raise IsADirectoryError(f"{path} is a directory")
        elif mode == "xb" and self.exists(path):
            where = self._place(path)
            raise PathExistsError("it exists", path=where.path, account=where.account)
        end = self.info(path)["size"] if mode == "ab" and self.exists(path) else 0
        file = ADLSGen1File(
            self,
            path,
            mode,
            block_size=block_size or "default",
            autocommit=autocommit,
            cache_options=cache_options,
            **kwargs,
        )
        if details is not None:
            file.details = details
        file.loc = end
        return file
