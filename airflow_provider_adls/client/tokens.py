"""`CurrentToken`: the bearer token that one client sends, from any credential, on any event loop.

Tokens are cached by the credential: ours by `auth.tokens`, others by their library. A credential may
block, and asking it takes a thread, so a client asks again only when its token is to be renewed.

`Signer` takes its place where a credential signs each request.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from airflow_provider_adls.client.loops import PerLoop
from airflow_provider_adls.model.clouds import DATALAKE_AUDIENCE
from airflow_provider_adls.model.errors import ADLSGen1Error, SignInError
from airflow_provider_adls.model.tokens import renewal_time

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence

    from yarl import URL

#: The scope that azure-identity's credentials take for the audience: the audience, then `/.default`.
SCOPE = f"{DATALAKE_AUDIENCE}/.default"


class IssuedToken(Protocol):
    """A token of a credential, and its end in seconds since 1970."""

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

    If it has `invalidate(token)` too, that is called with tokens that the service rejected.
    """

    def get_token(self, *scopes: str) -> Any:
        """Return the token, an object with `token` and `expires_on`."""
        ...


class Authorizer(Protocol):
    """Signs a client's requests: `CurrentToken` and `Signer` document its methods."""

    async def authorize(self, method: str, url: URL, headers: dict[str, str], length: int) -> tuple[URL, str]:
        """Add to a request what authorizes it."""
        ...

    def secrets(self, token: str) -> Sequence[str]:
        """Return what no error of a request may show."""
        ...

    async def reject(self, token: str) -> None:
        """Forget what the service did not accept."""
        ...


@runtime_checkable
class RequestSigner(Protocol):
    """A credential that signs each request: `auth.storage_key` has two."""

    @property
    def secrets(self) -> Sequence[str]:
        """Secrets that no error may show."""
        ...

    def sign(
        self, account: str, method: str, url: URL, headers: MutableMapping[str, str], length: int
    ) -> URL:
        """Sign a request, and return the URL to send it to."""
        ...


class Signer:
    """Signs the requests of one client.

    :param account: short name of the account that they go to.
    """

    def __init__(self, account: str, credential: RequestSigner) -> None:
        self._account = account
        self._credential = credential

    async def authorize(self, method: str, url: URL, headers: dict[str, str], length: int) -> tuple[URL, str]:
        """Sign a request.

        :param headers: all that it is sent with; gets the signature.
        :param length: bytes of its content.
        :returns: the URL to send it to, and no token.
        """
        return self._credential.sign(self._account, method, url, headers, length), ""

    def secrets(self, token: str) -> Sequence[str]:  # noqa: ARG002 - a signature is not secret
        """Return what no error of a request may show."""
        return self._credential.secrets

    async def reject(self, token: str) -> None:
        """Do nothing: a key or signature cannot be renewed."""


def authorizer(account: str, credential: TokenCredential | RequestSigner, scope: str) -> Authorizer:
    """Return what authorizes the requests of a client.

    :param account: short name of the client's account.
    :param scope: scope of the tokens.
    """
    if isinstance(credential, RequestSigner):
        return Signer(account, credential)
    return CurrentToken(credential, scope)


class CurrentToken:
    """The token that a credential gave last.

    :param credential: gives it.
    :param scope: scope of the token.
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
        """Return a token that is valid for a while.

        :raises SignInError: if the credential gives none.
        """
        if token := self._current():
            return token
        lock = self._locks.get()
        if lock is None:
            self._locks.set(lock := asyncio.Lock())
        async with lock:
            return self._current() or await self._renew()

    async def authorize(
        self,
        method: str,  # noqa: ARG002 - a token is the same for all requests
        url: URL,
        headers: dict[str, str],
        length: int,  # noqa: ARG002 - a token does not sign the content
    ) -> tuple[URL, str]:
        """Add the token to a request's headers.

        :returns: the URL to send it to, and the token.
        :raises SignInError: if the credential gives none.
        """
        token = await self.get()
        headers["Authorization"] = f"Bearer {token}"
        return url, token

    def secrets(self, token: str) -> Sequence[str]:
        """Return what no error of a request may show.

        :param token: token of the request.
        """
        return (token,)

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
            # A request that began before the credential forgot the token would bring it back for all.
            await self._invalidate(issued.token)
            issued = await self._issued()
        self._renew_at = renewal_time(issued.expires_on, self._clock())
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
