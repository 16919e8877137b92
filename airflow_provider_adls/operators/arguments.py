"""`Argument`, a row of the table that every operator has, and the rows that operators share.

An operator's table is what its class and the classes above it list in `arguments`. Template fields,
validation, the inputs and outputs of lineage, and the ``:param`` lines of the docstring come from it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.operators import kinds

if TYPE_CHECKING:
    from airflow_provider_adls.operators.kinds import Kind

_TEMPLATE = re.compile(r"\{\{|\{%|\{#")
_WIDTH = 110


def _flag(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


#: Readers that make the text of a template the value of a kind that is not text.
_READERS: dict[Kind, Callable[[str], Any]] = {
    kinds.flag: _flag,
    kinds.ensured: _flag,
    kinds.count: int,
    kinds.number: float,
    kinds.seconds: float,
}


@dataclass(frozen=True)
class Argument:
    """An argument of an operator.

    :param name: name of the constructor's parameter, and of the attribute that holds the value.
    :param kind: function of `kinds` that raises ValueError for a wrong value; None is never given to it.
    :param description: the docstring's words, without the full stop.
    :param required: whether None is refused.
    :param templated: whether Airflow renders templates in it, and other tasks' results.
    :param alias: another name for it, which official operators have.
    :param lineage: whether it names what the task reads or what it writes.
    """

    name: str
    kind: Kind
    description: str
    required: bool = False
    templated: bool = False
    alias: str | None = None
    lineage: Literal["input", "output"] | None = None

    def rendered(self, value: Any) -> Any:
        """Return the value of a rendered template, as a flag or a number if the argument is one.

        What is neither is returned as it is, and the kind refuses it. The results of a mapped task are a
        list, and lists that each of its tasks returned are one.
        """
        if is_lazy(value):
            items = list(value)
            return [*chain.from_iterable(items)] if all(isinstance(one, list) for one in items) else items
        read = _READERS.get(self.kind)
        if read is None or not isinstance(value, str):
            return value
        text = value.strip()
        if text == "None" and not self.required:
            return None
        try:
            return read(text)
        except (KeyError, ValueError):
            return value

    def docstring_lines(self) -> str:
        """Return the ``:param`` lines for a docstring, indented as those of a class."""
        lines = [f":param {self.name}: {self.description}.{' (templated)' if self.templated else ''}"]
        if self.alias:
            lines.append(
                f":param {self.alias}: another name for ``{self.name}``, as official operators have."
            )
        return "".join(f"{_wrapped(line)}\n" for line in lines)


def _wrapped(line: str) -> str:
    return textwrap.fill(
        line,
        _WIDTH,
        initial_indent=" " * 4,
        subsequent_indent=" " * 8,
        break_long_words=False,
        break_on_hyphens=False,
    )


def templated(
    name: str,
    kind: Kind,
    description: str,
    *,
    required: bool = False,
    lineage: Literal["input", "output"] | None = None,
) -> Argument:
    """Return the row of an argument in which templates are rendered."""
    return Argument(name, kind, description, required=required, templated=True, lineage=lineage)


def fixed(name: str, kind: Kind, description: str, *, required: bool = False) -> Argument:
    """Return the row of an argument that is final at parse."""
    return Argument(name, kind, description, required=required)


def flag(
    name: str, description: str, *, alias: str | None = None, required: bool = True, final: bool = False
) -> Argument:
    """Return the row of an argument that is True or False.

    :param final: whether it must be known at parse; else a template may say it.
    """
    return Argument(name, kinds.flag, description, required=required, templated=not final, alias=alias)


CONNECTION = templated(
    "adls_gen1_conn_id", kinds.text, "id of a connection of type `adls_gen1`", required=True
)
ACCOUNT = templated(
    "account_name", kinds.account, "account of a path that names none; None for the connection's"
)
#: For operators that work on an account itself.
NAMED_ACCOUNT = templated("account_name", kinds.account, "the account, short or full name", required=True)
UNUSED_ACCOUNT = templated("account_name", kinds.account, "not used; a DAG's default arguments may have it")
RESOURCE_GROUP = templated("resource_group", kinds.text, "resource group; None for the connection's")
DESTINATION_CONNECTION = templated(
    "destination_conn_id",
    kinds.text,
    "id of a connection of type `adls_gen1`, for the destination; None for that of the source",
)
PREVIEW = flag("preview", "whether nothing is changed, and the result says what would be")
ONE_PATH = templated("path", kinds.lake_path, "the file or directory", required=True)
MANY_PATHS = "a path, a glob, which may match nothing, or a list of paths, which are taken literally"


def collect(cls: type) -> dict[str, Argument]:
    """Return the table of an operator: the rows of its class, and those of the classes above it."""
    table: dict[str, Argument] = {}
    for one in cls.__mro__:
        for argument in vars(one).get("arguments", ()):
            table.setdefault(argument.name, argument)
    return table


def document(doc: str, table: Mapping[str, Argument], result: str) -> str:
    """Return a class's docstring with the ``:param`` lines of its table, before what it returns.

    :param result: result of the operator, if the docstring does not say it.
    """
    head, returns, tail = doc.partition("    :returns:")
    lines = "".join(argument.docstring_lines() for argument in table.values())
    if not returns and result:
        returns, tail = _wrapped(f":returns: {result}."), "\n    "
    return f"{head.rstrip()}\n\n{lines}{returns}{tail}" if returns else f"{head.rstrip()}\n\n{lines}    "


def is_lazy(value: Any) -> bool:
    """Return whether a value is the results of a mapped task, which Airflow fetches one by one."""
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray, list, tuple))


def is_known(value: Any) -> bool:
    """Return whether a value is final at parse: neither is nor holds a template or another task's result."""
    if isinstance(value, str):
        return not _TEMPLATE.search(value)
    if isinstance(value, dict):
        return all(is_known(key) and is_known(item) for key, item in value.items())
    if isinstance(value, (list, tuple, set)):
        return all(map(is_known, value))
    # XComArg and the arguments of mapped task groups: their base stands elsewhere in each Airflow.
    return not hasattr(value, "iter_references")
