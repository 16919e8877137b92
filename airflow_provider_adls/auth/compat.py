"""`adal_requests_by`: the one place that uses a private part of adal, the name that it sends requests by."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import adal.oauth2_client
import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

_session: ContextVar[requests.Session | None] = ContextVar("session", default=None)


class _Routed:
    """Stands for the module `requests` in `adal.oauth2_client` (adal 1.2.7, which takes no session)."""

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    @staticmethod
    def post(url: str, **options: Any) -> requests.Response:
        """Send by the session of this context; for other users of adal, as adal does."""
        return (_session.get() or requests).post(url, **options)


@contextlib.contextmanager
def adal_requests_by(session: requests.Session) -> Iterator[None]:
    """Have adal send this context's token requests by a session."""
    if not isinstance(adal.oauth2_client.requests, _Routed):
        adal.oauth2_client.requests = _Routed()
    token = _session.set(session)
    try:
        yield
    finally:
        _session.reset(token)
