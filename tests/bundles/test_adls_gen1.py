"""DAGs from a lake: what changed is copied, what is gone is removed, by many processes at once."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import airflow
import pytest

from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.model.errors import PathError, PathNotFoundError

if airflow.__version__.startswith("2."):
    from airflow.providers.common.compat.sdk import AirflowOptionalProviderFeatureException

    def test_needs_airflow_3():
        """On Airflow 2 the import says what is missing."""
        with pytest.raises(AirflowOptionalProviderFeatureException, match="needs Airflow 3"):
            import airflow_provider_adls.bundles.adls_gen1  # noqa: F401

    pytest.skip("Airflow 2 has no bundles", allow_module_level=True)

from airflow.providers.common.compat import sdk
from airflow.providers.common.compat.sdk import AirflowException, HookLineageCollector

from airflow_provider_adls.bundles.adls_gen1 import ADLSGen1DagBundle


@pytest.fixture(autouse=True)
def storage(monkeypatch, tmp_path):
    """A folder of the test's own, where Airflow keeps bundles."""
    monkeypatch.setenv("AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_STORAGE_PATH", str(tmp_path / "bundles"))


@pytest.fixture
def lake(hook):
    """The lake, with a few DAG files."""
    lake = hook.filesystem
    lake.pipe(
        {
            "/dags/a.py": b"a = 1",
            "/dags/team é [1]/b #1.py": b"b = 1",
            "/dags/team é [1]/helpers/__init__.py": b"",
            "/dags/.airflowignore": b"helpers",
            "/dags/__pycache__/a.cpython-311.pyc": b"built elsewhere",
        }
    )
    lake.makedirs("/dags/empty")
    return lake


@pytest.fixture
def bundle(lake):
    return ADLSGen1DagBundle(name="lake", remote_path="/dags")


def files(bundle):
    """Return the files and empty directories of the copy, with what is in them."""
    return {
        path.relative_to(bundle.path).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(bundle.path.rglob("*"))
        if path.is_file() or not any(path.iterdir())
    }


COPIED = {
    ".airflowignore": b"helpers",
    "a.py": b"a = 1",
    "empty": None,
    "team é [1]/b #1.py": b"b = 1",
    "team é [1]/helpers/__init__.py": b"",
}


@pytest.mark.parametrize("root", ["/dags", "/dags/", "adl://{account}/dags", "adl://{account}/dags/"])
def test_the_folder_holds_the_lakes_files(lake, account, root):
    """A bundle has every file of the directory, however it is called, and no compiled one."""
    bundle = ADLSGen1DagBundle(name="lake", remote_path=root.format(account=account))
    assert not bundle.is_initialized
    bundle.initialize()

    assert bundle.is_initialized
    assert files(bundle) == COPIED
    assert bundle.get_current_version() is None
    assert "/dags" in repr(bundle)


def test_a_whole_account(lake):
    """A bundle may be all of an account."""
    bundle = ADLSGen1DagBundle(name="all", remote_path="/")
    bundle.refresh()
    assert set(files(bundle)) == {f"dags/{name}" for name in COPIED}


def test_only_what_changed(bundle, lake, emulator, account):
    """A refresh reads the files that changed and no other, and removes what is gone."""
    bundle.initialize()
    lake.pipe("/dags/a.py", b"a = 2")
    lake.pipe("/dags/new/c.py", b"c")
    lake.rm("/dags/team é [1]", recursive=True)
    lake.rm("/dags/empty")
    before = len(emulator.requests(service="lake", account=account))

    bundle.refresh()
    bundle.refresh()

    asked = emulator.requests(service="lake", account=account)[before:]
    assert sorted(request.path for request in asked if request.operation == "OPEN") == [
        "/dags/a.py",
        "/dags/new/c.py",
    ]
    assert files(bundle) == {".airflowignore": b"helpers", "a.py": b"a = 2", "new/c.py": b"c"}


def test_a_file_that_is_older_than_its_copy(bundle, lake):
    """A file of the same size that got its name by a rename, and so keeps its older time, is copied."""
    lake.pipe("/kept.py", b"a = 0")
    # Times are in milliseconds: within one of them the files would have the same.
    time.sleep(0.01)
    lake.pipe("/dags/a.py", b"a = 1")
    bundle.initialize()
    lake.rm("/dags/a.py")
    lake.mv("/kept.py", "/dags/a.py")

    bundle.refresh()

    assert (bundle.path / "a.py").read_bytes() == b"a = 0"


