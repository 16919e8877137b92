"""Sign-ins at authorities that redirect, answer without end, drip, or send back what they got."""

import gzip
import itertools
import json
from urllib.parse import quote_plus

import adal
import pytest

from airflow_provider_adls.auth import AzureIdentity, ClientCertificate, ClientSecret
from airflow_provider_adls.auth import exchange as module
from airflow_provider_adls.auth.exchange import AnswerTooLongError, bounded_session
from airflow_provider_adls.auth.metadata import discover_cloud
from airflow_provider_adls.model import errors
from airflow_provider_adls.model.clouds import DATALAKE_AUDIENCE, emulator_cloud, origin
from tests.standin import dripping, endless, own_tls, reply, stand_in

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
SECRET = "abc8Q~Hidden/Secret+0123456789"


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A certificate for this machine, which clients trust by its file."""
    return own_tls(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def authority_of(tls, monkeypatch):
    """Serves a script by TLS, which adal wants, and has every client trust it."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", tls.ca_file)
    return lambda script: stand_in(script, tls)


@pytest.fixture(autouse=True)
def _directly(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def source(url, certificate=None, **options):
    """A way to sign in at a URL."""
    options = {"attempts": 1, **options}
    if certificate:
        pem = certificate.private_key
        return ClientCertificate(TENANT, CLIENT, pem, "AB" * 20, cloud=emulator_cloud(url), **options)
    return ClientSecret(TENANT, CLIENT, SECRET, cloud=emulator_cloud(url), **options)


@pytest.mark.parametrize("way", ["secret", "certificate"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(certificate, way, status, authority_of):
    """Neither secret nor assertion is posted where an authority redirects to, and both hosts are named."""
    token = json.dumps({"access_token": "stolen", "token_type": "Bearer", "expires_in": 3600}).encode()
    with (
        stand_in(lambda _: reply(token)) as other,
        authority_of(lambda _: reply(b"", status, Location=f"{other.url}/token?form=secret")) as authority,
    ):
        signing_in = source(authority.url, certificate if way == "certificate" else None)
        with pytest.raises(errors.SignInError, match=r"sign-in at .* failed: .* redirects to") as caught:
            signing_in.acquire(DATALAKE_AUDIENCE)
    assert authority.url in str(caught.value)
    assert other.url in str(caught.value)
    assert len(authority.requests) == 1
    assert other.requests == []


def test_a_redirect_to_itself_is_not_followed(authority_of):
    """Nor is one within the authority: a token request has one address."""
    with authority_of(lambda _: reply(b"", 307, Location="/other")) as authority:
        with pytest.raises(errors.SignInError, match="redirects to"):
            source(authority.url).acquire(DATALAKE_AUDIENCE)
        assert len(authority.requests) == 1


@pytest.mark.parametrize("kind", ["managed_identity", "workload_identity", "default"])
def test_redirects_for_azure_identity(kind, monkeypatch, tmp_path, authority_of):
    """A pod's token, and a machine's request for one, stay with the server that was asked."""
    (tmp_path / "token").write_text("eyJhbGciOiJub25lIn0aaaa.eyJzdWIiOiJwb2QifQ.c2ln")
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("AZURE_TENANT_ID", TENANT)
    monkeypatch.setenv("AZURE_CLIENT_ID", CLIENT)
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "WorkloadIdentityCredential")
    with (
        stand_in(lambda _: reply(b"{}")) as other,
        authority_of(lambda _: reply(b"", 307, Location=other.url)) as authority,
    ):
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", authority.url)
        secure = emulator_cloud(authority.url)
        with pytest.raises(errors.SignInError) as caught:
            AzureIdentity(kind, TENANT, CLIENT, secure, attempts=1).acquire(DATALAKE_AUDIENCE)
    assert other.requests == []
    if authority.requests:
        assert other.url in str(caught.value)


def test_discovery_follows_no_redirect():
    """Nor does a cloud's discovery, whose answer says where secrets are sent."""
    with (
        stand_in(lambda _: reply(b"{}")) as other,
        stand_in(lambda _: reply(b"", 302, Location=other.url)) as manager,
        pytest.raises(errors.SignInError, match="redirects to") as caught,
    ):
        discover_cloud(manager.url)
    assert manager.url in str(caught.value)
    assert other.url in str(caught.value)
    assert other.requests == []


@pytest.mark.parametrize("status", [200, 400, 503])
@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_without_end(monkeypatch, status, packed, authority_of):
    """Of an answer that does not end, or unpacks to one, no more than the bound is kept."""
    monkeypatch.setattr(module, "MAX_ANSWER", 1024 * 1024)
    piece = b"x" * 65536
    headers = {}
    if packed:
        piece = gzip.compress(bytes(64 * 1024 * 1024))
        headers = {"Content_Encoding": "gzip"}
    with (
        authority_of(lambda _: endless(piece, status, **headers)) as authority,
        pytest.raises(errors.SignInError) as caught,
    ):
        source(authority.url).acquire(DATALAKE_AUDIENCE)
    assert "1048576 bytes" in str(caught.value)
    assert authority.sent < 32 * 1024 * 1024


def test_discovery_without_end(monkeypatch):
    """So it is with a cloud's discovery."""
    monkeypatch.setattr(module, "MAX_ANSWER", 1024 * 1024)
    with (
        stand_in(lambda _: endless(b" ")) as manager,
        pytest.raises(errors.ConnectionFieldError, match="1048576 bytes"),
    ):
        discover_cloud(manager.url)


@pytest.mark.parametrize("part", ["head", "content"])
def test_an_answer_that_drips(part, authority_of):
    """An answer that comes byte by byte is broken off after twice the time without a byte."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"

    def drip(_):
        return (
            dripping(head * 100, 0.05)
            if part == "head"
            else itertools.chain([head], dripping(head * 100, 0.05))
        )

    with (
        authority_of(drip) as authority,
        pytest.raises(errors.AuthorityUnreachableError, match="the answer did not end in"),
    ):
        source(authority.url, read_seconds=0.5).acquire(DATALAKE_AUDIENCE)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 300_000,
        b'{"access_token": "t", "token_type": "Bearer", "expires_in": 1e300}',
        b'{"access_token": "t", "token_type": "Bearer", "expires_in": ' + b"9" * 400 + b"}",
        b'{"access_token": "t", "token_type": "Bearer", "created_on": 1e300}',
        b'{"access_token": "t", "token_type": "Bearer", "expires_in": null}',
        b'{"access_token": "t", "token_type": "Bearer", "expires_in": [1]}',
        b"null",
        b"[]",
        b"7",
    ],
)
def test_answers_that_are_no_tokens(content, authority_of):
    """What Python cannot make a token of is an error of ours, as any other strange answer."""
    with authority_of(lambda _: reply(content)) as authority, pytest.raises(errors.SignInError):
        source(authority.url).acquire(DATALAKE_AUDIENCE)


@pytest.mark.parametrize("form", ["as it is", "quoted", "in JSON"])
@pytest.mark.parametrize("way", ["secret", "certificate"])
def test_an_authority_that_sends_the_form_back(certificate, way, form, caplog, authority_of):
    """Neither secret nor assertion is in error or log where an authority answers with the request."""
    caplog.set_level("DEBUG")
    held = []

    def echo(request):
        body = request.partition(b"\r\n\r\n")[2].decode()
        held.append(body)
        text = {"as it is": body, "quoted": quote_plus(body), "in JSON": body}[form]
        if form == "in JSON":
            text = json.dumps({"error": "invalid", "error_description": f"got {body}", "trace_id": body})
        return reply(text.encode(), 400)

    with authority_of(echo) as authority, pytest.raises(errors.SignInError) as caught:
        source(authority.url, certificate if way == "certificate" else None).acquire(DATALAKE_AUDIENCE)
    said = f"{caught.value!r} {caught.value} {caplog.text}"
    assert "invalid" in said or "failed" in said
    assert SECRET not in said
    assert quote_plus(SECRET) not in said
    assert quote_plus(quote_plus(SECRET)) not in said
    if way == "certificate":
        assertion = held[0].partition("client_assertion=")[2].partition("&")[0]
        assert assertion.count(".") == 2
        assert assertion.rpartition(".")[2] not in said


def test_others_use_of_adal_is_left_alone(authority_of):
    """Who else uses adal in this process sends by `requests`, as before."""
    session = bounded_session()
    with authority_of(lambda _: reply(b"{}", 400)) as authority:
        context = adal.AuthenticationContext(f"{authority.url}/t", validate_authority=False, timeout=5)
        with pytest.raises(adal.AdalError, match="400"):
            context.acquire_token_with_client_credentials("r", "c", "s")
    session.close()


def test_a_kept_connection():
    """Answers that are read whole give their connection back, and the next request goes by it."""
    heads = []

    def twice(request):
        heads.append(request)
        return reply(b"1")

    with stand_in(twice) as server, bounded_session(origins=[server.url]) as session:
        assert [session.get(server.url).content for _ in range(2)] == [b"1", b"1"]


def test_an_answer_of_another_length(monkeypatch):
    """The bound is a `requests.RequestException`, as the SDKs expect."""
    monkeypatch.setattr(module, "MAX_ANSWER", 10)
    with (
        stand_in(lambda _: reply(b"x" * 11)) as server,
        bounded_session() as session,
        pytest.raises(AnswerTooLongError, match="more than 10 bytes"),
    ):
        session.get(server.url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Login.Example:443/a?b", "https://login.example"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("https://[::1]:8443/x", "https://[::1]:8443"),
        ("https://user:secret@a.example/x", "https://a.example"),
        ("https://a.example:x/", "a URL that cannot be read"),
    ],
)
def test_origins(url, expected):
    """Scheme, host and port are what two URLs have in common, however they are spelled."""
    assert origin(url) == expected


def test_an_authority_that_does_not_speak_tls():
    """A port of plain http is not said to show a certificate that is not trusted."""
    with stand_in(lambda _: reply(b"", 400)) as server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(errors.AuthorityUnreachableError, match="does not speak TLS"):
            source(url).acquire(DATALAKE_AUDIENCE)
