"""A refused sign-in is logged once."""

from __future__ import annotations

import logging

import pytest

from airflow_provider_adls.auth import ClientSecret
from airflow_provider_adls.auth.adal_log import LOGGER, reported_by_us
from airflow_provider_adls.model.clouds import emulator_cloud
from airflow_provider_adls.model.errors import AuthorityUnreachableError


@pytest.fixture
def unreachable():
    """An authority that nobody listens for."""
    cloud = emulator_cloud("https://127.0.0.1:1")
    source = ClientSecret("tenant", "client", "Secret~0123456789", cloud, attempts=1)

    def ask() -> None:
        with pytest.raises(AuthorityUnreachableError, match="could not be reached"):
            source.acquire(cloud.datalake_audience)

    return ask


def errors(caplog) -> list[str]:
    return [record.name for record in caplog.records if record.levelno >= logging.ERROR]


def test_no_traceback_of_adal(unreachable, caplog):
    """At the usual levels adal's traceback is not beside the error that says what to do."""
    caplog.set_level(logging.INFO, logger=LOGGER.name)

    unreachable()

    assert errors(caplog) == []


def test_all_of_adal_at_debug(unreachable, caplog):
    """Who looks for what adal did finds it."""
    caplog.set_level(logging.DEBUG, logger=LOGGER.name)

    unreachable()

    assert errors(caplog) == [LOGGER.name]


def test_answers_at_debug(caplog):
    """An answer that adal cannot read is not logged at any level, since a token may be in it."""
    caplog.set_level(logging.DEBUG, logger=LOGGER.name)
    with reported_by_us():
        LOGGER.error("cannot read %(token_response)s", {"token_response": "eyJ0.token"})

    assert "eyJ0" not in caplog.text


def test_adal_of_others(caplog):
    """What another user of adal fails of is logged as ever, and warnings always are."""
    caplog.set_level(logging.INFO, logger=LOGGER.name)
    with reported_by_us():
        LOGGER.warning("ours")
        LOGGER.error("ours")
    LOGGER.error("of others")

    assert [record.getMessage() for record in caplog.records] == ["ours", "of others"]
