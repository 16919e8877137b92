import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential, ResourceManagerCredential
from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.model import errors
from airflow_provider_adls.model.clouds import DATALAKE_AUDIENCE, emulator_cloud

UNKNOWN = "9e2f5d64-0f9f-4c3e-8c1e-3d3a3a0d7a11"


@pytest.fixture
def secret(emulator):
    """The emulator's own principal."""
    return ClientSecret(
        emulator.tenant_id,
        emulator.client_id,
        emulator.client_secret,
        emulator_cloud(emulator.url),
        emulator.ca_file,
    )


@pytest.fixture
def without_waiting(mocker):
    """Tries that follow each other at once."""
    # The module's own, since other threads of the process may sleep too.
    its = mocker.patch("airflow_provider_adls.auth.authority.time", wraps=time)
    its.sleep = mocker.Mock()
    return its.sleep


def sign_ins(emulator) -> int:
    return sum(request.service == "login" for request in emulator.requests)


def test_a_token_is_valid_for_an_hour(secret):
    """A sign-in gives a bearer token whose end this machine's clock can be compared with."""
    token = secret.acquire(DATALAKE_AUDIENCE)
    assert token.token.count(".") == 2
    assert token.expires_on == pytest.approx(time.time() + 3599, abs=60)


def test_sixty_four_threads_cost_two_sign_ins(emulator):
    """Threads that each build their own credentials share one sign-in per audience."""
    principal = {
        "client_id": "4e8c6f3a-7b0d-4c55-9d7a-5f0a3bb0c2d1",
        "client_secret": "a secret of many threads",
    }
    emulator.add_principal(**principal)
    emulator.clear_requests()

    def sign_in(number: int) -> str:
        secret = ClientSecret(
            emulator.tenant_id, **principal, cloud=emulator_cloud(emulator.url), ca_file=emulator.ca_file
        )
        kind = (DataLakeCredential, ResourceManagerCredential)[number % 2]
        return kind(secret).get_token().token

    with ThreadPoolExecutor(64) as pool:
        tokens = set(pool.map(sign_in, range(64)))
    assert (len(tokens), sign_ins(emulator)) == (2, 2)


def test_a_wrong_secret_is_never_served_the_right_ones_token(secret):
    """A credential with another secret signs in for itself, though the client's token is cached."""
    DataLakeCredential(secret).get_token()
    with pytest.raises(errors.SecretRejectedError):
        DataLakeCredential(replace(secret, client_secret="wrong")).get_token()


@pytest.mark.parametrize(
    ("change", "expected", "words"),
    [
        ({"tenant_id": UNKNOWN}, errors.TenantNotFoundError, f"tenant '{UNKNOWN}' does not exist"),
        (
            {"tenant_id": "contoso.example"},
            errors.TenantNotFoundError,
            "tenant 'contoso.example' does not exist",
        ),
        ({"client_id": UNKNOWN}, errors.ClientNotFoundError, f"no application with client id '{UNKNOWN}'"),
        ({"client_secret": "wrong-secret"}, errors.SecretRejectedError, "enter the secret's Value"),
        ({"client_secret": UNKNOWN}, errors.SecretRejectedError, "form of a Secret ID"),
    ],
)
def test_each_mistake_has_its_own_error(secret, change, expected, words):
    """A wrong tenant, client or secret has an error of its own, which says what to do and shows no secret."""
    with pytest.raises(expected, match=words) as caught:
        replace(secret, **change).acquire(DATALAKE_AUDIENCE)
    said = f"{caught.value!r} {caught.value}"
    assert secret.client_secret not in said
    assert "wrong-secret" not in said
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_an_expired_secret(emulator, secret):
    """A secret past its end is said to have expired, not to be wrong."""
    client = "0c3ac0b8-3d5b-4b39-b0a2-0e1d9d0a3c77"
    emulator.add_principal(client_id=client, client_secret="outlived", secret_expires_on=time.time() - 60)
    with pytest.raises(errors.SecretExpiredError, match="make a new one") as caught:
        replace(secret, client_id=client, client_secret="outlived").acquire(DATALAKE_AUDIENCE)
    assert "outlived" not in str(caught.value)


