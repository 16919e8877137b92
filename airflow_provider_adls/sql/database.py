"""`Database`: a connection of Airflow's to any database of common.sql, its cursor and its dialect."""

from __future__ import annotations

import re
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from airflow.providers.common.compat.sdk import BaseHook

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: Placeholder of a value, in each style of PEP 249. The values are always given in their order.
_MARKS: dict[str, Callable[[int], str]] = {
    "qmark": lambda number: "?",  # noqa: ARG005 - as the others
    "format": lambda number: "%s",  # noqa: ARG005 - as the others
    "pyformat": lambda number: "%s",  # noqa: ARG005 - as the others
    "numeric": lambda number: f":{number}",
    "named": lambda number: f":{number}",
}


def check_common_sql() -> None:
    """Refuse to go on without the provider that databases' hooks come from.

    :raises ValueError: naming the extra.
    """
    try:
        import airflow.providers.common.sql.hooks.sql  # noqa: F401 - whether it is installed
    except ImportError:
        raise ValueError(
            "it needs common.sql and the provider of the database: pip install 'airflow-provider-adls[sql]'"
        ) from None


class Database:
    """A database, by the id of its connection.

    :param conn_id: a connection whose hook is one of common.sql.
    :param hook_params: arguments of the hook.
    :raises ValueError: if the hook is another one.
    """

    def __init__(self, conn_id: str, hook_params: Mapping[str, Any] | None = None) -> None:
        from airflow.providers.common.sql.hooks.sql import DbApiHook

        connection: Any = BaseHook.get_connection(conn_id)
        hook = connection.get_hook(hook_params=dict(hook_params or {}))
        if not isinstance(hook, DbApiHook):
            raise ValueError(f"connection {conn_id!r} is not one to a database: {type(hook).__name__}")  # noqa: TRY004 - a wrong value
        self._hook: Any = hook

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Open a connection, commit at the end of the block, and roll back if it fails."""
        with closing(self._hook.get_conn()) as connection:
            if self._hook.supports_autocommit:
                self._hook.set_autocommit(connection, autocommit=False)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def query(
        self, connection: Any, sql: str, parameters: Any, chunk: int
    ) -> Iterator[tuple[list[str], list[Sequence[Any]]]]:
        """Yield the rows of a query in chunks, each with the names of the columns; at least one, if empty.

        :raises ValueError: if the statement gives no rows.
        """
        with closing(_cursor(connection)) as cursor:
            cursor.arraysize = chunk
            if parameters:
                cursor.execute(sql, parameters)
            else:
                cursor.execute(sql)
            rows = cursor.fetchmany(chunk) if cursor.description is None else None
            # A cursor of a server says its columns with the first rows.
            if cursor.description is None:
                raise ValueError("the statement gives no rows: it must be a query")
            columns = [str(column[0]) for column in cursor.description]
            if rows is None:
                rows = cursor.fetchmany(chunk)
            yield columns, list(rows)
            while rows := cursor.fetchmany(chunk):
                yield columns, list(rows)

    def execute(self, connection: Any, statements: str | Sequence[str]) -> None:
        """Run statements, in the transaction of the connection."""
        with closing(connection.cursor()) as cursor:
            for statement in [statements] if isinstance(statements, str) else statements:
                cursor.execute(statement)

    def insert(
        self, connection: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Insert rows, in the transaction of the connection."""
        adapt = _adapter(connection)
        with closing(connection.cursor()) as cursor:
            cursor.executemany(
                self._statement(connection, table, columns), [[adapt(value) for value in row] for row in rows]
            )

    def _statement(self, connection: Any, table: str, columns: Sequence[str]) -> str:
        style = getattr(sys.modules.get(_driver(connection)), "paramstyle", None)
        mark = _MARKS.get(str(style)) or (lambda _: str(self._hook.placeholder))
        names = ", ".join(self._name(column) for column in columns)
        if style in ("format", "pyformat"):
            names = names.replace("%", "%%")
        marks = ", ".join(mark(number) for number in range(1, len(columns) + 1))
        return f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - the names are quoted

    def _name(self, column: str) -> str:
        """Return a column's name as SQL; it comes from a file, and must not be more than a name."""
        if not column or "\0" in column:
            raise ValueError(f"{column!r} is not the name of a column")
        reserved = getattr(self._hook, "reserved_words", ())
        if _NAME.fullmatch(column) and column.casefold() not in reserved:
            return column
        form = str(getattr(self._hook, "escape_word_format", '"{}"'))
        return form.format(column.replace(form[-1], form[-1] * 2))


def _driver(connection: Any) -> str:
    return type(connection).__module__.partition(".")[0]


def _cursor(connection: Any) -> Any:
    """Return a cursor that does not hold all rows, of drivers whose own one does."""
    driver = _driver(connection)
    if driver in ("psycopg2", "psycopg"):
        return connection.cursor(name=f"adls_gen1_{uuid.uuid4().hex}")
    if driver in ("pymysql", "MySQLdb"):
        import importlib

        return connection.cursor(importlib.import_module(f"{driver}.cursors").SSCursor)
    return connection.cursor()


def _adapter(connection: Any) -> Callable[[Any], Any]:
    return _for_sqlite if _driver(connection) == "sqlite3" else lambda value: value


def _for_sqlite(value: Any) -> Any:
    """Return a value as SQLite's own functions know it: it has neither decimals nor dates."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, (Decimal, uuid.UUID)) else value
