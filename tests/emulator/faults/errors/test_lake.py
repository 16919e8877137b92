"""The file system's errors, by name."""

from __future__ import annotations

from airflow_provider_adls.emulator.faults import Faults
from airflow_provider_adls.emulator.faults.errors.lake import VOCABULARY
from airflow_provider_adls.model.errors import REMOTE_EXCEPTIONS


def test_every_name_of_the_service_is_one():
    """A rule can answer with each error that the service's specification lists."""
    assert set(VOCABULARY.statuses) == set(REMOTE_EXCEPTIONS)
    for name in VOCABULARY.statuses:
        assert Faults().add(error=name).to_json()["status"] >= 400
