from __future__ import annotations

import pytest


async def listed(account, query: str = "", **headers):
    answer = await account.blob("GET", f"/raw?restype=container&comp=list{query}", **headers)
    assert answer.status == 200
    return answer.xml


def names(xml, kind: str = "Blob") -> list[str]:
    return [each.findtext("Name") for each in xml.iterfind(f"Blobs/{kind}")]


@pytest.fixture
async def tree(account):
    for path in ("/a/b/c", "/a/d", "/ab"):
        await account.put(path, b"abc")


@pytest.mark.fidelity("recorded")
async def test_blobs_are_listed_with_their_properties(account, tree):
    """An entry has its properties in the service's order, and metadata if they are asked for."""
    xml = await listed(account, "&prefix=ab&maxresults=5000&include=metadata", x_version="2019-02-02")
    [blob] = xml.iterfind("Blobs/Blob")
    assert [each.tag for each in blob] == ["Name", "Properties", "Metadata"]
    assert [each.tag for each in blob.find("Properties")] == [
        "Creation-Time",
        "Last-Modified",
        "Etag",
        "Content-Length",
        "Content-Type",
        "Content-Encoding",
        "Content-Language",
        "Content-CRC64",
        "Content-MD5",
        "Cache-Control",
        "Content-Disposition",
        "BlobType",
        "AccessTier",
        "AccessTierInferred",
        "LeaseStatus",
        "LeaseState",
        "ServerEncrypted",
    ]
    assert (xml.findtext("Prefix"), xml.findtext("MaxResults")) == ("ab", "5000")


@pytest.mark.fidelity("documented", "REST reference, List Blobs")
async def test_directories_are_among_them(account, tree):
    """Directories are empty blobs of their kind, with a mark in their metadata, and can be left out."""
    xml = await listed(account, "&include=metadata,permissions")
    assert names(xml) == ["a", "a/b", "a/b/c", "a/d", "ab"]
    kinds = [each.text for each in xml.iterfind("Blobs/Blob/Properties/ResourceType")]
    assert kinds == ["directory", "directory", "file", "file", "file"]
    marks = [each.text for each in xml.iterfind("Blobs/Blob/Metadata/hdi_isfolder")]
    assert marks == ["true", "true"]
    assert xml.findtext("Blobs/Blob/Properties/Permissions") == "rwxr-x---"
    assert names(await listed(account, "&showonly=files")) == ["a/b/c", "a/d", "ab"]
    assert names(await listed(account, "&showonly=directories")) == ["a", "a/b"]


@pytest.mark.fidelity("documented", "REST reference, List Blobs")
async def test_a_delimiter_shows_directories_as_prefixes(account, tree):
    """By `/` a listing shows one level: its files, and its directories as prefixes."""
    xml = await listed(account, "&delimiter=/")
    assert (names(xml), names(xml, "BlobPrefix")) == (["ab"], ["a/"])
    xml = await listed(account, "&delimiter=/&prefix=a/")
    assert (names(xml), names(xml, "BlobPrefix")) == (["a/d"], ["a/b/"])


@pytest.mark.fidelity("recorded")
async def test_pages_follow_each_other(account, tree):
    """A marker leads from each page to the next."""
    seen, marker = [], ""
    while True:
        xml = await listed(account, f"&maxresults=2&marker={marker}")
        seen += names(xml)
        marker = (xml.findtext("NextMarker") or "").replace("+", "%2B").replace("=", "%3D")
        if not marker:
            break
    assert seen == ["a", "a/b", "a/b/c", "a/d", "ab"]


@pytest.mark.fidelity("recorded")
async def test_pages_of_deleted_blobs(account, tree):
    """Deleted blobs come in pages too, and those of a prefix alone if one is given."""
    with account.keeping(7):
        for path in ("/a/d", "/ab"):
            await account.dfs("DELETE", f"/raw{path}")
        first = await listed(account, "&showonly=deleted&maxresults=1")
        marker = first.findtext("NextMarker").replace("+", "%2B").replace("=", "%3D")
        second = await listed(account, f"&showonly=deleted&marker={marker}")
        assert (names(first), names(second)) == (["a/d"], ["ab"])
        assert names(await listed(account, "&showonly=deleted&prefix=ab")) == ["ab"]


@pytest.mark.fidelity("assumed", "a namespace has directories, and no other delimiter")
async def test_what_a_listing_cannot_do(account):
    """Another delimiter, or an unknown filter, is refused."""
    for query in ("&delimiter=-", "&showonly=odd"):
        answer = await account.blob("GET", f"/raw?restype=container&comp=list{query}")
        assert answer.code == "InvalidQueryParameterValue"
