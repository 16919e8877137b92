"""How far a listing goes, beside what tests/hooks/test_files.py shows of what is in it."""

import pytest

from airflow_provider_adls.client.webhdfs import WebHdfsClient
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.hidden import unfinished_name
from airflow_provider_adls.lake.matches import find_listed
from airflow_provider_adls.lake.view import View
from airflow_provider_adls.model.errors import PathNotFoundError

NAMES = [f"{number}.csv" for number in range(8)]


@pytest.fixture
def lake(hook, monkeypatch):
    """A file system with ten entries in a directory, whose pages hold two."""
    monkeypatch.setitem(WebHdfsClient.pages.__kwdefaults__, "limit", 2)
    hook.filesystem.pipe({f"/t/{name}": b"" for name in [*NAMES, "a/b.csv"]})
    hook.filesystem.mkdir("/t/b")
    return hook.filesystem


def is_file(_path, status):
    return not status.is_directory


def listed(lake, path, wanted, **options):
    return list(run(find_listed(View(lake.client), path, wanted, **options)))


def test_no_page_behind_the_limit(lake, asked):
    """A big directory is listed no further than what is wanted of it."""
    for path in ("/t", "/t/*", "/t/*.csv", "/t/?.[a-d]sv"):
        for limit, pages in ((1, 1), (2, 1), (3, 2), (8, 4)):
            before = len(asked())
            assert [f"/t/{name}" for name in NAMES[:limit]] == listed(lake, path, is_file, limit=limit), path
            assert pages == asked()[before:].count("LISTSTATUS"), path


def anything(_path, _status):
    return True


PATHS = [
    *("/t", "/t/*", "/t/[0-3].csv", "/t/.*", "/t/a", "/t/a/b.csv", "/t/a/b.csv/*", "/t/b", "/t/b/*", "/*/*"),
    *("/t/x[1].csv", "/t/*[1].csv", "/none/*", "/*", "/", "/t/**", "/t/**/b.csv", "/t/*/b.csv", "/*/a"),
]


@pytest.mark.parametrize("recursive", [False, True])
@pytest.mark.parametrize("wanted", [is_file, anything])
def test_a_limit_gives_the_first_of_all(lake, recursive, wanted):
    """What is listed up to a limit is what comes first where there is none, but for hidden parts."""
    lake.pipe({f"/t/{name}": b"" for name in (unfinished_name(), ".mine", "x[1].csv")})
    for path in PATHS:
        found = listed(lake, path, wanted, recursive=recursive)
        assert found == sorted(found), path
        for limit in (1, 2, 50):
            limited = listed(lake, path, wanted, recursive=recursive, limit=limit)
            assert found[:limit] == limited, path


def test_a_missing_directory_is_an_error(lake):
    """A path that is not a glob has to exist, whatever the limit."""
    with pytest.raises(PathNotFoundError):
        listed(lake, "/none", anything, limit=1)
