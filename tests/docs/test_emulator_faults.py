"""The guide to failures on demand says what is true: its commands run, and its tables are whole."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
from pathlib import Path

from airflow_provider_adls.emulator import Emulator, Faults
from airflow_provider_adls.emulator.control.api import _ROUTES, PREFIX

GUIDE = (Path(__file__).parents[2] / "docs" / "emulator-faults.md").read_text("utf-8")


def test_commands():
    """The commands of the page, run by a shell as they stand, are all answered with what they ask for."""
    (script,) = re.findall(r"```bash\n(.*?)```", GUIDE, re.DOTALL)
    with Emulator(accounts=["mylake"]) as emulator:
        script = script.replace("https://127.0.0.1:10443", emulator.url)
        script = script.replace("~/.adls-gen1/ca.pem", emulator.ca_file)
        done = subprocess.run(
            ["bash", "-e"], input=script, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}
        )
        assert done.returncode == 0, done.stdout + done.stderr
        left = (len(emulator.faults), emulator.clock.offset)
    answers = [json.loads(answer) for answer in re.sub(r"\}\s*\{", "}\n{", done.stdout).splitlines()]
    rule = {"id": 1, "service": "lake", "operation": "APPEND", "under": "/raw", "nth": 3, "status": 503}
    rule |= {"matched": 0, "fired": 0}
    assert answers[:4] == [rule, {"faults": [rule]}, rule, {"count": 0, "requests": []}]
    assert 3590 < answers[4]["offset"] < 3610
    assert answers[5]["offset"] == 0
    assert answers[6] == {"accounts": ["mylake"]}
    assert answers[7]["accounts"] == ["mylake"]
    assert (left, len(answers)) == ((0, 0), 8)


def test_every_argument_is_in_a_table():
    """The tables name each argument of a rule, and no other."""
    tables = GUIDE.partition("## In a test")[0]
    named = re.findall(r"^\| `(\w+)` \|", tables, re.MULTILINE)
    assert named == list(inspect.signature(Faults.add).parameters)[1:]


def test_every_request_is_in_the_table():
    """The table of requests names each that the control API answers, and no other."""
    rows = re.findall(r"^\| (`.*?`) \|", GUIDE.partition("## Over HTTP")[2], re.MULTILINE)
    named = set()
    for row in rows:
        path = re.sub(r"{\w+}", "{}", re.findall(rf"{PREFIX}/[\w/{{}}-]+", row)[0])
        named |= {(method, path) for method in re.findall(r"GET|PUT|POST|DELETE", row)}
    there = {(r.method, PREFIX + re.sub(r"\(\?P<\w+>\[\^/\]\+\)", "{}", r.pattern.pattern)) for r in _ROUTES}
    assert named == there
