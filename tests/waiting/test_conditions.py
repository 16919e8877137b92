"""What is waited for, looked at on the emulator."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from fsspec.asyn import sync

from airflow_provider_adls.lake.view import View
from airflow_provider_adls.model.errors import PathNotFoundError
from airflow_provider_adls.waiting.conditions import (
    DirectorySizeCondition,
    PathCondition,
    UnchangedCondition,
    plain,
)

HIDDEN = "/in/.0123456789abcdef0123456789abcdef.part"


@pytest.fixture
def lake(hook):
    """Three files of 0, 5 and 10 bytes, and an empty directory."""
    hook.filesystem.pipe({"/in/a.csv": b"", "/in/b.csv": b"x" * 5, "/in/c.csv": b"x" * 10})
    hook.filesystem.mkdir("/in/d.csv")
    return hook.filesystem


def look(lake, condition, path="/in/*.csv", later=0.0):
    """What a look finds.

    :param later: seconds that the look is made after now.
    """
    view = View(lake.client)
    return sync(lake.loop, condition.look, view, path, time.time() + later)


def names(found):
    """Names of what was found."""
    return "".join(path.rpartition("/")[2][0] for path in found.paths)


@pytest.mark.parametrize(
    ("values", "later", "expected"),
    [
        ({}, 0, "abcd"),
        ({"min_size": 0}, 0, "abc"),
        ({"min_size": 5}, 0, "bc"),
        ({"min_size": 1, "max_size": 5}, 0, "b"),
        ({"max_size": 0}, 0, "a"),
        ({"min_age": 600}, 0, ""),
        ({"min_age": timedelta(minutes=10)}, 900, "abc"),
        ({"max_age": 600}, 0, "abc"),
        ({"max_age": 600}, 900, ""),
        ({"min_age": 300, "max_age": 600}, 400, "abc"),
        ({"since": "2020-01-01"}, 0, "abc"),
        ({"since": "2999-01-01T00:00:00+02:00"}, 0, ""),
        ({"min_matches": 4}, 0, "abcd"),
        ({"min_matches": 5}, 0, ""),
        ({"max_paths": 2}, 0, "ab"),
    ],
)
def test_paths(lake, values, later, expected):
    """Size, age and number decide what is found; as soon as one of a file's is asked for, only files are."""
    found = look(lake, PathCondition(**values), later=later)
    assert expected == names(found)
    assert bool(expected) is bool(found.matches)


def test_since_a_moment(lake):
    """A file that was written at the very time counts, and one before it does not."""
    when = lake.modified("/in/b.csv")
    assert "b" in names(look(lake, PathCondition(since=when.isoformat()), "/in/b.csv"))
    assert (
        names(look(lake, PathCondition(since=(when + timedelta(milliseconds=1)).isoformat()), "/in/b.csv"))
        == ""
    )


def test_what_is_being_uploaded(lake):
    """A file that is not whole yet does not match, but for a glob of hidden names."""
    lake.pipe(HIDDEN, b"x")
    assert names(look(lake, PathCondition(), "/in/*")) == "abcd"
    assert look(lake, PathCondition(), "/in/.*").paths == [HIDDEN]


@pytest.mark.parametrize("path", ["/nowhere", "/nowhere/*", "/in/*.txt"])
def test_nothing_there(lake, path):
    """A missing path does not match, and that is not an error."""
    for condition in (
        PathCondition(),
        UnchangedCondition(0),
        DirectorySizeCondition(min_files=0, min_bytes=1),
    ):
        assert look(lake, condition, path)[:2] == ([], [])


def test_unchanged(lake):
    """Files that were left alone are found by their own times, without any wait."""
    condition = UnchangedCondition(inactivity_period=600)
    looks = [look(lake, condition, "/in", later=later) for later in (0, 300)]
    assert [found.matches for found in looks] == [[], []]
    found = look(lake, condition, "/in", later=900)
    assert looks[0].change_key == looks[1].change_key != found.change_key
    assert found.paths == ["/in/a.csv", "/in/b.csv", "/in/c.csv"]
    assert [(item.path, item.length, item.files) for item in found.matches] == [("/in", 15, 3)]
    assert condition.value(found, found.paths) == found.paths


@pytest.mark.parametrize(
    "change",
    [
        lambda lake: lake.pipe("/in/b.csv", b"more"),
        lambda lake: lake.pipe("/in/sub/e.csv", b""),
        lambda lake: lake.pipe(HIDDEN, b"x"),
        lambda lake: lake.rm_file("/in/a.csv"),
        lambda lake: lake.mv("/in/a.csv", "/in/f.csv"),
    ],
    ids=["written", "new", "being uploaded", "deleted", "renamed"],
)
def test_a_change_begins_the_period_anew(lake, change):
    """Whatever changes, the period begins with the look that sees it."""
    condition = UnchangedCondition(inactivity_period=600)
    look(lake, condition, "/in")
    change(lake)
    assert look(lake, condition, "/in", later=900).matches == []
    assert look(lake, condition, "/in", later=1300).matches == []
    assert look(lake, condition, "/in", later=1501).matches


