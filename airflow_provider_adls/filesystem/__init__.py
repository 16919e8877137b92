"""What a data lake does: the fsspec file system."""

from airflow_provider_adls.filesystem.file_system import ADLSGen1FileSystem

__all__ = ["ADLSGen1FileSystem"]
