"""Globs that are found page by page, against fsspec's own."""

import asyncio

import pytest
from fsspec.asyn import AsyncFileSystem, sync

from airflow_provider_adls.lake import view as views
from airflow_provider_adls.lake.glob import visit_below, visit_files, visit_matches
from airflow_provider_adls.lake.view import View
from airflow_provider_adls.model.errors import AccessDeniedError

FILES = [
    "/a.csv",
    "/in/a.csv",
    "/in/b.txt",
    "/in/.hidden",
    "/in/a b%#+é.csv",
    "/in/[x].csv",
    "/in/x.csv",
    "/in/*.csv",
    "/in/2026/01/a.csv",
    "/in/2026/02/a.csv",
    "/in/2026/02/b/c/a.csv",
    "/in/2027/02/a.csv",
    "/other/in/a.csv",
]
GLOBS = [
    "/*",
    "/**",
    "/*.csv",
    "/in/*",
    "/in/*.csv",
    "/in/?.csv",
    "/in/[ab].*",
    "/in/[!ab]*",
    "/in/[x].csv",
    "/in/[[]x].csv",
    "/in/*/*/a.csv",
    "/in/2026/*/a.csv",
    "/in/20??/02",
    "/in/**",
    "/in/**/a.csv",
    "/in/*/**",
    "/in/*/**/a.csv",
    "/**/a.csv",
    "/**/02/**",
    "/**/02/**/a.csv",
    "/in/a.csv/*",
    "/in/a.csv/**",
    "/missing/*",
    "/missing/**/x",
    "/*/in/*",
]


@pytest.fixture
def lake(hook):
    """A file system with a tree of odd names, and an empty directory in it."""
    hook.filesystem.pipe(dict.fromkeys(FILES, b"x"))
    hook.filesystem.mkdir("/in/empty")
    return hook.filesystem


def seen(lake, visiting, path):
    """Paths that are visited, sorted, and what each is."""
    found = []

    async def look():
        await visiting(path, View(lake.client), lambda name, status: found.append((name, status.type)))

    sync(lake.loop, look)
    return sorted(found)


@pytest.mark.parametrize("page", [1, 2, 1000])
@pytest.mark.parametrize("glob", GLOBS)
def test_globs(lake, monkeypatch, glob, page):
    """A glob matches what it matches for fsspec, each once, however long the pages are."""
    monkeypatch.setattr(views, "PAGE_SIZE", page)
    there = [glob] if glob in FILES else sync(lake.loop, AsyncFileSystem._glob, lake, glob)
    assert sorted(there) == sorted(lake.glob(glob))
    assert sorted(there) == [name for name, _ in seen(lake, visit_matches, glob)]


@pytest.mark.parametrize("path", ["/in", "/in/a.csv", "/in/[x].csv", "/in/*.csv", "/nowhere", "/"])
def test_an_existing_path_is_itself(lake, path):
    """A path that exists stands for itself alone, whatever it looks like."""
    expected = [path] if path in FILES or lake.exists(path) else lake.glob(path)
    found = [name for name, _ in seen(lake, visit_matches, path)]
    assert set(expected) <= set(found)
    if "*" not in path:
        assert expected == found


def test_files(lake):
    """A directory stands for all files in it, once, also if a glob matches one of its directories too."""
    everything = [(name, "FILE") for name in sorted(lake.find("/in"))]
    assert everything == seen(lake, visit_files, "/in")
    assert everything == seen(lake, visit_below, "/in")
    assert everything == seen(lake, visit_files, "/in/**")
    assert sorted(lake.find("/in/2026")) == [name for name, _ in seen(lake, visit_files, "/in/202[6]*")]
    assert seen(lake, visit_files, "/nowhere") == []


def test_directories_that_cannot_match_are_not_listed(lake, emulator):
    """A glob goes into no directory whose name does not match."""
    emulator.clear_requests()
    seen(lake, visit_matches, "/in/2026/*/a.csv")
    listed = [request.path for request in emulator.requests if request.operation == "LISTSTATUS"]
    assert sorted(listed) == ["/in/2026", "/in/2026/01", "/in/2026/02"]


def test_failures_are_raised(hook, connect, emulator):
    """A directory that may not be listed ends the look: a part would be no answer."""
    emulator.add_principal("55555555-5555-4555-8555-555555555555", "the~Scan.Secret.0123456789")
    connect("other", login="55555555-5555-4555-8555-555555555555", password="the~Scan.Secret.0123456789")
    hook.filesystem.pipe("/in/a.csv", b"x")
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

    with pytest.raises(AccessDeniedError):
        seen(ADLSGen1Hook("other").filesystem, visit_matches, "/**")


async def test_segments_of_two_stars(lake):
    """Two stars are a whole segment or an error, as in fsspec."""
    with pytest.raises(ValueError, match="entire path component"):
        await asyncio.wait_for(visit_matches("/in/a**", View(lake.client), print), 180)
