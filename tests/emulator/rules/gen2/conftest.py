from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.rules.gen2 import content, creation
from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.gen2.creation import Wanted
from airflow_provider_adls.emulator.rules.gen2.namespaces import Namespaces
from airflow_provider_adls.emulator.store import Node, open_store

NOW = 1_700_000_000_000


@pytest.fixture
def call():
    """A call of the super user `boss` to the container `raw`, which he owns, of the account `lake`."""
    store = open_store(None)
    namespaces = Namespaces(store, Clock())
    namespaces.create_account("lake")
    namespaces.create_container("lake", "raw", "boss", {})
    yield FileCall(
        store,
        "lake",
        Principal("boss"),
        NOW,
        container="raw",
        versions=namespaces.versions,
    )
    store.close()


@pytest.fixture
def by(call) -> Callable[..., FileCall]:
    """Makes the call another principal's, whom ACLs alone let in, or a role."""

    def make(name: str, *groups: str, role: str = "none") -> FileCall:
        principal = Principal(name, super_user=role in ("owner", "contributor"), groups=frozenset(groups))
        return replace(call, principal=principal, role=role)

    return make


@pytest.fixture
def at(call) -> Callable[[int], FileCall]:
    """The same call so many seconds later."""
    return lambda seconds: replace(call, now=NOW + seconds * 1000)


@pytest.fixture
def make(call) -> Callable[..., Node]:
    """Creates a file with content or, with a slash at the end of its path, a directory."""

    def create(path: str, data: bytes = b"", by: FileCall = call, lease: str = "", **wanted) -> Node:
        node = creation.create(
            by,
            path.rstrip("/"),
            Conditions(),
            Wanted(**wanted),
            directory=path.endswith("/"),
            lease=lease,
        )
        if data:
            use = content.LeaseUse(id=lease)
            content.append(by, path, data, 0, use, content.Flush())
            node = by.get(path)
        return node

    return create


@pytest.fixture
def read(call) -> Callable[[str], bytes]:
    """Reads a file."""

    def get(path: str) -> bytes:
        node = call.get(path)
        with call.store.reader(node.id, 0, node.synced) as reader:
            return b"".join(reader)

    return get
