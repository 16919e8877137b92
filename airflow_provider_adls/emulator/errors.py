"""What an emulator's user is told."""

from __future__ import annotations


class EmulatorError(Exception):
    """The emulator cannot start; the message is one line for whoever started it."""


class ArgumentError(ValueError):
    """An argument that makes no sense; the message names it, and says what would.

    :param field: the argument's name, in Python and over HTTP alike.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
