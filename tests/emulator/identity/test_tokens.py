"""Tokens that the services accept, and those that they reject."""

from __future__ import annotations

import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from airflow_provider_adls.emulator import Emulator, well_known
from airflow_provider_adls.emulator.arm.denials import denial
from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.identity import audiences, tokens
from airflow_provider_adls.emulator.identity.directory import Directory

ARM = "https://management.core.windows.net/"
LAKE = "https://datalake.azure.net/"


def forged(emulator, key=None, **claims):
    """A token with the emulator's claims, signed by another key."""
    now = int(emulator.clock.now())
    body = {
        "aud": LAKE,
        "exp": now + 100,
        "nbf": now,
        "tid": emulator.tenant_id,
        "appid": emulator.client_id,
        "oid": well_known.OBJECT_ID,
    }
    return jwt.encode({**body, **claims}, key or rsa.generate_private_key(65537, 2048), algorithm="RS256")


@pytest.mark.parametrize(
    "authorization",
    [None, "Bearer", "Bearer nonsense", "Basic dXNlcjpwYXNz", "Bearer a.b.c"],
)
@pytest.mark.fidelity("documented", "status and names; of the file system code and text are assumed")
def test_both_services_refuse_text_that_is_not_a_token(browser, account, authorization):
    """Without a token both services answer 401 in their own format."""
    headers = {"Authorization": authorization} if authorization else {}
    lake = browser.lake("GET", account, "/", params={"op": "LISTSTATUS"}, headers=headers)
    arm = browser.arm("GET", "/providers/Microsoft.DataLakeStore/accounts", headers=headers)
    assert (lake.status_code, lake.json()["RemoteException"]["exception"]) == (401, "SecurityException")
    assert arm.status_code == 401
    assert arm.json()["error"]["code"] in {"AuthenticationFailed", "InvalidAuthenticationToken"}
    assert "WWW-Authenticate" in arm.headers


@pytest.mark.fidelity("documented", "docs, Access tokens: validation")
def test_signature_is_checked(browser, account):
    """A token with valid claims that another key signed is rejected."""
    headers = {"Authorization": f"Bearer {forged(browser.emulator)}"}
    assert browser.lake("GET", account, "/", params={"op": "LISTSTATUS"}, headers=headers).status_code == 401
    assert (
        browser.arm("GET", "/providers/Microsoft.DataLakeStore/accounts", headers=headers).status_code == 401
    )


@pytest.mark.fidelity("documented", "RFC 8725, section 3.1")
def test_unsigned_token_is_refused(browser, account):
    """A token with the algorithm `none` is rejected."""
    token = jwt.encode({"aud": LAKE, "appid": browser.emulator.client_id}, None, algorithm="none")
    headers = {"Authorization": f"Bearer {token}"}
    assert browser.lake("GET", account, "/", params={"op": "LISTSTATUS"}, headers=headers).status_code == 401


@pytest.mark.fidelity("documented", "docs, Access tokens: validation")
def test_audience_is_checked(browser, account):
    """A token of one service does not open the other."""
    lake = browser.lake("GET", account, "/", params={"op": "LISTSTATUS"}, headers=browser.bearer(ARM))
    arm = browser.arm("GET", "/providers/Microsoft.DataLakeStore/accounts", headers=browser.bearer(LAKE))
    assert lake.status_code == 401
    assert (arm.status_code, arm.json()["error"]["code"]) == (401, "InvalidAuthenticationTokenAudience")


@pytest.mark.fidelity("documented", "docs, Access tokens: validation")
def test_time_is_checked(own_browser):
    """A token is good from its beginning to its end by the emulator's clock, not by the machine's."""
    lake, arm = own_browser.bearer(LAKE), own_browser.bearer(ARM)

    def statuses():
        return (
            own_browser.lake("GET", "lake", "/", params={"op": "LISTSTATUS"}, headers=lake).status_code,
            own_browser.arm("GET", "/providers/Microsoft.DataLakeStore/accounts", headers=arm).status_code,
        )

    clock = own_browser.emulator.clock
    assert statuses() == (200, 200)
    clock.move(tokens.LIFETIME + 1)
    assert statuses() == (401, 401)
    clock.set(time.time() - tokens.BACKDATED - 60)
    assert statuses() == (401, 401)
    clock.reset()
    assert statuses() == (200, 200)


