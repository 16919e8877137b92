"""`is_installed`: whether the library of an extra is installed."""

from __future__ import annotations

from importlib.util import find_spec


def is_installed(module: str) -> bool:
    """Return whether a module is installed, without importing it; packages above it are imported.

    :param module: its full name.
    """
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
