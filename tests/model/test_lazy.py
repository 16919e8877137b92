"""Names of packages whose modules are imported when they are used."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

PACKAGES = ["auth", "client", "emulator", "filesystem"]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_is_imported_when_it_is_used(package):
    """Each public name of the package leads to its module, and another name is an error of its own."""
    module = importlib.import_module(f"airflow_provider_adls.{package}")
    assert [name for name in module.__all__ if getattr(module, name, None) is None] == []
    unknown = "Nothing"
    with pytest.raises(AttributeError, match=rf"module '{module.__name__}' has no attribute '{unknown}'"):
        getattr(module, unknown)


def test_the_emulators_package_is_light():
    """Its errors are imported without the service."""
    program = "import sys, airflow_provider_adls.emulator.errors; sys.exit('aiohttp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
