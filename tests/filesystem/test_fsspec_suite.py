"""fsspec's own tests of what a file system does."""

from __future__ import annotations

import posixpath

import pytest
from fsspec.tests import abstract


class Fixtures(abstract.AbstractFixtures):
    """Where fsspec's tests find our file system."""

    @pytest.fixture
    def fs(self, fs):
        return fs

    @pytest.fixture(params=["/tests", "{account}/tests"], ids=["own account", "named account"])
    def fs_path(self, request, account):
        return request.param.format(account=account)

    @pytest.fixture
    def fs_join(self):
        return posixpath.join


class TestCopy(abstract.AbstractCopyTests, Fixtures):
    """Copies inside the lake."""


class TestGet(abstract.AbstractGetTests, Fixtures):
    """Downloads."""


class TestPut(abstract.AbstractPutTests, Fixtures):
    """Uploads."""


class TestOpen(abstract.AbstractOpenTests, Fixtures):
    """Open files."""


class TestPipe(abstract.AbstractPipeTests, Fixtures):
    """Writing bytes."""
