"""Tokens are masked from their first moment to their end."""

from __future__ import annotations

import time

import pytest
from airflow.providers.common.compat.sdk import redact

from airflow_provider_adls.auth import AccessToken, ClientSecret
from airflow_provider_adls.connection.masking import MaskedSource, mask_token
from airflow_provider_adls.model.errors import SignInError


def issued(name: str, seconds: float) -> AccessToken:
    return AccessToken(f"eyJ0.{name}-_+", int(time.time() + seconds))


def test_token_is_masked_as_a_whole():
    """A line of a log shows nothing of the token, whatever characters it has."""
    token = issued("whole", 3600)

    mask_token(token)

    assert redact(f"got {token.token}, going on") == "got ***, going on"


def test_tokens_that_have_ended_are_forgotten():
    """The masker keeps the tokens that are valid, however many came before, and all other masks."""
    ended, other, valid = issued("ended", -1), issued("other", 3600), issued("valid", 3600)
    for token in (ended, other, valid):
        mask_token(token)

    assert redact(f"{ended.token} {other.token} {valid.token}") == f"{ended.token} *** ***"


def test_source_is_its_own_in_all_else(mocker):
    """Cloud, cache key and `repr` are those of who signs in, and a refusal comes through."""
    source = ClientSecret("tenant", "client", "Secret~0123456789")
    masked = MaskedSource(source)

    assert (source.cloud, source.key("a"), repr(source)) == (masked.cloud, masked.key("a"), repr(masked))

    mocker.patch.object(ClientSecret, "acquire", side_effect=SignInError("refused"))
    with pytest.raises(SignInError, match="refused"):
        masked.acquire("a")
