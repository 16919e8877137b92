"""The search for secrets finds them."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from scripts.leaks import Search, dumped

SECRET = 'aB3~x/+"Q.w_9%'


@pytest.fixture
def search() -> Search:
    return Search(SECRET)


@pytest.mark.parametrize(
    "spelling",
    [SECRET, quote(SECRET, safe=""), SECRET.replace('"', '\\"')],
    ids=["plain", "in a URL", "in JSON"],
)
def test_secret_in_a_log_is_found(search, tmp_path, spelling):
    """A secret in any log of a folder is found, however it was written."""
    (tmp_path / "task").mkdir()
    (tmp_path / "task" / "1.log").write_text(f"POST client_secret={spelling}&x=1")
    (tmp_path / "other.log").write_text("nothing")

    search.look_in_files(tmp_path, "logs")

    assert [f"the client secret, in {tmp_path}/task/1.log"] == search.found
    assert search.summary() == "2 logs"


def test_token_is_found(search):
    """A signed token is found by its first letters."""
    search.look("logs", "a.log", b"Authorization: Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.e30.x")

    assert search.found == ["a token, in a.log"]


def test_secret_deep_in_a_value_is_found(search):
    """A secret is found in a value of any depth, where JSON would have escaped it."""
    search.look("XComs", "an XCom", dumped({"steps": [{"with": f"id:{SECRET}"}]}))

    assert search.found == ["the client secret, in an XCom"]


def test_nothing_is_found_where_nothing_is(search):
    """Ordinary text is not a leak, and the secret shows in no representation of the search."""
    search.look("logs", "a.log", b"eyJ is how a token begins; the client id is not secret")

    assert search.found == []
    assert SECRET not in repr(search)
