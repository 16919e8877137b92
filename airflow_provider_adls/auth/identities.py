"""Identities that azure-identity knows how to sign in as: of the machine, of the pod, of the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.auth.authority import UNREADABLE, digest, redirected
from airflow_provider_adls.auth.exchange import bounded_session, origin_error
from airflow_provider_adls.auth.refusals import refusal
from airflow_provider_adls.auth.tokens import AccessToken
from airflow_provider_adls.model.advice import STRANGER
from airflow_provider_adls.model.clouds import PUBLIC, Cloud
from airflow_provider_adls.model.errors import AuthorityUnreachableError, ConnectionFieldError, SignInError

if TYPE_CHECKING:
    from collections.abc import Hashable

    import requests
    from azure.identity import (
        DefaultAzureCredential,
        ManagedIdentityCredential,
        WorkloadIdentityCredential,
    )

    Credential = DefaultAzureCredential | ManagedIdentityCredential | WorkloadIdentityCredential

Kind = Literal["managed_identity", "workload_identity", "default"]
_NEEDS = {
    "managed_identity": "a machine or service of Azure that has a managed identity",
    "workload_identity": "AZURE_FEDERATED_TOKEN_FILE, AZURE_TENANT_ID and AZURE_CLIENT_ID in the environment"
    " of the pod, where the connection does not name tenant and client",
    "default": "an identity that azure-identity finds: in AZURE_* variables, of the pod, of the machine, or"
    " of the Azure CLI",
}


@dataclass(frozen=True)
class AzureIdentity:
    """An identity that azure-identity signs in as; the extra ``identity`` installs it.

    :param kind: name of one of its credentials.
    :param tenant_id: directory (tenant) id; None for what the environment says.
    :param client_id: of a user-assigned identity, or of the application that the pod may act as; None for
        the machine's own identity, or for what the environment says.
    :param cloud: cloud of the authority.
    :param ca_file: PEM file of the certificate authorities to trust; None for the environment's.
    :param proxy: URL of an HTTP proxy; None for the environment's. A machine's own identity is never asked
        for through one.
    :param connect_seconds: most that a connection may take; None for azure-identity's own, as the rest.
    :param read_seconds: most that may pass without a byte of the answer.
    :param attempts: most times that a request is sent.
    """

    kind: Kind
    tenant_id: str | None = None
    client_id: str | None = None
    cloud: Cloud = PUBLIC
    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=False)
    connect_seconds: float | None = None
    read_seconds: float | None = None
    attempts: int | None = None

    def key(self, audience: str) -> Hashable:
        """Return the given fields; the environment is the same in the whole process."""
        return (
            self.kind,
            self.cloud.authority,
            self.tenant_id,
            self.client_id,
            audience,
            self.ca_file,
            digest(self.proxy),
        )

    def acquire(self, audience: str) -> AccessToken:
        """Ask for a token, by a new credential each time, since a credential caches tokens.

        :raises ConnectionFieldError: if azure-identity is not installed.
        :raises SignInError: or one of its subclasses, if there is no token.
        """
        try:
            from azure.core.exceptions import AzureError, ClientAuthenticationError
            from azure.identity import CredentialUnavailableError
        except ImportError:
            raise ConnectionFieldError(
                f"sign-in method {self.kind!r} needs azure-identity: pip install azure-identity",
                field="auth_method",
            ) from None
        authority = self.cloud.authority
        try:
            with bounded_session() as session, self._credential(session) as credential:
                token = credential.get_token(f"{audience}/.default")
            return AccessToken(token.token, token.expires_on)
        except (CredentialUnavailableError, ValueError) as error:
            if cause := origin_error(error):
                raise redirected(cause, cause.asked) from None
            raise SignInError(
                f"sign-in by {self.kind!r} is not possible here; it needs {_NEEDS[self.kind]} ({error})",
                authority=authority,
            ) from None
        except ClientAuthenticationError as error:
            if cause := origin_error(error):
                raise redirected(cause, authority) from None
            raise refusal(
                str(error),
                authority=authority,
                tenant=self.tenant_id or "of the environment",
                client=self.client_id or "of the environment",
                audience=audience,
            ) from None
        except UNREADABLE as error:
            raise SignInError(
                f"sign-in by {self.kind!r} failed: the answer did not come from Azure AD"
                f" ({type(error).__name__})."
                f" What to do: {STRANGER}",
                authority=authority,
            ) from None
        except (AzureError, OSError) as error:
            if cause := origin_error(error):
                raise redirected(cause, authority) from None
            raise AuthorityUnreachableError(
                f"sign-in by {self.kind!r} failed: {authority} could not be asked ({error})",
                authority=authority,
            ) from None

    def _credential(self, session: requests.Session) -> Credential:
        from azure.core.pipeline.transport import RequestsTransport
        from azure.identity import (
            DefaultAzureCredential,
            ManagedIdentityCredential,
            WorkloadIdentityCredential,
        )

        network: dict[str, Any] = {
            "connection_timeout": self.connect_seconds,
            "read_timeout": self.read_seconds,
            "connection_verify": None if self.kind == "managed_identity" else self.ca_file,
        }
        options: dict[str, Any] = {
            "transport": RequestsTransport(session=session, session_owner=False, **_given(network)),
            "retry_total": None if self.attempts is None else self.attempts - 1,
        }
        client = {"client_id": self.client_id}
        tenant = {"tenant_id": self.tenant_id}
        if self.kind == "managed_identity":
            return ManagedIdentityCredential(**_given(options | client))
        options |= {
            "authority": self.cloud.authority,
            # Of an authority that it does not know azure-identity would ask login.microsoftonline.com.
            "disable_instance_discovery": True,
            "proxies": {"https": self.proxy} if self.proxy else None,
        }
        if self.kind == "workload_identity":
            return WorkloadIdentityCredential(**_given(options | client | tenant))
        named = {
            "managed_identity_client_id": self.client_id,
            "workload_identity_tenant_id": self.tenant_id,
        }
        return DefaultAzureCredential(**_given(options | named))


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
