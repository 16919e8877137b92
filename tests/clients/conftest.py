"""Clients of others, which know nothing of the emulator: they find it by their environment."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def cloud_is_the_emulator(emulator, monkeypatch):
    """What any program is started with to take the emulator for the cloud."""
    monkeypatch.setenv("HTTPS_PROXY", emulator.proxy_url)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", emulator.ca_file)
