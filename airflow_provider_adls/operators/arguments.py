"""Arguments of operators: judged when the DAG is parsed where they can be, and always before the work.

A template, another task's result and a mapped argument have no value at parse, so they are judged in
`execute`. Whatever is wrong is a `ValueError` that names operator, task and argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from os import PathLike, fspath
from types import NoneType
from typing import Any, ClassVar

from airflow.providers.common.compat.sdk import BaseOperator

from airflow_provider_adls.connection_form import DEFAULT_CONNECTION_ID
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.hooks.ends import is_lake
from airflow_provider_adls.hooks.running import stop_transfers
from airflow_provider_adls.model.acl import permission as octal
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.model.paths import account_name as short_name
from airflow_provider_adls.model.paths import parse, parse_possible
from airflow_provider_adls.operators.lineage import Lineage

#: A rule raises ValueError, saying what is wrong with a value that is not None.
Rule = Callable[[Any], object]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_TEMPLATE = re.compile(r"\{\{|\{%|\{#")
#: What is what it is at parse. Anything else may stand for a value that comes later, as XComArg does.
_PLAIN = (str, bytes, int, float, list, tuple, set, dict, PathLike, datetime, timedelta, NoneType)


class ADLSGen1Operator(Lineage, BaseOperator):
    """What the operators have in common: a hook, and arguments that are judged.

    A subclass lists its arguments' rules, and the arguments that must have a value; it calls
    :meth:`judge` at the end of its constructor and :meth:`hook_for_execution` at the start of `execute`.

    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`.
    :param account_name: account of a path that names none; None for the connection's.
    :param azure_data_lake_conn_id: the official operators' name for `adls_gen1_conn_id`.
    """

    rules: ClassVar[Mapping[str, Rule]] = {}
    needed: ClassVar[Collection[str]] = ()
    ui_color = "#d6e9f8"

    def __init__(
        self,
        *,
        adls_gen1_conn_id: str = DEFAULT_CONNECTION_ID,
        account_name: str | None = None,
        azure_data_lake_conn_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.adls_gen1_conn_id = adls_gen1_conn_id
        # Operators for accounts insist on one.
        self.account_name: Any = account_name
        self.also_called(
            "adls_gen1_conn_id", "azure_data_lake_conn_id", azure_data_lake_conn_id, DEFAULT_CONNECTION_ID
        )

    def also_called(self, name: str, other: str, value: Any, default: Any) -> None:
        """Take an argument by the other name that the official operators have for it.

        :param name: our name, by which its value is an attribute already.
        :param other: the other name.
        :param value: value by the other name; None if it was not given.
        :param default: what our name stands for if it was not given.
        :raises ValueError: if it was given by both names, and the values differ.
        """
        if value is None:
            return
        if getattr(self, name) not in (default, value):
            raise self.wrong(other, f"is another name for {name}, which has another value")
        setattr(self, name, value)

    def judge(self, *, at_parse: bool = True) -> None:
        """Apply the rules.

        :param at_parse: whether values that are not known yet are passed over.
        :raises ValueError: naming the argument.
        """
        for name in dict.fromkeys((*self.needed, *self.rules)):
            value = getattr(self, name)
            if at_parse and not is_known(value):
                continue
            try:
                self._judge_one(name, value)
            except ValueError as error:
                raise self.wrong(name, str(error)) from None
        self.judge_together()

    def judge_together(self) -> None:
        """Apply what arguments demand of each other; a subclass says it.

        Called at parse too, when templates and other tasks' results have no value yet.

        :raises ValueError: made by :meth:`wrong`.
        """

    def wrong(self, name: str, said: str) -> ValueError:
        """The error that says what is wrong with an argument."""
        return ValueError(f"{type(self).__name__} {self.task_id!r}, argument {name!r}: {said}")

    def _judge_one(self, name: str, value: Any) -> None:
        if value is None:
            if name in self.needed:
                raise ValueError("must have a value")
        elif name in self.rules:
            self.rules[name](value)

    @cached_property
    def hook(self) -> ADLSGen1Hook:
        """The hook of the connection, and of the account if the operator names one."""
        return ADLSGen1Hook(self.adls_gen1_conn_id, account_name=self.account_name)

    def hook_for_execution(self) -> ADLSGen1Hook:
        """The hook, once all arguments are found right.

        :raises ValueError: naming the argument that is not.
        """
        self.judge(at_parse=False)
        return self.hook

    def on_kill(self) -> None:
        """Stop the transfers, so that no hidden file is left behind."""
        stop_transfers()


def is_known(value: Any) -> bool:
    """Whether a value is final at parse."""
    if isinstance(value, str):
        return not _TEMPLATE.search(value)
    if isinstance(value, dict):
        return all(is_known(key) and is_known(item) for key, item in value.items())
    if isinstance(value, (list, tuple, set)):
        return all(map(is_known, value))
    return isinstance(value, _PLAIN)


def as_string(path: Any) -> Any:
    """A path object as its string; anything else as it is.

    Airflow up to 3.1 takes every object with a method `resolve`, as path objects have, for a reference
    to another task's result when it renders templates.
    """
    return fspath(path) if isinstance(path, PathLike) else path


def text(value: Any) -> str:
    """A string that is not empty."""
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {type(value).__name__}")  # noqa: TRY004 - a wrong value, as any
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def lake_path(value: Any) -> None:
    """`/path` or `adl://account/path`."""
    parse_possible(text(value))


