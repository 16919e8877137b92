"""The pages for the first hour say what is true: their blocks run, in order, and end as the pages say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from airflow_provider_adls.emulator import Emulator

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```(\w+)(?: title=\"([\w.]+)\")?\n(.*?)```\n", re.DOTALL)


def blocks(name: str, kind: str) -> list[str]:
    """Return the blocks of one kind on a page."""
    return [text for found, _, text in BLOCK.findall((DOCS / name).read_text("utf-8")) if found == kind]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_five_minutes(tmp_path):
    """Every command of the start runs in one shell, and the DAG's report is in the lake at the end."""
    scripts = blocks("index.md", "bash")
    assert scripts[0] == "pip install .\n"
    # Other emulators may have the usual ports.
    scripts[1] = scripts[1].replace("--detach", "--detach --port 0 --proxy-port 0")
    (dag,) = [text for _, title, text in BLOCK.findall((DOCS / "index.md").read_text()) if title]
    dags = tmp_path / "airflow" / "dags"
    dags.mkdir(parents=True)
    (dags / "first_lake_dag.py").write_text(dag)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ADLS_"))},
        "HOME": str(tmp_path),
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input="".join(scripts[1:]),
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    subprocess.run(["adls-gen1", "emulator", "stop"], env=environment, capture_output=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "All is well." in done.stdout
    assert done.stdout.endswith("13 pieces\n")


@pytest.mark.timeout(600)
def test_porting(tmp_path):
    """The blocks of the page on porting run one after the other, against an emulator behind its proxy."""
    script = "".join(blocks("porting.md", "python"))
    with Emulator(accounts=["mylake"]) as emulator:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
            "HTTPS_PROXY": emulator.proxy_url,
            "REQUESTS_CA_BUNDLE": str(emulator.ca_file),
        }
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, env=environment, cwd=tmp_path
        )
    assert done.returncode == 0, done.stderr


def test_an_emulator_in_python(capsys):
    """The block that makes a failure on demand runs."""
    for text in blocks("three-readers.md", "python"):
        exec(compile(text, "three-readers.md", "exec"), {})
    assert "https://127.0.0.1" in capsys.readouterr().out


def test_workflow_and_container():
    """The workflow is YAML with a job, and the container's file starts the emulator."""
    yaml = pytest.importorskip("yaml")
    (workflow,) = blocks("three-readers.md", "yaml")
    assert yaml.safe_load(workflow)["jobs"]["dags"]["steps"][-1] == {"run": "pytest"}
    (container,) = blocks("three-readers.md", "dockerfile")
    assert len(container.splitlines()) <= 10
    assert '"adls-gen1", "emulator", "start"' in container
