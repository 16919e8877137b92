"""`SQLToADLSGen1Operator`: from a database to a lake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import fixed, flag, is_known, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator
from airflow_provider_adls.sql.database import Database, check_common_sql
from airflow_provider_adls.sql.formats import FORMATS, layout

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class SQLToADLSGen1Operator(ADLSGen1Operator):
    """Write the rows of a query into a file: CSV, JSON lines or Parquet.

    .. code-block:: python

        SQLToADLSGen1Operator(
            task_id="unload",
            sql_conn_id="warehouse",
            sql="SELECT * FROM orders WHERE day = '{{ ds }}'",
            path="/raw/orders/{{ ds }}.parquet",
        )

    Every database works that has a hook of common.sql. Rows go in chunks, so memory does not grow with their
    number. The file appears whole or not at all; an existing one is unchanged until then.

    :returns: ``path``, ``rows``, ``bytes`` and ``columns``, the names.
    """

    arguments = (
        templated(
            "sql", kinds.text, "a query, or the path of a file of it that ends in ``.sql``", required=True
        ),
        templated("path", kinds.target_file, "the file", required=True, lineage="output"),
        templated("sql_conn_id", kinds.text, "id of the database's connection", required=True),
        templated("parameters", kinds.parameters, "parameters of the query, a dictionary or a list"),
        fixed(
            "file_format",
            kinds.one_of(*FORMATS),
            "``csv``, ``jsonl`` or ``parquet``; None for what the path's end says, ``.csv``, ``.jsonl``,"
            " ``.json`` or ``.parquet``. With ``.gz`` after it CSV and JSON lines are compressed",
        ),
        flag("header", "whether the first line of CSV has the names of the columns"),
        flag("overwrite", "whether an existing file is replaced"),
        templated("chunk_rows", kinds.count, "rows that are in memory at once", required=True),
        fixed("hook_params", kinds.keywords, "arguments of the database's hook"),
    )
    template_ext: Sequence[str] = (".sql",)
    template_fields_renderers: ClassVar[dict[str, str]] = {"sql": "sql", "parameters": "json"}

    def __init__(
        self,
        *,
        sql: str,
        path: str,
        sql_conn_id: str,
        parameters: Mapping[str, Any] | Sequence[Any] | None = None,
        file_format: str | None = None,
        header: bool = True,
        overwrite: bool = True,
        chunk_rows: int = 10_000,
        hook_params: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.sql = sql
        self.path = path
        self.sql_conn_id = sql_conn_id
        self.parameters = parameters
        self.file_format = file_format
        self.header = header
        self.overwrite = overwrite
        self.chunk_rows = chunk_rows
        self.hook_params = hook_params
        self.validate()

    def validate_together(self) -> None:
        """Refuse a path whose format is not known, and a machine without what the task needs."""
        try:
            check_common_sql()
        except ValueError as error:
            raise self.error("sql_conn_id", str(error)) from None
        if is_known(self.path):
            try:
                layout(self.path, self.file_format)
            except ValueError as error:
                raise self.error("file_format", str(error)) from None

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Write the file."""
        return self.hook_for_execution().write_query(
            Database(self.sql_conn_id, self.hook_params),
            self.sql,
            self.path,
            parameters=self.parameters,
            file_format=self.file_format,
            header=self.header,
            overwrite=self.overwrite,
            chunk_rows=self.chunk_rows,
        )
