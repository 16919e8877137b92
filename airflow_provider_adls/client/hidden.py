"""`HiddenFile`: hidden files of either service, adopted, checked, put in their place, and removed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from airflow_provider_adls.client.staging import settled
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import ADLSGen1Error, PathNotFoundError, ServiceFailureError

if TYPE_CHECKING:
    from airflow_provider_adls.client.results import Part
    from airflow_provider_adls.client.staging import PartName
    from airflow_provider_adls.model.status import FileStatus

logger = logging.getLogger(__name__)


class HidingClient(Protocol):
    """A client that renames and removes hidden files."""

    account: str

    async def status(self, path: str) -> FileStatus:
        """Return the status of a path."""
        ...

    async def rename(
        self, source: str, destination: str, *, overwrite: bool, known: FileStatus | None
    ) -> None:
        """Give a file another name."""
        ...

    async def delete(self, path: str) -> bool:
        """Remove a file."""
        ...


_Client = TypeVar("_Client", bound=HidingClient)


class HiddenFile(Generic[_Client]):
    """A hidden file as each service has it: known when it is whole, renamed into its place, or removed.

    :param client: of the account.
    :param directory: directory of the file.
    :param part: makes a hidden name for bytes of the file, which a later try recognises.
    """

    def __init__(self, client: _Client, directory: str, part: PartName | None) -> None:
        self._client = client
        self._directory = directory
        self._part = part
        self._known: FileStatus | None = None
        self.path = ""

    async def place(self, path: str, *, exclusive: bool) -> None:
        """Give the file its name."""
        await self._client.rename(self.path, path, overwrite=not exclusive, known=self._known)

    async def _adopt(self, part: Part, hidden: str, known: FileStatus | None = None) -> FileStatus | None:
        """Give a killed writer's file a name of this one's, and return its status.

        :param known: its status; None asks for it.
        :returns: None where another try was quicker.
        """
        source = paths.join(self._directory, part.status.name)
        try:
            known = known or await self._client.status(source)
            await settled(self._client.rename(source, hidden, overwrite=False, known=known))
        except PathNotFoundError:
            return None
        return known

    def _check(self, found: FileStatus, length: int, operation: str) -> None:
        """Keep the status of the whole file.

        :raises ServiceFailureError: if it has another length.
        """
        self._known = found
        if found.length != length:
            raise ServiceFailureError(
                f"{found.length} bytes arrived of {length}",
                operation=operation,
                path=self.path,
                account=self._client.account,
            )

    async def _remove(self, hidden: str) -> None:
        try:
            await self._client.delete(hidden)
        except ADLSGen1Error as error:
            # The failure that led here matters more, and must not be hidden by this one.
            logger.warning("%s is left behind: %s", hidden, error)
