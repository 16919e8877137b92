"""`Lake`: the file system service's HTTP: it reads requests, calls rules and writes answers.

What stands outside needs `Lake`, which serves one account's request, `decoded_path`, which reads the path
that it takes, and `is_extended`, which distinguishes the two prefixes of paths.
"""

from airflow_provider_adls.emulator.webhdfs.lake import Lake
from airflow_provider_adls.emulator.webhdfs.requests import decoded_path, is_extended

__all__ = ["Lake", "decoded_path", "is_extended"]
