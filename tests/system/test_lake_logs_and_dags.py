"""An Airflow whose DAG files come from a lake and whose logs go there, set up as the guides say."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from scripts.stack import START_TIMEOUT, Stack
from tests.system.documented import settings

pytestmark = pytest.mark.airflow_stack

DAG = "logged"
DAGS = Path(__file__).with_name("lake_dags")


def lake_of(stack: Stack) -> ADLSGen1FileSystem:
    emulator = stack.emulator
    options = {name: emulator[name] for name in ("tenant_id", "client_id", "client_secret", "ca_file")}
    return ADLSGen1FileSystem("lake", cloud=emulator["url"], **options)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An Airflow of its own, with the settings of both guides, and DAG files in its lake."""
    folder = tmp_path_factory.mktemp("lake_dags")
    with Stack(folder, folder / "no_dags", "lake") as stack:
        stack.environment |= settings("how-to/logs.md") | settings("how-to/dag-bundle.md")
        stack.environment["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_STORAGE_PATH"] = str(folder / "bundles")
        stack.start()
        lake = lake_of(stack)
        lake.pipe("/dags/words/said.py", b'SAID = "the word"\n')
        lake.put(str(DAGS / "logged.py"), "/dags/logged.py")
        yield stack


@pytest.fixture(scope="module")
def lake(stack) -> ADLSGen1FileSystem:
    return lake_of(stack)


def wait_until(stack: Stack, done):
    """Wait, and return what is true at last."""
    end = time.monotonic() + START_TIMEOUT
    while not (found := done()):
        stack.check()
        assert time.monotonic() < end, done
        time.sleep(0.5)
    return found


@pytest.fixture(scope="module")
def run(stack, lake) -> str:
    """Id of the run that the scheduler made, once it has ended and the logs of this machine are gone."""
    stack.wait_for_dag(DAG)
    stack.api.call("PATCH", f"dags/{DAG}", {"is_paused": False})

    def waits() -> bool:
        runs = stack.api.call("GET", f"dags/{DAG}/dagRuns")["dag_runs"]
        tasks = stack.api.tasks(DAG, runs[0]["dag_run_id"]) if runs else []
        return any(task["state"] == "deferred" for task in tasks)

    wait_until(stack, waits)
    lake.touch("/arrives")

    def ended() -> str:
        (run,) = stack.api.call("GET", f"dags/{DAG}/dagRuns")["dag_runs"]
        return run["dag_run_id"] if run["state"] in ("success", "failed") else ""

    run_id = str(wait_until(stack, ended))
    # The last logs are uploaded after the run has ended.
    wait_until(stack, lambda: not [path for path in local_logs(stack) if path.stat().st_size])
    for path in local_logs(stack):
        path.unlink()
    return run_id


def local_logs(stack: Stack) -> list[Path]:
    return list((stack.home / "logs").rglob("attempt=*"))


def page(stack: Stack, run: str, task: str, number: int = 1, map_index: int = -1) -> tuple[list[str], str]:
    """Return the sources that the page of a try names, and the text of its other lines."""
    path = f"dags/{DAG}/dagRuns/{quote(run)}/taskInstances/{task}/logs/{number}"
    lines = [
        line["event"]
        for line in stack.api.call("GET", path, full_content="true", map_index=map_index)["content"]
    ]
    end = lines.index("::endgroup::")
    return lines[1:end], "\n".join(lines[end + 1 :])


def test_a_dag_from_the_lake_runs(stack, run):
    """The scheduler runs a DAG of the lake, which imports a module of the lake, and all its tasks succeed."""
    states = {(task["task_id"], task["state"]) for task in stack.api.tasks(DAG, run)}
    assert states == {(name, "success") for name in ("again", "deferred", "each", "much", "rescheduled")}
    assert stack.api.call("GET", f"dags/{DAG}")["bundle_name"] == "lake"
    assert run == "scheduled__2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("number", "said"), [(1, "Task failed with exception"), (2, "DAG bundles loaded: lake")]
)
def test_each_try(stack, run, number, said):
    """The page shows each try's own log, out of the lake alone."""
    sources, text = page(stack, run, "again", number)

    folder = f"/logs/dag_id={DAG}/run_id={run.replace(':', '%3A')}/task_id=again"
    assert sources == [f"adl://lake.azuredatalakestore.net{folder}/attempt={number}.log"]
    assert said in text
    assert f"the word of try {number}, é" in text
    assert f"of try {3 - number}" not in text


@pytest.mark.parametrize("number", [1, 2, 3])
def test_each_mapped_task(stack, run, number):
    """Mapped tasks that ran at once have a log each."""
    _, text = page(stack, run, "each", map_index=number - 1)
    assert [text.count(f"the word of number {other}") for other in (1, 2, 3)] == [
        int(other == number) for other in (1, 2, 3)
    ]


def test_a_long_log(stack, run):
    """A log of five megabytes is shown whole."""
    _, text = page(stack, run, "much")
    assert text.count("x" * 1000) == 5_000


def test_turns_of_a_sensor(stack, run):
    """A sensor that was rescheduled shows each of its turns once."""
    _, text = page(stack, run, "rescheduled")
    assert [text.count(f"look {look}\n") + text.endswith(f"look {look}") for look in (1, 2, 3)] == [1, 1, 1]


def test_a_trigger(stack, run):
    """A task that was deferred shows its own log and its trigger's."""
    sources, text = page(stack, run, "deferred")

    own, trigger = sources
    assert own.endswith("/task_id=deferred/attempt=1.log")
    assert trigger.startswith(f"{own}.trigger.")
    assert "/arrives" in text


def test_a_lake_that_refuses_logs(stack, lake, run):
    """Tasks succeed while their logs cannot be uploaded; the page shows them from this machine, and why."""
    lake.rm("/logs", recursive=True)
    lake.pipe("/logs", b"a file is where the directory was")
    stack.api.call(
        "POST",
        f"dags/{DAG}/clearTaskInstances",
        {"dry_run": False, "only_failed": False, "dag_run_id": run, "task_ids": ["each"]},
    )

    def ended() -> bool:
        tasks = [task for task in stack.api.tasks(DAG, run) if task["task_id"] == "each"]
        return {(task["state"], task["try_number"]) for task in tasks} == {("success", 2)}

    wait_until(stack, ended)

    def said() -> str:
        _, text = page(stack, run, "each", 2, map_index=0)
        return text if "was not uploaded" in text else ""

    assert "the word of number 1" in wait_until(stack, said)
    stack.check()
    lake.rm("/logs")


@pytest.mark.long
def test_a_changed_dag(stack, lake, run):
    """A file that is new in the lake becomes a DAG, and one that is gone is none any more."""
    text = (DAGS / "logged.py").read_text().replace('"logged"', '"second"')
    lake.pipe("/dags/second.py", text.encode())
    lake.rm("/dags/logged.py")
    stack.wait_for_dag("second")

    def is_gone() -> bool:
        return bool(stack.api.call("GET", f"dags/{DAG}")["is_stale"])

    wait_until(stack, is_gone)
    copies = Path(stack.environment["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_STORAGE_PATH"], "lake")
    assert sorted(path.name for path in copies.glob("*.py")) == ["second.py"]
