"""`Directory`: the tenant's applications and their service principals."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.principal import Principal, StorageRole


@dataclass(frozen=True)
class Application:
    """An application registration with one client secret, and certificates.

    :param principal: the service principal that its tokens name.
    :param secret_expires_on: when the secret ends, in seconds since 1970; None for never.
    :param certificates: those whose keys sign in too.
    """

    client_id: str
    client_secret: str = field(repr=False)
    principal: Principal
    secret_expires_on: float | None = None
    certificates: tuple[x509.Certificate, ...] = ()

    def accepts(self, secret: str) -> bool:
        """Return whether this is the application's secret, expired or not."""
        return hmac.compare_digest(secret.encode(), self.client_secret.encode())


class Directory:
    """One tenant. It begins with the well-known application; others live as long as the emulator."""

    def __init__(self) -> None:
        self.tenant_id = well_known.TENANT_ID
        self._applications: dict[str, Application] = {}
        self.add(
            Application(
                well_known.CLIENT_ID,
                well_known.CLIENT_SECRET,
                Principal(well_known.OBJECT_ID, client_id=well_known.CLIENT_ID, storage_role="owner"),
            )
        )

    def add(self, application: Application) -> None:
        """Register an application, or replace the one with its client id."""
        self._applications[application.client_id.lower()] = application

    def add_principal(
        self,
        client_id: str | None = None,
        client_secret: str | None = None,
        *,
        super_user: bool = False,
        secret_expires_on: float | None = None,
        groups: frozenset[str] = frozenset(),
        certificates: Iterable[str] = (),
        storage_role: StorageRole = "none",
    ) -> Application:
        """Register an application with a service principal of its own.

        A client id that is registered already keeps its object id: files that it owns stay its own.

        The parameters are those of :meth:`Emulator.add_principal`.

        :raises ValueError: for a malformed certificate, or one without an RSA key.
        """
        client_id = client_id or str(uuid.uuid4())
        known = self.application(client_id)
        object_id = known.principal.object_id if known else str(uuid.uuid4())
        application = Application(
            client_id,
            client_secret or uuid.uuid4().hex,
            Principal(object_id, super_user, groups, client_id, storage_role),
            secret_expires_on,
            tuple(_certificate(pem) for pem in certificates),
        )
        self.add(application)
        return application

    def application(self, client_id: str) -> Application | None:
        """Return the application with this client id, or None."""
        return self._applications.get(client_id.lower())

    def principal(self, object_id: str) -> Principal | None:
        """Return the service principal with this object id, or None."""
        wanted = object_id.lower()
        principals = (application.principal for application in self._applications.values())
        return next((each for each in principals if each.object_id.lower() == wanted), None)


def _certificate(pem: str) -> x509.Certificate:
    certificate = x509.load_pem_x509_certificate(pem.encode())
    if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
        raise ValueError("the certificate's key must be RSA")  # noqa: TRY004 - the text is wrong
    return certificate
