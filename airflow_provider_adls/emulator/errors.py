"""The errors that an emulator's user sees."""

from __future__ import annotations

from typing import ClassVar


class EmulatorError(Exception):
    """The emulator cannot do what it was asked for; the message is one line for its user.

    :cvar exit_status: exit status of a command that fails with it.
    """

    exit_status: ClassVar[int] = 2


class NotRunningError(EmulatorError):
    """No emulator runs where one was expected."""

    # As `systemctl status` says it (LSB Core, "Init Script Actions").
    exit_status = 3


class ArgumentError(ValueError):
    """A wrong argument; the message names it and the valid values.

    :param field: the argument's name, in Python and over HTTP alike.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
