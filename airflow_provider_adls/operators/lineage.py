"""`Lineage`, what an operator reads and writes, for OpenLineage's listener."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from airflow.providers.openlineage.extractors import OperatorLineage

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
    from airflow_provider_adls.operators.arguments import Argument
    from airflow_provider_adls.operators.datasets import Known

logger = logging.getLogger(__name__)


class Lineage:
    """Mixin that describes the paths of an operator as datasets.

    The operator's table says which arguments are inputs and outputs. One whose name begins with `local` is a
    path of the machine that runs the task; any other is a path of a lake, or a URL of another store. An
    operator without either is described by what the hook's file system reports to the lineage collector.
    """

    argument_table: ClassVar[Mapping[str, Argument]]

    @property
    @abstractmethod
    def hook(self) -> ADLSGen1Hook:
        """The hook of the connection."""
        ...

    def get_openlineage_facets_on_start(self) -> OperatorLineage[Any, Any]:
        """Return the names of the datasets, without a request."""
        return self._lineage(look=False)

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> OperatorLineage[Any, Any]:  # noqa: ARG002 - OpenLineage's signature
        """Return the datasets, with size and columns of files that give them cheaply."""
        return self._lineage(look=True)

    def get_openlineage_facets_on_failure(self, task_instance: Any) -> OperatorLineage[Any, Any]:  # noqa: ARG002 - as above
        """Return the names of the datasets."""
        return self._lineage(look=False)

    def _lineage(self, *, look: bool) -> OperatorLineage[Any, Any]:
        from airflow.providers.openlineage.extractors import OperatorLineage

        from airflow_provider_adls.lake.places import NAMED
        from airflow_provider_adls.operators.datasets import described, one_file

        # At the start of a task a template has been rendered to a text.
        if str(getattr(self, "preview", False)).strip().lower() == "true":
            return OperatorLineage()
        sources, targets = self._known("input"), self._known("output")
        if look and len(sources) == len(targets) == 1:
            targets = [one_file(sources[0], targets[0])]
        return OperatorLineage(
            # A list may name thousands of files, and each look is a request or two.
            inputs=[described(known, look=look and len(sources) <= NAMED, output=False) for known in sources],
            outputs=[described(known, look=look, output=True) for known in targets],
        )

    def _known(self, lineage: str) -> list[Known]:
        return [
            known
            for name, argument in self.argument_table.items()
            if argument.lineage == lineage
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
        # A task whose argument is wrong fails with a message of its own.
        except Exception:
            logger.debug("no dataset for %s", path, exc_info=True)
            return None

    def _hook_of(self, argument: str) -> ADLSGen1Hook:
        from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

        conn_id = getattr(self, f"{argument.removesuffix('_path')}_conn_id", None)
        return ADLSGen1Hook(conn_id) if conn_id else self.hook


def _paths(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(one) for one in value]
