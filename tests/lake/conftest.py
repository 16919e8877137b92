"""The fixtures of the file system's tests, which stand over the same account, of either service."""

from tests.client.conftest import account2, soft_delete
from tests.filesystem.conftest import *  # noqa: F403 - its fixtures, by `__all__`

__all__ = ["account2", "soft_delete"]