@pytest.mark.parametrize(
    ("offset", "words"), [(7200, "not valid yet.*120 minutes.*slow"), (-7200, "expired.*fast")]
)
def test_a_clock_far_off(offset, words):
    """Where the authority's clock and this machine's are hours apart, the error says so and by how much."""
    with Emulator() as emulator:
        emulator.clock.set(time.time() + offset)
        secret = ClientSecret(
            emulator.tenant_id,
            emulator.client_id,
            emulator.client_secret,
            emulator_cloud(emulator.url),
            emulator.ca_file,
        )
        with pytest.raises(errors.ClockSkewError, match=words):
            secret.acquire(DATALAKE_AUDIENCE)


def test_an_authority_that_cannot_be_reached(secret, without_waiting, closed_port):
    """A closed port is tried three times, then the error names the authority."""
    url = f"https://127.0.0.1:{closed_port}"
    with pytest.raises(
        errors.AuthorityUnreachableError, match=f"{url} could not be reached: check the cloud"
    ):
        replace(secret, cloud=emulator_cloud(url)).acquire(DATALAKE_AUDIENCE)
    assert without_waiting.call_count == 2


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"status": 503}, "answered HTTP 503.*try again later"),
        ({"status": 429}, "answered HTTP 429.*asked too often"),
    ],
)
def test_an_authority_that_is_overloaded(secret, emulator, without_waiting, rule, words):
    """An authority that throttles is asked again, and then reported as that."""
    with emulator.fault(service="login", operation="token", **rule) as fault:
        with pytest.raises(errors.AuthorityUnreachableError, match=words):
            secret.acquire(DATALAKE_AUDIENCE)
        assert (fault.fired, without_waiting.call_count) == (3, 2)


@pytest.mark.parametrize(
    "page", ["<html><title>Sign in to this network</title></html>", "", "[]", "null", '{"expires_in": null}']
)
def test_a_page_in_place_of_the_authority(secret, emulator, page):
    """A network's sign-in page, which answers for every host, is reported as another server."""
    with (
        emulator.fault(service="login", operation="token", status=200, body=page),
        pytest.raises(errors.SignInError, match="the answer did not come from Azure AD") as caught,
    ):
        secret.acquire(DATALAKE_AUDIENCE)
    assert secret.client_secret not in str(caught.value)


def test_a_token_that_is_not_taken_is_not_shown(secret, emulator):
    """Of an answer that lacks something, the error says what, and shows no token."""
    with (
        emulator.fault(service="login", operation="token", status=200, body='{"access_token": "hush"}'),
        pytest.raises(errors.SignInError, match="missing token_type") as caught,
    ):
        secret.acquire(DATALAKE_AUDIENCE)
    assert "hush" not in str(caught.value)


def test_an_authority_whose_certificate_is_not_trusted(secret, monkeypatch, without_waiting):
    """Without its CA file the emulator is not trusted, and the error says which field is missing."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(errors.AuthorityUnreachableError, match="give its CA file in the connection"):
        replace(secret, ca_file=None).acquire(DATALAKE_AUDIENCE)
    assert without_waiting.call_count == 0


def test_verification_cannot_be_switched_off_behind_our_back(secret, monkeypatch):
    """Adal's environment variable that turns certificate checks off does nothing here."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ADAL_PYTHON_SSL_NO_VERIFY", "1")
    with pytest.raises(errors.AuthorityUnreachableError, match="not trusted"):
        replace(secret, ca_file=None).acquire(DATALAKE_AUDIENCE)


def test_a_proxy_that_is_not_there(secret, monkeypatch, closed_port, without_waiting):
    """A proxy in the environment that does not answer is named as what to check."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    with pytest.raises(errors.AuthorityUnreachableError, match="check HTTPS_PROXY and NO_PROXY"):
        replace(secret, cloud=emulator_cloud("https://login.example")).acquire(DATALAKE_AUDIENCE)


def test_a_ca_file_that_is_not_there(secret, tmp_path: Path):
    """A CA file that does not exist is named."""
    missing = str(tmp_path / "missing.pem")
    with pytest.raises(errors.SignInError, match=r"missing\.pem"):
        replace(secret, ca_file=missing).acquire(DATALAKE_AUDIENCE)


def test_the_secret_is_not_printed(secret):
    """Neither the source nor a credential made from it shows the secret."""
    shown = f"{secret!r} {secret} {DataLakeCredential(secret)!r} {ResourceManagerCredential(secret)!r}"
    assert secret.client_id in shown
    assert secret.client_secret not in shown
