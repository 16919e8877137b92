"""docs/emulator-gen2.md: its programs run as they stand, and its container has what the emulator imports."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from airflow_provider_adls.emulator import Emulator

GUIDE = (Path(__file__).parents[2] / "docs" / "emulator-gen2.md").read_text("utf-8")
PROGRAMS = re.findall(r"^### (.*?)\n|^```python\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
OUTPUT = {
    "azure.storage.filedatalake": ["['sales', 'sales/2026-11-29.csv']"],
    "azure.identity": ["['curated', 'raw']"],
    "pyarrow": ["['raw/notes/b.txt']"],
    "polars": ["(1, 2)"],
}
#: Prints the packages that an emulator which has served a request has loaded.
LOADED = """
import importlib.metadata, json, ssl, sys, urllib.request
before = set(sys.modules)
from airflow_provider_adls.cli import main
from airflow_provider_adls.emulator import Emulator
with Emulator(storage_accounts=["gen2=raw"]) as emulator:
    context = ssl.create_default_context(cafile=emulator.ca_file)
    urllib.request.urlopen(f"{emulator.url}/emulator/status", context=context).read()
    emulator.requests(path="/raw/**")
top = {name.partition(".")[0] for name in set(sys.modules) - before}
owners = importlib.metadata.packages_distributions()
print(json.dumps(sorted({owner.lower() for name in top for owner in owners.get(name, ())})))
"""


def programs():
    """Return the programs of the guide, each with the name of the module that it is about."""
    for _, program in PROGRAMS:
        if program:
            yield (
                next(
                    name
                    for name in reversed(OUTPUT)
                    if f"from {name}" in program or f"import {name}" in program
                ),
                program,
            )


@pytest.mark.parametrize(("about", "program"), list(programs()), ids=lambda value: value[:20])
def test_programs_run(about, program, tmp_path):
    """Each program of the guide runs as it stands, with the environment that the guide sets."""
    with Emulator(storage_accounts=["gen2=raw,curated"]) as emulator:
        environment = {
            **os.environ,
            "HTTPS_PROXY": emulator.proxy_url,
            "REQUESTS_CA_BUNDLE": emulator.ca_file,
            "SSL_CERT_FILE": emulator.ca_file,
            "AZURE_STORAGE_KEY": emulator.storage_accounts["gen2"]["key1"],
        }
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
            check=False,
        )
    assert (done.returncode, done.stdout.splitlines()) == (0, OUTPUT[about]), done.stderr


def test_the_container_has_what_is_imported():
    """The packages that the guide's Dockerfile installs, with theirs, are all that the emulator loads."""
    import importlib.metadata
    import json

    from packaging.requirements import Requirement

    (line,) = re.findall(r"pip install --no-cache-dir ([\w ]+) \\", GUIDE)
    needed, waiting = set(), [name.lower() for name in line.split()]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            required = [Requirement(text) for text in importlib.metadata.requires(name) or []]
            waiting += [
                each.name.lower()
                for each in required
                if not each.marker or each.marker.evaluate({"extra": ""})
            ]
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    # urllib3 loads zstandard, and cryptography bcrypt, where they are installed: nothing here needs them.
    optional = {"airflow-provider-adls", "bcrypt", "zstandard"}
    assert set(json.loads(done.stdout)) - needed - optional == set()


def test_options_of_the_guide_are_there():
    """Each option of the command that the guide names is one that the command has."""
    import argparse

    from airflow_provider_adls.emulator.commands import start

    parser = argparse.ArgumentParser()
    start.add_arguments(parser)
    known = {option for action in parser._actions for option in action.option_strings}
    lines = [line for line in GUIDE.splitlines() if "emulator start" in line]
    assert {option for line in lines for option in re.findall(r"(?<= )--[a-z-]+", line)} <= known
