"""`TokenCache`: the one place of a process where tokens are kept.

One token per identity and audience serves every thread. It is renewed five minutes before its end, by
one thread only, while the others go on with the old one; and however many threads ask at once for one
that is not there, the authority is asked once, also when it refuses.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.model.tokens import renewal_time

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

log = logging.getLogger(__name__)


class AccessToken(NamedTuple):
    """A bearer token, in the shape that the Azure SDKs take.

    :param token: the token itself.
    :param expires_on: seconds since 1970, UTC, by this machine's clock.
    """

    token: str
    expires_on: int

    def __repr__(self) -> str:
        return f"AccessToken(token='***', expires_on={self.expires_on})"


@dataclass
class _Entry:
    """The token of one identity and audience, its time of renewal, and the request for a new one."""

    token: AccessToken | None = None
    renew_at: float = 0.0
    pending: Future[AccessToken] | None = field(default=None, repr=False)


class TokenCache:
    """Tokens by key, safe to use from many threads and after a fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[Hashable, _Entry] = {}
        # A fork copies a lock that another thread holds, and a request whose thread is not there.
        os.register_at_fork(after_in_child=self._after_fork)

    def get(self, key: Hashable, acquire: Callable[[], AccessToken]) -> AccessToken:
        """Return the key's token; `acquire` is called if there is none, or only one that ends soon.

        :param key: identity and audience, with a digest of the secret and never the secret.
        :param acquire: asks the authority.
        :raises SignInError: what `acquire` raised. If a valid token is left, it is given instead.
        """
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            now = time.time()
            usable = entry.token if entry.token and entry.token.expires_on > now else None
            if usable and now < entry.renew_at:
                return usable
            request = entry.pending
            if request is None:
                request = entry.pending = Future()
                mine = True
            else:
                mine = False
        if mine:
            return self._renew(entry, request, acquire, usable)
        return usable or request.result()

    def drop(self, key: Hashable, token: str) -> None:
        """Forget this token, which a service did not accept; another that came meanwhile stays."""
        with self._lock:
            entry = self._entries.get(key)
            if entry and entry.token and entry.token.token == token:
                entry.token = None

    def clear(self) -> None:
        """Forget every token."""
        with self._lock:
            self._entries.clear()

    def _renew(
        self,
        entry: _Entry,
        request: Future[AccessToken],
        acquire: Callable[[], AccessToken],
        usable: AccessToken | None,
    ) -> AccessToken:
        try:
            token = acquire()
        except BaseException as error:
            with self._lock:
                entry.pending = None
            request.set_exception(error)
            if usable and isinstance(error, Exception):
                log.warning("token not renewed, going on with the one that is valid still: %s", error)
                return usable
            raise
        with self._lock:
            now = time.time()
            entry.token = token
            entry.renew_at = renewal_time(token.expires_on, now)
            entry.pending = None
        request.set_result(token)
        return token

    def _after_fork(self) -> None:
        self._lock = threading.Lock()
        for entry in self._entries.values():
            entry.pending = None


#: The process's tokens.
TOKENS = TokenCache()
