from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.gen2 import leases, leasing
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.gen2.leasing import LeaseRequest

ANY = Conditions()
ONE, TWO = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
REST = "REST reference, Lease Blob"


def ask(call, action: str, **values):
    return leasing.lease_path(call, "/f", ANY, LeaseRequest(action, **values))


def refused(call, action: str, **values) -> str:
    with pytest.raises(StorageError) as refusal:
        ask(call, action, **values)
    return refusal.value.code


def state(call) -> str:
    return leases.state(call.get("/f"), call.now)


@pytest.fixture(autouse=True)
def file(make):
    return make("/f")


@pytest.mark.fidelity("recorded")
def test_a_lease_is_acquired_changed_renewed_and_released(call, at, file):
    """Ids without hyphens are the same ids; no lease operation changes the version."""
    node, _ = ask(call, "acquire", proposed=ONE.replace("-", ""), duration=15)
    assert (leases.of(node).id, state(call)) == (ONE, leases.LEASED)
    ask(call, "change", id=ONE, proposed=TWO)
    ask(at(10), "renew", id=TWO)
    assert state(at(20)) == leases.LEASED
    ask(at(20), "release", id=TWO)
    assert state(call) == leases.AVAILABLE
    assert call.get("/f").etag == file.etag


@pytest.mark.fidelity("documented", REST)
def test_a_lease_expires(call, at):
    """A lease ends after its seconds, can be renewed then, and one without end does not."""
    ask(call, "acquire", proposed=ONE, duration=15)
    assert state(at(15)) == leases.EXPIRED
    ask(at(20), "renew", id=ONE)
    assert state(at(30)) == leases.LEASED
    ask(at(40), "acquire", proposed=TWO, duration=-1)
    assert state(at(10**9)) == leases.LEASED


@pytest.mark.fidelity("documented", REST)
def test_a_leased_file_is_not_leased_again(call):
    """Another cannot lease it; the same id may, with another duration."""
    ask(call, "acquire", proposed=ONE, duration=15)
    assert refused(call, "acquire", proposed=TWO, duration=15) == "LeaseAlreadyPresent"
    ask(call, "acquire", proposed=ONE, duration=60)
    assert leases.of(call.get("/f")).duration == 60


@pytest.mark.fidelity("recorded")
def test_a_lease_is_broken(call, at):
    """It goes on for the period that is asked for, no longer than it had, and is broken then."""
    ask(call, "acquire", proposed=ONE, duration=15)
    assert ask(at(5), "break", period=30)[1] == 10
    assert (state(at(6)), state(at(15))) == (leases.BREAKING, leases.BROKEN)
    assert refused(at(6), "acquire", proposed=ONE, duration=15) == "LeaseIsBreakingAndCannotBeAcquired"
    assert refused(at(6), "change", id=ONE, proposed=TWO) == "LeaseIsBreakingAndCannotBeChanged"
    assert refused(at(20), "renew", id=ONE) == "LeaseIsBrokenAndCannotBeRenewed"
    ask(at(20), "acquire", proposed=TWO, duration=-1)
    assert ask(at(30), "break")[1] == 0
    assert state(at(30)) == leases.BROKEN
    assert ask(at(40), "break")[1] == 0


@pytest.mark.parametrize(
    ("action", "values", "code"),
    [
        ("renew", {"id": ONE}, "LeaseNotPresentWithLeaseOperation"),
        ("release", {"id": ONE}, "LeaseNotPresentWithLeaseOperation"),
        ("break", {}, "LeaseNotPresentWithLeaseOperation"),
        ("renew", {}, "MissingRequiredHeader"),
        ("change", {"id": ONE}, "MissingRequiredHeader"),
        ("acquire", {}, "MissingRequiredHeader"),
        ("acquire", {"duration": 14}, "InvalidHeaderValue"),
        ("acquire", {"duration": 61}, "InvalidHeaderValue"),
        ("acquire", {"duration": 15, "proposed": "mine"}, "InvalidHeaderValue"),
        ("borrow", {}, "InvalidHeaderValue"),
        ("", {}, "MissingRequiredHeader"),
    ],
)
@pytest.mark.fidelity("recorded")
def test_what_is_refused(call, action, values, code):
    """Operations on a file without a lease, and malformed ones, are refused by name."""
    assert refused(call, action, **values) == code


@pytest.mark.fidelity("documented", REST)
def test_another_id_is_refused(call):
    """Renewing, changing and releasing take the id of the lease; a change that was done already is done."""
    ask(call, "acquire", proposed=ONE, duration=15)
    for action in ("renew", "release"):
        assert refused(call, action, id=TWO) == "LeaseIdMismatchWithLeaseOperation"
    ask(call, "change", id=TWO, proposed=ONE)
    assert leases.of(call.get("/f")).id == ONE


@pytest.mark.fidelity("recorded")
def test_containers_are_leased_too(call):
    """A container has a lease of its own."""
    request = LeaseRequest("acquire", proposed=ONE, duration=15)
    node, _ = leasing.lease_container(call, ANY, request)
    assert leases.state(node, call.now) == leases.LEASED
    assert state(call) == leases.AVAILABLE
    with pytest.raises(StorageError) as refusal:
        leasing.lease_container(call, Conditions(match=("0x1",)), request)
    assert refusal.value.code == "ConditionNotMet"
