"""The token endpoint, with adal and over plain HTTP."""

from __future__ import annotations

import adal
import jwt
import pytest

ARM = "https://management.core.windows.net/"
LAKE = "https://datalake.azure.net/"


@pytest.mark.parametrize("resource", [ARM, ARM.rstrip("/"), "https://management.azure.com/", LAKE])
@pytest.mark.fidelity("documented", "adal 1.2.7")
def test_adal_gets_a_token(emulator, resource):
    """Adal's client credentials flow, as users know it, ends with a token for the resource."""
    context = adal.AuthenticationContext(
        f"{emulator.url}/{emulator.tenant_id}",
        validate_authority=False,
        api_version=None,
        verify_ssl=emulator.ca_file,
    )
    token = context.acquire_token_with_client_credentials(
        resource, emulator.client_id, emulator.client_secret
    )
    assert token["tokenType"] == "Bearer"
    assert token["expiresIn"] == 3599
    assert token["resource"] == resource


@pytest.mark.fidelity("documented", "adal 1.2.7 reads it so")
def test_answer_has_the_v1_form(browser):
    """Numbers are strings of digits, and the resource is spelt as in the request."""
    answer = browser.sign_in(LAKE)
    body = answer.json()
    assert list(body) == [
        "token_type",
        "expires_in",
        "ext_expires_in",
        "expires_on",
        "not_before",
        "resource",
        "access_token",
    ]
    assert all(body[name].isdigit() for name in ("expires_in", "ext_expires_in", "expires_on", "not_before"))
    assert answer.headers["Cache-Control"] == "no-store, no-cache"


@pytest.mark.fidelity("documented", "docs, Access tokens in the Microsoft identity platform")
def test_token_names_its_holder(browser):
    """The token's claims say issuer, audience, tenant, application and service principal."""
    emulator = browser.emulator
    claims = jwt.decode(
        browser.sign_in(LAKE).json()["access_token"],
        options={"verify_signature": False},
        algorithms=["RS256"],
    )
    assert claims["iss"] == f"https://sts.windows.net/{emulator.tenant_id}/"
    assert claims["aud"] == LAKE
    assert claims["tid"] == emulator.tenant_id
    assert claims["appid"] == emulator.client_id
    assert claims["oid"] == claims["sub"] != emulator.client_id


@pytest.mark.parametrize(
    ("form", "tenant", "status", "error", "code"),
    [
        ({}, "11111111-1111-1111-1111-111111111111", 400, "invalid_request", 90002),
        ({}, "nowhere.example", 400, "invalid_request", 90002),
        ({}, "no_tenant", 400, "invalid_request", 900023),
        ({}, "common", 400, "invalid_request", 50059),
        ({"client_id": "11111111-1111-1111-1111-111111111111"}, None, 400, "unauthorized_client", 700016),
        ({"client_secret": "wrong"}, None, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, None, 401, "invalid_client", 7000216),
        ({"client_secret": "", "client_assertion": "x"}, None, 400, "invalid_request", 900144),
        (
            {"client_secret": "", "client_assertion": "x", "client_assertion_type": "saml"},
            None,
            400,
            "invalid_request",
            50027,
        ),
        ({"resource": "https://graph.example/"}, None, 400, "invalid_resource", 500011),
        ({"resource": ""}, None, 400, "invalid_request", 900144),
        ({"grant_type": ""}, None, 400, "invalid_request", 900144),
        ({"grant_type": "password"}, None, 400, "unsupported_grant_type", 70003),
    ],
)
@pytest.mark.fidelity(
    "documented", "Azure AD's list of AADSTS codes; what is assumed stands beside each in identity/errors.py"
)
def test_refusals_carry_their_code(browser, form, tenant, status, error, code):
    """Each refusal has Azure AD's status, OAuth error and AADSTS code, and never the secret."""
    answer = browser.sign_in(
        form.get("resource", LAKE), tenant, **{k: v for k, v in form.items() if k != "resource"}
    )
    body = answer.json()
    assert (status, error, [code]) == (answer.status_code, body["error"], body["error_codes"])
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    assert list(body) == [
        "error",
        "error_description",
        "error_codes",
        "timestamp",
        "trace_id",
        "correlation_id",
        "error_uri",
    ]
    assert browser.emulator.client_secret not in answer.text


@pytest.mark.fidelity("documented", "Azure AD's list of AADSTS codes: AADSTS7000222")
def test_expired_secret_differs_from_a_wrong_one(own_browser):
    """A secret after its end is refused with a code of its own, by the emulator's clock."""
    emulator = own_browser.emulator
    emulator.add_principal("app", "app-secret", secret_expires_on=emulator.clock.now() + 60)
    form = {"client_id": "app", "client_secret": "app-secret"}
    assert own_browser.sign_in(LAKE, **form).status_code == 200
    emulator.clock.move(61)
    answer = own_browser.sign_in(LAKE, **form)
    assert (answer.status_code, answer.json()["error_codes"]) == (401, [7000222])


@pytest.mark.fidelity("documented", "Azure AD's list of AADSTS codes: AADSTS900561")
def test_endpoint_takes_post_only(browser):
    """A GET of the token endpoint is refused with the reason."""
    answer = browser.send("GET", f"/{browser.emulator.tenant_id}/oauth2/token")
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [900561])


@pytest.mark.fidelity("documented", "adal 1.2.7 and msal send and read it")
def test_correlation_id_comes_back(browser):
    """The id that a client sends is in the answer's header and in an error's body."""
    headers = {"client-request-id": "a-request", "return-client-request-id": "true"}
    path = f"/{browser.emulator.tenant_id}/oauth2/token"
    answer = browser.send("POST", path, data={}, headers=headers)
    assert answer.headers["client-request-id"] == answer.json()["correlation_id"] == "a-request"


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1", 200), ("login.microsoftonline.de", 200), ("evil.example", 400)]
)
@pytest.mark.fidelity("documented", "adal 1.2.7 asks it; the refusal's text is assumed")
def test_instance_discovery_knows_its_hosts(browser, host, status):
    """Discovery vouches for the authorities of all clouds and for the emulator, and for no other host."""
    params = {"authorization_endpoint": f"https://{host}/tenant/oauth2/authorize", "api-version": "1.0"}
    answer = browser.send("GET", "/common/discovery/instance", params=params)
    assert answer.status_code == status
    assert ("tenant_discovery_endpoint" in answer.json()) == (status == 200)


@pytest.mark.fidelity("own")
def test_authority_by_host_serves_nothing_else(browser):
    """A path that the authority does not have is not found, whatever it would be elsewhere."""
    answer = browser.send("GET", "/subscriptions", headers={"Host": "login.microsoftonline.com"})
    assert answer.status_code == 404
