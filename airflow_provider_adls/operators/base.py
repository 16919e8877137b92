"""`ADLSGen1Operator`, the base of all operators: a hook, and arguments that are validated.

Arguments are validated when the DAG is parsed, where they can be, and always before the work. A template,
another task's result and a mapped argument have no value at parse. Whatever is wrong is an `ArgumentError`, a
`ValueError` that names operator, task and argument, and that Airflow does not retry.
"""

from __future__ import annotations

import json
import logging
from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.providers.common.compat.sdk import AirflowFailException, BaseOperator, BaseOperatorLink

from airflow_provider_adls.connection_form import DEFAULT_CONNECTION_ID
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.hooks.ends import is_lake
from airflow_provider_adls.hooks.running import stop_transfers
from airflow_provider_adls.model.paths import parse
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import (
    ACCOUNT,
    CONNECTION,
    MANY_PATHS,
    NAMED_ACCOUNT,
    PREVIEW,
    RESOURCE_GROUP,
    Argument,
    collect,
    document,
    flag,
    is_known,
    is_lazy,
    templated,
)
from airflow_provider_adls.operators.lineage import Lineage
from airflow_provider_adls.operators.links import ADLSGen1AccountLink
from airflow_provider_adls.operators.rendering import NamedRendering

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.model.paths import Location

logger = logging.getLogger(__name__)

#: Arguments that make a path without an account one of another account than the operator's own.
_OTHER_CONNECTIONS = ("source_conn_id", "destination_conn_id")
#: Arguments that distinguish the tasks of a mapped one.
_LABELS = frozenset(
    {"path", "source_path", "local_path", "remote_path", "destination_path", "table", "part", "shard"}
)
#: Characters of a label that Airflow's database keeps.
_LABEL = 250


