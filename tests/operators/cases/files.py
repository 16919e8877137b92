"""Arguments of the operators for directories and files."""

from airflow_provider_adls.operators.files import (
    ADLSGen1CreateDirectoryOperator,
    ADLSGen1DeleteOperator,
    ADLSGen1ListOperator,
)

RIGHT = {
    ADLSGen1CreateDirectoryOperator: {"path": "/raw"},
    ADLSGen1ListOperator: {"path": "/raw/*"},
    ADLSGen1DeleteOperator: {"path": ["/raw/a", "adl://lake/raw/b"]},
}
WRONG = {"include_directories": ("yes",)}
RENDERED: dict[str, object] = {}
