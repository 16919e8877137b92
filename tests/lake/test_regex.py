r"""Regular expressions for paths: where the search begins, what it enters, and what matches."""

import re

import pytest
from fsspec.asyn import sync

from airflow_provider_adls.lake.glob import visit_regex
from airflow_provider_adls.lake.regex import Regex
from airflow_provider_adls.lake.view import View
from airflow_provider_adls.model.errors import PathError


def matched(lake, expression):
    found = []
    sync(lake.loop, visit_regex, expression, View(lake.client), lambda path, _status: found.append(path))
    return sorted(found)


@pytest.fixture
def lake(hook):
    """Files with names that a regular expression has other meanings for, in directories of two years."""
    names = ["2025/day_01.csv", "2026/day_02.csv", "2026/day_3.csv", "2026/a+b [1].csv", "2026/é%23.csv"]
    names += ["other/day_04.csv", "2026/in/day_05.csv"]
    hook.filesystem.pipe({f"/raw/{name}": b"x" for name in names})
    return hook.filesystem


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"/raw/\d{4}/day_\d\d\.csv", ["/raw/2025/day_01.csv", "/raw/2026/day_02.csv"]),
        (r"/raw/2026/day_\d", []),
        (r"/raw/(2025|other)/day.*", ["/raw/2025/day_01.csv", "/raw/other/day_04.csv"]),
        (
            r"/raw/.*/day_0[2-5]\.csv",
            ["/raw/2026/day_02.csv", "/raw/2026/in/day_05.csv", "/raw/other/day_04.csv"],
        ),
        (r"/raw/2026/a\+b \[1\]\.csv", ["/raw/2026/a+b [1].csv"]),
        (r"/raw/\d+/\w%\d+\.csv", ["/raw/2026/é%23.csv"]),
        (r"/raw/2026/[^/]+(?<!\.csv)", ["/raw/2026/in"]),
        (r"/raw/202[!-~]day_01\.csv", []),
        (r"/raw/2025[!-~]day_01\.csv", ["/raw/2025/day_01.csv"]),
        (r"/raw", ["/raw"]),
        (r"/nowhere/\d+", []),
        (r"/raw/2025/day_01\.csv/.*", []),
    ],
)
def test_what_matches(lake, expression, expected):
    """A whole path matches as Python's own fullmatch says, and a missing directory has no matches."""
    assert matched(lake, expression) == expected
    assert all(re.fullmatch(expression, path) for path in expected)


def test_no_directory_is_listed_in_vain(lake, emulator):
    """Directories that cannot lead to a match are not listed."""
    emulator.clear_requests()
    matched(lake, r"/raw/202[0-5]/\w+\.csv")
    listed = [request.path for request in emulator.requests if request.operation == "LISTSTATUS"]
    assert [path.partition("/raw")[2] for path in listed] == ["", "/2025"]


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("/raw/(", "not a regular expression: missing"),
        ("/raw/[a-", "not a regular expression"),
        (r"/raw/a\.csv|/raw/b\.csv", "put them in parentheses"),
        ("/raw/?x", "repeats a slash"),
    ],
)
def test_what_cannot_be_searched(expression, text):
    """An expression that Python refuses, or that begins in no directory, is refused with advice."""
    with pytest.raises(PathError, match=text):
        Regex(expression)


def test_alternatives_within():
    """Alternatives in parentheses, and a bar that is escaped or in a set, begin in their directory."""
    for expression in (r"/raw/(a|b)", r"/raw/a\|b", "/raw/[|]", "/raw/[]|]"):
        assert Regex(expression).root == "/raw"