class ADLSGen1Operator(NamedRendering, Lineage, BaseOperator):
    """Base of the operators.

    A subclass lists its arguments, sets an attribute for each, calls :meth:`validate` at the end of its
    constructor and :meth:`hook_for_execution` at the start of `execute`.

    :param azure_data_lake_conn_id: another name for `adls_gen1_conn_id`, as official operators have.
    :param multiple_outputs: whether each key of a result that is a dictionary is an XCom of its own, too;
        by default where the operator asks something, as `ADLSGen1GetAccountOperator` does.
    """

    #: The rows that the class adds to the table.
    arguments: ClassVar[Sequence[Argument]] = (ACCOUNT, CONNECTION)
    #: Each argument by its name.
    argument_table: ClassVar[Mapping[str, Argument]] = {}
    #: The docstring's words on the result, for a subclass that has none of its own.
    returned: ClassVar[str] = ""
    #: Whether each key of the result is an XCom of its own, for `task.output["key"]`.
    pushes_keys: ClassVar[bool] = False
    ui_color = "#d6e9f8"
    operator_extra_links: Collection[BaseOperatorLink] = (ADLSGen1AccountLink(),)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.argument_table = collect(cls)
        if "arguments" in vars(cls):
            cls.template_fields = tuple(name for name, one in cls.argument_table.items() if one.templated)
        # Without docstrings (python -OO) there is none to complete.
        if cls.__doc__ and ":param " not in cls.__doc__:
            cls.__doc__ = document(cls.__doc__, cls.argument_table, cls.returned)

    def __init__(
        self,
        *,
        adls_gen1_conn_id: str = DEFAULT_CONNECTION_ID,
        account_name: str | None = None,
        azure_data_lake_conn_id: str | None = None,
        multiple_outputs: bool | None = None,
        **kwargs: Any,
    ) -> None:
        pushes_keys = self.pushes_keys if multiple_outputs is None else multiple_outputs
        super().__init__(multiple_outputs=pushes_keys, **kwargs)
        self.adls_gen1_conn_id = adls_gen1_conn_id
        # Operators for accounts insist on one.
        self.account_name: Any = account_name
        self._unrendered: dict[str, Any] = {}
        self.accept_alias(
            "adls_gen1_conn_id", "azure_data_lake_conn_id", azure_data_lake_conn_id, DEFAULT_CONNECTION_ID
        )

    @classmethod
    def partial(cls, *, task_id: str, **kwargs: Any) -> Any:
        """Begin a mapped task, as Airflow does, and refuse templates where none is rendered.

        :raises ValueError: naming the argument.
        """
        for name, value in kwargs.items():
            if name in cls.argument_table and name not in cls.template_fields and not is_known(value):
                raise _argument_error(cls, task_id, name, _not_templated(value))
        kwargs.setdefault("map_index_template", "{{ task.map_label or ti.map_index }}")
        return super().partial(task_id=task_id, **kwargs)

    @property
    def map_label(self) -> str:
        """Name on Airflow's page of one task of a mapped one: the paths that it reads and writes."""
        values = [getattr(self, name) for name in self.argument_table if name in _LABELS]
        texts = [
            ", ".join(value) if isinstance(value, (list, tuple)) else str(value)
            for value in values
            if value or value == 0
        ]
        label = " → ".join(texts) or str(self.account_name or "")
        return label if len(label) <= _LABEL else f"…{label[1 - _LABEL :]}"

    def accept_alias(self, name: str, alias: str, value: Any, default: Any) -> None:
        """Take an argument by another name, which official operators have for it.

        :param name: our name; the attribute holds its value already.
        :param alias: the other name.
        :param value: value by the other name; None if it was not given.
        :param default: value of our name if it was not given.
        :raises ValueError: if both were given, with different values.
        """
        if value is None:
            return
        if getattr(self, name) not in (default, value):
            raise self.error(alias, f"is another name for {name}, which has another value")
        setattr(self, name, value)

    def validate(self, *, at_parse: bool = True) -> None:
        """Check every argument by its row of the table.

        :param at_parse: whether values that are not known yet are passed over.
        :raises ValueError: naming the argument.
        """
        for name, argument in self.argument_table.items():
            value = getattr(self, name)
            if not is_known(value) and at_parse:
                if name not in self.template_fields:
                    raise self.error(name, _not_templated(value))
                self._unrendered[name] = value
                continue
            if not at_parse and (isinstance(value, str) or is_lazy(value)):
                value = argument.rendered(value)
                setattr(self, name, value)
            try:
                if value is not None:
                    argument.kind(value)
                elif argument.required:
                    raise ValueError("must have a value")  # noqa: TRY301 - one place adds the names
            except ValueError as error:
                raise self.error(name, str(error)) from None
        self.validate_together()

    def validate_together(self) -> None:
        """Check what arguments demand of each other.

        Called at parse too, when templates and other tasks' results have no value yet.

        :raises ValueError: made by :meth:`error`.
        """

    def error(self, name: str, message: str) -> ValueError:
        """Return the error for a wrong argument, with operator, task and argument."""
        return _argument_error(type(self), self.task_id, name, message)

    @cached_property
    def hook(self) -> ADLSGen1Hook:
        """The hook of the connection, and of the account if the operator names one."""
        return ADLSGen1Hook(self.adls_gen1_conn_id, account_name=self.account_name)

    def hook_for_execution(self) -> ADLSGen1Hook:
        """Return the hook, once all arguments are validated.

        :raises ValueError: naming the argument that is wrong.
        """
        self.validate(at_parse=False)
        return self.hook

    def on_kill(self) -> None:
        """Stop the transfers, so that no hidden file is left behind."""
        stop_transfers()

    def refuse_other_account(self, name: str, place: Location, other: Location) -> None:
        """Refuse two accounts, where both are named.

        :param name: argument that names the other place.
        :raises ValueError: naming the argument.
        """
        if place.account and other.account and place.account != other.account:
            raise self.error(name, f"{other.url()} is in another account than {place.url()}")

    def refuse_inside(self, source: str, target: str, *, itself: bool = True) -> None:
        """Refuse a path that would go into itself, where the paths show it.

        :param source: name of an argument: a path, URL or glob.
        :param target: name of the argument for the destination.
        :param itself: whether the same place is refused too.
        :raises ValueError: naming the argument.
        """
        paths = getattr(self, source), getattr(self, target)
        if not all(isinstance(path, str) and is_known(path) and is_lake(path) for path in paths):
            return
        whence, where = map(parse, paths)
        if whence.account != where.account:
            return
        if whence.account is None and any(getattr(self, name, None) for name in _OTHER_CONNECTIONS):
            return
        if where.path.startswith(f"{whence.path.rstrip('/')}/") or (itself and where == whence):
            raise self.error(target, f"{paths[1]} is inside {paths[0]}, the {source}, or is the same")


