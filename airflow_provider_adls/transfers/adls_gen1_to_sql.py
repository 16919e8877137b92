"""`ADLSGen1ToSQLOperator`: from a lake to a table of a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import MANY_PATHS, fixed, flag, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator
from airflow_provider_adls.sql.database import Database, check_common_sql
from airflow_provider_adls.sql.formats import FORMATS
from airflow_provider_adls.sql.values import TYPES

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1ToSQLOperator(ADLSGen1Operator):
    """Insert the rows of files into a table: of CSV, JSON lines or Parquet.

    .. code-block:: python

        ADLSGen1ToSQLOperator(
            task_id="load",
            path="/curated/orders/{{ ds }}/*.parquet",
            sql_conn_id="warehouse",
            table="orders",
            preoperator="DELETE FROM orders WHERE day = '{{ ds }}'",
        )

    Every database works that has a hook of common.sql. Rows go in chunks, so memory does not grow with their
    number. All files go in one transaction: where the database has them, all rows are there or none. A task
    that is retried after its commit inserts the rows again, so delete them by ``preoperator``.

    :returns: ``table``, ``rows``, ``files``, their number, and the first 100 ``paths``.
    """

    arguments = (
        templated("path", kinds.lake_paths, MANY_PATHS, required=True, lineage="input"),
        templated("table", kinds.text, "the table, with its schema if needed; it must exist", required=True),
        templated("sql_conn_id", kinds.text, "id of the database's connection", required=True),
        templated(
            "columns",
            kinds.strings,
            "columns that are loaded, in the file as in the table; None for all of the file. Of CSV without a"
            " header the names of all",
        ),
        templated(
            "types",
            kinds.column_types,
            "types of columns of CSV and JSON lines, by their names: "
            + ", ".join(f"``{name}``" for name in TYPES)
            + ". Without one a field of CSV is a text, which most databases convert",
        ),
        templated(
            "preoperator",
            kinds.statements,
            "a statement, or a list, that runs first, in the same transaction",
        ),
        fixed(
            "file_format",
            kinds.one_of(*FORMATS),
            "``csv``, ``jsonl`` or ``parquet``; None for what each path's end says, ``.csv``, ``.jsonl``,"
            " ``.json`` or ``.parquet``. With ``.gz`` after it CSV and JSON lines are compressed",
        ),
        flag("header", "whether the first line of CSV has the names of the columns"),
        flag("ignore_if_missing", "whether the task succeeds if no file exists"),
        templated("chunk_rows", kinds.count, "rows that are in memory at once", required=True),
        fixed("hook_params", kinds.keywords, "arguments of the database's hook"),
    )
    template_ext: Sequence[str] = (".sql",)
    template_fields_renderers: ClassVar[dict[str, str]] = {"preoperator": "sql"}

    def __init__(
        self,
        *,
        path: str | Sequence[str],
        table: str,
        sql_conn_id: str,
        columns: Sequence[str] | None = None,
        types: Mapping[str, str] | None = None,
        preoperator: str | Sequence[str] | None = None,
        file_format: str | None = None,
        header: bool = True,
        ignore_if_missing: bool = False,
        chunk_rows: int = 10_000,
        hook_params: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.table = table
        self.sql_conn_id = sql_conn_id
        self.columns = columns
        self.types = types
        self.preoperator = preoperator
        self.file_format = file_format
        self.header = header
        self.ignore_if_missing = ignore_if_missing
        self.chunk_rows = chunk_rows
        self.hook_params = hook_params
        self.validate()

    def validate_together(self) -> None:
        """Refuse CSV without names, and a machine without what the task needs."""
        try:
            check_common_sql()
        except ValueError as error:
            raise self.error("sql_conn_id", str(error)) from None
        if self.header is False and self.columns is None:
            raise self.error("columns", "without a header, give the names of the columns")

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Insert the rows."""
        return self.hook_for_execution().load_table(
            self.path,
            Database(self.sql_conn_id, self.hook_params),
            self.table,
            columns=self.columns,
            types=self.types,
            preoperator=self.preoperator,
            file_format=self.file_format,
            header=self.header,
            ignore_if_missing=self.ignore_if_missing,
            chunk_rows=self.chunk_rows,
        )
