import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from airflow_provider_adls.auth import DataLakeCredential
from airflow_provider_adls.auth.identities import AzureIdentity
from airflow_provider_adls.model import errors
from airflow_provider_adls.model.clouds import DATALAKE_AUDIENCE

CLIENT = "7f2a6f0e-6ad6-4ab4-a53f-6e0b8c7c2a11"


def stands_alone(error):
    """Whether an error is shown without the library's own, whose frames hold secrets and tokens."""
    return error.__cause__ is None and error.__suppress_context__


class MachineIdentity(BaseHTTPRequestHandler):
    """What an Azure machine asks for its identity's tokens, as far as azure-identity asks it.

    Source: "How managed identities for Azure resources work with Azure virtual machines" (Microsoft Learn).
    """

    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.server.asked.append((self.headers.get("Metadata"), url.path, query))
        status, body = self.server.answer
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Nothing."""


@pytest.fixture
def machine(monkeypatch):
    """This machine as one of Azure's, which has an identity."""
    clean(monkeypatch)
    with ThreadingHTTPServer(("127.0.0.1", 0), MachineIdentity) as server:
        server.asked = []
        ends = str(int(time.time()) + 86400)
        server.answer = (
            200,
            {
                "access_token": "of-the-machine",
                "expires_on": ends,
                "expires_in": "86399",
                "token_type": "Bearer",
            },
        )
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield server
        server.shutdown()


def clean(monkeypatch):
    """Take away what azure-identity looks for in the environment."""
    for name in (
        *("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"),
        *("AZURE_AUTHORITY_HOST", "AZURE_TOKEN_CREDENTIALS", "AZURE_POD_IDENTITY_AUTHORITY_HOST"),
        *("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET", "IMDS_ENDPOINT"),
    ):
        monkeypatch.delenv(name, raising=False)


def test_the_machines_identity(machine):
    """A machine's own identity is asked for a token of the file system, without a client."""
    token = AzureIdentity("managed_identity").acquire(DATALAKE_AUDIENCE)
    assert token.token == "of-the-machine"
    assert token.expires_on == pytest.approx(time.time() + 86400, abs=60)
    ((metadata, path, query),) = machine.asked
    assert (metadata, path) == ("true", "/metadata/identity/oauth2/token")
    assert query["resource"] == DATALAKE_AUDIENCE
    assert "client_id" not in query


def test_a_user_assigned_identity(machine):
    """An identity that was assigned to the machine is asked for by its client id."""
    AzureIdentity("managed_identity", client_id=CLIENT).acquire(DATALAKE_AUDIENCE)
    assert machine.asked[0][2]["client_id"] == CLIENT


def test_the_cache_holds_for_it_too(machine):
    """Credentials of one identity ask once."""
    source = AzureIdentity("managed_identity", client_id=CLIENT.replace("7", "8"))
    assert {DataLakeCredential(source).get_token().token for _ in range(3)} == {"of-the-machine"}
    assert len(machine.asked) == 1


def test_a_machine_without_identity(machine):
    """A machine of Azure that has no identity says so, and the error what is needed."""
    machine.answer = (400, {"error": "invalid_request", "error_description": "Identity not found"})
    with pytest.raises(errors.SignInError, match="needs a machine or service of Azure that has") as caught:
        AzureIdentity("managed_identity").acquire(DATALAKE_AUDIENCE)
    assert "Identity not found" in str(caught.value)


@pytest.fixture
def pod(emulator, cloud, certificate, monkeypatch, tmp_path):
    """This machine as a pod that may act as an application: a token in a file proves it.

    The authority trusts the application's certificate where it would trust the cluster's issuer.
    """
    clean(monkeypatch)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    emulator.add_principal(CLIENT, "unused", certificates=[certificate.certificate])
    now = int(time.time())
    claims = {"aud": f"{emulator.url}/{emulator.tenant_id}/v2.0", "iss": CLIENT, "sub": CLIENT}
    x5t = jwt.utils.base64url_encode(bytes.fromhex(certificate.thumbprint)).decode()
    token = tmp_path / "token"
    token.write_text(
        jwt.encode({**claims, "nbf": now, "exp": now + 600}, certificate.private_key, "RS256", {"x5t": x5t})
    )
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(token))
    return AzureIdentity("workload_identity", emulator.tenant_id, CLIENT, cloud, emulator.ca_file)


