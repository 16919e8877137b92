from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.gen2 import containers, creation, leasing, properties
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.gen2.creation import Wanted

ANY = Conditions()
LEASE = "11111111-1111-1111-1111-111111111111"


def refused(action) -> str:
    with pytest.raises(StorageError) as refusal:
        action()
    return refusal.value.code


@pytest.mark.fidelity("recorded")
def test_a_container_is_made_once(call):
    """A container that exists, or whose name cannot be one, is refused."""
    assert refused(lambda: containers.create(call, {})) == "FilesystemAlreadyExists"
    for name in ("ab", "Upper", "a--b", "-ab", "a" * 64, "a_b"):
        other = replace(call, container=name)
        assert refused(lambda other=other: containers.create(other, {})) == "InvalidResourceName"


@pytest.mark.fidelity("recorded")
def test_changed_metadata_changes_the_version(call):
    """A container's metadata is replaced as a whole, and its version changes; its files do not count."""
    node = call.container_node()
    changed = containers.change(call, ANY, "", metadata={"a": "b"})
    assert properties.metadata(changed) == {"a": "b"}
    assert changed.etag > node.etag
    creation.create(call, "/f", ANY, Wanted(), directory=False)
    assert call.container_node().etag == changed.etag


@pytest.mark.fidelity("recorded")
def test_a_container_goes_with_its_files(call, make):
    """The files of a deleted container are gone; a missing container is not found."""
    make("/d/f", b"abc")
    containers.delete(call, ANY)
    assert refused(lambda: call.get("/d/f")) == "FilesystemNotFound"
    assert refused(lambda: containers.delete(call, ANY)) == "FilesystemNotFound"
    assert call.store._connection.execute("SELECT count(*) FROM segments").fetchone() == (0,)


@pytest.mark.fidelity("recorded")
def test_conditions_and_leases_of_containers(call):
    """A failed condition, a missing lease, and a malformed id are refused by name."""
    stale = Conditions(unmodified_since=1)
    assert refused(lambda: containers.delete(call, stale)) == "ConditionNotMet"
    code = "LeaseNotPresentWithContainerOperation"
    assert refused(lambda: containers.change(call, ANY, LEASE, metadata={})) == code
    assert refused(lambda: containers.look(call, "garbage")) == "InvalidHeaderValue"
    leasing.lease_container(call, ANY, leasing.LeaseRequest("acquire", proposed=LEASE, duration=-1))
    other = LEASE[:-1] + "2"
    assert refused(lambda: containers.look(call, other)) == "LeaseIdMismatchWithContainerOperation"
    assert refused(lambda: containers.delete(call, ANY)) == "LeaseIdMissing"
    containers.delete(call, ANY, LEASE)


@pytest.mark.fidelity("recorded")
def test_containers_are_listed_by_name(call):
    """Pages are in order, by prefix; those that the service keeps for itself come if they are asked for."""
    for name in ("raw-2", "raw-1", "other"):
        containers.create(replace(call, container=name), {})
    names = lambda *args, **options: [node.name for node in containers.page(call, *args, **options)[0]]  # noqa: E731
    assert names("", "", 10) == ["other", "raw", "raw-1", "raw-2"]
    assert names("raw-", "", 10) == ["raw-1", "raw-2"]
    assert names("", "", 10, system=True)[0] == "$logs"
    found, rest = containers.page(call, "raw", "", 2)
    assert ([node.name for node in found], rest) == (["raw", "raw-1"], "raw-2")
    assert names("raw", "raw-2", 2) == ["raw-2"]


@pytest.mark.fidelity("documented", "learn.microsoft.com, Azure built-in roles for Storage")
def test_containers_need_a_role(call, by):
    """Whom ACLs alone let in makes, changes and lists no containers; a reader lists them."""
    for role in ("none", "reader"):
        caller = replace(by("alice", role=role), container="new")
        assert (
            refused(lambda caller=caller: containers.create(caller, {})) == "AuthorizationPermissionMismatch"
        )
    assert containers.page(by("alice", role="reader"), "", "", 10)[0]
    assert refused(lambda: containers.page(by("alice"), "", "", 10)) == "AuthorizationPermissionMismatch"
