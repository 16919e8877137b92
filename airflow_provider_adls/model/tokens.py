"""`claims`, `object_id` and `renewal_time`: what a bearer token says of itself, and when it is renewed.

Nothing is verified: a service does that.
"""

from __future__ import annotations

import base64
import json
from typing import Any

#: Seconds before its end at which a token is renewed, as adal and the Data Lake SDK do.
RENEWAL_MARGIN = 300.0


def claims(token: str) -> dict[str, Any]:
    """Return what a JSON web token says, and nothing of a token that is opaque."""
    try:
        part = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def renewal_time(expires_on: float, now: float) -> float:
    """Return when a token is renewed: five minutes before its end, or halfway there if it lives shorter.

    :param expires_on: seconds since 1970, as the result.
    """
    return expires_on - min(RENEWAL_MARGIN, (expires_on - now) / 2)


def object_id(token: str) -> str | None:
    """Return the object id of the principal that a token was issued to; None if it does not say one."""
    said = claims(token).get("oid")
    return said if isinstance(said, str) and said.isprintable() and len(said) <= 100 else None
