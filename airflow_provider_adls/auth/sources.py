"""`TokenSource`, `ClientSecret` and `ClientCertificate`: ways of signing in at Azure AD."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from airflow_provider_adls.auth.authority import ATTEMPTS, CONNECT_SECONDS, READ_SECONDS, Application
from airflow_provider_adls.auth.refusals import doubt
from airflow_provider_adls.model.clouds import PUBLIC, Cloud

if TYPE_CHECKING:
    from collections.abc import Hashable

    import adal

    from airflow_provider_adls.auth.tokens import AccessToken


class TokenSource(Protocol):
    """A way of signing in: an identity that tokens can be asked for.

    Every call of `acquire` asks the authority: keeping tokens is the cache's business.
    """

    @property
    def cloud(self) -> Cloud:
        """The cloud that the identity is of."""

    def key(self, audience: str) -> Hashable:
        """Return a key that identifies this identity's token: a digest, without the secret."""

    def acquire(self, audience: str) -> AccessToken:
        """Sign in.

        :param audience: resource that the token is for.
        :raises SignInError: if the authority gives no token.
        """


@dataclass(frozen=True)
class ClientSecret(Application):
    """A service principal that signs in with its client secret.

    :param tenant_id: directory (tenant) id or domain.
    :param client_id: application (client) id.
    :param client_secret: the secret's value.
    :param cloud: cloud of the authority.
    :param ca_file: PEM file of the certificate authorities to trust; None for the machine's own, or
        those of ``REQUESTS_CA_BUNDLE``.
    :param proxy: URL of an HTTP proxy; None for ``HTTPS_PROXY`` and ``NO_PROXY``.
    :param connect_seconds: most that a connection may take.
    :param read_seconds: most that may pass without a byte of the answer.
    :param attempts: most times that an authority is asked which is unreachable or overloaded.
    """

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    cloud: Cloud = PUBLIC
    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=False)
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS
    attempts: int = ATTEMPTS

    @property
    def _secret(self) -> str:
        return self.client_secret

    @property
    def doubt(self) -> str:
        """A remark on a secret that does not look like one of Azure's; empty for a usual one."""
        return doubt(self.client_secret)

    def _request(self, context: adal.AuthenticationContext, audience: str) -> dict[str, Any]:
        answer: dict[str, Any] = context.acquire_token_with_client_credentials(
            audience, self.client_id, self.client_secret
        )
        return answer


@dataclass(frozen=True)
class ClientCertificate(Application):
    """A service principal that signs in with a certificate's key, which stays on this machine.

    :param tenant_id: directory (tenant) id or domain.
    :param client_id: application (client) id.
    :param private_key: RSA key, PEM.
    :param thumbprint: SHA-1 of the certificate that is registered with the application, hexadecimal.
    :param cloud: cloud of the authority.
    :param ca_file: that of `ClientSecret`; so are the rest.
    """

    tenant_id: str
    client_id: str
    private_key: str = field(repr=False)
    thumbprint: str
    cloud: Cloud = PUBLIC
    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=False)
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS
    attempts: int = ATTEMPTS

    @property
    def _secret(self) -> str:
        return self.private_key + self.thumbprint

    def _request(self, context: adal.AuthenticationContext, audience: str) -> dict[str, Any]:
        answer: dict[str, Any] = context.acquire_token_with_client_certificate(
            audience, self.client_id, self.private_key, self.thumbprint
        )
        return answer
