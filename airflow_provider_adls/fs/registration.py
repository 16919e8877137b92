"""Makes `adl://` ours in every process of Airflow, before its first path is made, and its lineage known.

`ObjectStoragePath` takes the rule of its URLs from the class that fsspec has loaded for the scheme, and where
none is loaded from a list of its own, in which `adl` is another package's and loses the account's name.
It asks once for good. Of what Airflow loads by itself only the entry points in `airflow.policy` surely come
before that, in 2.11 as in 3.x: this module is one, has no policy, and is done when it is imported.
"""

from __future__ import annotations

from fsspec import register_implementation

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.hooks.lineage import tell_collector
from airflow_provider_adls.lake.observers import observe

register_implementation("adl", ADLSGen1FileSystem, clobber=True)
observe(tell_collector)
