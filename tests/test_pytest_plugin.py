"""The pytest plugin, in other people's projects."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

DOCS = Path(__file__).parents[1] / "docs"
#: What a test run without our fixtures must not pay for.
COSTLY = {"adal", "aiohttp", "airflow", "azure", "cryptography", "fsspec", "msrestazure", "requests"}
LOADED = """
import json, sys
from importlib.metadata import entry_points
before = set(sys.modules)
(point,) = [point for point in entry_points(group="pytest11") if point.name == "adls_gen1"]
point.load()
print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest on the project in its folder, in a process of its own."""
    for name in ("PYTEST_ADDOPTS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "ADLS_GEN1_EMULATOR"):
        monkeypatch.delenv(name, raising=False)
    # Of another plugin's warnings nothing is held against the project.
    options = ("-p", "no:cacheprovider", "-p", "no:asyncio", "-W", "error")
    return lambda *arguments: pytester.runpytest_subprocess(*options, *arguments)


def test_loading_it_imports_next_to_nothing():
    """Whoever has the package installed and runs other tests pays for two modules of it, and no library."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    ours = [name for name in loaded if name.startswith("airflow_provider_adls")]
    assert ours == ["airflow_provider_adls", "airflow_provider_adls.pytest_plugin"]
    assert COSTLY & {name.partition(".")[0] for name in loaded} == set()


def test_each_test_has_a_clean_account(pytester, run):
    """In a project without a conftest, tests share one emulator and no account, and leave nothing set."""
    pytester.makepyfile(
        """
        import json, os
        import pytest

        seen = []

        @pytest.mark.parametrize("time", ["first", "second"])
        def test_account(adls_gen1_emulator, adls_gen1_account, adls_gen1_connection, time):
            stored = json.loads(os.environ["AIRFLOW_CONN_ADLS_GEN1_DEFAULT"])
            assert adls_gen1_connection == "adls_gen1_default"
            assert stored["extra"]["account_name"] == adls_gen1_account
            assert os.path.exists(os.environ["ADLS_GEN1_EMULATOR"])
            seen.append((adls_gen1_emulator.url, adls_gen1_account))

        def test_afterwards():
            (url, account), (url_again, other) = seen
            assert url == url_again and account != other
            assert not [name for name in os.environ if name.startswith(("AIRFLOW_CONN_", "ADLS_"))]
        """
    )
    run().assert_outcomes(passed=3)


def test_a_path_of_an_earlier_test_keeps_nothing(pytester, run):
    """Airflow keeps the file system of a path for good; a later test's is of the later test's account."""
    pytester.makepyfile(
        """
        from airflow.providers.common.compat.sdk import ObjectStoragePath
        from airflow_provider_adls.filesystem import ADLSGen1FileSystem

        def test_path(adls_gen1_connection, adls_gen1_account):
            ObjectStoragePath(f"adl://{adls_gen1_connection}@{adls_gen1_account}/x").write_text("1")

        def test_afterwards(adls_gen1_connection, adls_gen1_account):
            lake = ADLSGen1FileSystem(conn_id=adls_gen1_connection)
            lake.pipe("/x", b"2")
            assert lake.cat(f"{adls_gen1_account}/x") == b"2"
        """
    )
    run("-W", "ignore").assert_outcomes(passed=2)


def test_rules_end_with_their_test(pytester, run):
    """A rule that makes requests fail is for the account of its test, and is gone with it."""
    pytester.makepyfile(
        """
        import pytest
        from airflow_provider_adls.emulator import ArgumentError

        def test_rules(adls_gen1_emulator, adls_gen1_account, adls_gen1_fault):
            rules = [
                adls_gen1_fault(status=503),
                adls_gen1_fault(status=503, account="another"),
                adls_gen1_fault(status=503, account=None),
                adls_gen1_fault(operation="accounts.list", status=503),
                adls_gen1_fault(error="AADSTS7000222"),
            ]
            accounts = [rule.to_json().get("account") for rule in rules]
            assert accounts == [adls_gen1_account, "another", None, None, None]
            for wrong in ({"account": "Not_a_name"}, {"account": "lake", "operation": "token"}, {"nth": 0}):
                with pytest.raises(ArgumentError):
                    adls_gen1_fault(status=503, **wrong)
            rules[0].remove()
            assert len(adls_gen1_emulator.faults) == 4

        def test_afterwards(adls_gen1_emulator):
            assert len(adls_gen1_emulator.faults) == 0
        """
    )
    run().assert_outcomes(passed=2)


