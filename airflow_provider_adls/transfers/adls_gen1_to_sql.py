"""`ADLSGen1ToSQLOperator`: from a lake to a table of a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import MANY_PATHS, flag, templated
from airflow_provider_adls.sql.values import TYPES
from airflow_provider_adls.transfers.tables import TableOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1ToSQLOperator(TableOperator):
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
        flag("ignore_if_missing", "whether the task succeeds if no file exists"),
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"preoperator": "sql"}

    def __init__(
        self,
        *,
        path: str | Sequence[str],
        table: str,
        columns: Sequence[str] | None = None,
        types: Mapping[str, str] | None = None,
        preoperator: str | Sequence[str] | None = None,
        ignore_if_missing: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.table = table
        self.columns = columns
        self.types = types
        self.preoperator = preoperator
        self.ignore_if_missing = ignore_if_missing
        self.validate()

    def validate_together(self) -> None:
        """Refuse CSV without names."""
        super().validate_together()
        if self.header is False and self.columns is None:
            raise self.error("columns", "without a header, give the names of the columns")

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Insert the rows."""
        return self.hook_for_execution().load_table(
            self.path,
            self.database,
            self.table,
            columns=self.columns,
            types=self.types,
            preoperator=self.preoperator,
            ignore_if_missing=self.ignore_if_missing,
            **self.options(),
        )
