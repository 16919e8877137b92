"""`Note`: a hidden file beside a path that says how work on the path began, for the next try.

It is written before the work and removed after it, so that one that exists is of a try that was broken off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.lake.uploads import create_whole
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError
from airflow_provider_adls.model.paths import kept_name

if TYPE_CHECKING:
    from airflow_provider_adls.lake.places import Place


class Note:
    """The note of some work.

    :param place: path that the work is on.
    :param name: distinguishes the work from other work on the same path.
    """

    def __init__(self, place: Place, name: str) -> None:
        self._client = place.client
        #: The hidden file.
        self.path = place.beside(kept_name(place.path, name)).path

    async def read(self) -> bytes | None:
        """Return what an earlier try has noted; None without a note."""
        try:
            return await self._client.read(self.path)
        except PathNotFoundError:
            return None

    async def write(self, text: bytes) -> bool:
        """Note how the work begins.

        :returns: whether there was a note before.
        """
        try:
            await create_whole(self._client, self.path, text, exclusive=True)
        except PathExistsError:
            await create_whole(self._client, self.path, text, exclusive=False)
            return True
        return False

    async def remove(self) -> None:
        """Remove the note: the work is done."""
        await self._client.delete(self.path)
