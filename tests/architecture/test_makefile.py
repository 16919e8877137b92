"""The Makefile's list of tests for older versions of Airflow."""

from __future__ import annotations

import re
import subprocess

from tests.architecture.imports import ROOT

TESTS = ROOT.parent / "tests"
AIRFLOW = re.compile(r"^\s*(from|import) airflow\b", re.MULTILINE)


def test_the_matrix_has_the_tests_of_every_room_that_imports_airflow():
    """`make test-matrix` names the tests of each folder of the package that imports Airflow."""
    run = subprocess.run(
        ["make", "--dry-run", "--always-make", "test-matrix"], cwd=ROOT.parent, capture_output=True, text=True
    )
    rooms = {
        file.relative_to(ROOT).parts[0] for file in ROOT.glob("*/**/*.py") if AIRFLOW.search(file.read_text())
    }
    assert "operators" in rooms
    missing = {room for room in rooms if (TESTS / room).exists()} - set(
        re.findall(r"\btests/(\w+)", run.stdout)
    )
    assert not missing
