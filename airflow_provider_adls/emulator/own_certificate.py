"""`OwnCertificate`: a certificate of the user's own, for the host names that it has."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import NamedTuple

from cryptography import x509

from airflow_provider_adls.emulator.errors import EmulatorError


class OwnCertificate(NamedTuple):
    """A certificate that clients already trust.

    Clients that ask for one of its names are shown it; all others are shown the emulator's own.

    :param context: TLS settings with it.
    :param names: its host names, in lower case; `*.` stands for one label.
    """

    context: ssl.SSLContext
    names: frozenset[str]

    def select(self, handshake: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        """Take this certificate for a handshake if it has the name that the client asks for."""
        host = (name or "").lower()
        if {host, f"*.{host.partition('.')[2]}"} & self.names:
            handshake.context = self.context


def own_certificate(certificate: Path | str | None, key: Path | str | None) -> OwnCertificate | None:
    """Return the certificate in a file, PEM with the chain after it; None for no file.

    :param key: file of its private key, PEM, without a password.
    :raises EmulatorError: if one is given without the other, cannot be read, or they do not belong together.
    """
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise EmulatorError("certificate and key go together: give both, or neither")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # An empty password is tried, where OpenSSL would ask at the terminal for one.
        context.load_cert_chain(certificate, key, password="")
        leaf = x509.load_pem_x509_certificate(Path(certificate).expanduser().read_bytes())
        found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        raise EmulatorError(f"certificate {certificate} has no subject alternative names") from None
    except (OSError, ValueError) as error:
        raise EmulatorError(f"certificate {certificate} with key {key}: {error}") from error
    return OwnCertificate(
        context, frozenset(name.lower() for name in found.get_values_for_type(x509.DNSName))
    )
