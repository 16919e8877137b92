"""`query_to_file` and `files_to_table`: rows of a database into a file of a lake, and back into a table."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from airflow_provider_adls.sql.formats import Layout, rows, writer

if TYPE_CHECKING:
    from airflow_provider_adls.sql.database import Database

logger = logging.getLogger(__name__)
#: Rows after which a line of the log says how far it is.
_REPORT = 1_000_000


def query_to_file(
    database: Database,
    sql: str,
    parameters: Any,
    open_file: Callable[[], IO[bytes]],
    how: Layout,
    *,
    chunk_rows: int,
) -> tuple[list[str], int]:
    """Write the rows of a query into a file, a chunk at a time.

    :param open_file: opens the file, which appears when its `with` block ends without an error.
    :returns: the names of the columns, and the number of rows.
    """
    count = 0
    columns: list[str] = []
    with database.transaction() as connection, open_file() as file:
        out = None
        for columns, chunk in database.query(connection, sql, parameters, chunk_rows):
            if out is None:
                if len(set(columns)) < len(columns):
                    raise ValueError(f"two columns have one name: {', '.join(columns)}: name them with AS")
                out = writer(file, columns, how)
            out.write(chunk)
            count = _counted(count, len(chunk))
        if out is not None:
            out.close()
    return columns, count


def files_to_table(
    database: Database,
    files: Sequence[str],
    open_file: Callable[[str], IO[bytes]],
    layouts: Sequence[Layout],
    table: str,
    *,
    columns: Sequence[str] | None,
    types: Mapping[str, str],
    preoperator: str | Sequence[str] | None,
    chunk_rows: int,
) -> int:
    """Insert the rows of files into a table, in one transaction.

    :param preoperator: statements before the first row, in the same transaction.
    :returns: the number of rows.
    :raises ValueError: naming the file, for content that is not of its format.
    """
    count = 0
    with database.transaction() as connection:
        if preoperator:
            database.execute(connection, preoperator)
        for path, how in zip(files, layouts, strict=True):
            try:
                with open_file(path) as file:
                    for names, chunk in rows(file, how, columns, types, chunk_rows):
                        database.insert(connection, table, names, chunk)
                        count = _counted(count, len(chunk))
            except ValueError as error:
                raise ValueError(f"{path}: {error}") from error
    return count


def _counted(before: int, more: int) -> int:
    if (before + more) // _REPORT > before // _REPORT:
        logger.info("%d rows so far", before + more)
    return before + more
