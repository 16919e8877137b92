"""`adls-gen1 emulator logs`."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess

import pytest

from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.emulator.log_format import format_request
from tests.emulator.commands.conftest import COMMAND

LAKE = "https://datalake.azure.net/"


@pytest.fixture
def asked(tmp_path, browse):
    """An emulator with some requests, a function to send more, and its ready file."""
    ready_file = tmp_path / "ready.json"
    with contextlib.ExitStack() as stack:
        emulator = stack.enter_context(Emulator(accounts=["lake"]))
        browser = stack.enter_context(browse(emulator))
        headers = browser.bearer(LAKE)
        ready_file.write_text(json.dumps(emulator.ready))

        def ask(path, **query):
            browser.lake("PUT", "lake", path, params={"op": "MKDIRS", **query}, headers=headers)

        for path in ("/raw/a", "/raw/b", "/c"):
            ask(path)
        yield emulator, ask, ready_file
        stack.close()


def test_the_last_requests_are_printed(asked, command):
    """Each has its line, the oldest first, up to `--limit`."""
    emulator, _, ready_file = asked
    done = command("logs", "--ready-file", ready_file)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [format_request(record.to_json()) for record in emulator.requests]
    assert command("logs", "-n", "2", "--ready-file", ready_file).stdout == "".join(
        done.stdout.splitlines(keepends=True)[-2:]
    )


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (("--under", "/raw"), ["/raw/a", "/raw/b"]),
        (("--operation", "mkdirs", "--path", "/*"), ["/c"]),
        (("--service", "lake", "--status", "404"), []),
        (("--account", "lake", "-n", "1"), ["/c"]),
    ],
)
def test_some_are_printed_as_json(asked, command, arguments, paths):
    """Filters are the control API's, and with --json a line holds all that is known of a request."""
    _, _, ready_file = asked
    done = command("logs", "--json", "--ready-file", ready_file, *arguments)
    assert [json.loads(text)["path"] for text in done.stdout.splitlines()] == paths


def test_a_filter_that_makes_no_sense_is_refused(asked, command):
    """An impossible criterion is refused in the emulator's words."""
    _, _, ready_file = asked
    for arguments in (("--operation", "NOSUCH"), ("--service", "x"), ("--status", "x"), ("-n", "-1")):
        done = command("logs", "--ready-file", ready_file, *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("adls-gen1: error: ")
    assert command("logs").returncode == 3


@pytest.fixture
def following(asked):
    """A process that follows the requests, from the last on."""
    _, _, ready_file = asked
    with subprocess.Popen(
        [*COMMAND, "emulator", "logs", "-f", "-n", "1", "--ready-file", str(ready_file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline().split()[5] == "/c"
        yield process
        process.kill()


def test_requests_are_followed(asked, following):
    """Those that come are printed once each, after the record was cleared too; Ctrl-C ends it well."""
    emulator, ask, _ = asked
    ask("/d")
    ask("/e")
    assert [following.stdout.readline().split()[5] for _ in range(2)] == ["/d", "/e"]
    emulator.clear_requests()
    ask("/f")
    assert following.stdout.readline().split()[5] == "/f"
    following.send_signal(signal.SIGINT)
    assert following.communicate(timeout=180) == ("", "")
    assert following.returncode == 0


def test_following_ends_with_the_emulator(asked, following):
    """When the emulator stops, the command reports it and ends with status 0."""
    asked[0].stop()
    assert following.communicate(timeout=180) == ("", "The emulator has stopped.\n")
    assert following.returncode == 0


def test_a_reader_that_has_enough(asked):
    """Behind `head` the command ends quietly."""
    _, ask, ready_file = asked
    for number in range(300):
        ask(f"/{'long' * 50}{number}")
    done = subprocess.run(
        [
            "bash",
            "-o",
            "pipefail",
            "-c",
            f"'{COMMAND[0]}' emulator logs -n 300 --ready-file '{ready_file}' | head -n 1",
        ],
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
