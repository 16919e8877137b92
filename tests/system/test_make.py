"""The make targets' promises that need no Airflow."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import build_env

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path):
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # The tests run under a make themselves, which would be taken for the parent of this one.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_help_names_every_target(checkout):
    """`make help`, and `make` alone, say one line on each target that is there."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony

    lines = make(checkout, "help").stdout.splitlines()

    assert phony[1].split() == [line.split()[1] for line in lines if line.startswith("make ")]
    assert lines == make(checkout).stdout.splitlines()


@pytest.mark.parametrize("python", ["false", "python-that-is-not-there"])
def test_unfit_python_gets_one_line(checkout, python):
    """A Python that is too old, or missing, is named in one line before anything is built."""
    answer = make(checkout, "demo", f"PYTHON={python}")

    lines = [line for line in answer.stderr.splitlines() if not line.startswith("make: ***")]
    assert answer.returncode == 2
    assert [
        f"Python 3.11 or newer is needed, and '{python}' is not: name one, as in make PYTHON=python3.12"
    ] == lines
    assert not (checkout / ".venv").exists()


def test_half_built_environment_is_built_anew(tmp_path, mocker):
    """Without the mark of a complete environment its folder is removed; a failed build leaves no mark."""
    folder, mark = tmp_path / "env", tmp_path / "env" / ".complete"
    folder.mkdir()
    (folder / "half").touch()
    mocker.patch("scripts.build_env.venv.create", lambda folder, **_: folder.mkdir())
    pip = mocker.patch("scripts.build_env.install")

    pip.return_value = 1
    assert build_env.build(folder, mark) == 1
    assert list(folder.iterdir()) == []

    pip.return_value = 0
    assert build_env.build(folder, mark) == 0
    assert build_env.is_complete(mark)
    assert build_env.is_complete(folder / build_env.RUNNABLE)


def test_complete_environment_is_kept_and_brought_up_to_date(tmp_path, mocker):
    """When only a list of dependencies has changed, pip runs over the environment that is there."""
    folder, mark = tmp_path / "env", tmp_path / "env" / ".complete"
    folder.mkdir()
    runnable = folder / build_env.RUNNABLE
    for name in (mark, runnable, folder / "kept"):
        name.touch()
    mocker.patch("scripts.build_env.install").return_value = 0

    build_env.build(folder, mark)

    assert [mark, runnable, folder / "kept"] == sorted(folder.iterdir())


def test_surroundings_of_the_caller_do_not_reach_the_targets(checkout, monkeypatch):
    """What the caller has set for another Airflow or Python is gone in every recipe; the rest is there."""
    for name in ("AIRFLOW_HOME", "AIRFLOW__CORE__EXECUTOR", "ADLS_GEN1_EMULATOR", "PYTHONPATH", "KEPT"):
        monkeypatch.setenv(name, "the-callers")
    with (checkout / "Makefile").open("a") as makefile:
        makefile.write("show:\n\t@env\n")

    shown = make(checkout, "show").stdout.splitlines()

    assert [line for line in shown if line.endswith("=the-callers")] == ["KEPT=the-callers"]


def test_progress_of_a_build(monkeypatch, capsys):
    """A line counts what pip collects, one what it installs, and its exit code is returned."""
    monkeypatch.setattr(build_env, "PROGRESS_INTERVAL", 0.0)
    says = r"printf 'Collecting a\nCollecting b\nInstalling collected packages: a, b, c\n'; exit 3"
    assert build_env.install(["sh", "-c", says]) == 3
    lines = ["  1 packages collected", "  2 packages collected", "  installing 3 packages"]
    assert capsys.readouterr().out.splitlines() == lines
