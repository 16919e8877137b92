from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.rules.gen2 import deletion
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.gen2.namespaces import Namespaces


@pytest.fixture
def namespaces(call):
    return Namespaces(call.store, Clock())


def rows(call, table: str) -> int:
    return call.store._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_an_account_has_containers(namespaces):
    """Containers are made, listed and deleted by account; those of the service itself are not listed."""
    namespaces.create_account("other")
    assert namespaces.containers("other") == namespaces.containers("missing") == []
    made = namespaces.create_container("other", "new", "boss", {"a": "b"})
    assert namespaces.create_container("other", "new", "boss", {}) is None
    assert namespaces.containers("other") == [made]
    assert (made.name, made.metadata) == ("new", {"a": "b"})
    assert namespaces.delete_container("other", "new")
    assert not namespaces.delete_container("other", "new")


def test_an_account_that_exists_keeps_its_containers(namespaces):
    """Making room for an account again changes nothing."""
    namespaces.create_account("lake")
    assert [container.name for container in namespaces.containers("lake")] == ["raw"]


def test_an_emptied_account_keeps_its_containers_alone(call, namespaces, make):
    """Paths, deleted paths and staged blocks go; containers, and their root directories, stay."""
    kept = replace(call, retention=7)
    make("/d/f", b"abc")
    make("/g", b"def")
    deletion.delete(kept, "/g", Conditions(), recursive=False)
    namespaces.empty_account("lake")
    assert (rows(call, "segments"), rows(call, "trash")) == (0, 0)
    assert make("/new").name == "new"
    namespaces.empty_account("missing")


def test_a_deleted_account_leaves_nothing(call, namespaces, make):
    """All that an account held is gone, what could have been restored too."""
    kept = replace(call, retention=7, container_retention=7)
    make("/g", b"def")
    deletion.delete(kept, "/g", Conditions(), recursive=False)
    namespaces.delete_account("lake")
    namespaces.delete_account("lake")
    assert (rows(call, "nodes"), rows(call, "segments"), rows(call, "trash")) == (0, 0, 0)
