from __future__ import annotations

import base64
import json

import pytest

from airflow_provider_adls.model.tokens import claims, object_id, renewal_time


def token(said: object) -> str:
    return f"header.{base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip('=')}.signature"


@pytest.mark.parametrize("text", ["opaque", "", "a.b.c", "a.!.c", token([1]), token("text")])
def test_a_token_that_says_nothing(text):
    """A token that is not a JWT, or whose claims are not an object, has no claims and names no principal."""
    assert claims(text) == {}
    assert object_id(text) is None


@pytest.mark.parametrize(
    ("oid", "expected"), [("1-2", "1-2"), (5, None), ("a\nb", None), ("x" * 101, None), ("", "")]
)
def test_the_principal(oid, expected):
    """The object id is taken where it can stand in a message: one short line of text."""
    assert object_id(token({"oid": oid})) == expected


def test_renewal():
    """A token is renewed five minutes before its end; a short one in the middle of its life."""
    assert renewal_time(3600, 0) == 3300
    assert renewal_time(60, 0) == 30
