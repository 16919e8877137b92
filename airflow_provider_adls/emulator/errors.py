"""What keeps an emulator from starting."""

from __future__ import annotations


class EmulatorError(Exception):
    """The emulator cannot start; the message is one line for whoever started it."""
