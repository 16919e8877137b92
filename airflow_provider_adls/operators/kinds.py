"""Kinds of arguments: each is a function that raises `ValueError` for a value that is not of its kind.

The text says what is wrong with the value; `operators.base` adds operator, task and argument. No kind is
called with None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from os import PathLike, fspath
from typing import Any

from airflow_provider_adls.accounts.plan import parse_rules
from airflow_provider_adls.accounts.resource_groups import check_resource_extra
from airflow_provider_adls.accounts.states import STATES
from airflow_provider_adls.hooks.content import as_bytes
from airflow_provider_adls.hooks.ends import is_lake, is_place
from airflow_provider_adls.lake import attributes
from airflow_provider_adls.lake.keep import parse_keep
from airflow_provider_adls.model import account_rules, checks, times
from airflow_provider_adls.model.acl import permission as octal
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.model.modes import check
from airflow_provider_adls.model.paths import account_name as short_name
from airflow_provider_adls.model.paths import parse, parse_possible
from airflow_provider_adls.sql.values import TYPES
from airflow_provider_adls.transfer.compression import CODINGS, require

#: A function that raises ValueError for a value that is not of its kind.
Kind = Callable[[Any], object]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_RIGHTS = re.compile(r"[r-][w-][x-]")


def anything(value: Any) -> None:
    """Accept every value: the object that is made of it checks it."""


#: A string that is not empty.
text = checks.text
#: True or False.
flag = checks.flag
#: A whole number from 1 on.
count = partial(checks.whole_number, least=1)
#: A number of seconds, more than 0.
seconds = checks.seconds


def index(value: Any) -> None:
    """Accept a whole number from 0 on, or its digits, as a template gives them."""
    checks.whole_number(int(value) if isinstance(value, str) and value.isdecimal() else value)


def number(value: Any) -> None:
    """Accept a number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        raise ValueError(f"must be a number from 0 on, not {value!r}")


def one_of(*choices: str) -> Kind:
    """Return the kind of a few words."""

    def kind(value: Any) -> None:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}, not {value!r}")

    return kind


def compression(value: Any) -> None:
    """Accept what is done with content on its way, if what that needs is installed."""
    one_of(*CODINGS)(value)
    require(value)


