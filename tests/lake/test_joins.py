"""Files put together into one, whole, and once."""

from __future__ import annotations

import pytest

from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError, ServiceUnreachableError
from airflow_provider_adls.model.operations import MAX_BODY

SOURCES = ["/in/1", "/in/2", "/in/3"]


@pytest.fixture
def parts(fs):
    """Three files, one of them empty, beside another."""
    for name, content in (("1", b"one"), ("2", b""), ("3", b"three"), ("other", b"other")):
        fs.pipe(f"/in/{name}", content)
    return fs


def hidden(fs, directory="/"):
    return [path for path in fs.ls(directory, detail=False) if path.endswith(".kept")]


def test_join(parts):
    """The sources become the destination, in the order that was asked; their neighbour stays."""
    assert parts.join("/whole", ["/in/3", "/in/2", "/in/1"]) is True
    assert parts.cat("/whole") == b"threeone"
    assert parts.find("/") == ["/in/other", "/whole"]


def test_join_again(parts):
    """The same call again finds that it was done."""
    assert parts.join("/whole", SOURCES) is True
    assert parts.join("/whole", SOURCES) is False
    assert parts.cat("/whole") == b"onethree"


@pytest.mark.parametrize(
    ("if_exists", "content"), [("overwrite", b"onethree"), ("append", b"beforeonethree")]
)
def test_join_to_an_existing_file(parts, if_exists, content):
    """A destination that is there is replaced, or keeps what it holds before the sources."""
    parts.pipe("/whole", b"before")
    assert parts.join("/whole", SOURCES, if_exists=if_exists) is True
    assert parts.cat("/whole") == content
    assert parts.join("/whole", SOURCES, if_exists=if_exists) is False
    assert parts.cat("/whole") == content


def test_destination_that_may_not_be_there(parts):
    """Nothing is taken where the destination is there already, or is a directory."""
    parts.pipe("/whole", b"before")
    for keep in (False, True):
        with pytest.raises(PathExistsError, match="/whole"):
            parts.join("/whole", SOURCES, keep_sources=keep)
        with pytest.raises(IsADirectoryError):
            parts.join("/in", [*SOURCES], if_exists="overwrite", keep_sources=keep)
    assert parts.find("/") == ["/in/1", "/in/2", "/in/3", "/in/other", "/whole"]
    assert parts.cat("/whole") == b"before"


def test_missing_sources(parts):
    """Where one source is missing nothing is joined; where all are, the destination has to exist."""
    with pytest.raises(PathNotFoundError, match="/in/missing"):
        parts.join("/whole", ["/in/1", "/in/missing"], if_exists="append")
    with pytest.raises(PathNotFoundError, match="/no/1"):
        parts.join("/whole", ["/no/1", "/no/2"])
    assert parts.cat("/in/1") == b"one"


def test_sources_that_stay(parts, other_account):
    """Copies are put together, from another account too, and what is big comes whole."""
    big = bytes(range(256)) * (MAX_BODY // 256) + b"!"
    parts.pipe(f"{other_account}/big", big)
    parts.join("/whole", ["/in/1", f"{other_account}/big", "/in/3"], keep_sources=True)
    assert parts.cat("/whole") == b"one" + big + b"three"
    assert parts.cat("/in/1") == b"one"
    parts.join("/whole", ["/in/1"], if_exists="overwrite", keep_sources=True)
    assert parts.cat("/whole") == b"one"
    with pytest.raises(IsADirectoryError):
        parts.join("/other", ["/in"], keep_sources=True)


@pytest.mark.parametrize(
    ("sources", "arguments", "match"),
    [
        ([], {}, "all differ"),
        (["/in/1", "/in/1"], {}, "all differ"),
        (["/in/1", "/whole"], {}, "all differ"),
        (["/in/1"], {"if_exists": "replace"}, "if_exists"),
        (["/in/1"], {"if_exists": "append", "keep_sources": True}, "twice"),
    ],
)
def test_wrong_arguments(parts, sources, arguments, match):
    """What cannot be meant is refused before anything is done."""
    with pytest.raises(ValueError, match=match):
        parts.join("/whole", sources, **arguments)


def test_another_account_is_taken_only_by_copies(parts, other_account):
    """The service joins no files of another account; the error says what to do."""
    parts.pipe(f"{other_account}/a", b"a")
    with pytest.raises(ValueError, match="keep_sources copies it"):
        parts.join("/whole", ["/in/1", f"{other_account}/a"])


async def test_join_that_was_broken_off_is_finished(afs, fault, parts):
    """Where the last step did not come to pass nothing is lost, and the next try finishes it."""
    fault(operation="RENAME", drop="before", times=3)
    with pytest.raises(ServiceUnreachableError):
        await afs._join("/whole", SOURCES)
    (kept,) = hidden(parts)
    assert (parts.cat(kept), parts.exists("/whole")) == (b"onethree", False)
    assert await afs._join("/whole", SOURCES) is True
    assert (parts.cat("/whole"), hidden(parts)) == (b"onethree", [])


async def test_what_a_broken_join_left_is_not_mixed_with_new_sources(afs, fault, parts):
    """Sources that are there anew do not join what an earlier try has put together, nor replace it."""
    fault(operation="RENAME", drop="before", times=3)
    with pytest.raises(ServiceUnreachableError):
        await afs._join("/whole", SOURCES)
    for source in SOURCES:
        parts.pipe(source, b"new")
    with pytest.raises(PathExistsError, match=r"/\.[0-9a-f]{32}\.kept in .*move it or delete it"):
        parts.join("/whole", SOURCES)
    assert parts.cat(hidden(parts)[0]) == b"onethree"


async def test_destination_that_came_meanwhile_is_kept(afs, fault, parts):
    """A destination that another writer made in between stays, and what was put together too."""
    fault(operation="RENAME", drop="before", times=3)
    with pytest.raises(ServiceUnreachableError):
        await afs._join("/whole", SOURCES)
    parts.pipe("/whole", b"another's")
    with pytest.raises(PathExistsError, match=r"the joined content is in /\."):
        parts.join("/whole", SOURCES)
    assert parts.cat("/whole") == b"another's"
    assert parts.join("/whole", SOURCES, if_exists="overwrite") is True
    assert parts.cat("/whole") == b"onethree"
