"""`SQLToADLSGen1Operator`: from a database to a lake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import flag, is_known, templated
from airflow_provider_adls.sql.formats import layout
from airflow_provider_adls.transfers.tables import TableOperator
from airflow_provider_adls.transfers.written import WritingOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class SQLToADLSGen1Operator(WritingOperator, TableOperator):
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

    :returns: ``path``, ``rows``, ``bytes`` and ``columns``, the names; with ``keep`` also what was ``kept``.
    """

    arguments = (
        templated(
            "sql", kinds.text, "a query, or the path of a file of it that ends in ``.sql``", required=True
        ),
        templated("path", kinds.target_file, "the file", required=True, lineage="output"),
        templated("parameters", kinds.parameters, "parameters of the query, a dictionary or a list"),
        flag("overwrite", "whether an existing file is replaced"),
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"sql": "sql", "parameters": "json"}

    def __init__(
        self,
        *,
        sql: str,
        path: str,
        parameters: Mapping[str, Any] | Sequence[Any] | None = None,
        overwrite: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.sql = sql
        self.path = path
        self.parameters = parameters
        self.overwrite = overwrite
        self.validate()

    def validate_together(self) -> None:
        """Refuse a path whose format is not known."""
        super().validate_together()
        if is_known(self.path):
            try:
                layout(self.path, self.file_format)
            except ValueError as error:
                raise self.error("file_format", str(error)) from None

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Write the file."""
        return self.hook_for_execution().write_query(
            self.database,
            self.sql,
            self.path,
            parameters=self.parameters,
            overwrite=self.overwrite,
            **self.options(),
            **self.attributes,
        )
