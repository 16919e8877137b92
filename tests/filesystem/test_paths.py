"""The path rule."""

from __future__ import annotations

import pytest

from airflow_provider_adls.filesystem.paths import Named, named, parent, strip_protocol
from airflow_provider_adls.lake.places import Place
from airflow_provider_adls.model.errors import PathError


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/raw/x.csv", "/raw/x.csv"),
        ("lake/raw/x.csv", "lake/raw/x.csv"),
        ("adl://lake/raw", "lake/raw"),
        ("adls://lake/raw", "lake/raw"),
        ("ADL://lake/raw", "lake/raw"),
        ("adl://lake.azuredatalakestore.net/raw/", "lake.azuredatalakestore.net/raw"),
        ("adl://my_conn@lake/raw@2", "lake/raw@2"),
        ("adl:///raw", "/raw"),
        ("adl://lake", "lake"),
        ("adl://lake/", "lake"),
        ("adl://", "/"),
        ("", "/"),
        ("/", "/"),
        ("//raw//x/", "/raw/x"),
        ("lake//raw/./x/../y", "lake/raw/y"),
        ("/..", "/"),
        ("/a b/100%/#?,é", "/a b/100%/#?,é"),
    ],
)
def test_stripped(name, expected):
    """URLs and paths take one form each, and one that has it keeps it."""
    assert strip_protocol(name) == expected
    assert strip_protocol(expected) == expected


def test_nul():
    """A NUL character is in no path."""
    with pytest.raises(PathError, match="NUL"):
        named(strip_protocol("/a\0b"), "acc")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("/a/b", "/a"), ("/a", "/"), ("/", "/"), ("lake/a/b", "lake/a"), ("lake/a", "lake"), ("lake", "lake")],
)
def test_parent(name, expected):
    """The directory above keeps the form, and a root is its own."""
    assert parent(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/raw/x", Named("", "own", "/raw/x")),
        ("/", Named("", "own", "/")),
        ("lake/raw", Named("lake", "lake", "/raw")),
        ("lake", Named("lake", "lake", "/")),
        ("Lake.azuredatalakestore.net/raw", Named("Lake.azuredatalakestore.net", "lake", "/raw")),
        ("own/raw", Named("own", "own", "/raw")),
    ],
)
def test_place(name, expected):
    """A slash means the own account, and none the account that the first segment names."""
    assert named(name, "own") == expected


@pytest.mark.parametrize(
    ("name", "child"), [("/", "/x"), ("/a", "/a/x"), ("lake", "lake/x"), ("lake/a", "lake/a/x")]
)
def test_names_of_a_place(name, child):
    """A place and its entries are named in the form that was asked."""
    where = named(name, "own")
    place = Place(None, where.prefix, where.path)
    assert (place.name, place.child("x")) == (name, child)


@pytest.mark.parametrize("name", ["raw data/x.csv", "Raw_1/x", "a/x", "x" * 25])
def test_what_cannot_be_an_account(name):
    """Where the first segment cannot be an account, the error says that a slash may be missing."""
    with pytest.raises(PathError, match=f"/{name} may be meant"):
        named(name, "own")


def test_no_account_of_its_own():
    """Without an own account, a leading slash leads nowhere."""
    with pytest.raises(PathError, match="none of its own"):
        named("/raw", None)
