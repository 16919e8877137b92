"""The fixtures of the file system's tests, which stand over the same account."""

from tests.filesystem.conftest import afs, credential, fs, options, other_account

__all__ = ["afs", "credential", "fs", "options", "other_account"]
