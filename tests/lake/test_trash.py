"""Deleted items through the file system."""

from __future__ import annotations

import pytest

from airflow_provider_adls.client.dfs_dialect import DfsDialect
from airflow_provider_adls.client.webhdfs_dialect import WebHdfsDialect
from airflow_provider_adls.model.errors import PathExistsError
from tests.services import GEN2


@pytest.fixture
def deleted(fs, service, request):
    """Three files and a directory that were deleted."""
    if service == GEN2:
        request.getfixturevalue("soft_delete")
    for name in ("/a/1", "/a/2", "/b/3", "/c/d/4"):
        fs.pipe(name, name.encode())
    for name in ("/a/1", "/a/2", "/b/3"):
        fs.rm_file(name)
    fs.rm("/c", recursive=True)
    return fs


@pytest.mark.parametrize(
    ("path", "limit", "expected"),
    [
        ("/", None, ["/a/1", "/a/2", "/b/3", "/c"]),
        ("/a", None, ["/a/1", "/a/2"]),
        ("/", 2, ["/a/1", "/a/2"]),
        ("/nowhere", None, []),
    ],
)
def test_deleted(deleted, path, limit, expected):
    """What was deleted is found by where it was, as much of it as is asked for."""
    assert [item.path for item in deleted.deleted(path, limit)] == expected


def test_pages(deleted, mocker):
    """All pages are asked for."""
    for dialect in (WebHdfsDialect, DfsDialect):
        mocker.patch.object(dialect, "limits", dialect.limits.__class__(4 * 2**20, 1, 8))
    assert len(deleted.deleted("/")) == 4


def test_restore(deleted):
    """A file comes back under any name, a directory with what it held."""
    items = {item.path: item for item in deleted.deleted("/")}
    deleted.restore("/back/1", items["/a/1"].token)
    deleted.restore("/c", items["/c"].token, directory=True)
    assert deleted.find("/") == ["/back/1", "/c/d/4"]
    assert deleted.cat("/back/1") == b"/a/1"


def test_restore_where_something_is(deleted):
    """An existing file stays, unless it is to be overwritten."""
    (item,) = deleted.deleted("/a/1")
    deleted.pipe("/a/1", b"new")
    with pytest.raises(PathExistsError):
        deleted.restore("/a/1", item.token)
    deleted.restore("/a/1", item.token, action="overwrite")
    assert deleted.cat("/a/1") == b"/a/1"
