"""The page agrees with the tables and tests."""

from __future__ import annotations

import gzip
import json

import pytest

from airflow_provider_adls.emulator.arm.routes import ROUTES
from airflow_provider_adls.emulator.arm.storage.routes import ROUTES as STORAGE_ROUTES
from airflow_provider_adls.emulator.gen2.operations import address, operation
from airflow_provider_adls.model.operations import OPERATIONS
from tests.fidelity.document import (
    ARM_EVIDENCE,
    EVIDENCE,
    KINDS,
    OWN,
    PAGE,
    PLACES,
    STORAGE_EVIDENCE,
    marked,
    page,
)
from tests.fidelity.gen2 import recordings as gen2
from tests.fidelity.gen2.evidence import EVIDENCE as GEN2_EVIDENCE
from tests.fidelity.recordings import FILE, load

ARM_FILE = FILE.parent / "arm.json"
GEN2_FILE = FILE.parents[1] / "gen2" / "recordings.json.gz"
beside = pytest.mark.skipif(
    not FILE.exists(),
    reason="the recordings of the real service are not beside the repository (shared/golden)",
)


def test_the_page_is_fresh():
    """docs/emulator-fidelity.md is what `python -m tests.fidelity.document` would write."""
    assert page() == PAGE.read_text()


def test_all_is_marked():
    """Each operation and each rule's test names its evidence, and a source or reason unless recorded."""
    assert set(EVIDENCE) == set(OPERATIONS)
    assert set(ARM_EVIDENCE | STORAGE_EVIDENCE) == {route.operation for route in ROUTES}
    tables = EVIDENCE | ARM_EVIDENCE | STORAGE_EVIDENCE
    known = [(name, *evidence) for name, evidence in tables.items()]
    known += [(name, *evidence) for (_, name), evidence in GEN2_EVIDENCE.items()]
    known += [(name, *evidence) for (_, name), evidence in GEN2_EVIDENCE.items()]
    known += [
        (name, kind, source) for service in PLACES for name, _, kind, source in marked(service) if kind != OWN
    ]
    assert [name for name, kind, _ in known if kind not in KINDS] == []
    assert [name for name, kind, source in known if kind != "recorded" and not source] == []


@beside
def test_what_is_called_recorded_is():
    """The operations that are called recorded are those that the recordings hold."""
    recorded = {exchange.operation for run in load() for exchange in run.exchanges}
    assert {name for name, (kind, _) in EVIDENCE.items() if kind == "recorded"} == recorded


@beside
def test_what_is_called_recorded_of_resource_manager_is():
    """So are Resource Manager's."""
    recorded = {
        route.operation
        for exchange in json.loads(ARM_FILE.read_text())
        for route in ROUTES
        if route.method == exchange["method"] and route.pattern.fullmatch(exchange["uri"].partition("?")[0])
    }
    assert {name for name, (kind, _) in ARM_EVIDENCE.items() if kind == "recorded"} == recorded


@beside
def test_what_is_called_recorded_of_storage_accounts_is():
    """So are its operations on storage accounts."""
    recorded = {
        route.operation
        for exchanges in json.loads(gzip.decompress(GEN2_FILE.read_bytes())).values()
        for exchange in exchanges
        for route in STORAGE_ROUTES
        if exchange["host"] == "management.azure.com"
        and route.method == exchange["method"]
        and route.pattern.fullmatch(exchange["path"])
    }
    assert {name for name, (kind, _) in STORAGE_EVIDENCE.items() if kind == "recorded"} == recorded


@pytest.mark.skipif(
    not gen2.FILE.exists(),
    reason="the recordings of the real service are not beside the repository (shared/gen2)",
)
def test_what_is_called_recorded_of_gen2_is():
    """So are those of Gen2's two faces."""
    recorded = {
        (
            each.face,
            operation(each.face, each.method, address(each.target).level, each.query, each.request_headers),
        )
        for run in gen2.load()
        for each in run.exchanges
    }
    known = {key for key, (kind, _) in GEN2_EVIDENCE.items() if kind == "recorded"}
    assert known == recorded & set(GEN2_EVIDENCE)
