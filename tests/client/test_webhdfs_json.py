"""The service's JSON as values, and what is none of it."""

from __future__ import annotations

import pytest

from airflow_provider_adls.client import AclStatus, ContentSummary
from airflow_provider_adls.client.results import Advance
from airflow_provider_adls.client.webhdfs_json import (
    LAST_TIME,
    read_acl,
    read_deleted_page,
    read_entries,
    read_status,
    read_summary,
)
from airflow_provider_adls.model.acl import parse_spec
from airflow_provider_adls.model.errors import ServiceFailureError
from airflow_provider_adls.model.status import FileStatus

BODY = {"owner": "o", "group": "g", "permission": 770, "entries": ["user::rwx", "default:other::---"]}
FILE = FileStatus("f.csv", "FILE", 7, 1, 2, "640", "o", "g", expiration_time=1896091200000, acl_bit=True)
DIRECTORY = FileStatus("d", "DIRECTORY", 0, 1, 2, "770", "o", "g")


@pytest.mark.parametrize("status", [FILE, DIRECTORY])
def test_status(status):
    """A status is read as it was written, and has neither an ETag nor a time of creation: Gen1 has none."""
    found = read_status(status.to_json())
    assert found == status
    assert (found.etag, found.created) == (None, None)


@pytest.mark.parametrize("key", ["type", "length", "modificationTime", "accessTime", "permission", "owner"])
def test_incomplete_status(key):
    """A key that is missing is named."""
    with pytest.raises(KeyError, match=key):
        read_status({name: value for name, value in FILE.to_json().items() if name != key})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("length", -1),
        ("length", 1.5),
        ("length", True),
        ("length", "7"),
        ("length", 2**64),
        ("modificationTime", 1e300),
        ("accessTime", LAST_TIME + 1),
        ("msExpirationTime", 1e300),
        ("msExpirationTime", None),
        ("type", "SYMLINK"),
        ("pathSuffix", None),
        ("owner", ["o"]),
    ],
)
def test_values_that_no_file_has(key, value):
    """A number, time or name that cannot be is refused where it is read, and not where it is used."""
    with pytest.raises((TypeError, ValueError)):
        read_status({**FILE.to_json(), key: value})


@pytest.mark.parametrize(
    "entries",
    [
        [FILE, DIRECTORY],
        [FILE._replace(permission="0"), DIRECTORY._replace(acl_bit=True), FILE._replace(length=2**63 - 1)],
    ],
)
def test_a_page_is_read_as_its_entries(entries):
    """A page holds what its entries hold, also where one is not as all are."""
    bodies = [entry.to_json() for entry in entries]
    assert read_entries(bodies) == entries
    bodies[1]["permission"] = 770
    expected = [entries[0], entries[1]._replace(permission="770"), *entries[2:]]
    assert read_entries(bodies) == expected
    assert read_entries([]) == []
    bodies[1]["length"] = True
    with pytest.raises(ValueError, match="whole number"):
        read_entries(bodies)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/", "../x", "a\0b"])
@pytest.mark.parametrize("kind", [FILE, DIRECTORY])
def test_names_that_lead_elsewhere(name, kind):
    """A page with an entry that lies outside the directory, or is the directory, is refused as a whole."""
    entries = [FILE.to_json(), {**kind.to_json(), "pathSuffix": name}]
    with pytest.raises(ValueError, match="an entry is called"):
        read_entries(entries)


def test_the_listing_of_a_file():
    """A file's listing has itself, without a name."""
    entry = {**FILE.to_json(), "pathSuffix": ""}
    assert [status.name for status in read_entries([entry])] == [""]


def test_acl_status():
    """Entries are read, the permission is text whatever the JSON has, and the sticky bit may be left out."""
    expected = AclStatus("o", "g", "770", tuple(parse_spec("user::rwx,default:other::---")))
    assert read_acl(BODY) == expected
    assert read_acl({**BODY, "stickyBit": True}).sticky_bit is True


@pytest.mark.parametrize("missing", BODY)
def test_incomplete_acl_status(missing):
    """A key that is missing is named."""
    with pytest.raises(KeyError, match=missing):
        read_acl({key: value for key, value in BODY.items() if key != missing})


def test_content_summary():
    """Numbers are taken by their names."""
    body = {"directoryCount": 1, "fileCount": 2, "length": 3, "quota": -1}
    assert ContentSummary(directories=1, files=2, length=3) == read_summary(body)


@pytest.mark.parametrize("change", [{"creationTime": 1e300}, {"trashDirPath": None}, {"type": 1}])
def test_deleted_items_that_cannot_be(change):
    """So it is with deleted items."""
    item = {"originalPath": "/a", "trashDirPath": "t", "type": "file", "creationTime": 1}
    assert len(read_deleted_page({"trashDir": {"trashDirEntry": [item], "numSearched": 1}}).items) == 1
    with pytest.raises((TypeError, ValueError)):
        read_deleted_page({"trashDir": {"trashDirEntry": [{**item, **change}], "numSearched": 1}})


def test_advance():
    """A token that came before ends a listing, also where two pages name each other."""
    advance = Advance("LISTSTATUS", "/d", "lake")
    assert [advance.to(token) for token in ("", "a", "b")] == ["", "a", "b"]
    with pytest.raises(ServiceFailureError, match="LISTSTATUS /d in account lake: the list"):
        advance.to("a")
