"""The fixtures of the file system's tests, which stand over the same account, of either service."""

from tests.filesystem.conftest import (
    account,
    afs,
    asked,
    container,
    credential,
    fault,
    fs,
    options,
    other_account,
)

__all__ = [
    "account",
    "afs",
    "asked",
    "container",
    "credential",
    "fault",
    "fs",
    "options",
    "other_account",
]