def strings(value: Any) -> Any:
    """Accept a list of strings."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"must be a list of strings, not {value!r}")
    return value


def string_mapping(value: Any) -> None:
    """Accept a dictionary of strings."""
    if not isinstance(value, Mapping) or not all(
        isinstance(part, str) for item in value.items() for part in item
    ):
        raise ValueError("must be a dictionary of strings")


def keywords(value: Any) -> None:
    """Accept a dictionary whose keys are names."""
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"must be a dictionary with names for keys, not {value!r}")


def parameters(value: Any) -> None:
    """Accept parameters of SQL: a dictionary by their names, or a list by their places."""
    if not isinstance(value, (Mapping, list, tuple)):
        raise ValueError(f"must be a dictionary or a list, not {value!r}")  # noqa: TRY004 - a wrong value, as any


def statements(value: Any) -> None:
    """Accept a statement of SQL, or a list of them."""
    for one in [value] if isinstance(value, str) else strings(value):
        text(one)


def column_types(value: Any) -> None:
    """Accept a dictionary of columns and their types."""
    string_mapping(value)
    if unknown := [kind for kind in value.values() if kind not in TYPES]:
        raise ValueError(f"{unknown[0]!r} is not a type: {', '.join(TYPES)}")


def function(value: Any) -> None:
    """Accept something that can be called."""
    if not callable(value):
        raise ValueError(f"must be a function, not {value!r}")  # noqa: TRY004 - a wrong value, as any


def command(value: Any) -> None:
    """Accept a program, or a list of a program and its arguments."""
    if not isinstance(value, str):
        strings(value)
    text(value if isinstance(value, str) else (value or [""])[0])


def lake_path(value: Any) -> None:
    """Accept `/path` or `adl://account/path`."""
    parse_possible(text(value))


def lake_glob(value: Any) -> None:
    """Accept a path or a glob."""
    parse_possible(text(value), glob=True)


def lake_paths(value: Any) -> None:
    """Accept a path, a glob, or a list of paths."""
    if isinstance(value, (list, tuple)):
        for item in value:
            lake_path(item)
    else:
        lake_glob(value)


def deletable_paths(value: Any) -> None:
    """Accept a path, a glob, or a list of paths, and refuse the root of an account."""
    lake_paths(value)
    for path in [value] if isinstance(value, str) else value:
        if parse(path).path == "/":
            raise ValueError("the root of an account cannot be deleted: delete its contents, /*")


def lake_file(value: Any) -> None:
    """Accept the path of a file."""
    lake_path(value)
    if value.endswith("/") or parse(value).path == "/":
        raise ValueError(f"{value!r} names a directory: add the name of the file")


def other_url(value: Any) -> None:
    """Accept a URL of a store that is not a lake."""
    if "://" not in text(value) or is_lake(value):
        raise PathError(f"{value!r} is not a URL of another store, such as s3://bucket/key")


def any_url(value: Any) -> None:
    """Accept a path or URL of a lake, and a URL of any other store."""
    if is_lake(text(value)):
        lake_path(value)


def local_path(value: Any) -> None:
    """Accept a path of the machine that runs the task."""
    if _URL.match(text(as_string(value))):
        raise ValueError(f"{value!r} is a URL, not a path of the machine that runs the task")


def each(kind: Kind) -> Kind:
    """Return the kind of one value of a kind, or a list of them."""

    def one_or_list(value: Any) -> None:
        for one in value if isinstance(value, (list, tuple)) else [value]:
            kind(one)

    return one_or_list


#: A path of the machine that runs the task, or a list of them.
local_paths = each(local_path)
#: A URL of another store, or a list of them.
other_urls = each(other_url)


def as_string(path: Any) -> Any:
    """Return a path object, or each of a list, as its string; anything else as it is.

    Airflow up to 3.1 takes every object with a method `resolve`, as path objects have, for a reference
    to another task's result when it renders templates.
    """
    if isinstance(path, (list, tuple)):
        return [as_string(one) for one in path]
    return fspath(path) if isinstance(path, PathLike) else path


def written(kind: Kind) -> Kind:
    """Return the kind of a place that is written to: the same, without a pattern."""

    def without_wildcard(value: Any) -> None:
        kind(value)
        if "*" in str(value):
            raise ValueError(f"{value!r} has a wildcard, which has no meaning where something is written")

    return without_wildcard


#: A path in the lake that is written to.
target = written(lake_path)
#: A file in the lake that is written to.
target_file = written(lake_file)


def globs(value: Any) -> None:
    """Accept a list of globs, relative to the root of a tree."""
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"must be a list of globs, not {value!r}")  # noqa: TRY004 - a wrong value, as any
    for glob in value:
        if text(glob).startswith("/"):
            raise ValueError(f"{glob!r} begins with a slash: globs are relative to the root of the tree")


def included(value: Any) -> None:
    """Accept a list of globs, relative to the root of a tree, and of paths of a lake."""
    globs([one for one in value if not is_place(text(one))] if isinstance(value, (list, tuple)) else value)
    for path in value:
        if is_place(path):
            lake_path(path)


def data(value: Any) -> None:
    """Accept text, bytes, and what JSON can hold."""
    as_bytes(value)


def encoding(value: Any) -> None:
    """Accept the name of an encoding that Python has for text."""
    try:
        "".encode(text(value))
    except LookupError:
        raise ValueError(f"{value!r} is not an encoding of text that Python has") from None


def moment(value: Any) -> None:
    """Accept a time with its zone, as an object or in ISO 8601."""
    if not hasattr(value, "tzinfo"):
        text(value)
    attributes.moment(value)


def time(value: Any) -> None:
    """Accept a time or a date, as an object or in ISO 8601; without a zone it is UTC."""
    times.moment(value)


#: A positive timedelta, its seconds, or its text, as in ISO 8601.
span = times.span


def keep(value: Any) -> None:
    """Accept names of attributes that can be kept, as a list or as text with commas."""
    parse_keep(value if isinstance(value, str) else strings(value))


def permission(value: Any) -> None:
    """Accept the octal digits of a permission."""
    octal(text(value))


def mode(value: Any) -> None:
    """Accept octal digits, or what `chmod` takes."""
    check(text(value))


def rights(value: Any) -> None:
    """Accept three characters, of which at least one asks for a right."""
    if not _RIGHTS.fullmatch(text(value)) or value == "---":
        raise ValueError(f"must read rwx, with - for each right that is not asked for, not {value!r}")


def acl(value: Any) -> None:
    """Accept entries of an access control list, as text or as a list of them."""
    attributes.acl_entries(_entries(value))


def whole_acl(value: Any) -> None:
    """Accept such entries, with those of owner, owning group and other, which every list has."""
    own = {
        entry.type
        for entry in attributes.acl_entries(_entries(value))
        if not entry.default and not entry.qualifier
    }
    if missing := [kind for kind in ("user", "group", "other") if kind not in own]:
        raise ValueError(f"a whole ACL needs the entry {missing[0]}::rwx, with the rights that it is to have")


def acl_to_remove(value: Any) -> None:
    """Accept entries with rights or without, but for those that every list has."""
    for entry in attributes.acl_entries(_entries(value), rights=False):
        if not (entry.default or entry.qualifier or entry.type == "mask"):
            raise ValueError(f"{entry.type}:: cannot be removed: every ACL has it")


def _entries(value: Any) -> Any:
    return value if isinstance(value, str) else strings(value)


def account(value: Any) -> None:
    """Accept the short or full name of an account."""
    short_name(text(value))


def _rules_by_name(parse_rule: Callable[[Any], Any]) -> Kind:
    def kind(value: Any) -> None:
        if not isinstance(value, Mapping):
            raise ValueError(f"must be a dictionary by the rules' names, not {type(value).__name__}")  # noqa: TRY004 - a wrong value, as any
        parse_rules(value, parse_rule)

    return kind


#: Addresses by the names of firewall rules.
firewall_rules = _rules_by_name(account_rules.address_range)
#: Ids of subnets by the names of virtual-network rules.
virtual_network_rules = _rules_by_name(account_rules.subnet)
#: URLs of id providers by their names.
trusted_id_providers = _rules_by_name(account_rules.id_provider)


def key_vault_id(value: Any) -> None:
    """Accept the resource id of a key vault."""
    account_rules.key_vault(text(value))


def states(value: Any) -> None:
    """Accept a list of states of an account, at least one."""
    if isinstance(value, str) or not value or not all(isinstance(word, str) for word in value):
        raise ValueError(f"must be a list of states, not {value!r}")
    if unknown := [word for word in value if word not in STATES]:
        raise ValueError(f"{unknown[0]!r} is not a state of an account: {', '.join(STATES)}")


def some_states(value: Any) -> None:
    """Accept a list of states of an account, or an empty list."""
    if value not in ([], ()):
        states(value)


def ensured(value: Any) -> None:
    """Accept a flag whose True needs the extra `[resource]`."""
    flag(value)
    if value:
        check_resource_extra()
