"""Selections from recorded requests."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.request_list import Requests

LAKE = "https://datalake.azure.net/"


@pytest.fixture
def emulator(own_browser):
    """An emulator with requests of two principals."""
    emulator = own_browser.emulator
    emulator.add_principal("reader", "its-secret")
    own = own_browser.bearer(LAKE)
    reader = own_browser.bearer(LAKE, client_id="reader", client_secret="its-secret")
    for headers, path in ((own, "/raw/a"), (own, "/raw/b/c"), (reader, "/raw/d"), (own, "/rawer")):
        create = {"op": "CREATE", "write": "true"}
        own_browser.lake("PUT", "lake", path, params=create, headers=headers)
    own_browser.lake("GET", "lake", "/raw", params={"op": "LISTSTATUS"}, headers=own)
    return emulator


def test_how_many_creations_under_a_directory(emulator):
    """The question that a test has is one line."""
    assert len(emulator.requests(operation="CREATE", under="/raw")) == 3


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        ({"operation": "CREATE", "under": "/raw", "status": 201}, ["/raw/a", "/raw/b/c"]),
        ({"operation": "CREATE", "path": "/raw/*"}, ["/raw/a", "/raw/d"]),
        ({"principal": "reader", "service": "lake"}, ["/raw/d"]),
        ({"status": 403}, ["/raw/d"]),
        ({"account": "another"}, []),
        ({"operation": "LISTSTATUS"}, ["/raw"]),
    ],
)
def test_some_of_them(emulator, wanted, paths):
    """Requests are found by all that is known of them, oldest first."""
    assert [request.path for request in emulator.requests(**wanted)] == paths


def test_the_answer_can_be_asked_again(emulator):
    """A selection is a list of requests, from which a call selects again."""
    creations = emulator.requests(operation="CREATE")
    assert isinstance(creations, Requests)
    assert [request.path for request in creations(status=403)] == ["/raw/d"]
    assert len(emulator.requests(service="login")) == 2


@pytest.mark.parametrize("status", [-1, 99, 600, "403", True])
def test_a_status_that_is_none(emulator, status):
    """An impossible status is refused, as a wrong criterion is."""
    with pytest.raises(ArgumentError, match="status") as caught:
        emulator.requests(status=status)
    assert caught.value.field == "status"
    with pytest.raises(ArgumentError, match="CREAT"):
        emulator.requests(operation="CREAT")


def test_times_are_the_clock_s(own_browser):
    """A request is dated by the emulator's clock."""
    own_browser.emulator.clock.set(1_000_000_000)
    own_browser.bearer(LAKE)
    assert 0 <= own_browser.emulator.requests[0].time - 1_000_000_000 < 60
