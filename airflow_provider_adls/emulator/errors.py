"""What an emulator's user is told."""

from __future__ import annotations

from typing import ClassVar


class EmulatorError(Exception):
    """The emulator cannot do what it was told; the message is one line for whoever told it.

    :cvar exit_status: what a command ends with that fails for it.
    """

    exit_status: ClassVar[int] = 2


class NotRunningError(EmulatorError):
    """There is no emulator where one was looked for."""

    # As `systemctl status` says it (LSB Core, "Init Script Actions").
    exit_status = 3


class ArgumentError(ValueError):
    """An argument that makes no sense; the message names it, and says what would.

    :param field: the argument's name, in Python and over HTTP alike.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
