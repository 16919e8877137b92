"""`fail_at_once`: no retries where another try is of no use, on every version of Airflow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from airflow.providers.common.compat.sdk import AirflowFailException

from airflow_provider_adls.policies.causes import causes, is_final, is_passing


@contextmanager
def fail_at_once(*others: type[Exception]) -> Iterator[None]:
    """Raise an `AirflowFailException`, which is not retried, where another try would end the same.

    .. code-block:: python

        @task(retries=5)
        @fail_at_once()
        def count() -> int: ...

    :param others: further exceptions after which another try would end the same.
    :raises AirflowFailException: from the error, for a missing right or path, a wrong secret, a missing
        account or connection.
    """
    try:
        yield
    except AirflowFailException:
        raise
    except Exception as exception:
        for error in causes(exception):
            if is_final(error) or (isinstance(error, others) and not is_passing(error)):
                raise AirflowFailException(f"not retried, {type(error).__name__}: {error}") from exception
            if is_passing(error):
                break
        raise
