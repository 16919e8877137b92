"""What the data libraries are given: a folder of the test's account, and the options that reach it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem


@pytest.fixture
def options(connect: Callable[..., str]) -> dict[str, Any]:
    """Storage options of a connection to the test's account."""
    return {"conn_id": connect()}


@pytest.fixture
def fs(options: dict[str, Any]) -> ADLSGen1FileSystem:
    """The file system that they mean."""
    return ADLSGen1FileSystem(**options, skip_instance_cache=True)


@pytest.fixture
def url(account: str) -> str:
    """URL of a folder that is not there yet."""
    return f"adl://{account}/raw"
