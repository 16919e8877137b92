"""Rules of paths that stand for one place, and for what goes from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.hooks.ends import is_lake
from airflow_provider_adls.model.paths import parse
from airflow_provider_adls.operators.arguments import is_known, lake_path

if TYPE_CHECKING:
    from airflow_provider_adls.model.paths import Location
    from airflow_provider_adls.operators.arguments import ADLSGen1Operator, Rule

#: What makes a path that names no account one of another account than the operator's own.
_OTHER_CONNECTIONS = ("source_conn_id", "destination_conn_id")


def target_of(rule: Rule) -> Rule:
    """The same where something is written to: no pattern."""

    def written(value: Any) -> None:
        rule(value)
        if "*" in str(value):
            raise ValueError(f"{value!r} has a wildcard, which has no meaning where something is written")

    return written


def file(value: Any) -> None:
    """A path of a file."""
    lake_path(value)
    if value.endswith("/") or parse(value).path == "/":
        raise ValueError(f"{value!r} names a directory: the name of the file must follow")


#: A path in the lake.
target = target_of(lake_path)
#: A file in the lake.
target_file = target_of(file)


def refuse_other_account(operator: ADLSGen1Operator, name: str, place: Location, other: Location) -> None:
    """Refuse two accounts, where both are named.

    :param name: of the argument that says the other place.
    :raises ValueError: naming the argument.
    """
    if place.account and other.account and place.account != other.account:
        raise operator.wrong(name, f"{other.url()} is in another account than {place.url()}")


def refuse_inside(operator: ADLSGen1Operator, source: str, target: str, *, itself: bool = True) -> None:
    """Refuse what would go into itself, where the paths tell that it would.

    :param source: name of an argument: a path, URL or glob.
    :param target: name of the argument that says where it is to go.
    :param itself: whether the same place is refused too.
    :raises ValueError: naming the argument.
    """
    paths = getattr(operator, source), getattr(operator, target)
    if not all(isinstance(path, str) and is_known(path) and is_lake(path) for path in paths):
        return
    whence, where = map(parse, paths)
    if whence.account != where.account:
        return
    if whence.account is None and any(getattr(operator, name, None) for name in _OTHER_CONNECTIONS):
        return
    if where.path.startswith(f"{whence.path.rstrip('/')}/") or (itself and where == whence):
        raise operator.wrong(target, f"{paths[1]} is in {paths[0]}, the {source}, or is the same")
