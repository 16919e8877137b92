"""The operators in a DAG that Airflow runs."""

import json
from pathlib import Path

import pytest

# Airflow starts a process of its own for it, and on some versions parts of it anew for each task.
pytestmark = pytest.mark.timeout(900)

DAGS = Path(__file__).parent / "dags"


def test_templates_results_and_mapping(hook, emulator, tmp_path, airflow_home):
    """Templated, mapped and handed on by XCom, the operators do what they do by themselves."""
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(name)
    conf = json.dumps({"folder": str(tmp_path)})
    code, said = airflow_home.run(
        "airflow", "dags", "test", "mapped", "--conf", conf, AIRFLOW__CORE__DAGS_FOLDER=str(DAGS)
    )
    assert code == 0, said
    assert [(tmp_path / "back" / f"{number}.csv").read_text() for number in (0, 1)] == ["a", "b"]
    assert hook.list_paths("/mapped", include_directories=True) == ["/mapped/a", "/mapped/b"]
    assert hook.filesystem.info("/mapped/a")["permission"] == "750"
    assert emulator.client_secret not in said


def test_content_and_rights_mapped(hook, airflow_home):
    """Mapped over values, templates and XComs, the operators on content and rights do the same."""
    code, said = airflow_home.run(
        "airflow", "dags", "test", "mapped_files", AIRFLOW__CORE__DAGS_FOLDER=str(DAGS)
    )
    assert code == 0, said
    assert hook.filesystem.find("/mapped_files") == ["/mapped_files/whole.txt"]
