"""Continuation tokens: the name or path that the next page begins with, unreadable to clients."""

from __future__ import annotations

import base64

from airflow_provider_adls.emulator.gen2.errors import refused

_MARK = b"\x01"


def written(start: str | None) -> str:
    """Return the token of a page; empty if there is none."""
    if start is None:
        return ""
    return base64.b64encode(_MARK + start.encode("utf-8", "surrogatepass")).decode()


def read(token: str) -> str:
    """Return what a token stands for; empty for no token.

    :raises StorageError: for what is not a token of this service.
    """
    if not token:
        return ""
    try:
        data = base64.b64decode(token, validate=True)
        if data.startswith(_MARK):
            return data[1:].decode("utf-8", "surrogatepass")
    except ValueError:
        pass
    raise refused("InvalidQueryParameterValue")
