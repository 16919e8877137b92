from __future__ import annotations

import pytest

from airflow_provider_adls.model.extras import is_installed


@pytest.mark.parametrize(
    ("module", "expected"),
    [("json.decoder", True), ("json.missing", False), ("missing_package.module", False)],
)
def test_modules(module, expected):
    """A module is missing with the package above it, or alone."""
    assert is_installed(module) is expected