def lake_glob(value: Any) -> None:
    """The same, or a glob."""
    parse_possible(text(value), glob=True)


def lake_paths(value: Any) -> None:
    """A path, a glob, or a list of paths."""
    if isinstance(value, (list, tuple)):
        for item in value:
            lake_path(item)
    else:
        lake_glob(value)


def deletable_paths(value: Any) -> None:
    """Paths, or a glob, and none of them the root of an account."""
    lake_paths(value)
    for path in [value] if isinstance(value, str) else value:
        if parse(path).path == "/":
            raise ValueError("the root of an account cannot be deleted: delete what is in it, /*")


def other_url(value: Any) -> None:
    """A URL of a store that is no lake."""
    if "://" not in text(value) or is_lake(value):
        raise PathError(f"{value!r} is no URL of another store, as s3://bucket/key is")


def any_url(value: Any) -> None:
    """A path or URL of a lake, or a URL of any other store."""
    if is_lake(text(value)):
        lake_path(value)


def globs(value: Any) -> None:
    """A list of globs, relative to the root of a tree."""
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"must be a list of globs, not {value!r}")  # noqa: TRY004 - as above
    for glob in value:
        if text(glob).startswith("/"):
            raise ValueError(f"{glob!r} begins with a slash: globs are relative to the root of the tree")


def local_path(value: Any) -> None:
    """A path of the machine that runs the task."""
    if _URL.match(text(as_string(value))):
        raise ValueError(f"{value!r} is a URL, and no path of the machine that runs the task")


def account(value: Any) -> None:
    """Short or full name of an account."""
    short_name(text(value))


def permission(value: Any) -> None:
    """Octal digits of a permission."""
    octal(text(value))


def flag(value: Any) -> None:
    """True or False, since any string, "false" too, would count as true."""
    if not isinstance(value, bool):
        raise ValueError(f"must be True or False, not {value!r}")  # noqa: TRY004 - as above


def string_mapping(value: Any) -> None:
    """A dictionary of strings."""
    if not isinstance(value, Mapping) or not all(
        isinstance(part, str) for item in value.items() for part in item
    ):
        raise ValueError("must be a dictionary of strings")


def one_of(*choices: str) -> Rule:
    """One of a few words."""

    def rule(value: Any) -> None:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}, not {value!r}")

    return rule
