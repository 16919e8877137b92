"""`MaskedSource`: a way of signing in whose tokens Airflow's masker hides in this process's log."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_adls.connection.compat import secrets_masker

if TYPE_CHECKING:
    from collections.abc import Hashable

    from airflow_provider_adls.auth import TokenSource
    from airflow_provider_adls.auth.tokens import AccessToken
    from airflow_provider_adls.model.clouds import Cloud

_lock = threading.Lock()
#: Masked tokens, and when each ends.
_masked: dict[str, float] = {}


@dataclass(frozen=True, repr=False)
class MaskedSource:
    """A way of signing in whose tokens are masked before the caller has them.

    :param source: signs in.
    """

    source: TokenSource

    @property
    def cloud(self) -> Cloud:
        """The cloud that the identity is of."""
        return self.source.cloud

    def key(self, audience: str) -> Hashable:
        """Return a key that identifies this identity's token."""
        return self.source.key(audience)

    def acquire(self, audience: str) -> AccessToken:
        """Sign in.

        :raises SignInError: if the authority gives no token.
        """
        token = self.source.acquire(audience)
        mask_token(token)
        return token

    def __repr__(self) -> str:
        return repr(self.source)


def mask_token(token: AccessToken) -> None:
    """Hide a token in what this process logs, and no longer those that have ended.

    Airflow's `mask_secret` asks the supervisor too, over a socket that in Airflow 3.1 the main thread alone
    may use, and tokens are asked for in others. It forgets nothing either: each mask makes every line
    of a triggerer, which lives for months and gets a token an hour, a little dearer.
    """
    masker = secrets_masker()
    now = time.time()
    with _lock:
        for ended in [known for known, end in _masked.items() if end < now]:
            del _masked[ended]
            # The pattern is built anew for the one that comes.
            masker.patterns.discard(re.escape(ended))
        _masked[token.token] = token.expires_on
        masker.add_mask(token.token)
