"""The command line, run in this process and as processes of its own, against the emulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from airflow_provider_adls import cli

COMMAND = str(Path(sys.executable).with_name("adls-gen1"))


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """The JSON objects of its output."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def lines(self) -> list[str]:
        """The lines of its output."""
        return self.out.split("\n")[:-1]


@pytest.fixture
def environment(connect, account, monkeypatch):
    """Signs in to the test's account by the environment, and by nothing else."""
    for name in [name for name in os.environ if name.startswith(("AZURE_", "ADLS_GEN1_"))]:
        if name != "ADLS_GEN1_EMULATOR":
            monkeypatch.delenv(name)
    monkeypatch.setenv("ADLS_GEN1_CLOUD", "emulator")
    monkeypatch.setenv("ADLS_GEN1_ACCOUNT_NAME", account)
    monkeypatch.setenv("ADLS_GEN1_RESOURCE_GROUP", "rg")


@pytest.fixture
def run(environment, capsys) -> Callable[..., Ended]:
    """Runs a command in this process."""

    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        status = cli.main([str(one) for one in arguments])
        printed = capsys.readouterr()
        return Ended(status, printed.out, printed.err)

    return run


@pytest.fixture
def done(run) -> Callable[..., Ended]:
    """Runs a command that must succeed, and complain of nothing."""

    def done(*arguments: object) -> Ended:
        ended = run(*arguments)
        assert (ended.status, ended.err) == (0, ""), ended
        return ended

    return done


@pytest.fixture
def process(environment, tmp_path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs a command as a process of its own, in an empty folder."""

    def process(*arguments: object, **settings: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [COMMAND, *map(str, arguments)],
            **{"capture_output": True, "timeout": 120, "cwd": tmp_path, **settings},
        )

    return process


@pytest.fixture
def lake(hook):
    """The file system of the test's account."""
    return hook.filesystem
