"""Who comes in to a storage account: tokens, roles, nobody."""

from __future__ import annotations

import pytest

from tests.emulator.gen2.conftest import STORAGE, verdict

ACCOUNT = "https://{name}.{face}.core.windows.net"


@pytest.mark.fidelity("documented", "Common REST API error codes")
@pytest.mark.parametrize("face", ["dfs", "blob"])
def test_nobody_is_challenged(gen2, face):
    """A request without credentials is refused, and shown where to sign in."""
    answer = gen2.send("GET", face, "/raw/a")
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (401, "NoAuthenticationInformation")
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith("Bearer authorization_uri=https://login.microsoftonline.com/")
    assert gen2.emulator.tenant_id in challenge
    assert challenge.endswith("resource_id=https://storage.azure.com")


@pytest.mark.fidelity("documented", "Common REST API error codes")
def test_words_are_those_of_the_face(gen2):
    """The DFS face refuses in JSON and the Blob face in XML, with request id and time; HEAD has headers."""
    answer = gen2.send("GET", "dfs", "/raw/a", headers={"x-ms-client-request-id": "mine"})
    message = answer.json()["error"]["message"].splitlines()
    assert message[1] == f"RequestId:{answer.headers['x-ms-request-id']}"
    assert message[2].startswith("Time:2")
    assert answer.headers["Server"].startswith("Windows-Azure-HDFS/1.0")
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    assert (answer.headers["x-ms-version"], answer.headers["x-ms-client-request-id"]) == (
        "2021-12-02",
        "mine",
    )
    answer = gen2.send("GET", "blob", "/raw/a")
    assert answer.content.startswith(b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?><Error><Code>NoAuth')
    assert answer.headers["Server"].startswith("Windows-Azure-Blob/1.0")
    answer = gen2.send("HEAD", "dfs", "/raw/a")
    assert (answer.content, answer.headers["x-ms-error-code"]) == (b"", "NoAuthenticationInformation")


@pytest.mark.fidelity("documented", "Authorize with Microsoft Entra ID")
@pytest.mark.parametrize("resource", [STORAGE, STORAGE.rstrip("/"), ACCOUNT])
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_tokens_of_both_endpoints_come_in(gen2, resource, version):
    """A token for storage, or for the account itself, comes in, whichever endpoint issued it."""
    resource = resource.format(name=gen2.name, face="blob")
    emulator = gen2.emulator
    if version == "v1":
        headers = gen2.browser.bearer(resource)
    else:
        form = {
            "grant_type": "client_credentials",
            "client_id": emulator.client_id,
            "client_secret": emulator.client_secret,
            "scope": f"{resource}/.default",
        }
        issued = gen2.browser.send("POST", f"/{emulator.tenant_id}/oauth2/v2.0/token", data=form).json()
        headers = {"Authorization": f"Bearer {issued['access_token']}"}
    assert [verdict(gen2.send("GET", face, "/raw/a", headers=headers)) for face in ("dfs", "blob")] == [
        "in"
    ] * 2


@pytest.mark.fidelity("documented", "Common REST API error codes")
@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer x.y.z", "Bearer é", "lake", "https://other.blob.core.windows.net"],
)
def test_other_tokens_are_refused(gen2, authorization):
    """A token that is malformed, or for another resource, is refused with a challenge."""
    if authorization == "lake":
        authorization = gen2.browser.bearer("https://datalake.azure.net/")["Authorization"]
    elif authorization.startswith("https:"):
        authorization = gen2.browser.bearer(authorization)["Authorization"]
    answer = gen2.send("GET", "dfs", "/raw/a", headers={"Authorization": authorization.encode()})
    assert (answer.status_code, verdict(answer)) == (401, "InvalidAuthenticationInfo")
    assert "WWW-Authenticate" in answer.headers


