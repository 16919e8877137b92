"""Register `adl://` in every process of Airflow, before it makes the first path, and report lineage.

`ObjectStoragePath` takes the form of URLs from the class that fsspec has loaded for the scheme; without one
it has a list of its own, in which `adl` belongs to another package and loses the account's name. It decides
once. Of what Airflow loads, only the entry points in `airflow.policy` surely come before that, in 2.11 and
3.x: this module is one. It has no policy; its import does the work.
"""

from __future__ import annotations

from fsspec import register_implementation

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.hooks.lineage import report_lake_file
from airflow_provider_adls.lake.observers import observe

register_implementation("adl", ADLSGen1FileSystem, clobber=True)
observe(report_lake_file)