def test_compiled_files(bundle, lake):
    """Python runs the new file where size and second are the old one's, and no package that is gone."""

    def imported(module):
        done = subprocess.run(
            [sys.executable, "-c", f"import {module}; print({module}.value)"],
            env=os.environ | {"PYTHONPATH": str(bundle.path), "PYTHONDONTWRITEBYTECODE": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.strip()

    lake.pipe({"/dags/mine/__init__.py": b"value = 1", "/dags/mine/deep/other.py": b"value = 1"})
    bundle.initialize()
    assert imported("mine") == imported("mine.deep.other") == "1"
    assert list(bundle.path.rglob("*.pyc"))
    second = int((bundle.path / "mine/__init__.py").stat().st_mtime)
    bundle.refresh()
    assert list(bundle.path.rglob("*.pyc")), "nothing changed"

    lake.pipe("/dags/mine/__init__.py", b"value = 2")
    run(lake.client.set_times("/dags/mine/__init__.py", modified=second * 1000 + 999))
    bundle.refresh()
    assert imported("mine") == "2"

    lake.rm("/dags/mine", recursive=True)
    bundle.refresh()
    assert imported("mine") == ""
    assert not (bundle.path / "mine").exists()


def test_a_directory_that_is_missing(bundle, lake):
    """A refresh from a directory that does not exist is an error, and takes nothing away."""
    bundle.initialize()
    lake.mv("/dags", "/moved")
    with pytest.raises(PathNotFoundError, match="/dags"):
        bundle.refresh()
    assert files(bundle) == COPIED

    lake.pipe("/dags", b"a file")
    with pytest.raises(NotADirectoryError, match="/dags"):
        bundle.refresh()
    assert files(bundle) == COPIED


@pytest.mark.parametrize("cause", ["directory", "connection", "right"])
def test_a_start_that_fails(cause, bundle, lake, fault):
    """The DAG processor gets the error after which every version of it tries again, with the reason."""
    match cause:
        case "directory":
            bundle.remote_path = "/nowhere"
        case "connection":
            bundle.adls_gen1_conn_id = "nobody_made_it"
        case "right":
            fault(operation="LISTSTATUS", status=403)
    with pytest.raises(AirflowException, match=f"bundle 'lake'.*{bundle.remote_path}.*") as failure:
        bundle.initialize()
    assert {"directory": "/nowhere", "connection": "nobody_made_it", "right": "LISTSTATUS"}[cause] in str(
        failure.value
    )
    assert not bundle.is_initialized


def test_a_refresh_that_fails(bundle, lake, fault):
    """A refresh that breaks off removes nothing, and the next one completes it."""
    bundle.initialize()
    lake.rm("/dags/team é [1]", recursive=True)
    lake.pipe("/dags/a.py", b"a = 22")
    with fault(operation="OPEN", status=403), pytest.raises(PermissionError):
        bundle.refresh()
    assert files(bundle) == COPIED

    bundle.refresh()
    assert files(bundle) == {".airflowignore": b"helpers", "a.py": b"a = 22", "empty": None}


@pytest.mark.parametrize("shapes", [("file", "directory"), ("directory", "file")])
def test_a_name_that_is_of_another_kind_now(bundle, lake, shapes):
    """A file that became a directory, or the reverse, is that on this machine too."""
    for shape in shapes:
        if lake.exists("/dags/thing"):
            lake.rm("/dags/thing", recursive=True)
        lake.pipe("/dags/thing" if shape == "file" else "/dags/thing/x.py", b"x")
        bundle.refresh()

    assert (bundle.path / "thing").is_file() == (shapes[-1] == "file")
    assert (bundle.path / "thing/x.py").is_file() == (shapes[-1] == "directory")


def test_many_processes(bundle, lake, storage):
    """Processes that refresh at once, as tasks do that start together, end well, with the same files."""
    program = """
        import sys
        from airflow_provider_adls.bundles.adls_gen1 import ADLSGen1DagBundle
        bundle = ADLSGen1DagBundle(name="lake", remote_path="/dags")
        for _ in range(2):
            bundle.initialize()
            names = [path.name for path in bundle.path.rglob("*.py")]
            assert {"a.py", "b #1.py"} <= set(names), names
    """
    lake.pipe({f"/dags/many/{number}.py": b"x" * number for number in range(40)})
    running = [
        subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for round_ in range(5):
        bundle.refresh()
        lake.pipe({f"/dags/many/{number}.py": b"y" * (number + round_) for number in range(40)})
        lake.rm(f"/dags/many/{round_}.py")
    for process in running:
        _, said = process.communicate()
        assert process.returncode == 0, said

    bundle.refresh()
    assert files(bundle) == COPIED | {
        f"many/{number}.py": b"y" * (number + 4) for number in range(40) if number != 4
    }
    assert not list(bundle.path.rglob("*.part"))


def test_no_lineage(bundle, lake, monkeypatch):
    """DAG files are not data that the task reads, whose process copies them."""
    collector = HookLineageCollector()
    own = sys.modules[sdk.get_hook_lineage_collector.__module__]
    for module in (sdk, own):
        monkeypatch.setattr(module, "get_hook_lineage_collector", lambda: collector, raising=False)

    bundle.initialize()
    assert not collector.collected_assets.inputs
    assert not collector.collected_assets.outputs

    lake.cat("/dags/a.py")
    assert len(collector.collected_assets.inputs) == 1


def test_what_cannot_be_right(lake):
    """A path that no lake can have ends the DAG processor's start; a version is refused at its refresh."""
    for path in ("dags", "s3://bucket/dags", "/a:b", ""):
        with pytest.raises(PathError):
            ADLSGen1DagBundle(name="lake", remote_path=path)
    with pytest.raises(TypeError, match="remote_path"):
        ADLSGen1DagBundle(name="lake")
    with pytest.raises(ValueError, match="no version 'v1'"):
        ADLSGen1DagBundle(name="lake", remote_path="/dags", version="v1").refresh()


def test_airflow_makes_it_from_its_settings(lake, monkeypatch):
    """What the guide shows is what Airflow's manager of bundles makes it by."""
    import re

    from airflow.dag_processing.bundles.manager import DagBundlesManager

    page = (Path(__file__).parents[2] / "docs/how-to/dag-bundle.md").read_text()
    (setting,) = re.findall(r"^dag_bundle_config_list = (.*?)^```", page, re.DOTALL | re.MULTILINE)
    monkeypatch.setenv("AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST", setting)

    bundles = [one for one in DagBundlesManager().get_all_dag_bundles() if one.name == "lake"]

    assert [type(one) for one in bundles] == [ADLSGen1DagBundle]
    assert bundles[0].refresh_interval == 60
    bundles[0].initialize()
    assert files(bundles[0]) == COPIED
