"""`make demo` from its start to its end, and interrupted on the way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.processes import ProcessFailedError
from scripts.stack import Stack

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "scripts.demo", "--folder"]

pytestmark = pytest.mark.airflow_stack


def processes_of(folder: Path) -> list[int]:
    """Every process that knows of a folder by its command line or environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            known = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in known:
            found.append(int(process.name))
    return found


class Demo:
    """The demo as a process of its own.

    :param folder: where it writes.
    :param environment: added to the caller's.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*COMMAND, str(folder)],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def read_until(self, part: str) -> None:
        """Read its output until it contains a part; all of it for an empty one."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if part and re.match(rf"\s*[\d.]+ s\s+{part}\s", line):
                return
        assert not part, f"no line on {part} in:\n{''.join(self.lines)}"

    def finish(self) -> int:
        self.read_until("")
        return self.process.wait()

    def processes(self) -> list[int]:
        return processes_of(self.folder)


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[..., Demo]]:
    """Starts a demo, which ends with the test."""
    started: list[Demo] = []

    def start_one(**environment: str) -> Demo:
        started.append(Demo(tmp_path / "demo", environment))
        return started[-1]

    yield start_one
    for demo in started:
        demo.process.kill()
        demo.process.communicate()


def test_demo_succeeds_whatever_the_caller_has_set(start):
    """It ends with 0 and a table of both services, whatever the caller has set."""
    demo = start(
        AIRFLOW__CORE__DAGS_FOLDER="/nowhere",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN="sqlite:////nowhere/airflow.db",
        AIRFLOW_CONN_ADLS_GEN1_DEFAULT="adls-gen1://nobody@",
        HTTPS_PROXY="http://127.0.0.1:9",
        PYTHONPATH="/nowhere",
    )

    code = demo.finish()

    output = "".join(demo.lines)
    assert code == 0, output
    assert re.search(r"^  New York +1500 +\d+ +\d+\.\d\d$", output, re.MULTILINE)
    for service, container in (("Gen1", " "), ("Gen2", "orders")):
        row = rf"^  {service} +{container} +10 +\d+ +[\d.]+   5 files, [\d,]+ bytes, equal byte by byte$"
        assert re.search(row, output, re.MULTILINE)
    assert re.search(r"secrets +none, nor a token, in \d+ logs, \d+ rendered fields, \d+ XComs", output)
    assert len(demo.lines) < 80
    assert demo.processes() == []


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        pytest.param("emulator", signal.SIGTERM, marks=pytest.mark.long),
        pytest.param("connection", signal.SIGINT, marks=pytest.mark.long),
        ("make_orders", signal.SIGINT),
    ],
)
def test_interrupted_demo_leaves_no_process(start, moment, number):
    """Ctrl-C, or SIGTERM, during the start or the run ends everything, and the exit code shows it."""
    demo = start()
    demo.read_until(moment)

    demo.process.send_signal(number)

    assert demo.finish() == 128 + number
    assert demo.processes() == []
    assert "nothing is left running" in demo.lines[-1]


def test_killed_demo_leaves_no_process(start):
    """When the demo is killed outright, all that it started ends too."""
    demo = start()
    demo.read_until("database")
    while len(demo.processes()) < 8:
        time.sleep(0.1)

    demo.process.kill()

    while demo.processes():
        time.sleep(0.1)


def test_second_demo_in_a_folder_is_refused(start):
    """A folder that a demo works in is not emptied by another, which says so."""
    first = start()
    first.read_until("emulator")
    second = start()

    assert second.finish() == 1
    assert "is running already" in second.lines[-1]
    assert (first.folder / "emulator.json").exists()


def test_folder_of_somebody_else_is_not_emptied(start, tmp_path):
    """A folder that no demo wrote is left as it is."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("mine")
    demo = start()

    assert demo.finish() == 1
    assert "none of its own" in demo.lines[-1]
    assert [path.name for path in demo.folder.iterdir()] == ["thesis.txt"]


def test_part_that_fails_is_named_with_its_log(tmp_path):
    """A part that cannot start is named, the end of its log says why, and the others are stopped."""
    (tmp_path / "lake").write_text("a file where the emulator's data folder is to be")

    stack = Stack(tmp_path, ROOT / "example_dags", "lake")

    with pytest.raises(ProcessFailedError, match="emulator ended with code 2") as failure, stack:
        stack.start()

    assert "lake" in failure.value.tail()
    assert processes_of(tmp_path) == []
