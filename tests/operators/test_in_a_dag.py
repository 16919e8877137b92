"""The operators in a DAG that Airflow runs."""

import json
import os
import subprocess
import sys
from pathlib import Path


def airflow(home, *arguments):
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(Path(__file__).parent / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }
    done = subprocess.run(
        [sys.executable, "-m", "airflow", *arguments], env=environment, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def test_templates_results_and_mapping(hook, emulator, tmp_path):
    """Templated, mapped and handed on by XCom, the operators do what they do by themselves."""
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(name)
    home = tmp_path / "airflow"
    code, said = airflow(home, "db", "migrate")
    assert code == 0, said
    code, said = airflow(home, "dags", "test", "mapped", "--conf", json.dumps({"folder": str(tmp_path)}))
    assert code == 0, said
    assert [(tmp_path / "back" / f"{number}.csv").read_text() for number in (0, 1)] == ["a", "b"]
    assert hook.list_paths("/mapped", include_directories=True) == ["/mapped/a", "/mapped/b"]
    assert hook.filesystem.info("/mapped/a")["permission"] == "750"
    assert emulator.client_secret not in said
