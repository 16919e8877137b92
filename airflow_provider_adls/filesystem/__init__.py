"""`ADLSGen1FileSystem`: the fsspec file system of a lake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.model.lazy import importing

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem.file_system import ADLSGen1FileSystem

__all__ = ["ADLSGen1FileSystem"]

# The rules of paths and trees stand here too, and a DAG processor needs those alone.
__getattr__ = importing(__name__, {"ADLSGen1FileSystem": "file_system"})
