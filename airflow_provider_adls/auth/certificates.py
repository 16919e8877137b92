"""A client certificate as people store it: PEM that lost its line breaks, keys and chains in one file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from airflow_provider_adls.model.redaction import shown

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+?)-----(.*?)-----END \1-----", re.DOTALL)
#: Line breaks as they stand in JSON that was quoted twice, and as they stand anywhere else.
_BREAKS = re.compile(r"\\r|\\n|\s")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+=*")
_THUMBPRINT = re.compile(r"[0-9A-F]{40}")
_LINE = 64
NO_PEM = (
    "holds no PEM, which begins with -----BEGIN PRIVATE KEY----- or -----BEGIN CERTIFICATE-----, whole; a PFX"
    " file becomes PEM by: openssl pkcs12 -in etl.pfx -nodes -out etl.pem"
)


@dataclass(frozen=True)
class KeyPair:
    """Private key and thumbprint of a service principal's certificate.

    :param private_key: RSA key, PEM (PKCS #8).
    :param thumbprint: SHA-1 of its certificate, 40 hexadecimal digits.
    """

    private_key: str = field(repr=False)
    thumbprint: str


class _Block(NamedTuple):
    label: str
    pem: bytes


def read_key_pair(text: str, thumbprint: str | None = None) -> KeyPair:
    r"""Return the key pair of a text, in which a private key stands, and its certificate or not.

    Line breaks may be missing, or be spaces, or ``\n`` in letters. Of several certificates, as in a chain,
    the one of the key counts.

    :param text: PEM.
    :param thumbprint: of the certificate, where none is in the text.
    :raises ValueError: saying what is missing, or does not match; what the text holds is not said.
    """
    # What stands twice, in a field and in the file, is one.
    found = (_Block(match[1], _wrapped(*match.groups())) for match in _BLOCK.finditer(text))
    blocks = list(dict.fromkeys(found))
    if not blocks:
        raise ValueError(NO_PEM)
    keys = [block for block in blocks if block.label.endswith("PRIVATE KEY")]
    if len(keys) != 1:
        labels = ", ".join(block.label.lower() for block in blocks)
        raise ValueError(
            f"holds {len(keys)} private keys ({labels}), not one: PEM begins with -----BEGIN PRIVATE KEY-----"
        )
    key = _key(keys[0])
    certificates = [_certificate(block) for block in blocks if block.label == "CERTIFICATE"]
    own = [each for each in certificates if each.public_key() == key.public_key()]
    if certificates and not own:
        raise ValueError("holds a certificate and a private key that do not match: neither is the other's")
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    worked_out = own[0].fingerprint(hashes.SHA1()).hex().upper() if own else None  # noqa: S303 - Azure AD knows certificates by it
    if thumbprint is None and worked_out is None:
        raise ValueError("holds no certificate: add it to the private key, or give its thumbprint")
    if thumbprint and worked_out and thumbprint != worked_out:
        raise ValueError(f"holds the certificate {worked_out}, which is not that of the given thumbprint")
    return KeyPair(pem, thumbprint or worked_out or "")


def holds_pem(text: str) -> bool:
    """Return whether a text holds a key or a certificate, PEM."""
    return _BLOCK.search(text) is not None


def checked_thumbprint(text: str) -> str:
    """Return a certificate's SHA-1 thumbprint, without the colons or spaces that it may be written with.

    :raises ValueError: if it is none.
    """
    digits = re.sub(r"[\s:\u200e]", "", text).upper()
    if not _THUMBPRINT.fullmatch(digits):
        raise ValueError(f"{shown(text)} is not a thumbprint: 40 hexadecimal digits (SHA-1)")
    return digits


def _wrapped(label: str, body: str) -> bytes:
    if "ENCRYPTED" in label or "Proc-Type" in body:
        raise ValueError(
            "holds a private key that a passphrase protects: store it without one (openssl pkey -in key.pem)"
        )
    digits = _BREAKS.sub("", body)
    if not _BASE64.fullmatch(digits):
        raise ValueError(f"holds a {label.lower()} that is not PEM: between its marks is more than base64")
    lines = [digits[start : start + _LINE] for start in range(0, len(digits), _LINE)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def _key(block: _Block) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(block.pem, password=None)
    except (ValueError, TypeError):
        raise ValueError("holds a private key that cannot be read: a part of it may be missing") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("holds a private key that is not RSA, the only kind that Azure AD takes")  # noqa: TRY004 - the text is wrong, and not its type
    return key


def _certificate(block: _Block) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(block.pem)
    except ValueError:
        raise ValueError("holds a certificate that cannot be read: a part of it may be missing") from None
