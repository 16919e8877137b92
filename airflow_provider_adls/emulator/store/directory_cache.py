"""`DirectoryCache`: a cache of directories, for every path goes through the same few."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store.nodes import Node

#: Most directories in the cache; beyond it, all are dropped.
REMEMBERED = 10_000


class DirectoryCache:
    """Rows of directories as they stand in the database, by the directory above and the name."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[int, str], Node] = {}
        self._keys: dict[int, tuple[int, str]] = {}

    def get(self, parent: int, name: str) -> Node | None:
        """Return the directory if it is cached, otherwise None."""
        return self._nodes.get((parent, name))

    def by_id(self, number: int) -> Node | None:
        """Return the directory of a number if it is cached, otherwise None."""
        key = self._keys.get(number)
        return None if key is None else self._nodes[key]

    def put(self, node: Node) -> None:
        """Remember the current state of a directory; a file is not kept."""
        key = self._keys.pop(node.id, None)
        if key is not None:
            del self._nodes[key]
        if not node.directory:
            return
        if len(self._nodes) >= REMEMBERED:
            self.clear()
        key = (node.parent, node.name)
        self._nodes[key] = node
        self._keys[node.id] = key

    def clear(self) -> None:
        """Forget all."""
        self._nodes.clear()
        self._keys.clear()
