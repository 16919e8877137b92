"""The rules in force."""

from __future__ import annotations

import threading
from typing import NamedTuple

import pytest

from airflow_provider_adls.emulator.faults import Faults
from airflow_provider_adls.emulator.principal import Principal


class RequestInfo(NamedTuple):
    """A request."""

    service: str = "lake"
    operation: str | None = "APPEND"
    account: str | None = "lake"
    path: str = "/raw/f"
    principal: Principal | None = Principal("me")


@pytest.fixture
def faults():
    """No rules yet."""
    return Faults()


def fired(faults, *asked):
    """Ids of the rules that fire at each request."""
    return [[fault.id for fault in faults.meet(one)] for one in asked]


def test_the_first_rule_whose_turn_it_is_decides(faults):
    """Rules are met in the order in which they were added; of two that answer one does."""
    faults.add(status=503, nth=2)
    faults.add(status=429)
    faults.add(status=500)
    assert fired(faults, *[RequestInfo()] * 3) == [[2], [1], [2]]


def test_planned_one_after_the_other(faults):
    """Rules that fire once each take turns in order."""
    for status in (503, 429, 500):
        faults.add(status=status, times=1)
    assert fired(faults, *[RequestInfo()] * 4) == [[1], [2], [3], []]


def test_what_only_waits_lets_others_decide(faults):
    """A wait and the end of a token come with whatever decides, if they were added before it."""
    faults.add(delay=1)
    faults.add(expire_token=True)
    faults.add(status=503)
    faults.add(delay=2)
    assert fired(faults, RequestInfo()) == [[1, 2, 3]]


def test_each_counts_what_matches_it(faults):
    """How many requests matched does not depend on the other rules, nor does which is the n-th."""
    first, second = faults.add(drop="before", times=1), faults.add(status=503, nth=2, under="/raw")
    assert fired(faults, RequestInfo(), RequestInfo(path="/d"), RequestInfo()) == [[1], [], [2]]
    assert [(rule.matched, rule.fired) for rule in (first, second)] == [(3, 1), (2, 1)]


def test_a_token_that_is_none_does_not_end(faults):
    """Requests without a good token do not count for a rule that ends tokens."""
    rule = faults.add(expire_token=True)
    assert fired(faults, RequestInfo(principal=None)) == [[]]
    assert (rule.matched, rule.fired) == (0, 0)


def test_removed_rules_are_met_no_more(faults):
    """A rule is removed by its block, its method or with all others; a second removal does nothing."""
    with faults.add(status=503) as first:
        second = faults.add(status=429)
        assert [rule.id for rule in faults] == [1, 2]
    assert fired(faults, RequestInfo()) == [[2]]
    first.remove()
    faults.clear()
    assert (len(faults), fired(faults, RequestInfo())) == (0, [[]])
    assert [(rule.matched, rule.fired) for rule in (first, second)] == [(0, 0), (1, 1)]
    assert faults.add(status=503).id == 3


def test_a_rule_shows_itself(faults):
    """The repr of a rule shows its arguments, and how often it fired."""
    rule = faults.add(operation="append", under="/raw", nth=1, status=503)
    fired(faults, RequestInfo(), RequestInfo())
    wanted = "service='lake', operation='APPEND', under='/raw', nth=1, status=503"
    assert repr(rule) == f"<Fault id=1, {wanted}, matched=2, fired=1>"


def test_threads_add_and_remove_while_requests_come(faults):
    """Rules come and go in threads, none is lost, and each that stays has counted every request."""
    stays = faults.add(delay=0)
    stop = threading.Event()
    met = 0

    def churn():
        for _ in range(200):
            faults.add(status=503, path="/never").remove()

    def meet():
        nonlocal met
        while not stop.is_set():
            assert [fault.id for fault in faults.meet(RequestInfo())] == [1]
            met += 1

    threads = [threading.Thread(target=churn) for _ in range(4)]
    meeting = threading.Thread(target=meet)
    for thread in (meeting, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    meeting.join()
    assert (list(faults), stays.matched) == ([stays], met)
    assert met > 0