def test_the_pods_identity(pod):
    """A pod's token is changed for one of the file system, at the authority of the cloud."""
    claims = jwt.decode(pod.acquire(DATALAKE_AUDIENCE).token, options={"verify_signature": False})
    assert (claims["appid"], claims["aud"].rstrip("/")) == (CLIENT, DATALAKE_AUDIENCE.rstrip("/"))


def test_the_pods_identity_by_the_environment(pod, emulator, cloud, monkeypatch):
    """Tenant and client may be those that the cluster put into the pod's environment."""
    monkeypatch.setenv("AZURE_TENANT_ID", emulator.tenant_id)
    monkeypatch.setenv("AZURE_CLIENT_ID", CLIENT)
    source = AzureIdentity("workload_identity", cloud=cloud, ca_file=emulator.ca_file)
    assert source.acquire(DATALAKE_AUDIENCE).token


def test_a_pod_without_token(pod, monkeypatch):
    """Outside a pod the error says which variables are missing."""
    monkeypatch.delenv("AZURE_FEDERATED_TOKEN_FILE")
    with pytest.raises(
        errors.SignInError, match="needs AZURE_FEDERATED_TOKEN_FILE, AZURE_TENANT_ID and"
    ) as caught:
        pod.acquire(DATALAKE_AUDIENCE)
    assert stands_alone(caught.value)


def test_a_refused_pod(pod, emulator):
    """The authority's refusal is reported as for every other way of signing in."""
    emulator.add_principal(CLIENT, "unused")
    with pytest.raises(errors.CertificateRejectedError, match="AADSTS700027"):
        pod.acquire(DATALAKE_AUDIENCE)


@pytest.fixture
def found(emulator, monkeypatch):
    """An environment that azure-identity's chain finds a secret in."""
    clean(monkeypatch)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("AZURE_TENANT_ID", emulator.tenant_id)
    monkeypatch.setenv("AZURE_CLIENT_ID", emulator.client_id)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", emulator.client_secret)


def test_the_default_chain(emulator, cloud, found):
    """The chain signs in by the first identity that it finds, here a secret of the environment."""
    source = AzureIdentity("default", cloud=cloud, ca_file=emulator.ca_file)
    token = source.acquire(DATALAKE_AUDIENCE)
    assert jwt.decode(token.token, options={"verify_signature": False})["appid"] == emulator.client_id


def test_a_chain_that_is_refused(emulator, cloud, found, monkeypatch):
    """A wrong secret that the chain finds is reported as one, and not shown."""
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong~secret")
    with pytest.raises(errors.SecretRejectedError, match="of the environment") as caught:
        AzureIdentity("default", cloud=cloud, ca_file=emulator.ca_file).acquire(DATALAKE_AUDIENCE)
    assert "wrong~secret" not in str(caught.value)
    assert stands_alone(caught.value)


def test_an_authority_that_is_not_there(emulator, cloud, found):
    """Who cannot be asked is named."""
    source = AzureIdentity("default", cloud=cloud, ca_file="/no/such.pem", attempts=1)
    with pytest.raises(errors.SignInError, match=cloud.authority) as caught:
        source.acquire(DATALAKE_AUDIENCE)
    assert stands_alone(caught.value)


def test_without_azure_identity(monkeypatch):
    """Where the extra is not installed, the error says how to install it."""
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    with pytest.raises(errors.ConnectionFieldError, match="pip install azure-identity"):
        AzureIdentity("default").acquire(DATALAKE_AUDIENCE)


def test_identities_differ():
    """Tokens of different identities are not confused, and a proxy's password is shown nowhere."""
    proxied = AzureIdentity("default", proxy="http://user:hush@proxy:1")
    one = [AzureIdentity("default"), AzureIdentity("managed_identity"), proxied]
    assert len({source.key(DATALAKE_AUDIENCE) for source in one}) == 3
    assert "hush" not in f"{proxied!r} {proxied.key(DATALAKE_AUDIENCE)}"
