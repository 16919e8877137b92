"""Every block of code on every page is run, or read by what reads it for users; no page is passed over."""

from __future__ import annotations

import argparse
import ast
import configparser
import datetime as dt
import importlib
import json
import pkgutil
import re
import shlex
import subprocess
from pathlib import Path
from typing import NamedTuple

import click
import pytest

import airflow_provider_adls
from airflow_provider_adls.commands import emulation
from airflow_provider_adls.commands.program import program
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.provider_info import get_provider_info

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^(<!-- include: .*? -->\n)?```(\w+).*?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
#: The tests that run a page's blocks of Python, from the first to the last.
RUN = {
    "README.md": "tests/test_readme.py",
    "emulator-faults.md": "tests/test_pytest_plugin.py",
    "emulator-gen2.md": "tests/docs/test_emulator_gen2.py",
    "emulator.md": "tests/emulator/test_proxy.py",
    "filesystem.md": "tests/docs/test_filesystem.py",
    "from-the-official-hook.md": "tests/hooks/test_official.py",
    "index.md": "tests/docs/test_start.py",
    "porting.md": "tests/docs/test_start.py",
    "testing-your-dags.md": "tests/test_pytest_plugin.py",
    "three-readers.md": "tests/docs/test_start.py",
}
#: Outputs, messages and files of others are compared by the tests of their pages.
READ_ELSEWHERE = {"text", "sql", "dockerfile", "yaml", "console"}
COMMAND = re.compile(r"(?:^|[|;&] *)(adls-gen1 (?:\\\n|[^\n|;&<>])*)", re.MULTILINE)


class Block(NamedTuple):
    """A block of a page."""

    page: str
    kind: str
    text: str


BLOCKS = [
    Block(page.name, kind, text)
    for page in PAGES
    for included, kind, text in BLOCK.findall(page.read_text("utf-8"))
    # What is included is compared with the example DAG that it is from, by tests/docs/test_includes.py.
    if not included
]
ENVIRONMENT = re.compile(r"='(\{.*?\})'$", re.DOTALL | re.MULTILINE)


def of(*kinds):
    return [block for block in BLOCKS if block.kind in kinds]


def connections():
    """Yield the connections of the pages, in JSON and in variables; one page has tests of its own."""
    for block in of("json", "bash"):
        for text in [block.text] if block.kind == "json" else ENVIRONMENT.findall(block.text):
            shown = json.loads(text)
            for one in [shown] if "conn_type" in shown else shown.values():
                if block.page != "signing-in.md" and isinstance(one, dict) and "conn_type" in one:
                    yield pytest.param(one, id=block.page)


def names():
    """All that a guide's block may use without an import: our classes, and what the page's DAG imports."""
    found = {"DAG": None, "timedelta": dt.timedelta, "ADLSGen1Hook": ADLSGen1Hook}
    for package in ("operators", "sensors", "transfers"):
        path = [str(Path(airflow_provider_adls.__file__).parent / package)]
        for module in pkgutil.iter_modules(path, f"airflow_provider_adls.{package}."):
            content = vars(importlib.import_module(module.name))
            found |= {name: value for name, value in content.items() if "ADLSGen1" in name}
    from airflow.sdk import DAG, task

    from airflow_provider_adls.transfers.distributed import adls_gen1_transfer

    @task
    def let_in(identity):
        return identity

    return found | {"DAG": DAG, "task": task, "let_in": let_in, "adls_gen1_transfer": adls_gen1_transfer}


def test_every_page_is_run():
    """A page of Python has a test that names it; a kind of block that nobody reads is on no page."""
    guides = {page.name for page in (ROOT / "docs" / "how-to").glob("*.md")}
    assert {block.page for block in of("python")} - guides == set(RUN)
    assert [page for page, test in RUN.items() if page.split(".")[0] not in (ROOT / test).read_text()] == []
    assert {block.kind for block in BLOCKS} == {"python", "bash", "json", "ini", *READ_ELSEWHERE}


@pytest.mark.parametrize(
    "block", [b for b in of("python") if b.page not in RUN], ids=lambda block: block.page
)
def test_a_guides_own_lines_are_a_dag(block):
    """Lines of a guide that are in no example DAG parse as tasks of one."""
    scope = names()
    if re.match(r"with DAG|from |[{]", block.text):
        exec(compile(block.text, block.page, "exec"), scope)
    else:
        with scope["DAG"]("guide"):
            exec(compile(block.text, block.page, "exec"), scope)
    assert ast.parse(block.text).body


@pytest.mark.parametrize("block", of("bash"), ids=lambda block: block.page)
def test_commands_exist(block):
    """A block for a shell is one, and its commands of ours have the options that it gives them."""
    if "<this repository>" not in block.text:
        subprocess.run(["bash", "-n"], input=block.text, text=True, check=True)
    for line in COMMAND.findall(block.text):
        words = shlex.split(line.replace("\\\n", " "), comments=True)[1:]
        if words[0] == emulation.NAME:
            parser: argparse.ArgumentParser = emulation._parser()
            parser.parse_args(words)
            continue
        command: click.Command = program
        while isinstance(command, click.Group):
            command = command.commands[words.pop(0)]
        command.make_context(command.name, words, resilient_parsing=False)


@pytest.mark.parametrize("shown", list(connections()))
def test_connections_are_read(shown, monkeypatch, connect):
    """Each connection on a page is one that the hook reads."""
    connect()
    monkeypatch.setenv("AIRFLOW_CONN_ADLS_GEN1_DEFAULT", json.dumps(shown))
    assert ADLSGen1Hook().settings.account_name == shown["extra"]["account_name"]


@pytest.mark.parametrize("block", of("ini"), ids=lambda block: block.page)
def test_options_are_airflows_or_ours(block):
    """A file of settings has sections and options that Airflow or provider info describes."""
    from airflow.configuration import conf

    parser = configparser.ConfigParser()
    parser.read_string(block.text)
    described = {**conf.configuration_description, **get_provider_info()["config"]}
    unknown = [
        f"{section}.{option}"
        for section in parser.sections()
        for option in parser[section]
        if option not in described.get(section, {}).get("options", {})
    ]
    assert not unknown