class ArgumentError(AirflowFailException, ValueError):
    """An argument of an operator is wrong; where it is found when the task runs, no retry is spent on it."""


def _argument_error(operator: type, task_id: str, name: str, message: str) -> ValueError:
    return ArgumentError(f"{operator.__name__} {task_id!r}, argument {name!r}: {message}")


def _not_templated(value: Any) -> str:
    return (
        f"is not templated, so that {value!r} would not be rendered: give a value, map over it with expand(),"
        " or add the argument to template_fields in a subclass"
    )


class AccountOperator(ADLSGen1Operator):
    """Base of the operators that take an account and its resource group, and nothing else."""

    arguments: ClassVar[Sequence[Argument]] = (NAMED_ACCOUNT, RESOURCE_GROUP)

    def __init__(self, *, account_name: str, resource_group: str | None = None, **kwargs: Any) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.resource_group = resource_group
        self.validate()


class ADLSGen1PreviewOperator(ADLSGen1Operator):
    """Base of the operators with a preview: nothing is done, and the result says what would be.

    A subclass does its work in :meth:`perform`, which `execute` and `dry_run` call. The result of a preview
    has the keys that the work itself returns, and ``preview``.
    """

    arguments: ClassVar[Sequence[Argument]] = (PREVIEW,)

    def __init__(self, *, preview: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.preview = preview

    @abstractmethod
    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> Any:
        """Do the work, or only find out what it would do.

        :param hook: the hook, once all arguments are validated.
        :returns: the operator's result, JSON.
        """
        ...

    def execute(self, context: Context) -> Any:  # noqa: ARG002 - Airflow's signature
        """Do the work, or only find out what it would do."""
        result = self.perform(self.hook_for_execution(), preview=self.preview)
        if self.preview:
            logger.info("Preview, nothing was done: %s", json.dumps(result, ensure_ascii=False))
        return result

    def dry_run(self) -> None:
        """Print what a run with ``preview=True`` returns; nothing else is done.

        :raises ValueError: naming an argument whose template is not rendered.
        """
        self.preview = True
        for name, value in self._unrendered.items():
            if getattr(self, name) is value:
                raise self.error(
                    name,
                    f"{value!r} is not rendered outside of a run, so that a dry run cannot find out what"
                    " would be done: give the task preview=True and run it (dag.test(), airflow tasks test)",
                )
        super().dry_run()
        print(json.dumps(self.perform(self.hook_for_execution(), preview=True), indent=2))  # noqa: T201 - `dry_run` prints


class ADLSGen1BulkOperator(ADLSGen1PreviewOperator):
    """Base of the operators that make one change to a path, a glob, or a list of paths, and below them."""

    returned = (
        "the numbers of changed ``directories`` and ``files`` and of paths that ``failed``, and the first 100"
        " ``failures``, each with ``path`` and ``error``. Of a preview also the first 100 ``paths``"
    )

    arguments: ClassVar[Sequence[Argument]] = (
        templated("path", kinds.lake_paths, MANY_PATHS, required=True),
        flag("recursive", "whether everything below the directories is changed too, sixteen at a time"),
        flag(
            "continue_on_failure",
            "whether the others are changed where one cannot be: the task then succeeds, and its result lists"
            " what failed; if not, the first failure ends the task",
        ),
    )

    def __init__(
        self,
        *,
        path: str | Sequence[str],
        recursive: bool = False,
        continue_on_failure: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.recursive = recursive
        self.continue_on_failure = continue_on_failure

    def options(self, *, preview: bool) -> dict[str, bool]:
        """Return the arguments that the hook's methods share."""
        return {
            "recursive": self.recursive,
            "continue_on_failure": self.continue_on_failure,
            "preview": preview,
        }


def work_of(context: Context) -> str | None:
    """Return the name of a task in a run, the same for each try; None outside of a run."""
    task = context.get("ti")
    return None if task is None else f"{task.dag_id}/{task.task_id}/{task.run_id}/{task.map_index}"
