from __future__ import annotations

import json

import pytest


@pytest.mark.fidelity("recorded")
async def test_a_file_system_is_made_described_changed_and_deleted(account):
    """A file system has metadata, which a change replaces, and is gone when it is deleted."""
    made = await account.dfs("PUT", "/new?resource=filesystem", x_properties="a=Yg==")
    assert (made.status, made.headers["x-ms-namespace-enabled"]) == (201, "true")
    again = await account.dfs("PUT", "/new?resource=filesystem")
    assert (again.status, again.code) == (409, "FilesystemAlreadyExists")
    changed = await account.dfs("PATCH", "/new?resource=filesystem", x_properties="c=ZA==")
    head = await account.dfs("HEAD", "/new?resource=filesystem")
    assert (head.etag, head.headers["x-ms-properties"]) == (changed.etag, "c=ZA==")
    assert changed.etag != made.etag
    assert (await account.dfs("DELETE", "/new?resource=filesystem")).status == 202
    gone = await account.dfs("HEAD", "/new?resource=filesystem")
    assert (gone.status, gone.code) == (404, "FilesystemNotFound")


@pytest.mark.fidelity("recorded")
async def test_file_systems_are_listed(account):
    """A listing has an empty token at its end, and pages by prefix before."""
    for name in ("new-1", "new-2", "new-3"):
        await account.dfs("PUT", f"/{name}?resource=filesystem")
    first = await account.dfs("GET", "/?resource=account&prefix=new&maxresults=2")
    names = [each["name"] for each in json.loads(first.body)["filesystems"]]
    assert names == ["new-1", "new-2"]
    token = first.headers["x-ms-continuation"].replace("=", "%3D").replace("+", "%2B")
    second = await account.dfs("GET", f"/?resource=account&prefix=new&continuation={token}")
    assert [each["name"] for each in json.loads(second.body)["filesystems"]] == ["new-3"]
    assert second.headers["x-ms-continuation"] == ""


@pytest.mark.fidelity("documented", "azure-storage-file-datalake's tests on the live service")
async def test_files_have_the_encryption_scope_of_their_file_system(account):
    """What is made in a file system with a scope has it, and shows it."""
    await account.dfs("PUT", "/new?resource=filesystem", x_default_encryption_scope="mine")
    await account.dfs("PUT", "/new/f?resource=file", x_encryption_context="ours")
    head = await account.dfs("HEAD", "/new?resource=filesystem")
    assert head.headers["x-ms-default-encryption-scope"] == "mine"
    head = await account.dfs("HEAD", "/new/f")
    assert head.headers["x-ms-encryption-scope"] == "mine"
    assert head.headers["x-ms-encryption-context"] == "ours"
    answer = await account.dfs("GET", "/new?resource=filesystem&recursive=true")
    [path] = json.loads(answer.body)["paths"]
    assert (path["EncryptionScope"], path["EncryptionContext"]) == ("mine", "ours")
