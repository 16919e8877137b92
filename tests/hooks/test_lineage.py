"""What a task reads and writes comes to Airflow's lineage collector."""

from __future__ import annotations

import sys

import pytest
from airflow.providers.common.compat import sdk
from airflow.providers.common.compat.sdk import HookLineageCollector, NoOpCollector, ObjectStoragePath

from airflow_provider_adls.hooks.lineage import report_file, report_lake_file


@pytest.fixture
def collected(monkeypatch):
    """URIs that a collector of the test's own holds, of what was read and of what was written."""
    collector = HookLineageCollector()
    # ObjectStoragePath asks Airflow's own module, which is another in 2.11.
    own = sys.modules[sdk.get_hook_lineage_collector.__module__]
    for module in (sdk, own):
        monkeypatch.setattr(module, "get_hook_lineage_collector", lambda: collector, raising=False)

    def uris() -> tuple[list[str], list[str]]:
        from airflow.providers.common.compat.lineage.hook import get_hook_lineage_collector

        lineage = get_hook_lineage_collector().collected_assets
        return [one.asset.uri for one in lineage.inputs], [one.asset.uri for one in lineage.outputs]

    return uris


def uri(account: str, path: str) -> str:
    return f"adl://{account}.azuredatalakestore.net{path}"


def test_the_file_system_reports(hook, account, collected):
    """What the file system of a hook reads and writes in a task is known without a word of its author's."""
    hook.filesystem.pipe("/raw/a #1.csv", bytes(5 * 2**20))
    hook.filesystem.cat("/raw/a #1.csv")
    with hook.filesystem.open("/out", "w") as file:
        file.write("1")

    read, written = collected()

    assert read == [uri(account, "/raw/a%20%231.csv")]
    assert written == [uri(account, "/raw/a%20%231.csv"), uri(account, "/out")]


def test_object_storage_path_reports_once(adls_gen1_connection, account, collected):
    """What goes through Airflow's own path is known by the same URI, and not twice."""
    path = ObjectStoragePath(f"adl://{adls_gen1_connection}@{account}/day.csv")
    path.write_text("1")

    assert path.read_text() == "1"
    assert collected() == ([uri(account, "/day.csv")], [uri(account, "/day.csv")])


def test_hooks_report_both_sides(hook, account, collected, tmp_path):
    """An upload reads files of this machine and writes files of the lake, and a download the reverse."""
    (tmp_path / "in").write_text("1")
    hook.upload(str(tmp_path / "in"), "/a")
    hook.download("/a", str(tmp_path / "out"))

    assert collected() == (
        [f"file://{tmp_path}/in", uri(account, "/a")],
        [uri(account, "/a"), f"file://{tmp_path}/out"],
    )


def test_other_stores(hook, account, collected):
    """A file of another store is reported by its URL."""
    hook.filesystem.pipe("/a", b"1")
    hook.export_objects("/a", "memory://lineage/a")

    # Airflow writes a URL without a host in its own way.
    assert collected() == ([uri(account, "/a")], [uri(account, "/a"), "memory:/lineage/a"])


def test_nobody_listens(monkeypatch):
    """Without a collector nothing is made and nothing is logged."""
    monkeypatch.setattr(sdk, "get_hook_lineage_collector", NoOpCollector, raising=False)
    report_lake_file("read", "mylake", "/a")
    report_file("read", "/a")


def test_hidden_files_are_not_reported(collected):
    """A file that is being uploaded is nobody's data yet."""
    report_lake_file("written", "mylake", f"/raw/.{'0' * 32}.part")
    assert collected() == ([], [])
