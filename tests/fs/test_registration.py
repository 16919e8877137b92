"""What Airflow loads before anything makes a path."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import entry_points

from fsspec.registry import registry

from airflow_provider_adls.filesystem import ADLSGen1FileSystem

HEAVY = ("adal", "aiohttp", "azure", "msrestazure", "requests")
PROGRAM = """
import json, sys
import airflow_provider_adls.fs.registration
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""
PATH = """
from airflow.providers.common.compat.sdk import ObjectStoragePath
path = ObjectStoragePath("adl://conn@lake/raw/x") / "y"
print(path, path.path)
"""


def python(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def test_airflow_loads_it():
    """The entry point leads to the module, and fsspec has the class then."""
    (point,) = [point for point in entry_points(group="airflow.policy") if point.name == "adls_gen1"]
    assert point.load().__name__ == "airflow_provider_adls.fs.registration"
    assert registry["adl"] is ADLSGen1FileSystem


def test_nothing_heavy_is_imported():
    """Every process of Airflow loads it, so it brings no SDK and no HTTP library."""
    assert [name for name in json.loads(python(PROGRAM)) if name in HEAVY] == []


def test_paths_keep_their_account():
    """A process that knows nothing of this package makes paths that hold the account's name."""
    assert python(PATH) == "adl://conn@lake/raw/x/y lake/raw/x/y"
