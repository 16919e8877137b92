"""Operators that delete or overwrite, and can say first what they would do."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators.arguments import ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1PreviewOperator(ADLSGen1Operator):
    """An operator with a preview: nothing is done, and the result says what would be.

    A subclass does its work in :meth:`perform`, which `execute` and `dry_run` call, and has `preview` among
    its rules and what it needs. The result of a preview has the keys that the work itself returns, and
    ``preview`` beside them.

    :param preview: whether nothing is to be done, and the result says what would be.
    """

    def __init__(self, *, preview: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.preview = preview

    @abstractmethod
    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> Any:
        """Do the work, or only say what it would do.

        :param hook: the hook, once all arguments are found right.
        :returns: the operator's result, JSON.
        """
        ...

    def execute(self, context: Context) -> Any:  # noqa: ARG002 - Airflow's signature
        """Do the work, or only say what it would do."""
        return self.perform(self.hook_for_execution(), preview=self.preview)

    def dry_run(self) -> None:
        """Print what a run with ``preview=True`` returns; nothing else is done."""
        super().dry_run()
        print(json.dumps(self.perform(self.hook_for_execution(), preview=True), indent=2))  # noqa: T201 - as said
