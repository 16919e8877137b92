"""The operator that makes files into others."""

import sys
import threading
import time
from pathlib import Path

import pytest
from airflow.providers.common.compat.sdk import AirflowException

from airflow_provider_adls.hooks import subprocess as command
from airflow_provider_adls.operators.transform import ADLSGen1FileTransformOperator

#: Writes its arguments but for the two paths, and what it was given.
SCRIPT = """#!{python}
import os, sys
with open(sys.argv[1]) as old, open(sys.argv[2], "w") as new:
    new.write(" ".join([old.read(), *sys.argv[3:], os.environ.get("GIVEN", "")]))
print(sys.argv[1], "done")
"""
#: Takes a file away to say that it has begun.
SLOW = "import os, time; os.remove(os.environ['BEGUN']); time.sleep(600)"


@pytest.fixture
def script(tmp_path):
    """Path of a program."""
    path = tmp_path / "transform"
    path.write_text(SCRIPT.format(python=sys.executable))
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def files(hook):
    """Two files."""
    for name in "ab":
        hook.write_file(f"/in/{name}.csv", name)
    return hook


@pytest.mark.parametrize("as_list", [False, True])
def test_script(files, run, script, as_list):
    """A program transforms each file, with arguments and variables by template; again does the same."""
    for _ in range(2):
        done = run(
            ADLSGen1FileTransformOperator,
            {"day": "2026-01-01"},
            source_path="/in/*.csv",
            destination_path="/out/{{ day }}",
            transform_script=[script] if as_list else script,
            script_args=["--day", "{{ day }}"],
            env={"GIVEN": "{{ day }}"},
        )
    assert (done["files"], done["path"]) == (2, "/out/2026-01-01")
    assert files.read_file("/out/2026-01-01/a.csv") == "a --day 2026-01-01 2026-01-01"


def test_function(files, run):
    """A function does it as well, with arguments of its own."""

    def surround(source, destination, end):
        Path(destination).write_text(Path(source).read_text() + end)

    run(
        ADLSGen1FileTransformOperator,
        {"end": "!"},
        source_path="/in/a.csv",
        destination_path="/out/",
        python_callable=surround,
        op_kwargs={"end": "{{ end }}"},
    )
    assert files.read_file("/out/a.csv") == "a!"


def test_preview(files, run):
    """A preview says what would be overwritten, and nothing is done."""
    seen = run(
        ADLSGen1FileTransformOperator,
        source_path="/in",
        destination_path="/in",
        transform_script="no-such-program",
        preview=True,
    )
    assert (seen["overwritten"], seen["paths"]) == (2, ["/in/a.csv", "/in/b.csv"])


def test_killed(files, tmp_path, monkeypatch):
    """Killing the task stops the program; what was there stays, and nothing is left on this machine."""
    # On a busy machine a program takes its time to end.
    monkeypatch.setattr(command, "_TERM_TIMEOUT", 120.0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "begun").touch()
    task = ADLSGen1FileTransformOperator(
        task_id="task",
        source_path="/in/a.csv",
        destination_path="/in/b.csv",
        transform_script=[sys.executable, "-c", SLOW],
        env={"BEGUN": str(tmp_path / "begun")},
    )

    def kill():
        while (tmp_path / "begun").exists():
            time.sleep(0.01)
        task.on_kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(AirflowException, match="ended with code -15"):
        task.execute({})
    killer.join()
    assert files.read_file("/in/b.csv") == "b"
    assert list(tmp_path.iterdir()) == []
