from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.gen2 import access, listing
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.refusals import Denied
from airflow_provider_adls.model.acl import parse_spec

PATHS = ["/a", "/a/b", "/a/b/c", "/a!", "/ab", "/b", "/ü"]


def page(call, directory="/", *, recursive=True, start="", size=100):
    found, rest = listing.list_paths(call, directory, recursive=recursive, start=start, size=size)
    return [path for path, _ in found], rest


@pytest.fixture
def tree(make):
    for path in ("/ü", "/b", "/a!", "/ab", "/a/b/c"):
        make(path)


@pytest.mark.fidelity("recorded")
def test_a_directory_comes_before_what_is_in_it(call, tree):
    """Paths are in the order of their segments; the listed directory is not among them."""
    assert page(call) == (PATHS, None)
    assert page(call, "/a") == (["/a/b", "/a/b/c"], None)
    assert page(call, recursive=False) == (["/a", "/a!", "/ab", "/b", "/ü"], None)


@pytest.mark.parametrize("recursive", [True, False])
@pytest.mark.fidelity("recorded")
def test_pages_follow_each_other(call, tree, recursive, monkeypatch):
    """Pages of any size give each path once, whatever the store reads at a time."""
    monkeypatch.setattr(listing, "_BATCH", 2)
    whole, _ = page(call, recursive=recursive)
    for size in range(1, len(whole) + 1):
        seen, start = [], ""
        while start is not None:
            paths, start = page(call, recursive=recursive, start=start, size=size)
            assert len(paths) <= size
            seen += paths
        assert seen == whole


@pytest.mark.fidelity("documented", "azure-storage-file-datalake, start_from")
def test_a_listing_begins_anywhere(call, tree):
    """A listing can begin at a path, whether it exists or not."""
    assert page(call, start="/a/b/c")[0] == PATHS[2:]
    assert page(call, start="/a/bb")[0] == PATHS[3:]
    assert page(call, start="/aa/x")[0] == PATHS[4:]
    assert page(call, start="/zz")[0] == ["/ü"]


@pytest.mark.fidelity("recorded")
def test_a_missing_directory_is_not_found(call):
    """An empty container lists nothing; a missing directory is refused."""
    assert page(call) == ([], None)
    with pytest.raises(StorageError, match="path does not exist"):
        page(call, "/missing")


@pytest.mark.fidelity("assumed", "as Gen1's LISTSTATUS of a file")
def test_a_file_lists_as_itself(call, tree):
    """The path of a file lists the file."""
    assert page(call, "/b") == (["/b"], None)


@pytest.mark.fidelity("documented", "learn.microsoft.com, Access control lists in Azure Data Lake Storage")
def test_listing_needs_read_and_execute(call, by, tree):
    """A caller without `r` and `x` on a directory does not list it; recursively, on each directory."""
    for path, rights in (("/", "r-x"), ("/a", "r-x")):
        entries = parse_spec(f"user:alice:{rights},mask::rwx")
        access.set_access(call, path, Conditions(), entries=entries)
    assert page(by("alice"), recursive=False)[0][0] == "/a"
    with pytest.raises(Denied):
        page(by("alice"))
    with pytest.raises(Denied):
        page(by("bob"), recursive=False)


@pytest.mark.fidelity("recorded")
def test_a_prefix_selects_paths(call, tree):
    """Paths that begin with a text are found wherever it ends, in a name or behind a directory."""
    found = {
        prefix: [path for path, _ in listing.with_prefix(call, prefix, start="", recursive=True)]
        for prefix in ("", "a", "a/", "a/b/c", "b", "x/y", "b/c")
    }
    assert found == {
        "": PATHS,
        "a": PATHS[:5],
        "a/": PATHS[1:3],
        "a/b/c": ["/a/b/c"],
        "b": ["/b"],
        "x/y": [],
        "b/c": [],
    }