@pytest.mark.fidelity("documented", "Resource Manager's list of common errors: ExpiredAuthenticationToken")
def test_expired_token_is_named_so_by_resource_manager(own_browser):
    """Resource Manager has an error of its own for an expired token."""
    headers = own_browser.bearer(ARM)
    own_browser.emulator.clock.move(7200)
    answer = own_browser.arm("GET", "/providers/Microsoft.DataLakeStore/accounts", headers=headers)
    assert answer.json()["error"]["code"] == "ExpiredAuthenticationToken"


@pytest.mark.fidelity(
    "documented", "Resource Manager's list of common errors: InvalidAuthenticationTokenTenant"
)
def test_other_tenants_token_is_refused(tmp_path):
    """A token of another tenant is refused even if the signature is good."""
    key = tokens.signing_key(tmp_path)
    clock = Clock()
    directory = Directory()
    application = directory.application(well_known.CLIENT_ID)
    assert application is not None
    foreign = Directory()
    foreign.tenant_id = "11111111-1111-1111-1111-111111111111"
    token = tokens.Tokens(key, foreign, clock).issue(application, LAKE)["access_token"]
    with pytest.raises(tokens.TokenRejectedError) as caught:
        tokens.Tokens(key, directory, clock).check(f"Bearer {token}", audiences.LAKE)
    answer = denial(caught.value, directory.tenant_id)
    assert (answer.status, answer.code) == (401, "InvalidAuthenticationTokenTenant")
    assert foreign.tenant_id in str(answer)
    assert directory.tenant_id in str(answer)


@pytest.mark.fidelity("own")
def test_check_forgets_no_more_than_it_must(tmp_path, monkeypatch):
    """The memory of verified tokens is bounded, and what fell out of it is verified again."""
    monkeypatch.setattr(tokens, "REMEMBERED", 2)
    directory = Directory()
    application = directory.application(well_known.CLIENT_ID)
    assert application is not None
    issuer = tokens.Tokens(tokens.signing_key(tmp_path), directory, Clock())
    headers = [f"Bearer {issuer.issue(application, LAKE)['access_token']}" for _ in range(5)]
    callers = [issuer.check(header, audiences.LAKE) for header in headers + headers]
    assert {caller.client_id for caller in callers} == {well_known.CLIENT_ID}
    assert len(issuer._verified) <= 2


@pytest.mark.fidelity("own")
def test_tokens_outlive_a_restart(tmp_path, browse):
    """The signing key is kept in the data folder, for its owner alone, so old tokens stay good."""
    with Emulator(accounts=("lake",), data=tmp_path) as emulator, browse(emulator) as browser:
        headers = browser.bearer(LAKE)
    assert (tmp_path / "private" / "token-key.pem").stat().st_mode & 0o777 == 0o600
    with Emulator(data=tmp_path) as emulator, browse(emulator) as browser:
        answer = browser.lake("GET", "lake", "/", params={"op": "LISTSTATUS"}, headers=headers)
    assert answer.status_code == 200


@pytest.mark.fidelity("assumed", "a deleted principal's tokens; the codes are ours")
def test_principal_that_is_gone_is_refused(tmp_path, browse):
    """A token of a principal that a restart has forgotten opens nothing."""
    with Emulator(accounts=("lake",), data=tmp_path) as emulator:
        emulator.add_principal("app", "app-secret")
        with browse(emulator) as browser:
            headers = browser.bearer(LAKE, client_id="app", client_secret="app-secret")
    with Emulator(data=tmp_path) as emulator, browse(emulator) as browser:
        answer = browser.lake("GET", "lake", "/", params={"op": "LISTSTATUS"}, headers=headers)
    assert answer.status_code == 401
