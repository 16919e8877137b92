"""Device codes, as adal and msal ask for them and by hand."""

from __future__ import annotations

import uuid

import adal
import jwt
import msal
import pytest

from airflow_provider_adls.emulator import well_known

LAKE = "https://datalake.azure.net/"
CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
AAD = "Azure AD's list of AADSTS codes"


def code(answer):
    return answer.status_code, answer.json()["error"], answer.json()["error_codes"][0]


def opens(browser, token):
    """Whether a token opens the lake as its super user."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = browser.lake("GET", "lake", "/", params={"op": "LISTSTATUS"}, headers=headers)
    return answer.status_code == 200


@pytest.mark.parametrize("tenant", ["common", well_known.TENANT_ID, well_known.DOMAIN])
@pytest.mark.fidelity("documented", "adal 1.2.7; that nobody has to approve the code is the emulator's")
def test_adal_signs_a_person_in(own_browser, tenant):
    """The program shows a code, has a token for it at once, and a new one when that has ended."""
    emulator = own_browser.emulator
    context = adal.AuthenticationContext(
        f"{emulator.url}/{tenant}",
        validate_authority=False,
        api_version=None,
        verify_ssl=emulator.ca_file,
    )
    shown = context.acquire_user_code(LAKE, CLI)
    assert shown["user_code"] in shown["message"]
    token = context.acquire_token_with_device_code(LAKE, shown, CLI)
    assert (token["resource"], token["userId"]) == (LAKE, f"emulator@{well_known.DOMAIN}")
    assert opens(own_browser, token["accessToken"])
    emulator.clock.move(7200)
    assert not opens(own_browser, token["accessToken"])
    renewed = context.acquire_token_with_refresh_token(token["refreshToken"], CLI, LAKE)
    assert opens(own_browser, renewed["accessToken"])


@pytest.mark.fidelity("documented", "RFC 8628; msal 1.39")
def test_msal_signs_a_person_in(emulator, account, adls_gen1_proxy):
    """So does the endpoint of version 2.0: with who has signed in, and silently the next time."""
    application = msal.PublicClientApplication(
        CLI, authority=f"https://login.microsoftonline.com/{emulator.tenant_id}"
    )
    flow = application.initiate_device_flow([f"{LAKE}user_impersonation"])
    token = application.acquire_token_by_device_flow(flow)
    assert jwt.decode(token["access_token"], options={"verify_signature": False})["aud"] == LAKE.rstrip("/")
    (user,) = application.get_accounts()
    assert user["username"] == f"emulator@{well_known.DOMAIN}"
    arm = application.acquire_token_silent(["https://management.azure.com/.default"], user)
    audience = jwt.decode(arm["access_token"], options={"verify_signature": False})["aud"]
    assert audience == "https://management.azure.com"


@pytest.fixture
def ask(own_browser):
    """Asks for a device code, or redeems one, with a form that is right but for what is given."""

    def send(path="token", version="/v2.0", **form):
        where = f"/{own_browser.emulator.tenant_id}/oauth2{version}/{path}"
        fields = {"client_id": CLI, "grant_type": GRANT, **form}
        return own_browser.send("POST", where, data={name: value for name, value in fields.items() if value})

    return send


@pytest.mark.fidelity("documented", f"RFC 8628, section 3.5; {AAD}")
def test_codes_that_are_not_good(ask, own_browser):
    """A code is its program's alone, for 15 minutes, and not what the caller made up."""
    good = ask("devicecode", scope=f"{LAKE}.default").json()
    assert (good["expires_in"], good["interval"]) == (900, 5)
    other = str(uuid.uuid4())
    own_browser.emulator.add_principal(other)
    assert code(ask(device_code="x")) == (400, "bad_verification_code", 70018)
    assert code(ask(device_code=good["device_code"], client_id=other)) == (
        400,
        "bad_verification_code",
        70018,
    )
    assert code(ask(device_code=good["device_code"], client_id="me")) == (400, "unauthorized_client", 700016)
    assert code(ask()) == (400, "invalid_request", 900144)
    token = ask(device_code=good["device_code"]).json()
    assert code(ask(device_code=token["refresh_token"])) == (400, "bad_verification_code", 70018)
    own_browser.emulator.clock.move(901)
    assert code(ask(device_code=good["device_code"])) == (400, "expired_token", 70019)


@pytest.mark.fidelity("documented", AAD)
def test_refresh_tokens_that_are_not_good(ask, own_browser):
    """What renews a token is its program's alone, for 90 days, and opens nothing by itself."""
    given = ask("devicecode", scope=f"{LAKE}.default").json()["device_code"]
    refresh = ask(device_code=given).json()["refresh_token"]
    assert not opens(own_browser, refresh)
    form = {"grant_type": "refresh_token", "scope": f"openid {LAKE}.default"}
    assert ask(refresh_token=refresh, **form).status_code == 200
    assert code(ask(refresh_token="x", **form)) == (400, "invalid_grant", 9002313)
    assert code(ask(refresh_token=given, **form)) == (400, "invalid_grant", 9002313)
    own_browser.emulator.clock.move(91 * 24 * 3600)
    assert code(ask(refresh_token=refresh, **form)) == (400, "invalid_grant", 700082)


@pytest.mark.parametrize(
    ("form", "number"),
    [
        ({"client_id": None}, 900144),
        ({"client_id": "nobody", "scope": f"{LAKE}.default"}, 700016),
        ({}, 90014),
        ({"scope": "openid profile"}, 90014),
        ({"scope": "files"}, 1002012),
        ({"scope": f"{LAKE}.default https://management.azure.com/.default"}, 28000),
        ({"scope": "https://vault.azure.net/.default"}, 500011),
    ],
)
@pytest.mark.fidelity("documented", AAD)
def test_codes_that_are_not_given(ask, form, number):
    """Without a known program, or for what is no scope of a known resource, there is no code."""
    assert ask("devicecode", **form).json()["error_codes"] == [number]
