"""The private part of Airflow that hides tokens is still there, and does what it is used for."""

from __future__ import annotations

import re

from airflow.providers.common.compat.sdk import redact

from airflow_provider_adls.connection.compat import secrets_masker


def test_the_masker_forgets():
    """The masker that the log goes by takes a mask, and its pattern can be discarded again."""
    masker = secrets_masker()
    masker.add_mask("to-be-forgotten")
    assert redact("a to-be-forgotten b") == "a *** b"
    masker.patterns.discard(re.escape("to-be-forgotten"))
    masker.add_mask("another-value")
    assert redact("a to-be-forgotten b") == "a to-be-forgotten b"
