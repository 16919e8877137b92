"""An emulator of the test's own, and functions that send requests to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    from airflow_provider_adls.emulator import Emulator

LAKE = "https://datalake.azure.net/"


@pytest.fixture
def emulator(own_browser) -> Emulator:
    """The emulator."""
    return own_browser.emulator


@pytest.fixture
def ask(own_browser) -> Callable[..., requests.Response]:
    """Asks its account for an operation, signed in once."""
    token = own_browser.bearer(LAKE)
    own_browser.emulator.clear_requests()

    def ask(method, path, data=None, headers=token, **parameters):
        return own_browser.lake(method, "lake", path, params=parameters, data=data, headers=headers)

    return ask


@pytest.fixture
def create(ask):
    """Makes a file."""
    return lambda path, data=b"": ask("PUT", path, data, op="CREATE", write="true", overwrite="true")


@pytest.fixture
def read(ask):
    """Reads a file."""
    return lambda path: ask("GET", path, op="OPEN", read="true")