def test_every_worker_has_an_emulator(pytester, run):
    """Under pytest-xdist each worker has an emulator of its own, and tests do not meet."""
    pytester.makepyfile(
        """
        import json
        import pytest
        from pathlib import Path

        @pytest.mark.parametrize("number", range(8))
        def test_account(adls_gen1_emulator, adls_gen1_account, number):
            Path(f"{number}.json").write_text(json.dumps([adls_gen1_emulator.url, adls_gen1_account]))
        """
    )
    run("-n", "2").assert_outcomes(passed=8)
    seen = [json.loads((pytester.path / f"{number}.json").read_text()) for number in range(8)]
    assert len({url for url, _ in seen}) == 2
    assert len({account for _, account in seen}) == 8


# One of them is run by a process of Airflow's.
@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("page", ["testing-your-dags.md", "emulator-faults.md"])
def test_guide_is_a_project_that_passes(pytester, run, page):
    """A guide's files, copied as they are, are a project whose tests all pass, a whole DAG's too."""
    guide = (DOCS / page).read_text("utf-8")
    # Each block stands after the name of its file.
    files = re.findall(r"`([\w/]+\.py)`[^`]*?```python\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    assert len(files) == guide.count("```python")
    for name, content in files:
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    # Airflow's own deprecations are not the guide's.
    run("-W", "default").assert_outcomes(passed=sum(content.count("\ndef test_") for _, content in files))


def test_each_test_has_a_storage_account(pytester, run):
    """The SDK for Gen2 finds each test's own storage account behind the proxy, with an empty container."""
    pytester.makepyfile(
        """
        import pytest
        from azure.storage.filedatalake import DataLakeServiceClient

        seen = []

        @pytest.mark.usefixtures("adls_gen1_proxy")
        @pytest.mark.parametrize("time", ["first", "second"])
        def test_account(adls_gen2_account, time):
            seen.append(adls_gen2_account.name)
            string = adls_gen2_account.connection_string
            with DataLakeServiceClient.from_connection_string(string) as client:
                files = client.get_file_system_client(adls_gen2_account.container)
                assert list(files.get_paths()) == []
                files.get_file_client("raw/day.csv").upload_data(b"a,b", overwrite=True)
                assert files.get_file_client("raw/day.csv").download_file().readall() == b"a,b"

        def test_they_are_deleted(adls_gen1_emulator):
            assert len(set(seen)) == 2
            assert adls_gen1_emulator.storage_accounts == {}
        """
    )
    run().assert_outcomes(passed=3)


def test_rules_for_storage_accounts(pytester, run):
    """A rule for a face of Gen2 is limited to the test's storage account, where it has one."""
    pytester.makepyfile(
        """
        import pytest
        from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
        from airflow_provider_adls.model.errors import RequestError

        def test_with(adls_gen2_account, adls_gen2_connection, adls_gen1_fault):
            fault = adls_gen1_fault(service="dfs", status=403)
            assert fault.to_json()["account"] == adls_gen2_account.name
            with pytest.raises(PermissionError):
                ADLSGen1Hook(adls_gen2_connection).list_paths("/")
            assert fault.fired == 1

        def test_without(adls_gen1_fault):
            assert "account" not in adls_gen1_fault(service="blob", status=403).to_json()
        """
    )
    # Airflow 3.1 warns of itself as it reads a connection.
    run("-W", "default").assert_outcomes(passed=2)
