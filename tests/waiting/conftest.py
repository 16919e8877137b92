"""The fixtures of the triggers' tests."""

from tests.triggers.conftest import no_connection_left, turns

__all__ = ["no_connection_left", "turns"]
