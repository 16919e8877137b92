from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.rules import acl, attributes, content, directories
from airflow_provider_adls.emulator.rules.refusals import Invalid
from airflow_provider_adls.model.acl import MAX_ENTRIES, parse_spec


@pytest.fixture
def lake(call):
    content.create(call, "/f", b"")
    directories.make(call, "/d")
    return call


def entries(call, path: str = "/f") -> str:
    return ",".join(map(str, attributes.acl_status(call, path).entries))


def shown(call, path: str = "/f") -> tuple[str, bool]:
    status = directories.status(call, path)
    return status.permission, status.acl_bit


@pytest.mark.fidelity("recorded")
def test_the_recorded_course(lake):
    """SETACL, MODIFYACLENTRIES, REMOVEACLENTRIES, REMOVEDEFAULTACL, REMOVEACL, as recorded."""
    assert entries(lake) == "user::rwx,group::rwx,other::---"
    attributes.set_acl(lake, "/f", parse_spec("user::rwx,group::rwx,other::---,user:u:rwx"))
    assert entries(lake) == "user::rwx,user:u:rwx,group::rwx,mask::rwx,other::---"
    attributes.modify_acl(lake, "/f", parse_spec("user:u:-w-"))
    assert entries(lake) == "user::rwx,user:u:-w-,group::rwx,mask::rwx,other::---"
    assert shown(lake) == ("770", True)
    attributes.remove_acl_entries(lake, "/f", parse_spec("user:u", rights=False))
    assert entries(lake) == "user::rwx,group::rwx,mask::rwx,other::---"
    attributes.remove_default_acl(lake, "/f")
    assert entries(lake) == "user::rwx,group::rwx,mask::rwx,other::---"
    attributes.remove_acl(lake, "/f")
    assert entries(lake) == "user::rwx,group::rwx,other::---"
    assert shown(lake) == ("770", False)


@pytest.mark.fidelity("documented", ".NET SDK's tests on the live service")
def test_the_mask_is_the_union_unless_it_is_given(lake):
    """The mask is calculated from group and named entries with each change; an explicit one stays."""
    attributes.set_permission(lake, "/f", 0o740)
    attributes.modify_acl(lake, "/f", parse_spec("user:u:-w-,group:g:r--"))
    assert entries(lake) == "user::rwx,user:u:-w-,group::r--,group:g:r--,mask::rw-,other::---"
    assert shown(lake) == ("760", True)
    attributes.modify_acl(lake, "/f", parse_spec("user:v:rwx,mask::--x"))
    assert shown(lake) == ("710", True)
    attributes.modify_acl(lake, "/f", parse_spec("user:v:r--"))
    assert shown(lake) == ("760", True)


@pytest.mark.fidelity("documented", ".NET SDK's tests on the live service")
def test_the_middle_digit_sets_the_mask_where_there_is_one(lake):
    """SETPERMISSION leaves the owning group's own entry alone then."""
    attributes.modify_acl(lake, "/f", parse_spec("user:u:rwx"))
    attributes.set_permission(lake, "/f", 0o1741)
    assert entries(lake) == "user::rwx,user:u:rwx,group::rwx,mask::r--,other::--x"
    assert attributes.acl_status(lake, "/f").permission == 0o1741


@pytest.mark.fidelity("documented", ".NET SDK's tests on the live service")
def test_setting_needs_the_three_base_entries(lake):
    """A list without user, group or other is refused; named entries do not stand for them."""
    for spec in ("user::rwx,group::rwx", "user:u:rwx,group::rwx,other::---", "default:user::rwx"):
        with pytest.raises(Invalid):
            attributes.set_acl(lake, "/f", parse_spec(spec))


@pytest.mark.fidelity("documented", "Hadoop's AclTransformation, which the service follows")
def test_setting_replaces_only_the_kinds_it_names(lake):
    """A list without default entries leaves those of a directory; one with them replaces them."""
    attributes.modify_acl(lake, "/d", parse_spec("user:u:rwx,default:user:u:r-x"))
    attributes.set_acl(lake, "/d", parse_spec("user::rwx,group::r-x,other::---"))
    kept = "default:user::rwx,default:user:u:r-x,default:group::rwx,default:mask::rwx,default:other::---"
    assert entries(lake, "/d") == f"user::rwx,group::r-x,other::---,{kept}"
    attributes.set_acl(lake, "/d", parse_spec("user::rwx,group::r-x,other::---,default:user::r-x"))
    assert entries(lake, "/d").endswith("other::---,default:user::r-x,default:group::r-x,default:other::---")
    attributes.remove_default_acl(lake, "/d")
    assert entries(lake, "/d") == "user::rwx,group::r-x,other::---"


@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_files_have_no_default_entries(lake):
    """A default entry is refused for a file."""
    with pytest.raises(Invalid):
        attributes.modify_acl(lake, "/f", parse_spec("default:user:u:rwx"))


