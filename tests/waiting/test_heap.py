"""The garbage collector, while triggers wait."""

import gc

import pytest

from airflow_provider_adls.waiting import heap
from airflow_provider_adls.waiting.heap import spared_heap
from airflow_provider_adls.waiting.shared import lakes


@pytest.fixture(autouse=True)
def unfrozen(monkeypatch):
    """Whatever other tests have left is no part of it."""
    monkeypatch.setattr(heap, "_held", None)
    gc.unfreeze()
    gc.collect()
    yield
    gc.unfreeze()


def test_it_is_spared_while_somebody_holds_it():
    """All hold the same, and when the last lets go of it all is as it was."""
    one, other = spared_heap(), spared_heap()
    assert one is other
    assert gc.get_freeze_count() > 0
    del one
    assert gc.get_freeze_count() > 0
    del other
    assert gc.get_freeze_count() == 0


def test_what_somebody_else_has_spared():
    """It is left as it is."""
    gc.freeze()
    mine = spared_heap()
    del mine
    assert gc.get_freeze_count() > 0


async def test_it_ends_with_the_last_trigger(hook):
    """Who looks at a lake holds it, for as long as it does."""
    shared = lakes("adls_gen1_default")
    await shared.view(None)
    assert gc.get_freeze_count() > 0
    del shared
    gc.collect()
    assert gc.get_freeze_count() == 0
