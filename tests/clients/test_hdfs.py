"""HdfsCLI, whose client speaks WebHDFS, with a session that carries the token."""

from __future__ import annotations

import pytest

pytestmark = [
    pytest.mark.clients,
    # HdfsCLI opens streams that only its garbage collection closes.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]
SOMEBODY = "470c0ccf-c91a-4597-98cd-48507d2f1486"


@pytest.fixture
def client(emulator, account):
    import requests
    from hdfs import Client

    form = {
        "grant_type": "client_credentials",
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "resource": "https://datalake.azure.net/",
    }
    with requests.Session() as session:
        url = f"https://login.microsoftonline.com/{emulator.tenant_id}/oauth2/token"
        token = session.post(url, data=form).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        yield Client(f"https://{account}.azuredatalakestore.net", root="/raw", session=session)


def read(client, path, **options):
    with client.read(path, **options) as reader:
        return reader.read()


def test_content_goes_over_redirects_and_in_chunks(client):
    """Written whole and from a generator, overwritten, appended to, and read in part."""
    from hdfs.util import HdfsError

    client.write("f", data=b"hello", blocksize=1048576, replication=2, buffersize=4096)
    with pytest.raises(HdfsError, match="already exists"):
        client.write("f", data=b"other")
    client.write("f", data=(b"x" * 1000 for _ in range(10)), overwrite=True)
    client.write("f", data=b"end", append=True)
    assert read(client, "f") == b"x" * 10_000 + b"end"
    assert read(client, "f", offset=9_999, length=2) == b"xe"
    with client.write("we ird %41#+ü?.txt", encoding="utf-8") as writer:
        writer.write("ünï")
    assert client.list("") == ["f", "we ird %41#+ü?.txt"]
    assert read(client, "we ird %41#+ü?.txt", encoding="utf-8") == "ünï"


def test_trees_go_up_and_down(client, tmp_path):
    """A directory is uploaded and downloaded, renamed and deleted."""
    (tmp_path / "up" / "sub").mkdir(parents=True)
    (tmp_path / "up" / "a").write_bytes(b"1")
    (tmp_path / "up" / "sub" / "b").write_bytes(b"22")
    client.upload("tree", str(tmp_path / "up"), n_threads=2)
    assert client.content("tree")["length"] == 3
    client.rename("tree", "moved")
    client.download("moved", str(tmp_path / "down"), n_threads=2)
    assert (tmp_path / "down" / "sub" / "b").read_bytes() == b"22"
    assert client.delete("moved", recursive=True)
    assert client.status("moved", strict=False) is None


def test_rights_and_times_are_set(client):
    """Permission, owner, times, and an ACL whose entry is removed with a colon at its end."""
    client.write("f", data=b"x")
    client.set_permission("f", "750")
    client.set_owner("f", owner=SOMEBODY)
    client.set_times("f", modification_time=2000)
    status = client.status("f")
    assert (status["permission"], status["owner"], status["modificationTime"]) == ("750", SOMEBODY, 2000)
    client.set_acl("f", f"user:{SOMEBODY}:rwx", clear=False)
    assert f"user:{SOMEBODY}:rwx" in client.acl_status("f")["entries"]
    client.remove_acl_entries("f", f"user:{SOMEBODY}:")
    client.remove_acl("f")
    assert client.acl_status("f")["entries"] == ["user::rwx", "group::r-x", "other::---"]
