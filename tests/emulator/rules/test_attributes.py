from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.rules import attributes, content, directories
from airflow_provider_adls.emulator.rules.refusals import Denied, Invalid, Missing


def owners(call, path: str = "/f") -> tuple[str, str]:
    status = directories.status(call, path)
    return status.owner, status.group


@pytest.fixture
def lake(call):
    content.create(call, "/f", b"")
    return call


@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_a_super_user_gives_files_away(lake):
    """Owner, group or both are set; the other stays; a request without either is refused."""
    attributes.set_owner(lake, "/f", owner="u")
    assert owners(lake) == ("u", "boss")
    attributes.set_owner(lake, "/f", group="g")
    assert owners(lake) == ("u", "g")
    attributes.set_owner(lake, "/f", owner="v", group="h")
    assert owners(lake) == ("v", "h")
    with pytest.raises(Invalid):
        attributes.set_owner(lake, "/f")


@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_an_owner_gives_only_a_group_of_his(lake, by):
    """The owner may set a group that he is in, no other group and no owner; others may set nothing."""
    owner = by("boss", "team")
    for change in ({"owner": "u"}, {"group": "foreign"}, {"owner": "u", "group": "team"}):
        with pytest.raises(Denied, match="Set Owner failed with  failed with error 0x83090aa2"):
            attributes.set_owner(owner, "/f", **change)
    attributes.set_owner(owner, "/f", owner="boss", group="team")
    assert owners(lake) == ("boss", "team")
    with pytest.raises(Denied):
        attributes.set_owner(by("u", "team"), "/f", group="team")


@pytest.mark.fidelity("recorded")
def test_permissions_are_shown_as_they_were_set(lake):
    """All bits up to the sticky one come back, as digits without leading zeros."""
    for bits, shown in [(0o550, "550"), (0o1777, "1777"), (0o7, "7"), (0, "0")]:
        attributes.set_permission(lake, "/f", bits)
        assert directories.status(lake, "/f").permission == shown


@pytest.mark.fidelity("recorded")
def test_what_is_missing_has_no_attributes(call):
    """Each setter refuses a missing path."""
    for action in (
        lambda: attributes.set_permission(call, "/f", 0o700),
        lambda: attributes.set_owner(call, "/f", owner="u"),
        lambda: attributes.acl_status(call, "/f"),
        lambda: attributes.remove_acl(call, "/f"),
        lambda: attributes.check_access(call, "/f", 4),
    ):
        with pytest.raises(Missing):
            action()


@pytest.mark.fidelity(
    "assumed", "Java SDK for the operation; that writing is the right it takes is our choice"
)
def test_times_are_set_one_by_one(call, by):
    """Each time is set, or left as it is; it takes the right to write."""
    content.create(call, "/f", b"")
    attributes.set_times(call, "/f", modified=5)
    attributes.set_times(call, "/f", accessed=7)
    status = directories.status(call, "/f")
    assert (status.modification_time, status.access_time) == (5, 7)
    with pytest.raises(Denied):
        attributes.set_times(by("someone"), "/f", modified=9)
