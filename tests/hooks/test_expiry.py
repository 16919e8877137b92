"""Expiry through the hook."""

from datetime import UTC, datetime, timedelta

import pytest

WHEN = datetime(2050, 1, 1, tzinfo=UTC)


@pytest.fixture
def tree(hook):
    """Two files in directories."""
    for name in ("/t/1.csv", "/t/a/2.csv"):
        hook.write_file(name, name)
    return hook


def expiry(hook, path="/t/1.csv"):
    return hook.filesystem.info(path)["expires"]


@pytest.mark.parametrize("when", [WHEN, "2050-01-01T00:00:00+00:00", "2050-01-01T02:00:00+02:00"])
def test_moment(tree, when):
    """A time, also as text, and back to never."""
    assert tree.set_expiry("/t/*.csv", expires_at=when)["files"] == 1
    assert expiry(tree) == WHEN
    assert tree.clear_expiry("/t/1.csv")["files"] == 1
    assert expiry(tree) is None


@pytest.mark.parametrize("span", [3600, timedelta(hours=1), 3600.0])
@pytest.mark.parametrize("since_creation", [False, True])
def test_span(tree, span, since_creation):
    """A span from now, or from the creation."""
    before = tree.filesystem.info("/t/1.csv")["created"] if since_creation else datetime.now(UTC)
    tree.set_expiry("/t/1.csv", expires_in=span, since_creation=since_creation)
    late = expiry(tree) - before - timedelta(hours=1)
    assert timedelta(seconds=-1) < late < timedelta(0 if since_creation else 5, 1)


def test_tree(tree):
    """A directory stands for its files where that is asked for; it has no expiry itself."""
    with pytest.raises(IsADirectoryError, match="/t is a directory, and only files expire"):
        tree.set_expiry("/t", expires_at=WHEN)
    seen = tree.set_expiry("/t", expires_at=WHEN, recursive=True, preview=True)
    assert (seen["paths"], expiry(tree)) == (["/t/1.csv", "/t/a/2.csv"], None)
    assert tree.set_expiry("/t", expires_at=WHEN, recursive=True) == {
        "directories": 0,
        "files": 2,
        "failed": 0,
        "failures": [],
    }
    assert expiry(tree, "/t/a/2.csv") == WHEN
    assert tree.clear_expiry("/t", recursive=True)["files"] == 2


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({}, "either"),
        ({"expires_at": WHEN, "expires_in": 5}, "either"),
        ({"expires_at": datetime(2050, 1, 1)}, "no zone"),  # noqa: DTZ001 - what is refused
        ({"expires_at": "2050-01-01"}, "no zone"),
        ({"expires_at": "tomorrow"}, "ISO 8601"),
        ({"expires_in": 0}, "not positive"),
        ({"expires_in": timedelta(days=-1)}, "not positive"),
        ({"expires_in": "soon"}, "not a span: a timedelta"),
        ({"expires_in": float("inf")}, "not a span: a timedelta"),
    ],
)
def test_wrong_times(tree, arguments, match):
    """A time or span that cannot be meant is refused, and nothing is changed."""
    with pytest.raises(ValueError, match=match):
        tree.set_expiry("/t/1.csv", **arguments)
    assert expiry(tree) is None


def test_expired_file_is_gone(hook, emulator):
    """The service deletes the file when its time has come."""
    hook.write_file("/f", "1")
    hook.set_expiry("/f", expires_in=0.05)
    while hook.exists("/f"):
        pass
