"""`adls-gen1 emulator reset`."""

from __future__ import annotations

import json
import os
import pty
import subprocess

import pytest

from airflow_provider_adls.emulator import Emulator
from tests.emulator.commands.conftest import COMMAND

LISTING = {"op": "LISTSTATUS"}


@pytest.fixture
def lake(tmp_path, browse):
    """An emulator with a file in each of two accounts, a browser at it, and its ready file."""
    ready_file = tmp_path / "ready.json"
    with Emulator(accounts=["one", "two"]) as emulator, browse(emulator) as browser:
        for account in ("one", "two"):
            browser.lake("PUT", account, "/f", params={"op": "CREATE", "write": "true"}, data=b"x")
        ready_file.write_text(json.dumps(emulator.ready))
        yield emulator, browser, ready_file


def left(browser):
    """Accounts that hold something."""
    return [
        account
        for account in ("one", "two")
        if browser.lake("GET", account, "/", params=LISTING).json()["FileStatuses"]["FileStatus"]
    ]


def test_all_is_gone_where_that_is_agreed_to(lake, command):
    """With --yes accounts are empty, and rules, requests and the clock's change are forgotten."""
    emulator, browser, ready_file = lake
    emulator.faults.add(service="arm", status=500)
    emulator.clock.move(60)
    done = command("reset", "--yes", "--ready-file", ready_file)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Emptied one, two; forgot requests, fault rules and the clock's change.\n"
    assert (len(emulator.requests), len(emulator.faults), emulator.clock.offset) == (0, 0, 0)
    assert left(browser) == []


def test_one_account_is_emptied_alone(lake, command):
    """With --account the others keep their files, and a missing one is reported before any change."""
    _, browser, ready_file = lake
    done = command("reset", "--yes", "--account", "one", "--account", "nosuch", "--ready-file", ready_file)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "adls-gen1: error: account 'nosuch' does not exist\n"
    assert left(browser) == ["one", "two"]
    assert command("reset", "-y", "--account", "one", "--ready-file", ready_file).returncode == 0
    assert left(browser) == ["two"]


def test_nothing_is_done_unasked(lake, command):
    """Without a terminal and --yes all files stay; without a running emulator the error says so."""
    _, browser, ready_file = lake
    done = command("reset", "--ready-file", ready_file)
    assert (done.returncode, done.stdout, "--yes" in done.stderr) == (2, "", True)
    assert left(browser) == ["one", "two"]
    assert command("reset", "--yes").returncode == 3


@pytest.mark.parametrize(("answer", "status"), [("n\n", 1), ("\n", 1), ("\x04", 1), ("Yes\n", 0)])
def test_who_is_at_a_terminal_is_asked(lake, answer, status):
    """The question names the accounts, and anything but yes leaves them as they are."""
    _, browser, ready_file = lake
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "emulator", "reset", "--ready-file", str(ready_file)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        os.close(theirs)
        os.write(ours, answer.encode())
        output = process.communicate(timeout=180)[0]
    os.close(ours)
    assert "Delete every file in one, two at https://127.0.0.1:" in output
    assert process.returncode == status
    assert left(browser) == ([] if status == 0 else ["one", "two"])
