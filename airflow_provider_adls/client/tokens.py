"""The bearer token of the requests: kept until shortly before its end, asked for by one at a time."""

from __future__ import annotations

import asyncio
import inspect
import time
from typing import TYPE_CHECKING, Any, Protocol

from airflow_provider_adls.client.loops import PerLoop
from airflow_provider_adls.model.clouds import DATALAKE_AUDIENCE
from airflow_provider_adls.model.errors import ADLSGen1Error, SignInError

if TYPE_CHECKING:
    from collections.abc import Callable

#: The scope that azure-identity's credentials take for the audience: the audience, then `/.default`.
SCOPE = f"{DATALAKE_AUDIENCE}/.default"
#: A token is renewed this many seconds before its end, as adal and azure-core do.
MARGIN = 300.0


class IssuedToken(Protocol):
    """What a credential gives: a token and the second since 1970 that it ends at."""

    @property
    def token(self) -> str:
        """The bearer token."""
        ...

    @property
    def expires_on(self) -> int:
        """Seconds since 1970, UTC."""
        ...


class TokenCredential(Protocol):
    """Any object with azure-core's `get_token`, blocking or a coroutine.

    One that has `invalidate(token)` too is told of tokens that the service rejected.
    """

    def get_token(self, *scopes: str) -> Any:
        """The token, an object with `token` and `expires_on`."""
        ...


class TokenCache:
    """A credential's current token.

    :param credential: who gives it.
    :param scope: what it is asked for.
    :param clock: seconds since 1970.
    """

    def __init__(
        self, credential: TokenCredential, scope: str = SCOPE, clock: Callable[[], float] = time.time
    ) -> None:
        self._credential = credential
        self._scope = scope
        self._clock = clock
        self._token: str | None = None
        self._rejected: str | None = None
        self._renew_at = 0.0
        # A lock of asyncio serves one event loop, and a client may serve several.
        self._locks: PerLoop[asyncio.Lock] = PerLoop()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self._scope}>"

    async def get(self) -> str:
        """A token that is valid for a while.

        :raises SignInError: if the credential gives none.
        """
        if token := self._current():
            return token
        lock = self._locks.get()
        if lock is None:
            self._locks.set(lock := asyncio.Lock())
        async with lock:
            return self._current() or await self._renew()

    async def reject(self, token: str) -> None:
        """Forget a token that the service did not accept, here and in the credential."""
        self._rejected = token
        if token == self._token:
            self._token = None
        await self._invalidate(token)

    async def _invalidate(self, token: str) -> None:
        if invalidate := getattr(self._credential, "invalidate", None):
            await asyncio.to_thread(invalidate, token)

    def _current(self) -> str | None:
        return self._token if self._clock() < self._renew_at else None

    async def _renew(self) -> str:
        issued = await self._issued()
        if issued.token == self._rejected:
            # Who asks before the credential was told of the rejection would bring it back for all.
            await self._invalidate(issued.token)
            issued = await self._issued()
        now = self._clock()
        remaining = issued.expires_on - now
        # A token that lives shorter than twice the margin would be asked for at every request.
        self._renew_at = now + max(remaining - MARGIN, remaining / 2)
        self._token = issued.token
        return issued.token

    async def _issued(self) -> IssuedToken:
        get_token = self._credential.get_token
        try:
            if inspect.iscoroutinefunction(get_token):
                issued: IssuedToken = await get_token(self._scope)
            else:
                issued = await asyncio.to_thread(get_token, self._scope)
        except ADLSGen1Error:
            raise
        # A credential is anyone's object, and its failures are of any class.
        except Exception as error:
            raise SignInError(
                f"{type(self._credential).__name__} gave no token: {type(error).__name__}: {error}"
            ) from error
        return issued
