"""What importing the face of the provider costs a DAG processor."""

import json
import subprocess
import sys

import pytest

from tests.test_provider_info import modules

HEAVY = ("adal", "azure", "msrestazure", "aiohttp", "requests")
PROGRAM = """
import importlib, json, sys
from airflow.providers.common.compat.sdk import BaseHook, BaseOperator
before = set(sys.modules)
importlib.import_module(sys.argv[1])
print(json.dumps(sorted(name for name in set(sys.modules) - before)))
"""


@pytest.mark.parametrize("module", modules())
def test_nothing_heavy_is_imported(module):
    """Beyond what Airflow's base classes import, none of the SDKs and HTTP libraries is."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, module], capture_output=True, text=True, check=True)
    imported = json.loads(done.stdout.splitlines()[-1])
    assert module in imported
    assert [name for name in imported if name.split(".")[0] in HEAVY] == []
