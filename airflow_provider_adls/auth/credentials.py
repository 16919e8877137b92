"""`DataLakeCredential`, and what it has in common with the credential for Azure Resource Manager.

Both renew themselves, are safe to share between threads, hold no token of their own, and ask the
process's cache, so that any number of them for one identity cost one sign-in per audience.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import requests

from airflow_provider_adls.auth.tokens import TOKENS, AccessToken
from airflow_provider_adls.model.errors import SignInError

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.auth.sources import TokenSource

    Reread = Callable[[], TokenSource]

log = logging.getLogger(__name__)


class SharedToken:
    """One audience's token of one identity, from the process's cache."""

    def __init__(self, source: TokenSource, audience: str, reread: Reread | None = None) -> None:
        self.source = source
        self.audience = audience
        self.reread = reread

    def get(self) -> AccessToken:
        """Return a valid token.

        :raises SignInError: if the authority gives none.
        """
        try:
            return self._asked()
        except SignInError as refused:
            if not self._rotated():
                raise
            log.info(
                "signing in with the stored connection as it is now, since the earlier one is refused: %s",
                refused,
            )
            return self._asked()

    def _rotated(self) -> bool:
        """Return whether another secret than the refused one is stored; it is used from now on."""
        if self.reread is None:
            return False
        try:
            source = self.reread()
        # A store of connections has errors of its own, and the refusal is the one that the user needs.
        except Exception:
            log.debug("the stored connection could not be read again", exc_info=True)
            return False
        if source.key(self.audience) == self.source.key(self.audience):
            return False
        self.source = source
        return True

    def _asked(self) -> AccessToken:
        return TOKENS.get(self.source.key(self.audience), lambda: self.source.acquire(self.audience))

    def drop(self, token: str) -> None:
        """Forget a token that a service did not accept."""
        TOKENS.drop(self.source.key(self.audience), token)


class BearerAuth(requests.auth.AuthBase):
    """Signs each request with a token that is valid now, and once more if a service says 401."""

    def __init__(self, shared: SharedToken) -> None:
        self._shared = shared

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign one request."""
        token = self._shared.get().token
        request.headers["Authorization"] = f"Bearer {token}"

        def renewed(response: requests.Response, **kwargs: Any) -> requests.Response:
            if response.status_code != requests.codes.unauthorized:
                return response
            self._shared.drop(token)
            fresh = self._shared.get().token
            body = response.request.body
            if fresh == token or not (body is None or isinstance(body, (bytes, str))):
                return response
            _ = response.content  # frees the connection
            response.close()
            again = response.request.copy()
            again.hooks["response"] = [hook for hook in again.hooks["response"] if hook is not renewed]
            again.headers["Authorization"] = f"Bearer {fresh}"
            answer: requests.Response = response.connection.send(again, **kwargs)
            answer.history.append(response)
            return answer

        request.hooks["response"].append(renewed)
        return request


class RenewedCredential:
    """A credential that asks the process's cache for its token at each request."""

    _shared: SharedToken

    def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:  # noqa: ARG002 - the SDKs' signature
        """Return a valid token, as azure-core's `TokenCredential` gives it.

        :param scopes: taken and not looked at: the credential is for one audience.
        :raises SignInError: if the authority gives no token.
        """
        return self._shared.get()

    def invalidate(self, token: str) -> None:
        """Forget a token that a service answered with 401, so that the next call signs in again."""
        self._shared.drop(token)

    def signed_session(self, session: requests.Session | None = None) -> requests.Session:
        """Return a session whose requests carry the token.

        :param session: one to configure; None for a new one.
        """
        session = session or requests.Session()
        session.auth = BearerAuth(self._shared)
        return session

    @property
    def carries_secret(self) -> bool:
        """Whether a pickle of it holds what it signs in with: that of a hook holds its connection's id."""
        return self._shared.reread is None

    def __reduce__(self) -> tuple[Any, ...]:
        if self._shared.reread is None:
            return (_restored, (type(self), self._shared.audience, self._shared.source))
        return (_restored, (type(self), self._shared.audience, None, self._shared.reread))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shared.source!r})"


def _restored(
    kind: type[RenewedCredential], audience: str, source: TokenSource | None, reread: Reread | None = None
) -> RenewedCredential:
    """Return a credential that was pickled; what it signs in with is read where the pickle came to."""
    if source is None:
        assert reread is not None
        source = reread()
    credential = kind.__new__(kind)
    credential.__init__(source, reread=reread)  # type: ignore[misc] # both kinds take these
    credential._shared = SharedToken(source, audience, reread)  # noqa: SLF001 - of a class of this module
    return credential


class DataLakeCredential(RenewedCredential):
    """Signs requests for files, of Gen1 accounts and of storage accounts (Gen2) too.

    `azure.datalake.store.core.AzureDLFileSystem` takes it: 1.x as its ``token_credential``, and 0.0.x as
    its ``token``.

    :param source: identity to sign in as.
    :param audience: resource of the token where no scope says it; None for Gen1 in the source's cloud.
    :param reread: gives what is to be signed in with after a refusal, for instance a secret that was rotated.
    """

    def __init__(
        self, source: TokenSource, audience: str | None = None, reread: Reread | None = None
    ) -> None:
        self._shared = SharedToken(source, audience or source.cloud.datalake_audience, reread)
        self._storage = SharedToken(source, source.cloud.storage_audience, reread)

    def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:  # noqa: ARG002 - the SDKs' signature
        """Return a valid token, as azure-core's `TokenCredential` gives it.

        :param scopes: one of storage accounts (Gen2) gets a token for these; others are not looked at.
        :raises SignInError: if the authority gives no token.
        """
        storage = self._storage.audience.rstrip("/")
        return (self._storage if any(scope.startswith(storage) for scope in scopes) else self._shared).get()

    def invalidate(self, token: str) -> None:
        """Forget a token that a service answered with 401, so that the next call signs in again."""
        super().invalidate(token)
        self._storage.drop(token)

    def signed_session(self, session: requests.Session | None = None) -> requests.Session:
        """Return a session whose requests carry the token; signs in, if there is none.

        Each request is signed with the token of its moment. The header is for azure-datalake-store 0.0.x,
        which takes it off a new session before each request, and sends its requests by sessions of its own.

        :param session: one to configure; None for a new one.
        :raises SignInError: if the authority gives no token.
        """
        session = super().signed_session(session)
        session.headers["Authorization"] = f"Bearer {self.get_token().token}"
        return session
