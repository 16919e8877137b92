from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.gen2 import access, containers, leases, properties, renaming
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.gen2.renaming import Source
from airflow_provider_adls.emulator.rules.refusals import Denied
from airflow_provider_adls.model.acl import parse_spec

ANY, NEW = Conditions(), Conditions(none_match=("*",))
LEASE = "11111111-1111-1111-1111-111111111111"
ISSUES = "issues of the SDKs"


def rename(call, source: str, path: str, conditions=ANY, *, into=False, lease="", container="raw"):
    return renaming.rename(call, path, Source(container, source, ANY, ""), conditions, into=into, lease=lease)


def refused(call, source: str, path: str, conditions=ANY, **options) -> str:
    with pytest.raises(StorageError) as refusal:
        rename(call, source, path, conditions, **options)
    return refusal.value.code


@pytest.mark.fidelity("recorded")
def test_all_that_a_path_has_goes_with_it(call, make, read):
    """A file keeps content, version, times, rights and metadata; what stood at the new path is replaced."""
    node = make("/d/f", b"abc", metadata={"a": "b"}, permission=0o777, umask=0)
    make("/g", b"old")
    rename(replace(call, now=call.now + 5000), "/d/f", "/g")
    moved = call.get("/g")
    assert (read("/g"), call.find("/d/f")) == (b"abc", None)
    assert moved == node._replace(parent=moved.parent, name="g")


@pytest.mark.fidelity("recorded")
def test_a_directory_goes_with_what_is_in_it(call, make, read):
    """A tree moves at once, to another container of the account too."""
    make("/d/e/f", b"abc")
    other = replace(call, container="other")
    containers.create(other, {})
    rename(other, "/d", "/x")
    assert call.find("/d") is None
    assert other.get("/x/e/f").synced == 3
    rename(call, "/x/e", "/back", container="other")
    assert read("/back/f") == b"abc"


@pytest.mark.fidelity("recorded")
def test_what_is_missing(call, make):
    """Without a source, or a directory for the new path, nothing is moved."""
    make("/f")
    assert refused(call, "/missing", "/g") == "SourcePathNotFound"
    assert refused(call, "/f", "/g", container="missing") == "SourcePathNotFound"
    assert refused(call, "/f", "/no/g") == "RenameDestinationParentPathNotFound"
    assert call.find("/f") is not None


@pytest.mark.fidelity("recorded")
def test_conditions_of_both_ends(call, make):
    """A failed condition on the source or on the destination refuses; each has its own name."""
    node = make("/f")
    make("/g")
    stale, fresh = Conditions(match=("0x1",)), Conditions(match=(f"0x{node.etag:X}",))
    assert refused(call, "/f", "/g", stale) == "ConditionNotMet"
    with pytest.raises(StorageError) as refusal:
        renaming.rename(call, "/g", Source("raw", "/f", stale, ""), ANY, into=False)
    assert refusal.value.code == "SourceConditionNotMet"
    assert refused(call, "/f", "/g", NEW) == "PathAlreadyExists"
    renaming.rename(call, "/new", Source("raw", "/f", fresh, ""), NEW, into=False)
    assert call.get("/new").etag == node.etag


@pytest.mark.fidelity("recorded")
def test_leases_of_both_ends(call, make):
    """The source's lease must be named, and ends; a replaced path's lease must be named too."""
    make("/f", proposed_lease=LEASE)
    assert refused(call, "/f", "/g") == "LeaseIdMissing"
    renaming.rename(call, "/g", Source("raw", "/f", ANY, LEASE), ANY, into=False)
    assert leases.state(call.get("/g"), call.now) == leases.AVAILABLE
    make("/h", proposed_lease=LEASE)
    assert refused(call, "/g", "/h") == "LeaseIdMissing"
    rename(call, "/g", "/h", lease=LEASE)
    assert call.find("/g") is None


@pytest.mark.fidelity("recorded")
def test_an_empty_directory_is_replaced_and_a_full_one_is_not(call, make):
    """Mode `legacy`: a directory takes an empty one's place, and no full one's (that is documented)."""
    make("/d/f")
    make("/empty/")
    make("/full/g")
    assert refused(call, "/d", "/full") == "DirectoryNotEmpty"
    rename(call, "/d", "/empty")
    assert call.find("/empty/f") is not None


@pytest.mark.fidelity("recorded")
def test_mode_posix_moves_into_a_directory(call, make):
    """Mode `posix`: an existing directory takes the source in, under its own name."""
    make("/d/f")
    make("/t/g")
    rename(call, "/d", "/t", into=True)
    rename(call, "/t/g", "/t/d", into=True)
    assert call.find("/t/d/f") is not None
    assert call.find("/t/d/g") is not None


@pytest.mark.fidelity("documented", ISSUES)
def test_kinds_are_not_mixed(call, make):
    """Mode `legacy`: a file does not replace a directory, nor a directory a file."""
    make("/d/")
    make("/f")
    code = "InvalidSourceOrDestinationResourceType"
    assert (refused(call, "/d", "/f"), refused(call, "/f", "/d")) == (code, code)
    assert refused(call, "/d", "/f/below") == "RenameDestinationParentPathNotFound"


@pytest.mark.fidelity("documented", "REST reference, Path - Create: InvalidRenameSourcePath")
def test_a_directory_does_not_go_into_itself(call, make):
    """A directory is not moved onto or below itself, nor the root anywhere; a file onto itself stays."""
    make("/d/")
    node = make("/f", b"abc")
    for path in ("/d", "/d/e"):
        assert refused(call, "/d", path) == "InvalidRenameSourcePath"
    assert refused(call, "/", "/x") == "InvalidRenameSourcePath"
    assert rename(call, "/f", "/f") == node


@pytest.mark.fidelity("documented", "learn.microsoft.com, Access control in Azure Data Lake Storage")
def test_a_sticky_directory_keeps_what_others_own(call, by, make):
    """Whoever may write both directories moves a file, out of a sticky one only its owner."""
    everything = parse_spec("user:alice:rwx,user:bob:rwx,mask::rwx")
    for path in ("/", "/d"):
        if path != "/":
            make("/d/")
        access.set_access(call, path, ANY, entries=everything)
    make("/d/f", by=by("bob"))
    make("/d/g", by=by("alice"))
    access.set_access(call, "/d", ANY, permission=0o1777)
    with pytest.raises(Denied):
        rename(by("alice"), "/d/f", "/f")
    rename(by("alice"), "/d/g", "/g")
    assert properties.of(call.get("/g")) == {}
