"""`ADLSGen1RetryPolicy`: whether, and when, a task that failed on a lake is tried again (Airflow 3.3)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.policies.causes import causes, is_final, is_passing, wanted_wait

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context
    from airflow.sdk.definitions.retry_policy import RetryDecision, RetryPolicy
else:
    try:
        from airflow.sdk.definitions.retry_policy import RetryDecision, RetryPolicy
    except ImportError:
        raise ImportError(
            "ADLSGen1RetryPolicy needs Airflow 3.3 or newer; on older versions use"
            " airflow_provider_adls.policies.failing.fail_at_once"
        ) from None


class ADLSGen1RetryPolicy(RetryPolicy):
    """Retry policy that fails at once where another try is of no use, and waits as long as the service asks.

    .. code-block:: python

        @task(retries=5, retry_delay=timedelta(minutes=5), retry_policy=ADLSGen1RetryPolicy())
        def count() -> int: ...

    A missing right, a missing path, a wrong secret, a missing account or connection fails the task. A
    throttle is retried after the seconds of its `Retry-After`; a service that fails or does not answer after
    the task's own `retry_delay`. Every other exception is decided by Airflow, as without a policy.

    :param longest_wait: most that a `Retry-After` may ask for; more counts as this.
    """

    def __init__(self, longest_wait: timedelta = timedelta(hours=1)) -> None:
        self.longest_wait = longest_wait

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,  # noqa: ARG002 - Airflow's signature
        max_tries: int,  # noqa: ARG002 - Airflow's signature
        context: Context | None = None,  # noqa: ARG002 - Airflow's signature
    ) -> RetryDecision:
        """Decide by the exception, or by the first of its causes that the table has."""
        for error in causes(exception):
            name = type(error).__name__
            if is_final(error):
                return RetryDecision.fail(f"{name}: another try would end the same")
            if is_passing(error):
                seconds = wanted_wait(error)
                if seconds is None:
                    return RetryDecision.retry(reason=f"{name}: it may pass")
                wait = min(timedelta(seconds=seconds), self.longest_wait)
                return RetryDecision.retry(wait, f"{name}: the service asks to wait {seconds:g} s")
        return RetryDecision.default()

    def serialize(self) -> dict[str, Any]:
        """Return the policy as JSON."""
        return {"longest_wait": self.longest_wait.total_seconds()}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> ADLSGen1RetryPolicy:
        """Return the policy that JSON describes."""
        return cls(timedelta(seconds=data["longest_wait"]))
