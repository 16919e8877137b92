"""`ADLSGen1FileSystem`: the fsspec file system of a lake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem.file_system import ADLSGen1FileSystem

__all__ = ["ADLSGen1FileSystem"]


def __getattr__(name: str) -> Any:
    # The rules of paths and trees stand here too, and a DAG processor needs those alone.
    if name != "ADLSGen1FileSystem":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from airflow_provider_adls.filesystem.file_system import ADLSGen1FileSystem

    globals()[name] = ADLSGen1FileSystem
    return ADLSGen1FileSystem