@pytest.mark.fidelity("documented", "Hadoop's AclTransformation, which the service follows")
def test_base_entries_cannot_be_removed(lake):
    """Owner, owning group and other stay."""
    for spec in ("user:", "group:", "other:"):
        with pytest.raises(Invalid):
            attributes.remove_acl_entries(lake, "/f", parse_spec(spec, rights=False))


@pytest.mark.fidelity("documented", "Hadoop's AclTransformation, which the service follows")
def test_default_entries_go_one_by_one_or_all(lake):
    """The last named default entry leaves the mask behind; without base entries all defaults go."""
    attributes.modify_acl(lake, "/d", parse_spec("default:user:u:r-x"))
    attributes.remove_acl_entries(lake, "/d", parse_spec("default:user:u", rights=False))
    defaults = "default:user::rwx,default:group::rwx,default:mask::rwx,default:other::---"
    assert entries(lake, "/d") == f"user::rwx,group::rwx,other::---,{defaults}"
    spec = "default:user:,default:group:,default:mask:,default:other:"
    attributes.remove_acl_entries(lake, "/d", parse_spec(spec, rights=False))
    assert entries(lake, "/d") == "user::rwx,group::rwx,other::---"


@pytest.mark.fidelity("assumed", "as HDFS has it; no recording shows a directory with default entries alone")
def test_default_entries_alone_are_an_acl(lake):
    """Default entries alone set `aclBit` of a directory, and leave its permission as it is."""
    attributes.modify_acl(lake, "/d", parse_spec("default:user:u:r-x"))
    assert shown(lake, "/d") == ("770", True)
    attributes.remove_default_acl(lake, "/d")
    assert shown(lake, "/d") == ("770", False)


@pytest.mark.fidelity("documented", "docs, Data Lake Storage Gen1 limits")
def test_a_list_has_its_limit(lake):
    """An ACL holds as many entries of a kind as the limit, with base and mask; one more is refused."""
    named = ",".join(f"user:u{number}:r--" for number in range(MAX_ENTRIES - 4))
    attributes.modify_acl(lake, "/f", parse_spec(named))
    assert len(attributes.acl_status(lake, "/f").entries) == MAX_ENTRIES
    with pytest.raises(Invalid):
        attributes.modify_acl(lake, "/f", parse_spec("user:more:r--"))


@pytest.mark.parametrize(
    "spec", ["user:u:rwx", "default:user:u:r--,mask::r-x", "group:g:--x,default:other::rwx"]
)
@pytest.mark.fidelity("recorded")
def test_what_is_stored_reads_the_same(lake, spec):
    """Setting the list that is shown changes nothing."""
    attributes.modify_acl(lake, "/d", parse_spec(spec))
    before = entries(lake, "/d")
    attributes.set_acl(lake, "/d", parse_spec(before))
    assert entries(lake, "/d") == before
    assert acl.parsed(acl.formatted(parse_spec(before))) == tuple(parse_spec(before))


@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_children_inherit_the_defaults(lake):
    """A file gets the default ACL as its own, `other` cleared; a directory gets it as its default too."""
    spec = "default:user:u:r-x,default:mask::rwx,default:other::rwx"
    attributes.modify_acl(lake, "/d", parse_spec(spec))
    content.create(lake, "/d/f", b"")
    directories.make(lake, "/d/sub")
    own = "user::rwx,user:u:r-x,group::rwx,mask::rwx,other::---"
    assert entries(lake, "/d/f") == own
    defaults = "default:user::rwx,default:user:u:r-x,default:group::rwx,default:mask::rwx,default:other::rwx"
    assert entries(lake, "/d/sub") == f"{own},{defaults}"


@pytest.mark.parametrize(("asked", "expected"), [(None, "770"), (0o777, "770"), (0o1640, "1640"), (0, "0")])
@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_a_permission_that_is_asked_for_is_bounded_by_the_umask(call, asked, expected):
    """Only owner and group get rights on new entries."""
    directories.make(call, "/d", permission=asked)
    assert directories.status(call, "/d").permission == expected


@pytest.mark.fidelity("assumed", "as POSIX 1003.1e has it")
def test_a_permission_that_is_asked_for_bounds_what_is_inherited(lake):
    """Its middle digit bounds the mask where one is inherited, else the group."""
    attributes.modify_acl(lake, "/d", parse_spec("default:user:u:rwx"))
    content.create(lake, "/d/f", b"", permission=0o640)
    assert entries(lake, "/d/f") == "user::rw-,user:u:rwx,group::rwx,mask::r--,other::---"
    attributes.remove_default_acl(lake, "/d")
    attributes.modify_acl(lake, "/d", parse_spec("default:user::rwx"))
    content.create(lake, "/d/g", b"", permission=0o640)
    assert entries(lake, "/d/g") == "user::rw-,group::r--,other::---"
