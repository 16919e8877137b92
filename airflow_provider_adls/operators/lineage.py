"""What an operator reads and writes, for OpenLineage's listener, which asks each operator for it."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from airflow.providers.openlineage.extractors import OperatorLineage

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
    from airflow_provider_adls.operators.datasets import Known

logger = logging.getLogger(__name__)


class Lineage:
    """An operator that says which of its arguments it reads from, and which it writes to.

    An argument whose name begins with `local` is a path of the machine that runs the task; any other is one
    of a lake, or a URL of another store. An operator that has neither is described by what the hook's file
    system told the lineage collector.
    """

    reads: ClassVar[Collection[str]] = ()
    writes: ClassVar[Collection[str]] = ()

    @property
    @abstractmethod
    def hook(self) -> ADLSGen1Hook:
        """The hook of the connection."""
        ...

    def get_openlineage_facets_on_start(self) -> OperatorLineage[Any, Any]:
        """The names of the datasets; nothing is asked of the lake."""
        return self._lineage(look=False)

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> OperatorLineage[Any, Any]:  # noqa: ARG002 - OpenLineage's signature
        """The datasets, with columns and size where they are files that tell them cheaply."""
        return self._lineage(look=True)

    def get_openlineage_facets_on_failure(self, task_instance: Any) -> OperatorLineage[Any, Any]:  # noqa: ARG002 - as above
        """The names of the datasets."""
        return self._lineage(look=False)

    def _lineage(self, *, look: bool) -> OperatorLineage[Any, Any]:
        from airflow.providers.openlineage.extractors import OperatorLineage

        from airflow_provider_adls.operators.datasets import described, one_file

        if getattr(self, "preview", False):
            return OperatorLineage()
        sources, targets = self._known(self.reads), self._known(self.writes)
        if look and len(sources) == len(targets) == 1:
            targets = [one_file(sources[0], targets[0])]
        return OperatorLineage(
            inputs=[described(known, look=look, output=False) for known in sources],
            outputs=[described(known, look=look, output=True) for known in targets],
        )

    def _known(self, arguments: Collection[str]) -> list[Known]:
        return [
            known
            for name in arguments
            for path in _paths(getattr(self, name))
            if (known := self._one(name, path)) is not None
        ]

    def _one(self, argument: str, path: str) -> Known | None:
        from airflow_provider_adls.hooks.ends import is_lake
        from airflow_provider_adls.operators import datasets

        try:
            if argument.startswith("local"):
                return datasets.local(path)
            return datasets.lake(self._hook_of(argument), path) if is_lake(path) else datasets.other(path)
        # A task that fails of an argument says so itself.
        except Exception:
            logger.debug("the dataset of %s is not known", path, exc_info=True)
            return None

    def _hook_of(self, argument: str) -> ADLSGen1Hook:
        from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

        conn_id = getattr(self, f"{argument.removesuffix('_path')}_conn_id", None)
        return ADLSGen1Hook(conn_id) if conn_id else self.hook


def _paths(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(one) for one in value]
