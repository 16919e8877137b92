"""Arguments of the operators for rows of databases."""

from airflow_provider_adls.transfers.adls_gen1_to_sql import ADLSGen1ToSQLOperator
from airflow_provider_adls.transfers.sql_to_adls_gen1 import SQLToADLSGen1Operator
from tests.operators.cases.common import ANYTHING

RIGHT = {
    SQLToADLSGen1Operator: {"sql": "SELECT 1", "path": "/raw/a.csv", "sql_conn_id": "base"},
    ADLSGen1ToSQLOperator: {"path": "/raw/*.csv", "table": "t", "sql_conn_id": "base"},
}
WRONG = {
    "sql": ("", 5),
    "sql_conn_id": ("", 5),
    "table": ("", 5),
    "parameters": (5, "a"),
    "columns": ("a", [5]),
    "types": ("a", {"a": "date "}),
    "preoperator": ("", 5, [5]),
    "file_format": ("xml", 5),
    "header": ("yes", 1),
    "chunk_rows": (0, "5", True),
    "hook_params": ("a", {5: 5}),
    "permission": ("rwx", "9", ""),
    "acl": ("user::rwx", "rwx", "", 5, []),
    "expires_in": (0, -1, "soon", ""),
    "keep": ("rights", 5, ["owner", "acl"], [5]),
    "fail_unless_kept": ("no", 0),
}
RENDERED: dict[str, object] = {"file_format": ANYTHING, "keep": "rights"}
