"""The guide to the command line says what is true: its blocks run, and print what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from airflow_provider_adls.commands.program import program
from airflow_provider_adls.commands.sign_in import AZURE, STANDARD, variable_of
from airflow_provider_adls.commands.statuses import Status
from airflow_provider_adls.connection_form import FIELDS

PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"
GUIDE = PAGE.read_text("utf-8")
BLOCK = re.compile(r"```(\w*)\n(.*?)```\n", re.DOTALL)
END = "\0"


@pytest.mark.long
@pytest.mark.timeout(600)
def test_blocks(tmp_path):
    """All blocks run in one shell, in order, and each prints the text that follows it."""
    blocks = BLOCK.findall(GUIDE)
    assert {kind for kind, _ in blocks} == {"bash", "text"}
    scripts = [text for kind, text in blocks if kind == "bash"]
    # Other emulators may have the usual ports.
    scripts[0] = scripts[0].replace("--detach", "--detach --port 0 --proxy-port 0")
    script = "".join(f"{text}\nprintf '\\0'\n" for text in scripts)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "ADLS_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**kept, "HOME": str(tmp_path), "PATH": path, "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input=script,
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    if done.returncode:
        subprocess.run(["adls-gen1", "emulator", "stop"], env=environment, capture_output=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    printed = done.stdout.split(END)
    number = -1
    for kind, text in blocks:
        if kind == "bash":
            number += 1
        else:
            # The first block begins with what the emulator says of itself.
            shown = printed[number][-len(text) :] if number == 0 else printed[number]
            assert shown == text, f"after\n{scripts[number]}"


def test_every_command_is_in_the_table():
    """The table names each command, and no other."""
    table = GUIDE.partition("## Commands")[2].partition("## Who")[0]
    named = re.findall(r"`([a-z]+)`", "".join(re.findall(r"^\|(.*?)\|", table, re.MULTILINE)))
    assert sorted(named) == sorted(program.commands)


def test_every_status_is_in_the_table():
    """The table of statuses names each, and no other."""
    rows = re.findall(r"^\| ([\d, ]+) \|", GUIDE, re.MULTILINE)
    named = {int(number) for row in rows for number in row.split(",")}
    assert named == {int(status) for status in Status}


def test_every_variable_is_one():
    """Each variable that the page names is read."""
    ours = {variable_of(name) for name in (*STANDARD, *(field.name for field in FIELDS))}
    known = ours | set(AZURE.values()) | {"ADLS_GEN1_CONN_ID", "ADLS_GEN1_TRACEBACK", "ADLS_GEN1_"}
    assert set(re.findall(r"(?:ADLS_GEN1|AZURE)_[A-Z_]*", GUIDE)) <= known
    assert set(AZURE.values()) <= set(re.findall(r"AZURE_[A-Z_]+", GUIDE))
