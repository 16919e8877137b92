"""A DAG whose tasks fail, each in its way, with a policy for their retries."""

from datetime import timedelta

from airflow.providers.common.compat.sdk import DAG, task

from airflow_provider_adls.operators.content import ADLSGen1ReadFileOperator
from airflow_provider_adls.operators.files import ADLSGen1ListOperator
from airflow_provider_adls.policies.failing import fail_at_once
from airflow_provider_adls.policies.retry import ADLSGen1RetryPolicy
from airflow_provider_adls.sensors.adls_gen1 import ADLSGen1UnchangedSensor

with DAG(
    "retried",
    schedule=None,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=1), "retry_policy": ADLSGen1RetryPolicy()},
):
    ADLSGen1ReadFileOperator(task_id="missing", path="/not/here")
    ADLSGen1ReadFileOperator(task_id="no_connection", adls_gen1_conn_id="not_stored", path="/not/here")
    # The trigger meets the error, and the task raises it.
    ADLSGen1UnchangedSensor(
        task_id="deferred",
        adls_gen1_conn_id="wrong_secret",
        path="/not/here",
        deferrable=True,
        poke_interval=1,
    )
    # An hour would be no test; the service asks for two seconds.
    ADLSGen1ListOperator(
        task_id="throttled", path="/throttled", adls_gen1_conn_id="once", retry_delay=timedelta(hours=1)
    )

    @task
    def bug() -> None:
        """Fail by a bug of one's own."""
        raise ValueError("a bug")

    @task(retry_policy=None)
    @fail_at_once()
    def without_policy() -> None:
        """Fail as on a version of Airflow that has no policies."""
        raise FileNotFoundError("/not/here")

    bug()
    without_policy()
