from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.rules.calls import Call
from airflow_provider_adls.emulator.store import open_store
from airflow_provider_adls.emulator.webhdfs import Lake


@pytest.fixture
def call():
    """A call of the super user `boss`, who owns the account `lake`, at time 1,000."""
    store = open_store(None)
    Lake(store, Clock()).create_account("lake", "boss")
    yield Call(store, "lake", Principal("boss"), 1_000)
    store.close()


@pytest.fixture
def by(call) -> Callable[..., Call]:
    """Makes the call that of another principal, not a super user."""

    def make(name: str, *groups: str) -> Call:
        return replace(call, principal=Principal(name, super_user=False, groups=frozenset(groups)))

    return make


@pytest.fixture
def at(call) -> Callable[[int], Call]:
    """The same call at another time."""
    return lambda now: replace(call, now=now)
