import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from airflow_provider_adls.auth.certificates import KeyPair, checked_thumbprint, read_key_pair

PKCS8 = serialization.PrivateFormat.PKCS8
PKCS1 = serialization.PrivateFormat.TraditionalOpenSSL


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def new_certificate(key):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "etl")])
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


def key_pem(key, form=PKCS8, encryption=None):
    encryption = encryption or serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, encryption).decode()


def certificate_pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


KEY = new_key()
OTHER = new_key()
CERTIFICATE = new_certificate(KEY)
THUMBPRINT = CERTIFICATE.fingerprint(hashes.SHA1()).hex().upper()
#: As the portal writes one.
WRITTEN = "A5F1D2C0B7E94A3388C1F0D6E2B49A7715CC03DE"
PAIR = KeyPair(key_pem(KEY), THUMBPRINT)


@pytest.mark.parametrize("form", [PKCS8, PKCS1])
@pytest.mark.parametrize("break_", ["\n", "\r\n", "\\n", " ", ""])
def test_line_breaks_may_be_lost(form, break_):
    """Both forms of a key, and its certificate, are read with their line breaks, without, or with others."""
    text = (key_pem(KEY, form) + certificate_pem(CERTIFICATE)).replace("\n", break_)
    assert read_key_pair(text) == PAIR


def test_a_chain():
    """Of a chain the certificate of the key counts, wherever it stands, and its thumbprint is worked out."""
    chain = certificate_pem(new_certificate(OTHER)) + certificate_pem(CERTIFICATE)
    assert read_key_pair(chain + key_pem(KEY)) == PAIR


def test_a_key_that_stands_twice():
    """A key that stands in the field and in the file is one key."""
    assert read_key_pair(key_pem(KEY).replace("\n", "") + key_pem(KEY) + certificate_pem(CERTIFICATE)) == PAIR


def test_a_thumbprint_stands_for_the_certificate():
    """A key alone is enough where the thumbprint is given."""
    assert read_key_pair(key_pem(KEY), THUMBPRINT) == PAIR


@pytest.mark.parametrize(
    ("text", "thumbprint", "said"),
    [
        (lambda: "MIIEvQIBADANBg", None, "holds no PEM.*openssl pkcs12"),
        (lambda: certificate_pem(CERTIFICATE), None, r"holds 0 private keys \(certificate\), not one"),
        (lambda: key_pem(KEY) + key_pem(OTHER), None, "holds 2 private keys"),
        (lambda: key_pem(KEY), None, "add it to the private key, or give its thumbprint"),
        (lambda: key_pem(OTHER) + certificate_pem(CERTIFICATE), None, "do not match"),
        (lambda: key_pem(KEY) + certificate_pem(CERTIFICATE), "0" * 40, "not that of the given thumbprint"),
        (lambda: key_pem(KEY, encryption=serialization.BestAvailableEncryption(b"x")), None, "passphrase"),
        (lambda: key_pem(KEY, PKCS1, serialization.BestAvailableEncryption(b"x")), None, "passphrase"),
        (lambda: key_pem(ec.generate_private_key(ec.SECP256R1())), None, "is not RSA"),
        (lambda: key_pem(KEY).replace("MII", "M!I", 1), None, "more than base64"),
        (lambda: key_pem(KEY)[:400] + key_pem(KEY)[800:], None, "a part of it may be missing"),
        (
            lambda: key_pem(KEY) + certificate_pem(CERTIFICATE)[:200] + certificate_pem(CERTIFICATE)[400:],
            None,
            "certificate that cannot be read",
        ),
    ],
)
def test_text_that_is_not_a_key_pair(text, thumbprint, said):
    """What is missing or does not match is said, without what stands there."""
    given = text()
    with pytest.raises(ValueError, match=said) as caught:
        read_key_pair(given, thumbprint)
    assert not any(line in str(caught.value) for line in given.split("\n") if line and "-----" not in line)


def test_the_key_is_not_printed():
    """A key pair's repr shows the thumbprint and no key."""
    assert repr(PAIR) == f"KeyPair(thumbprint={THUMBPRINT!r})"


@pytest.mark.parametrize("text", [WRITTEN, WRITTEN.lower(), ":".join(WRITTEN), f"\u200e{WRITTEN} "])
def test_thumbprints(text):
    """A thumbprint may be written with colons, spaces and the mark that Windows puts before it."""
    assert checked_thumbprint(text) == WRITTEN


@pytest.mark.parametrize("text", [WRITTEN[1:], "z" * 40, "0" * 64])
def test_text_that_is_not_a_thumbprint(text):
    """Anything but 40 hexadecimal digits is refused."""
    with pytest.raises(ValueError, match="40 hexadecimal digits"):
        checked_thumbprint(text)