@pytest.mark.fidelity("own")
def test_a_token_ends(own_gen2):
    """A token is refused after its end, by the emulator's clock."""
    headers = own_gen2.browser.bearer(STORAGE)
    own_gen2.emulator.clock.move(3600)
    assert verdict(own_gen2.send("GET", "dfs", "/raw/a", headers=headers)) == "InvalidAuthenticationInfo"


REFUSED = "AuthorizationPermissionMismatch"


@pytest.mark.fidelity("documented", "Azure built-in roles for Storage")
@pytest.mark.parametrize(
    ("role", "listing", "creating", "deleting"),
    [
        ("owner", "in", "in", "in"),
        ("contributor", "in", "in", "in"),
        ("reader", "in", REFUSED, REFUSED),
        ("none", REFUSED, REFUSED, REFUSED),
    ],
)
def test_roles_decide_about_accounts_and_containers(own_gen2, role, listing, creating, deleting):
    """What no ACL is about, a role decides: a reader lists, a contributor makes and deletes containers."""
    own_gen2.emulator.add_principal("someone", "secret", storage_role=role)
    headers = own_gen2.browser.bearer(STORAGE, client_id="someone", client_secret="secret")

    def ask(method, path):
        return verdict(own_gen2.send(method, "dfs", path, headers=headers))

    assert ask("GET", "/?resource=account") == listing
    assert ask("PUT", "/made?resource=filesystem") == creating
    assert ask("DELETE", "/made?resource=filesystem") == deleting


@pytest.mark.fidelity("documented", "Gen1 and Gen2 ACL behavior")
def test_to_own_the_account_gives_no_right_to_data(own_gen2):
    """A super user, who may use Resource Manager, has no role for the data of storage accounts by that."""
    own_gen2.emulator.add_principal("boss", "secret", super_user=True)
    headers = own_gen2.browser.bearer(STORAGE, client_id="boss", client_secret="secret")
    assert verdict(own_gen2.send("GET", "dfs", "/?resource=account", headers=headers)) == REFUSED


@pytest.mark.fidelity("own")
def test_requests_are_recorded_by_operation(gen2):
    """The record says face, operation, account, path and caller of each request, refused ones too."""
    headers = gen2.browser.bearer(STORAGE)
    gen2.send("GET", "dfs", "/raw?resource=filesystem&recursive=true", headers=headers)
    gen2.send("PUT", "blob", "/raw/dir%2Fa?comp=block&blockid=MQ==")
    listed, refused = gen2.emulator.requests(account=gen2.name)
    assert (listed.service, listed.operation, listed.path) == ("dfs", "ListFilesystemDir", "/raw")
    assert listed.principal is not None
    assert (refused.service, refused.operation, refused.path) == ("blob", "PutBlock", "/raw/dir/a")
    assert (refused.status, refused.principal) == (401, None)


@pytest.mark.fidelity("own")
@pytest.mark.parametrize(
    ("rule", "status", "code"),
    [
        ({"operation": "AppendFile", "status": 503}, 503, "ServerBusy"),
        ({"service": "dfs", "error": "operationtimedout"}, 500, "OperationTimedOut"),
        ({"service": "dfs", "retry_after": 2}, 503, "ServerBusy"),
        ({"service": "dfs", "path": "/raw/**", "status": 404}, 404, "ResourceNotFound"),
        ({"service": "dfs", "status": 418, "message": "short"}, 418, "InvalidInput"),
    ],
)
def test_faults_speak_as_the_service(gen2, rule, status, code):
    """A fault rule for a face is answered with the service's own error."""
    with gen2.emulator.fault(account=gen2.name, **rule):
        answer = gen2.send(
            "PATCH", "dfs", "/raw/a?action=append&position=0", headers=gen2.browser.bearer(STORAGE)
        )
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.fidelity("own")
def test_an_unknown_error_is_refused(gen2):
    """A rule with an error that the service does not have is not added."""
    from airflow_provider_adls.emulator import ArgumentError

    with pytest.raises(ArgumentError, match="a word, as ServerBusy is"):
        gen2.emulator.fault(service="blob", error="NoSuchError")
