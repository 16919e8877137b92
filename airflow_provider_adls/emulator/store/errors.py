"""`StoreError`: the reasons why a data folder cannot be used."""

from __future__ import annotations


class StoreError(Exception):
    """The data folder cannot be used; the message names it and the reason."""


class StoreLockedError(StoreError):
    """Another process works on the folder."""


class StoreVersionError(StoreError):
    """The folder was written by a version that this one does not understand."""


class StoreDamagedError(StoreError):
    """The folder was used, and its database is empty or missing."""
