"""`TableOperator`, the base of the transfers between databases and a lake: the connection, and the format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import Argument, fixed, flag, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator
from airflow_provider_adls.sql.database import Database, check_common_sql
from airflow_provider_adls.sql.formats import FORMATS


class TableOperator(ADLSGen1Operator):
    """Base of the transfers of rows, with the arguments for the database and the format."""

    arguments: ClassVar[Sequence[Argument]] = (
        templated("sql_conn_id", kinds.text, "id of the database's connection", required=True),
        fixed(
            "file_format",
            kinds.one_of(*FORMATS),
            "``csv``, ``jsonl`` or ``parquet``; None for what each path's end says, ``.csv``, ``.jsonl``,"
            " ``.json`` or ``.parquet``. With ``.gz`` after it CSV and JSON lines are compressed",
        ),
        flag("header", "whether the first line of CSV has the names of the columns"),
        templated("chunk_rows", kinds.count, "rows that are in memory at once", required=True),
        fixed("hook_params", kinds.keywords, "arguments of the database's hook"),
    )
    template_ext: Sequence[str] = (".sql",)

    def __init__(
        self,
        *,
        sql_conn_id: str,
        file_format: str | None = None,
        header: bool = True,
        chunk_rows: int = 10_000,
        hook_params: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.sql_conn_id = sql_conn_id
        self.file_format = file_format
        self.header = header
        self.chunk_rows = chunk_rows
        self.hook_params = hook_params

    def validate_together(self) -> None:
        """Refuse a machine without the packages that the task needs."""
        super().validate_together()
        try:
            check_common_sql()
        except ValueError as error:
            raise self.error("sql_conn_id", str(error)) from None

    @property
    def database(self) -> Database:
        """The database of the connection."""
        return Database(self.sql_conn_id, self.hook_params)

    def options(self) -> dict[str, Any]:
        """Return the format of the files, as the hook takes it."""
        return {name: getattr(self, name) for name in ("file_format", "header", "chunk_rows")}
