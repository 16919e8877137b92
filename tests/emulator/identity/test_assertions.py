"""Certificates in place of secrets, as clients sign with them and by hand."""

from __future__ import annotations

import time

import adal
import jwt
import pytest
from azure.identity import CertificateCredential

from airflow_provider_adls.emulator.identity.assertions import TYPE

LAKE = "https://datalake.azure.net/"
CLIENT = "5f0c1f5e-2f8e-4a7c-9d39-31c3f5a2b6d8"


@pytest.fixture
def client(emulator, certificate):
    """Client id of an application that has the certificate."""
    emulator.add_principal(CLIENT, "unused", certificates=[certificate.certificate])
    return CLIENT


@pytest.fixture
def sign_in(browser, client, certificate):
    """Signs in with a valid assertion, some of whose claims are replaced."""

    def asking(key=certificate.private_key, thumbprint=certificate.thumbprint, **claims):
        now = int(time.time())
        endpoint = f"{browser.emulator.url}/{browser.emulator.tenant_id}/oauth2/token"
        right = {"aud": endpoint, "iss": client, "sub": client, "nbf": now, "exp": now + 600}
        x5t = jwt.utils.base64url_encode(bytes.fromhex(thumbprint)).decode()
        assertion = jwt.encode({**right, **claims}, key, "RS256", {"x5t": x5t})
        return browser.sign_in(
            LAKE, client_id=client, client_secret="", client_assertion=assertion, client_assertion_type=TYPE
        )

    return asking


@pytest.mark.fidelity("documented", "adal 1.2.7")
def test_adal_signs_in(emulator, client, certificate):
    """Adal's way with a certificate, as users know it, ends with a token."""
    context = adal.AuthenticationContext(
        f"{emulator.url}/{emulator.tenant_id}",
        validate_authority=False,
        api_version=None,
        verify_ssl=emulator.ca_file,
    )
    token = context.acquire_token_with_client_certificate(
        LAKE, client, certificate.private_key, certificate.thumbprint
    )
    assert token["tokenType"] == "Bearer"


@pytest.mark.fidelity("documented", "azure-identity 1.27")
def test_azure_identity_signs_in(emulator, client, certificate):
    """So does azure-identity's, at the endpoint of version 2.0 and with digests of its own."""
    with CertificateCredential(
        emulator.tenant_id,
        client,
        certificate_data=(certificate.private_key + certificate.certificate).encode(),
        authority=emulator.url,
        disable_instance_discovery=True,
        connection_verify=emulator.ca_file,
    ) as credential:
        assert credential.get_token(f"{LAKE}/.default").token.count(".") == 2


@pytest.mark.fidelity("documented", "docs, Application authentication certificate credentials")
def test_an_assertion_signs_in(sign_in, client):
    """A valid assertion is answered with a token of the application."""
    token = jwt.decode(sign_in().json()["access_token"], options={"verify_signature": False})
    assert token["appid"] == client


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "another"}, 700021),
        ({"sub": "another"}, 700021),
        ({"aud": "https://login.example/token"}, 700023),
        ({"exp": 1_000_000_000}, 700024),
        ({"nbf": 4_000_000_000, "exp": 4_000_000_600}, 700024),
        ({"exp": "tomorrow"}, 50027),
        ({"exp": None}, 50027),
        ({"nbf": "today"}, 50027),
    ],
)
@pytest.mark.fidelity("documented", "Azure AD's list of AADSTS codes; statuses are assumed")
def test_a_wrong_claim_has_its_code(sign_in, claims, code):
    """An assertion for someone else, or for another time, is refused by its own code."""
    assert sign_in(**claims).json()["error_codes"] == [code]


@pytest.mark.fidelity("documented", "Azure AD's list of AADSTS codes; the text's end is assumed")
def test_an_unknown_certificate(sign_in, other_certificate):
    """A certificate that was not registered is not found, and one whose key is another does not verify."""
    unknown = sign_in(other_certificate.private_key, other_certificate.thumbprint).json()
    mismatched = sign_in(other_certificate.private_key).json()
    assert (unknown["error_codes"], mismatched["error_codes"]) == ([700027], [700027])
    assert "The key was not found." in unknown["error_description"]
    assert "signature value did not match" in mismatched["error_description"]


@pytest.mark.fidelity("documented", "Azure AD's list of AADSTS codes")
def test_an_unsigned_assertion(sign_in, browser, client, certificate):
    """An assertion with the algorithm `none` is refused."""
    x5t = jwt.utils.base64url_encode(bytes.fromhex(certificate.thumbprint)).decode()
    assertion = jwt.encode({"iss": client, "sub": client}, None, "none", {"x5t": x5t})
    answer = browser.sign_in(
        LAKE, client_id=client, client_secret="", client_assertion=assertion, client_assertion_type=TYPE
    )
    assert answer.json()["error_codes"] == [700027]


@pytest.mark.fidelity("own")
def test_only_certificates_of_rsa(emulator):
    """A malformed certificate is refused when it is registered."""
    with pytest.raises(ValueError, match="PEM"):
        emulator.add_principal(certificates=["no certificate"])
