"""`certificates`: the emulator's certificate authority, and its certificate for all of the cloud's hosts."""

from __future__ import annotations

import datetime as dt
import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from airflow_provider_adls.emulator.files import pem, private_folder, write_private, write_whole
from airflow_provider_adls.emulator.handshake import TlsContext
from airflow_provider_adls.emulator.hosts import ARM_HOSTS, LOGIN_HOSTS, STORAGE_SUFFIXES, names_below
from airflow_provider_adls.model.clouds import ACCOUNT_SUFFIX, LOOPBACK_HOSTS

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.own_certificate import OwnCertificate

CA_LIFETIME = dt.timedelta(days=3650)
#: Apple's and browsers' limit for a server's certificate is 398 days.
LEAF_LIFETIME = dt.timedelta(days=397)
RENEW_BEFORE = dt.timedelta(days=30)
#: Certificates begin a day early, for containers whose clock lags behind.
BACKDATED = dt.timedelta(days=1)
NAMES = (
    names_below("localhost")
    | frozenset({*LOOPBACK_HOSTS, *LOGIN_HOSTS, *ARM_HOSTS, f"*.{ACCOUNT_SUFFIX}"})
    | {f"*.{suffix}" for suffix in STORAGE_SUFFIXES}
)


class Authority(NamedTuple):
    """A certificate authority that can sign."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class Certificates(NamedTuple):
    """Files of the emulator's TLS side.

    :param ca_file: the authority's certificate, PEM, which clients trust.
    :param server_file: server certificate and its private key, PEM.
    """

    ca_file: Path
    server_file: Path

    def server_context(self, url: str, own: OwnCertificate | None = None) -> ssl.SSLContext:
        """Return TLS settings of the listening socket: TLS 1.2 and up.

        :param url: URL of the emulator, for clients that speak plain HTTP.
        :param own: certificate for the names that it has.
        """
        context = TlsContext(ssl.PROTOCOL_TLS_SERVER)
        context.url = url
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.server_file)
        if own is not None:
            context.sni_callback = own.select
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return TLS settings of a client that trusts this emulator alone."""
        return ssl.create_default_context(cafile=self.ca_file)


def certificates(folder: Path, extra_names: frozenset[str] = frozenset()) -> Certificates:
    """Return the certificates of a data folder; make them at the first start, renew the server's in time.

    :param folder: data folder; the authority's certificate is `ca.pem` in it, keys are in `private/`.
    :param extra_names: host names or addresses to name beside the cloud's own.
    """
    private = private_folder(folder / "private")
    files = Certificates(folder / "ca.pem", private / "server.pem")
    key_file = private / "ca-key.pem"
    now = dt.datetime.now(dt.UTC)
    authority = _load_authority(files.ca_file, key_file, now)
    if authority is None:
        authority = _new_authority(now)
        write_private(key_file, _pem(authority.key))
        write_whole(files.ca_file, authority.certificate.public_bytes(serialization.Encoding.PEM), 0o644)
        files.server_file.unlink(missing_ok=True)
    names = NAMES | extra_names
    if not _serves(files.server_file, names, authority, now):
        certificate, key = _new_leaf(authority, names, now)
        write_private(files.server_file, certificate.public_bytes(serialization.Encoding.PEM) + _pem(key))
    return files


def _load_authority(ca_file: Path, key_file: Path, now: dt.datetime) -> Authority | None:
    certificate = pem(ca_file, x509.load_pem_x509_certificate)
    key = pem(key_file, lambda content: serialization.load_pem_private_key(content, password=None))
    if certificate is None or key is None:
        return None
    if certificate.not_valid_after_utc - now < LEAF_LIFETIME or certificate.public_key() != key.public_key():
        return None
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Authority(certificate, key)


def _serves(server_file: Path, names: frozenset[str], authority: Authority, now: dt.datetime) -> bool:
    """Return whether the stored certificate is the authority's, names all hosts, and is valid for a while."""
    certificate = pem(server_file, x509.load_pem_x509_certificate)
    if certificate is None or certificate.not_valid_after_utc - now < RENEW_BEFORE:
        return False
    san = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    named = {str(name.value) for name in san}
    issuer = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    own = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    return names <= named and issuer.key_identifier == own.key_identifier


def _new_authority(now: dt.datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ADLS emulator CA")])
    certificate = (
        _builder(name, name, key, now, CA_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def _new_leaf(
    authority: Authority, names: frozenset[str], now: dt.datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ADLS emulator")])
    issuer_key = authority.key.public_key()
    certificate = (
        _builder(subject, authority.certificate.subject, key, now, LEAF_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(n) for n in sorted(names)]), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return certificate, key


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: dt.datetime,
    lifetime: dt.timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
