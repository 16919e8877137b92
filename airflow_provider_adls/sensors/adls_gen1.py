"""Sensors: tasks that wait for something in the lake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from airflow.providers.common.compat.sdk import (
    AirflowSkipException,
    BaseSensorOperator,
    PokeReturnValue,
    conf,
)

from airflow_provider_adls.gen1 import errors
from airflow_provider_adls.gen1.errors import ADLSGen1Error
from airflow_provider_adls.hooks.passing import is_passing
from airflow_provider_adls.operators import arguments
from airflow_provider_adls.operators.arguments import ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1PathSensor(ADLSGen1Operator, BaseSensorOperator):
    """Wait until something is at a path, or a glob matches.

    .. code-block:: python

        arrived = ADLSGen1PathSensor(task_id="arrived", path="/raw/{{ ds }}/*.csv", deferrable=True)
        Process.partial(task_id="process").expand(path=arrived.output)

    A throttle, or a service that cannot be reached for a while, is waited out. A missing right or a wrong
    secret is not: the task fails at once, whatever ``soft_fail`` says, unless ``silent_fail`` or
    ``never_fail`` is set. All arguments of Airflow's sensors mean here what they mean there, deferred too,
    but that an interval that grows does so without jitter when deferred.

    :param path: a file or directory, or a glob with ``*``, ``?``, ``[…]`` or ``**``. (templated)
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param deferrable: whether the triggerer waits, and no worker; by default what
        ``[operators] default_deferrable`` says.
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: sorted paths of what is there, files and directories, in the form of ``path``.
    """

    template_fields: Sequence[str] = ("path", "account_name", "adls_gen1_conn_id")
    needed = ("path", "deferrable", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.lake_path,
        "account_name": arguments.account,
        "deferrable": arguments.flag,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        path: str,
        account_name: str | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.account_name = account_name
        self.deferrable = deferrable
        self.judge()

    def execute(self, context: Context) -> Any:
        """Wait here, or hand over to the triggerer if there is anything to wait for."""
        self.judge(at_parse=False)
        if not self.deferrable:
            return super().execute(context)
        try:
            found = self.hook.find_paths(self.path)
        except ADLSGen1Error as error:
            if not (self.silent_fail or is_passing(error)):
                self._fail(error)
            self.log.warning("It is not known yet what is at %s: %s", self.path, error)
        else:
            if found:
                return found
        self._defer()
        return None

    def poke(self, context: Context) -> PokeReturnValue:  # noqa: ARG002 - Airflow's signature
        """Look once."""
        try:
            found = self.hook.find_paths(self.path)
        except ADLSGen1Error as error:
            if not is_passing(error):
                raise
            self.log.warning("It is not known what is at %s, looking again later: %s", self.path, error)
            found = []
        return PokeReturnValue(is_done=bool(found), xcom_value=found)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> list[str]:  # noqa: ARG002 - Airflow's signature
        """Give what the trigger found, or raise what it met.

        :raises ADLSGen1Error: of the class that the trigger met.
        """
        if event["status"] != "success":
            self._fail(_error(event["error"], event["message"]))
        paths: list[str] = event["paths"]
        return paths

    def _fail(self, error: ADLSGen1Error) -> NoReturn:
        """End the task as Airflow's sensors do after an error of `poke`."""
        if self.never_fail:
            raise AirflowSkipException(str(error)) from error
        raise error

    def _defer(self) -> None:
        # The base of all triggers is slow to import, and a DAG is parsed far more often than deferred.
        from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1PathTrigger

        max_wait = self.max_wait
        self.defer(
            trigger=ADLSGen1PathTrigger(
                path=self.path,
                adls_gen1_conn_id=self.adls_gen1_conn_id,
                account_name=self.account_name,
                poke_interval=self.poke_interval,
                exponential_backoff=self.exponential_backoff,
                max_wait=max_wait.total_seconds() if isinstance(max_wait, timedelta) else max_wait,
                silent_fail=self.silent_fail,
            ),
            method_name=self.execute_complete.__name__,
            timeout=timedelta(seconds=self.timeout),
        )


def _error(name: str, message: str) -> ADLSGen1Error:
    """The error that a trigger met, from what its event tells."""
    cls = getattr(errors, name, None)
    if isinstance(cls, type) and issubclass(cls, ADLSGen1Error):
        return cls(message)
    return ADLSGen1Error(f"{name}: {message}")
