from __future__ import annotations

from collections.abc import Callable

import pytest

from airflow_provider_adls.emulator.rules import attributes, content, directories, expiry
from airflow_provider_adls.emulator.rules.calls import Call
from airflow_provider_adls.emulator.rules.refusals import Denied
from airflow_provider_adls.model.acl import parse_spec

R, W, X = 4, 2, 1


@pytest.fixture
def lake(call):
    """`/d/f` and `/d/sub/g`, with the root open to all for passing."""
    attributes.modify_acl(call, "/", parse_spec("user:u:--x,group:team:--x"))
    for path in ("/d/f", "/d/sub/g"):
        content.create(call, path, b"abc")
    return call


def grant(call, path: str, rights: str, entry: str = "user:u") -> None:
    attributes.modify_acl(call, path, parse_spec(f"{entry}:{rights}"))


def allowed(call: Call, path: str = "/d/f") -> str:
    letters = ""
    for letter, right in zip("rwx", (R, W, X), strict=True):
        try:
            attributes.check_access(call, path, right)
            letters += letter
        except Denied:
            letters += "-"
    return letters


@pytest.mark.parametrize(
    ("spec", "groups", "expected"),
    [
        ("other::rwx", [], "rwx"),
        ("user:u:r--,other::rwx", [], "r--"),
        ("user:u:rwx,mask::-w-", [], "-w-"),
        ("group:team:r-x,other::-w-", ["team"], "r-x"),
        ("group:team:rwx,mask::r--", ["team"], "r--"),
        ("group:team:r--,group:more:-w-", ["team", "more"], "rw-"),
        ("user:u:---,group:team:rwx", ["team"], "---"),
        ("group::---,other::rwx", ["boss"], "---"),
        ("group::r-x,other::---", ["boss"], "r-x"),
        ("user:w:rwx,mask::r-x,other::rwx", [], "r-x"),
    ],
)
@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_the_first_entry_that_is_about_someone_decides(lake, by, spec, groups, expected):
    """Named user, then groups, then other; the mask bounds them all."""
    grant(lake, "/d", "--x")
    attributes.modify_acl(lake, "/d/f", parse_spec(spec))
    assert allowed(by("u", *groups)) == expected


@pytest.mark.parametrize(("mask", "expected"), [("rwx", True), ("r-x", False)])
@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_rights_of_several_groups_add_up(lake, by, mask, expected):
    """Rights of several groups add up, as far as the mask allows."""
    grant(lake, "/d", "--x")
    attributes.modify_acl(lake, "/d/f", parse_spec(f"group:team:r--,group:more:-w-,mask::{mask}"))
    node = lake.get("/d/f")
    assert expected == by("u", "team", "more").allows(node, R | W)
    assert not by("u", "team").allows(node, R | W)


@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_the_owner_is_bound_by_his_own_entry_alone(lake, by):
    """Neither mask nor other entries count for the owner; a super user is bound by nothing."""
    attributes.set_acl(lake, "/d/f", parse_spec("user::r--,group::rwx,other::rwx,mask::---,user:boss:rwx"))
    assert allowed(by("boss")) == "r--"
    assert allowed(lake) == "rwx"


@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_every_directory_above_must_be_passed(lake, by):
    """Rights on a file are worth nothing without `x` on all that is above."""
    grant(lake, "/d/sub/g", "rwx")
    grant(lake, "/d/sub", "--x")
    assert allowed(by("u"), "/d/sub/g") == "---"
    grant(lake, "/d", "--x")
    assert allowed(by("u"), "/d/sub/g") == "rwx"


Action = Callable[[Call], object]


def read(call: Call) -> None:
    content.read(call, "/d/f")[0].close()


def concatenate_and_clear(call: Call) -> None:
    with call.store.transaction():
        content.concatenate(call, "/whole", ["/d/f"], delete_source_directory=True)