def test_too_few(lake):
    """Fewer files than must be there are not enough, however long nothing happens."""
    assert look(lake, UnchangedCondition(0, min_objects=4), "/in", later=90).matches == []
    assert look(lake, UnchangedCondition(0, min_objects=0), "/empty", later=90).matches
    assert look(lake, UnchangedCondition(0, min_objects=3, max_paths=1), "/in", later=90).paths == [
        "/in/a.csv"
    ]


def test_what_may_not_vanish(lake):
    """Where nothing may be deleted, the error counts the files that disappeared, and names the first."""
    condition = UnchangedCondition(60, allow_delete=False)
    look(lake, condition, "/in")
    lake.rm_file("/in/b.csv")
    with pytest.raises(PathNotFoundError, match=r"1 file disappeared, first /in/b\.csv: .*allow_delete"):
        look(lake, condition, "/in")
    lake.rm_file("/in/a.csv")
    with pytest.raises(PathNotFoundError, match=r"2 files disappeared, first /in/a\.csv: "):
        look(lake, condition, "/in")


@pytest.mark.parametrize(
    ("values", "enough"),
    [
        ({"min_files": 3}, True),
        ({"min_files": 4}, False),
        ({"min_bytes": 15}, True),
        ({"min_bytes": 16}, False),
        ({"min_files": 3, "min_bytes": 16}, False),
    ],
)
def test_directory_size(lake, values, enough):
    """Number and bytes of all files count, and of both the greater demand."""
    lake.mkdirs("/in/sub")
    lake.mv("/in/c.csv", "/in/sub/c.csv")
    lake.pipe(HIDDEN, b"x" * 100)
    condition = DirectorySizeCondition(**values)
    found = look(lake, condition, "/in")
    assert enough is bool(found.matches)
    if enough:
        assert condition.value(found, ["/in"]) == {"path": "/in", "files": 3, "bytes": 15}


def test_a_directory_with_an_odd_name(lake):
    """A directory whose name looks like a glob is that directory."""
    lake.pipe("/[a]*/x", b"12")
    assert look(lake, DirectorySizeCondition(min_files=1), "/[a]*").matches[0].length == 2
    assert look(lake, UnchangedCondition(0), "/[a]*", later=1).paths == ["/[a]*/x"]


@pytest.mark.parametrize(
    ("condition", "values", "named"),
    [
        (PathCondition, {"min_size": 1.5}, "'min_size'"),
        (PathCondition, {"max_size": -1}, "'max_size'"),
        (PathCondition, {"min_matches": 0}, "'min_matches'"),
        (PathCondition, {"max_paths": True}, "'max_paths'"),
        (PathCondition, {"min_age": "1h"}, "'min_age'"),
        (PathCondition, {"min_age": 2, "max_age": 1}, "'min_age'"),
        (PathCondition, {"max_age": float("nan")}, "'max_age'"),
        (PathCondition, {"since": 5}, "'since'"),
        (UnchangedCondition, {"inactivity_period": -1}, "'inactivity_period'"),
        (UnchangedCondition, {"allow_delete": "no"}, "'allow_delete'"),
        (UnchangedCondition, {"max_paths": 0}, "'max_paths'"),
        (DirectorySizeCondition, {}, "'min_files'"),
        (DirectorySizeCondition, {"min_bytes": "1 GB"}, "'min_bytes'"),
    ],
)
def test_wrong_values(condition, values, named):
    """What cannot be right is named."""
    with pytest.raises(ValueError, match=named):
        condition(**values)


def test_plain_values():
    """Spans and times become what Airflow stores."""
    values = {"a": timedelta(minutes=1), "b": datetime(2026, 1, 1, tzinfo=UTC), "c": "{{ ds }}", "d": None}
    assert plain(values) == {"a": 60.0, "b": "2026-01-01T00:00:00+00:00", "c": "{{ ds }}", "d": None}


def test_a_summary_says_how_much_is_missing(lake):
    """The line for a log names what was found, and what is waited for."""
    assert look(lake, PathCondition(min_matches=3), "/nowhere/*").summary == "0 of 3 matches"
    condition = UnchangedCondition(5)
    summary = look(lake, condition, "/in").summary
    assert summary.startswith("3 of 1 files, unchanged for ")
    assert summary.endswith(" of 5 s")
