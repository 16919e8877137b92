"""The calls of the official Azure provider's hook for Gen2, `AzureDataLakeStorageV2Hook`, by the same names.

Signatures and results are those of apache-airflow-providers-microsoft-azure 15.2.1, and both hooks leave
the work to the SDK, azure-storage-file-datalake, of the extra `[gen2]`. `upload_file` has the name of a
method of the official hook for Gen1 too, and takes the arguments of either.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from azure.storage.filedatalake import (
        DataLakeDirectoryClient,
        DataLakeFileClient,
        DataLakeServiceClient,
        DirectoryProperties,
        FileSystemClient,
        FileSystemProperties,
    )

    FileSystem: TypeAlias = "FileSystemProperties | str"

#: The hook has a method called `list`.
Names: TypeAlias = list[str]


class OfficialGen2Mixin:
    """The hook's methods under the names of `AzureDataLakeStorageV2Hook`; errors are those of the SDK."""

    log: Any

    @abstractmethod
    def get_storage_conn(self) -> DataLakeServiceClient:
        """Return the SDK's client of the account's files, signed in."""
        ...

    @cached_property
    def service_client(self) -> DataLakeServiceClient:
        """The SDK's client of the account's files."""
        return self.get_storage_conn()

    def create_file_system(self, file_system_name: str) -> None:
        """Create a container; one that exists is left as it is, with a line in the log.

        :param file_system_name: its name.
        """
        from azure.core.exceptions import ResourceExistsError

        try:
            made = self.service_client.create_file_system(file_system=file_system_name)
        except ResourceExistsError:
            self.log.info("Attempted to create file system %r but it already exists.", file_system_name)
        else:
            self.log.info("Created file system: %s", made.file_system_name)

    def get_file_system(self, file_system: FileSystem) -> FileSystemClient:
        """Return the SDK's client of a container, without a request.

        :param file_system: its name, or its properties.
        """
        return self.service_client.get_file_system_client(file_system=file_system)

    def create_directory(
        self, file_system_name: FileSystem, directory_name: str, **kwargs: Any
    ) -> DataLakeDirectoryClient:
        """Create a directory, and return the SDK's client of it.

        :param file_system_name: the container's name, or its properties.
        :param directory_name: path of the directory in it.
        :param kwargs: further arguments of the SDK's `create_directory`.
        """
        return self.get_file_system(file_system_name).create_directory(directory_name, **kwargs)

    def get_directory_client(
        self, file_system_name: FileSystem, directory_name: DirectoryProperties | str
    ) -> DataLakeDirectoryClient:
        """Return the SDK's client of a directory, without a request.

        :param file_system_name: the container's name, or its properties.
        :param directory_name: path of the directory in it, or its properties.
        """
        return self.get_file_system(file_system_name).get_directory_client(directory_name)

    def create_file(self, file_system_name: FileSystem, file_name: str) -> DataLakeFileClient:
        """Create an empty file, and return the SDK's client of it; an existing file is emptied.

        :param file_system_name: the container's name, or its properties.
        :param file_name: path of the file in it.
        """
        return self.get_file_system(file_system_name).create_file(file_name)

    def upload_file_to_directory(
        self,
        file_system_name: str,
        directory_name: str,
        file_name: str,
        file_path: str,
        overwrite: bool = False,  # noqa: FBT001, FBT002 - the official hook's
        **kwargs: Any,
    ) -> None:
        """Upload a file into a directory.

        :param file_system_name: the container's name.
        :param directory_name: path of the directory in it.
        :param file_name: the file's name there.
        :param file_path: path of the file here.
        :param overwrite: whether an existing file is replaced; the official hook fails without.
        :param kwargs: further arguments of the SDK's `upload_data`.
        """
        directory = self.get_directory_client(file_system_name, directory_name=directory_name)
        _upload(directory.get_file_client(file_name), file_path, overwrite=overwrite, **kwargs)

    def list_files_directory(self, file_system_name: FileSystem, directory_name: str) -> Names:
        """Return the paths of all files and directories below a directory.

        :param file_system_name: the container's name, or its properties.
        :param directory_name: path of the directory in it.
        """
        paths = self.get_file_system(file_system=file_system_name).get_paths(directory_name)
        return [path.name for path in paths]

    def list_file_system(
        self,
        prefix: str | None = None,
        include_metadata: bool = False,  # noqa: FBT001, FBT002 - the official hook's
        **kwargs: Any,  # noqa: ARG002 - as above
    ) -> Names:
        """Return the names of the account's containers.

        :param prefix: beginning of the names.
        :param include_metadata: whether the service sends their metadata too.
        :param kwargs: taken, and not looked at, as in the official hook.
        """
        found = self.service_client.list_file_systems(
            name_starts_with=prefix, include_metadata=include_metadata
        )
        return [file_system.name for file_system in found]

    def delete_file_system(self, file_system_name: FileSystem) -> None:
        """Delete a container with its files; a missing one is a line in the log.

        :param file_system_name: its name, or its properties.
        """
        from azure.core.exceptions import ResourceNotFoundError

        try:
            self.service_client.delete_file_system(file_system_name)
        except ResourceNotFoundError:
            self.log.info("file system %r doesn't exists.", file_system_name)
        else:
            self.log.info("Deleted file system: %s", file_system_name)

    def delete_directory(self, file_system_name: FileSystem, directory_name: str) -> None:
        """Delete a directory with all below it.

        :param file_system_name: the container's name, or its properties.
        :param directory_name: path of the directory in it.
        """
        self.get_directory_client(file_system_name, directory_name).delete_directory()

    def _upload_to_container(
        self,
        file_system_name: FileSystem,
        file_name: str,
        file_path: str,
        overwrite: bool = False,  # noqa: FBT001, FBT002 - the official hook's
        **kwargs: Any,
    ) -> None:
        """Upload a file, as `AzureDataLakeStorageV2Hook.upload_file` does."""
        file = self.get_file_system(file_system_name).get_file_client(file_name)
        _upload(file, file_path, overwrite=overwrite, **kwargs)


def _upload(file: DataLakeFileClient, path: str, *, overwrite: bool, **kwargs: Any) -> None:
    """Upload a file.

    The official hook creates the file before, so that without `overwrite` it empties an existing file and
    then fails, for a new one too. Here an existing file is refused as it is, and a new one is written.

    :raises ResourceExistsError: for an existing file that may not be replaced.
    """
    from azure.core import MatchConditions

    if not overwrite:
        file.create_file(match_condition=MatchConditions.IfMissing)
    with Path(path).open("rb") as data:
        file.upload_data(data, overwrite=True, **kwargs)