@pytest.mark.parametrize(
    ("needed", "action"),
    [
        ({"/d": "--x"}, lambda call: directories.status(call, "/d/f")),
        ({"/d": "--x"}, lambda call: attributes.acl_status(call, "/d/f")),
        ({"/d": "--x", "/d/f": "r--"}, read),
        ({"/d": "--x", "/d/f": "-w-"}, lambda call: content.append(call, "/d/f", b"x")),
        ({"/d": "--x", "/d/f": "-w-"}, lambda call: content.create(call, "/d/f", b"x", overwrite=True)),
        ({"/d": "--x", "/d/f": "-w-"}, lambda call: expiry.set_expiry(call, "/d/f", expiry.NEVER)),
        ({"/d": "-wx"}, lambda call: content.create(call, "/d/new", b"x")),
        ({"/d": "-wx"}, lambda call: directories.make(call, "/d/new/deep")),
        ({"/d": "-wx"}, lambda call: directories.delete(call, "/d/f")),
        ({"/d": "-wx"}, lambda call: directories.rename(call, "/d/f", "/d/g")),
        ({"/d": "-wx", "/d/sub": "-wx"}, lambda call: directories.rename(call, "/d/f", "/d/sub/f")),
        ({"/d": "-wx", "/d/sub": "-wx"}, lambda call: directories.rename(call, "/d/f", "/d/sub")),
        ({"/d": "r-x"}, lambda call: directories.listing(call, "/d")),
        ({"/d": "r-x", "/d/sub": "r-x"}, lambda call: directories.summary(call, "/d")),
        ({"/d": "-wx", "/d/sub": "rwx"}, lambda call: directories.delete(call, "/d/sub", recursive=True)),
        (
            {"/d": "-wx", "/d/f": "rw-"},
            lambda call: content.concatenate(call, "/d/whole", ["/d/f"]),
        ),
        ({"/": "-wx", "/d": "rwx", "/d/sub": "rwx", "/d/f": "rw-"}, concatenate_and_clear),
    ],
)
@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_each_operation_needs_just_its_rights(lake, by, needed, action):
    """With the documented rights it is done; with any one letter of them missing it is refused."""
    user = by("u")
    for path, rights in needed.items():
        for place, letter in enumerate(rights):
            if letter == "-":
                continue
            for each, full in needed.items():
                grant(lake, each, full)
            grant(lake, path, rights[:place] + "-" + rights[place + 1 :])
            with pytest.raises(Denied):
                action(user)
    for path, rights in needed.items():
        grant(lake, path, rights)
    action(user)


@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_only_the_owner_changes_rights(lake, by):
    """Permission and ACL are the owner's and the super user's to change, whatever others may do."""
    grant(lake, "/d", "rwx")
    grant(lake, "/d/f", "rwx")
    actions: list[Action] = [
        lambda call: attributes.set_permission(call, "/d/f", 0o777),
        lambda call: attributes.set_acl(call, "/d/f", parse_spec("user::rwx,group::rwx,other::---")),
        lambda call: attributes.modify_acl(call, "/d/f", parse_spec("user:v:rwx")),
        lambda call: attributes.remove_acl_entries(call, "/d/f", parse_spec("user:v", rights=False)),
        lambda call: attributes.remove_acl(call, "/d/f"),
        lambda call: attributes.remove_default_acl(call, "/d/f"),
    ]
    for action in actions:
        with pytest.raises(Denied):
            action(by("u"))
    for action in actions:
        action(by("boss"))


@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_a_sticky_directory_keeps_what_is_others(lake, by):
    """Under a sticky bit only the owner of the entry, or of the directory, takes it out."""
    grant(lake, "/d", "rwx")
    content.create(by("u"), "/d/own", b"")
    attributes.set_permission(lake, "/d", 0o1777)
    for action in (
        lambda call: directories.delete(call, "/d/f"),
        lambda call: directories.rename(call, "/d/f", "/d/g"),
        lambda call: directories.rename(call, "/d/own", "/d/f", overwrite=True),
    ):
        with pytest.raises(Denied):
            action(by("u"))
    assert directories.delete(by("u"), "/d/own")
    assert directories.delete(by("boss"), "/d/f")


@pytest.mark.fidelity("documented", "docs, Access control in Data Lake Storage Gen1")
def test_new_entries_are_their_maker_s_and_of_the_directory_s_group(lake, by):
    """The owner is the caller; the owning group is the parent's."""
    grant(lake, "/d", "rwx")
    attributes.set_owner(lake, "/d", group="team")
    content.create(by("u", "other"), "/d/own", b"")
    status = directories.status(lake, "/d/own")
    assert (status.owner, status.group) == ("u", "team")
