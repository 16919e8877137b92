"""What importing the face of the provider costs a DAG processor."""

import json
import subprocess
import sys

from tests.test_provider_info import modules

HEAVY = ("adal", "azure", "msrestazure", "aiohttp", "requests")
PROGRAM = """
import importlib, json, sys
from airflow.providers.common.compat.sdk import BaseHook, BaseOperator
imported = {}
for module in sys.argv[1:]:
    before = set(sys.modules)
    importlib.import_module(module)
    imported[module] = sorted(set(sys.modules) - before)
print(json.dumps([imported, sorted(sys.modules)]))
"""


def test_nothing_heavy_is_imported():
    """Beyond what Airflow's base classes import, none of the SDKs and HTTP libraries is.

    One process imports all modules: what is heavy stands at the first that imports it.
    """
    command = [sys.executable, "-c", PROGRAM, *modules()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported, everything = json.loads(done.stdout.splitlines()[-1])
    assert set(modules()) <= set(everything)
    heavy = {
        module: found
        for module, names in imported.items()
        if (found := [name for name in names if name.split(".")[0] in HEAVY])
    }
    assert heavy == {}
