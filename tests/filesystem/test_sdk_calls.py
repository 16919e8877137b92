"""The rest of the SDK's file system, call by call: all of it works at the connection's endpoint."""

import os
import time

import pytest
from azure.datalake.store.multithread import ADLDownloader, ADLUploader

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential
from airflow_provider_adls.filesystem.sdk import sdk_filesystem

READER = "22222222-3333-4444-8555-666666666666"


@pytest.fixture
def lake(emulator, account, cloud):
    """The SDK's file system at the emulator."""
    source = ClientSecret(
        emulator.tenant_id, emulator.client_id, emulator.client_secret, cloud, emulator.ca_file
    )
    return sdk_filesystem(
        account, DataLakeCredential(source), cloud.account_endpoint(account), emulator.ca_file
    )


@pytest.fixture
def tree(lake):
    """Three files in two directories."""
    for name in ("t/1.csv", "t/a/2.csv", "t/a/3.txt"):
        with lake.open(name, "wb") as file:
            file.write(name.encode())
    return lake


def permissions(lake, path, identity):
    """What one identity may do, by the ACL entries of a path."""
    return [entry for entry in lake.get_acl_status(path)["entries"] if identity in entry]


def test_uploader_and_downloader(lake, tmp_path):
    """The threaded transfers bring a tree there and back: large, empty, and with any name."""
    contents = {"big.bin": os.urandom(9 * 2**20), "empty": b"", "sub/ä #1+%.csv": b"a,b\n"}
    for name, content in contents.items():
        (tmp_path / "here" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "here" / name).write_bytes(content)
    seen = []
    up = ADLUploader(
        lake,
        rpath="/there",
        lpath=str(tmp_path / "here"),
        nthreads=4,
        overwrite=True,
        progress_callback=lambda now, total: seen.append((now, total)),
    )
    assert up.successful()
    assert seen[-1] == (sum(map(len, contents.values())),) * 2
    down = ADLDownloader(lake, rpath="/there", lpath=str(tmp_path / "back"), nthreads=4, overwrite=True)
    assert down.successful()
    assert contents == {name: (tmp_path / "back" / name).read_bytes() for name in contents}


def test_uploader_does_not_overwrite_unasked(tree, tmp_path):
    """The uploader's own check for files that are there works."""
    (tmp_path / "1.csv").write_text("other")
    with pytest.raises(FileExistsError):
        ADLUploader(tree, rpath="/t/1.csv", lpath=str(tmp_path / "1.csv"))
    assert tree.cat("t/1.csv") == b"t/1.csv"


def test_walk_glob_du_df(tree):
    """What goes through a tree finds all of it."""
    assert tree.walk("/t") == ["t/1.csv", "t/a/2.csv", "t/a/3.txt"]
    assert tree.glob("/t/*/*.csv") == ["t/a/2.csv"]
    assert tree.du("/t", total=True, deep=True) == 7 + 9 + 9
    assert tree.df("/t")["fileCount"] == 3
    assert [entry["type"] for entry in tree.ls("/t", detail=True)] == ["FILE", "DIRECTORY"]


def test_files(lake):
    """A file is written in blocks and by lines, appended to, sought in, and read as a whole or in part."""
    with lake.open("/f", "wb", blocksize=2**20) as file:
        file.write(b"first\n" * 400_000)
    with lake.open("/f", "ab") as file:
        file.write(b"last\n")
    with lake.open("/f", "rb", blocksize=2**16) as file:
        assert file.readline() == b"first\n"
        assert file.seek(-5, 2) == 2_400_000
        assert file.read() == b"last\n"
    assert (lake.head("/f", 5), lake.tail("/f", 5)) == (b"first", b"last\n")
    assert lake.read_block("/f", 6, 8, b"\n") == b"first\n"


def test_put_get_touch_rename_rmdir(lake, tmp_path):
    """The small calls do what their names say."""
    (tmp_path / "a").write_bytes(b"content")
    lake.put(str(tmp_path / "a"), "/d/a")
    lake.rename("/d/a", "/d/b")
    lake.get("/d/b", str(tmp_path / "b"))
    assert (tmp_path / "b").read_bytes() == b"content"
    lake.touch("/d/c")
    lake.remove("/d/b")
    lake.rm("/d/c")
    lake.rmdir("/d")
    assert not lake.exists("/d")


def test_concat(tree):
    """Files are joined in order, and go into the one that is made of them."""
    tree.concat("/t/all", ["/t/a/3.txt", "/t/a/2.csv"])
    assert tree.cat("/t/all") == b"t/a/3.txtt/a/2.csv"
    assert not tree.exists("/t/a/2.csv")


def test_set_expiry(tree):
    """An expiry is set and taken back."""
    end = int(time.time() * 1000) + 3_600_000
    tree.set_expiry("/t/1.csv", "Absolute", end)
    assert tree.info("/t/1.csv")["msExpirationTime"] == end
    tree.set_expiry("/t/1.csv", "NeverExpire")
    assert not tree.info("/t/1.csv").get("msExpirationTime")


def test_chmod_and_chown(tree):
    """Permission and owner are changed."""
    tree.chmod("/t/1.csv", "640")
    tree.chown("/t/1.csv", owner=READER, group=READER)
    info = tree.info("/t/1.csv")
    assert (info["permission"], info["owner"], info["group"]) == ("640", READER, READER)


def test_acl_of_one_path(tree):
    """ACL entries are set, added, taken away and dropped."""
    tree.set_acl("/t", f"user::rwx,group::r-x,other::---,user:{READER}:r-x,default:user:{READER}:r--")
    assert permissions(tree, "/t", READER) == [f"user:{READER}:r-x", f"default:user:{READER}:r--"]
    tree.modify_acl_entries("/t", f"user:{READER}:rwx")
    assert f"user:{READER}:rwx" in permissions(tree, "/t", READER)
    tree.remove_default_acl("/t")
    assert permissions(tree, "/t", READER) == [f"user:{READER}:rwx"]
    tree.remove_acl_entries("/t", f"user:{READER}")
    assert permissions(tree, "/t", READER) == []
    tree.modify_acl_entries("/t", f"user:{READER}:rwx")
    tree.remove_acl("/t")
    assert permissions(tree, "/t", READER) == []


def test_acl_of_a_tree(tree):
    """The recursive calls, which the SDK makes in processes of its own, reach every file and directory."""
    paths = ("/t", "/t/1.csv", "/t/a", "/t/a/2.csv", "/t/a/3.txt")
    tree.modify_acl_entries("/t", f"user:{READER}:r-x", recursive=True, number_of_sub_process=2)
    assert [permissions(tree, path, READER) for path in paths] == [[f"user:{READER}:r-x"]] * 5
    tree.remove_acl_entries("/t", f"user:{READER}", recursive=True, number_of_sub_process=2)
    assert [permissions(tree, path, READER) for path in paths] == [[]] * 5


def test_errors_are_those_of_the_sdk(lake):
    """Missing and existing paths raise the classes that callers of the SDK catch."""
    with pytest.raises(FileNotFoundError):
        lake.cat("/missing")
    with pytest.raises(FileNotFoundError):
        lake.rm("/missing")
    with pytest.raises(ValueError, match="expiry_option"):
        lake.set_expiry("/missing", "Never")
