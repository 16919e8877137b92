"""`PreparedDirectories`: directories that are cleared of killed uploads before files go into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airflow_provider_adls.transfer.stores import Store

#: Directories that are remembered; one that was forgotten is prepared again, at the cost of a request.
REMEMBERED = 4096


class PreparedDirectories:
    """Prepares each directory once, and remembers a bounded number of them.

    :param store: of the directories.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: set[str] = set()

    async def prepare(self, directories: Iterable[str]) -> None:
        """Remove what killed uploads left in directories that were not prepared yet."""
        new = {*directories} - self._known
        if not new:
            return
        if len(self._known) > REMEMBERED:
            self._known.clear()
        self._known |= new
        await self._store.prepare(new)
