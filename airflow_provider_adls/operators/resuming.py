"""`ResumingOperator`, the base of operators that copy: how sure a copy is, and how a retry goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import fixed, flag
from airflow_provider_adls.operators.base import ADLSGen1PreviewOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

VERIFY = fixed(
    "verify",
    kinds.one_of("length", "content"),
    "how a copy is compared with its source before it gets its name: ``length`` by its length, ``content``"
    " also by reading it back; a source in a lake or another store is then read twice",
    required=True,
)
RESUME = flag(
    "resume",
    "whether a big file goes on where a killed try of the same copy ended, if its source is still the same;"
    " None for the task's tries after the first",
    required=False,
)


class ResumingOperator(ADLSGen1PreviewOperator):
    """Copies files, and goes on inside a big one when it is tried again."""

    resume: bool | None
    _is_retry = False

    def execute(self, context: Context) -> Any:
        """Do the work; a retry uses what the try before it left."""
        task_instance = context.get("ti")
        self._is_retry = getattr(task_instance, "try_number", 1) > 1
        return super().execute(context)

    @property
    def resumes(self) -> bool:
        """Whether parts that a killed try left are used."""
        return self._is_retry if self.resume is None else self.resume
