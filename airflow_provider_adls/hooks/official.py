"""The calls of the official Azure provider's hook for Gen1, `AzureDataLakeHook`, by the same names.

Signatures and results are those of apache-airflow-providers-microsoft-azure 15.2.1, and both hooks leave
the work to the SDK. Intended differences are described at each method, and all of them in
`docs/from-the-official-hook.md`.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias

from airflow.providers.common.compat.sdk import AirflowException

from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.matches import find_matches
from airflow_provider_adls.lake.view import View
from airflow_provider_adls.model.paths import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure.datalake.store.core import AzureDLFileSystem

    from airflow_provider_adls.filesystem import ADLSGen1FileSystem

P = ParamSpec("P")
#: Arguments of an upload by the official Gen2 hook alone.
_GEN2_ARGUMENTS = frozenset({"file_system_name", "file_name", "file_path"})
#: The class below has a method called `list`.
Paths: TypeAlias = list[str]


def _or_to_container(upload: Callable[P, None]) -> Callable[P, None]:
    """Make a Gen1 upload take the arguments of `AzureDataLakeStorageV2Hook.upload_file` too.

    That has three texts, where the third argument of Gen1's is a number.
    """

    @wraps(upload)
    def uploading(*args: P.args, **kwargs: P.kwargs) -> None:
        hook: Any = args[0]
        if _GEN2_ARGUMENTS & kwargs.keys() or (len(args) > 3 and isinstance(args[3], str)):
            hook._upload_to_container(*args[1:], **kwargs)  # noqa: SLF001 - of the hook's other mixin
        else:
            upload(*args, **kwargs)

    return uploading


class OfficialMixin:
    """The hook's methods under the names of `AzureDataLakeHook`.

    A path needs no slash in front. Errors are those of the SDK and of Python, as they were.
    """

    log: Any

    @abstractmethod
    def get_conn(self) -> AzureDLFileSystem:
        """Return the SDK's own file system."""
        ...

    @abstractmethod
    def filesystem_of(self, account: str | None = None) -> ADLSGen1FileSystem:
        """Return the file system of an account; None for the hook's own."""
        ...

    def check_for_file(self, file_path: str) -> bool:
        """Return whether a file is at a path, or any file matches a glob.

        The official hook says True for a directory in which there is one file, and False for a file whose
        name has wildcards in it and for a glob that several files match.

        :param file_path: path of the file, or a glob.
        """
        location = parse(file_path if "://" in file_path else f"/{file_path.lstrip('/')}")
        try:
            view = View(self.filesystem_of(location.account).client)
            matches = run(find_matches(view, location.path))
        except FileNotFoundError:
            return False
        return any(not status.is_directory for status in matches.values())

    @_or_to_container
    def upload_file(
        self,
        local_path: str,
        remote_path: str,
        nthreads: int = 64,
        overwrite: bool = True,  # noqa: FBT001, FBT002 - the official hook's
        buffersize: int = 4194304,
        blocksize: int = 4194304,
        **kwargs: Any,
    ) -> None:
        """Upload a file, a directory with all that is in it, or what a glob with ``*`` matches.

        It takes the arguments of the official Gen2 hook too: file_system_name, file_name, file_path,
        overwrite.

        :param local_path: file or directory to upload.
        :param remote_path: the file's path there, or the directory that several go into.
        :param nthreads: number of threads; None for as many as there are cores.
        :param overwrite: whether files that are there are overwritten.
        :param buffersize: bytes of a file's buffer.
        :param blocksize: bytes that are read at once.
        :param kwargs: further arguments of `azure.datalake.store.multithread.ADLUploader`.
        :raises FileExistsError: if a file is there and may not be overwritten.
        :raises ValueError: if there is nothing to upload.
        """
        from azure.datalake.store.multithread import ADLUploader

        ADLUploader(
            self.get_conn(),
            lpath=local_path,
            rpath=remote_path,
            nthreads=nthreads,
            overwrite=overwrite,
            buffersize=buffersize,
            blocksize=blocksize,
            **kwargs,
        )

    def download_file(
        self,
        local_path: str,
        remote_path: str,
        nthreads: int = 64,
        overwrite: bool = True,  # noqa: FBT001, FBT002 - the official hook's
        buffersize: int = 4194304,
        blocksize: int = 4194304,
        **kwargs: Any,
    ) -> None:
        """Download a file, a directory with all that is in it, or what a glob with ``*`` or ``?`` matches.

        :param local_path: the file's path here, or the directory that it, or several, go into.
        :param remote_path: file or directory to download.
        :param nthreads: number of threads; None for as many as there are cores.
        :param overwrite: whether files that are here are overwritten.
        :param buffersize: taken, and not looked at by the SDK.
        :param blocksize: bytes that are asked for at once.
        :param kwargs: further arguments of `azure.datalake.store.multithread.ADLDownloader`.
        :raises FileNotFoundError: if nothing is there.
        :raises FileExistsError: if a file is here and may not be overwritten.
        """
        from azure.datalake.store.multithread import ADLDownloader

        ADLDownloader(
            self.get_conn(),
            lpath=local_path,
            rpath=remote_path,
            nthreads=nthreads,
            overwrite=overwrite,
            buffersize=buffersize,
            blocksize=blocksize,
            **kwargs,
        )

    def list(self, path: str) -> Paths:
        """Return files below a directory, at any depth, or those that a glob with ``*`` matches.

        The official hook compares a glob from its end, and so also finds ``a/b/a/1.csv`` by ``a/*.csv``.

        :param path: a directory, a file, or a glob.
        :returns: paths without the slash in front; upper directories first.
        :raises FileNotFoundError: if there is no such directory, or none that the glob begins with.
        """
        found: Paths
        if "*" not in path:
            found = self.get_conn().walk(path)
            return found
        found = self.get_conn().glob(path)
        depth = len(_names(path))
        return [match for match in found if len(_names(match)) == depth]

    def remove(self, path: str, recursive: bool = False, ignore_not_found: bool = True) -> None:  # noqa: FBT001, FBT002 - the official hook's
        """Delete a file or directory.

        :param path: the file or directory; no glob.
        :param recursive: whether a directory may be deleted with what it holds.
        :param ignore_not_found: whether it is right if nothing is there.
        :raises AirflowException: if nothing is there and that is not to be ignored.
        """
        try:
            self.get_conn().remove(path=path, recursive=recursive)
        except FileNotFoundError:
            if not ignore_not_found:
                raise AirflowException(f"File {path} not found") from None
            self.log.info("File %s not found", path)


def _names(path: str) -> Paths:
    return [name for name in path.split("/") if name]
