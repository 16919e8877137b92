from __future__ import annotations

import json

import pytest

from airflow_provider_adls.emulator.gen2.caller import Caller
from airflow_provider_adls.emulator.principal import Principal

ALICE = Caller(Principal("11111111-1111-1111-1111-111111111111", super_user=False), role="none")


@pytest.mark.fidelity("recorded")
async def test_an_acl_is_set_and_read(account):
    """Both answers name the version, which stays; the ACL has the base entries too."""
    made = await account.put("/f")
    answer = await account.dfs("PATCH", "/raw/f?action=setAccessControl", x_acl="user::rwx,user:a:r--")
    assert (answer.status, answer.etag, answer.headers["x-ms-namespace-enabled"]) == (200, made.etag, "true")
    read = await account.dfs("HEAD", "/raw/f?action=getAccessControl&upn=true")
    assert read.headers["x-ms-acl"] == "user::rwx,user:a:r--,group::r--,mask::r--,other::---"
    assert read.headers["x-ms-permissions"] == "rwxr-----+"
    for permissions in ("1777", "rwxrwxrwt"):
        await account.dfs("PATCH", "/raw/f?action=setAccessControl", x_permissions=permissions)
        read = await account.dfs("HEAD", "/raw/f?action=getAccessControl")
        assert read.headers["x-ms-permissions"] == "rwxrwxrwt+"


@pytest.mark.fidelity("recorded")
async def test_the_acls_of_a_tree_are_changed_in_batches(account):
    """Each answer counts what was done, without a type of its content; a token leads to the next batch."""
    await account.put("/d/e/f")
    target = "/raw/d?action=setAccessControlRecursive&mode=modify&maxRecords=2"
    first = await account.dfs("PATCH", target, x_acl="user:a:r--")
    assert "Content-Type" not in first.headers
    assert json.loads(first.body) == {
        "directoriesSuccessful": 2,
        "failedEntries": [],
        "failureCount": 0,
        "filesSuccessful": 0,
    }
    token = first.headers["x-ms-continuation"].replace("+", "%2B").replace("=", "%3D")
    second = await account.dfs("PATCH", f"{target}&continuation={token}", x_acl="user:a:r--")
    assert json.loads(second.body)["filesSuccessful"] == 1
    assert "x-ms-continuation" not in second.headers


@pytest.mark.fidelity("recorded")
async def test_a_missing_right_is_named(account):
    """Whom no ACL lets in is refused with 403; failed entries of a tree have the same text."""
    await account.put("/d/f")
    await account.dfs("PATCH", "/raw/?action=setAccessControl", x_permissions="0777")
    account.caller = ALICE
    answer = await account.dfs("GET", "/raw/d/f")
    assert (answer.status, answer.code) == (403, "AuthorizationPermissionMismatch")
    answer = await account.dfs("PATCH", "/raw/d?action=setAccessControlRecursive&mode=set", x_acl="user::rwx")
    [failed, _] = json.loads(answer.body)["failedEntries"]
    assert (failed["name"], failed["type"]) == ("d", "DIRECTORY")
    assert failed["errorMessage"] in (await account.dfs("GET", "/raw/d/f")).reason


@pytest.mark.fidelity("documented", "Hadoop's ABFS")
async def test_rights_can_be_asked_for(account):
    """CheckAccess is answered with 200 or 403; its rights read rwx."""
    await account.put("/d/f")
    account.caller = ALICE
    await account.dfs("HEAD", "/raw/?action=checkAccess&fsAction=r-x")
    assert (await account.dfs("HEAD", "/raw/?action=checkAccess&fsAction=-w-")).status == 403
    for wrong in ("rw", "xwr", ""):
        answer = await account.dfs("HEAD", f"/raw/?action=checkAccess&fsAction={wrong}")
        assert answer.status == 400
