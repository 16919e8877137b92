"""The documents that clients read before they sign in, and the v2 token endpoint that they lead to."""

from __future__ import annotations

import json
import ssl

import jwt
import msal
import pytest
import requests

LAKE = "https://datalake.azure.net/"
SCOPE = "https://datalake.azure.net//.default"
INSTANCE = "/common/discovery/instance"


def sign_in_v2(browser, tenant=None, **form):
    emulator = browser.emulator
    fields = {
        "grant_type": "client_credentials",
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "scope": SCOPE,
        **form,
    }
    return browser.send("POST", f"/{tenant or emulator.tenant_id}/oauth2/v2.0/token", data=fields)


@pytest.mark.fidelity("documented", "docs, OAuth 2.0 client credentials flow")
def test_answer_has_the_v2_form(browser):
    """Numbers are numbers, and the answer has neither the resource nor points in time."""
    body = sign_in_v2(browser).json()
    assert list(body) == ["token_type", "expires_in", "ext_expires_in", "access_token"]
    assert (body["token_type"], body["expires_in"], body["ext_expires_in"]) == ("Bearer", 3599, 3599)


@pytest.mark.parametrize("scope", [SCOPE, "https://datalake.azure.net/.default"])
@pytest.mark.fidelity(
    "documented", "docs, Scopes and permissions: the slash before .default is the resource's"
)
def test_token_of_a_scope_opens_the_lake(browser, account, scope):
    """The resource before `/.default`, with its last slash or without, is the token's audience."""
    token = sign_in_v2(browser, scope=scope).json()["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False}, algorithms=["RS256"])
    assert claims["aud"] == scope.removesuffix("/.default")
    headers = {"Authorization": f"Bearer {token}"}
    assert browser.lake("GET", account, "/", params={"op": "LISTSTATUS"}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error", "code"),
    [
        ({"scope": ""}, 400, "invalid_request", 90014),
        ({"scope": "https://datalake.azure.net/user_impersonation"}, 400, "invalid_scope", 1002012),
        ({"scope": f"{SCOPE} https://management.azure.com/.default"}, 400, "invalid_request", 28000),
        ({"scope": "https://graph.example/.default"}, 400, "invalid_resource", 500011),
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"tenant": "nowhere.example"}, 400, "invalid_request", 90002),
    ],
)
@pytest.mark.fidelity("documented", "Azure AD's list of AADSTS codes")
def test_v2_refusals_carry_their_code(browser, form, status, error, code):
    """Errors of the v2 endpoint have Azure AD's status, OAuth error and AADSTS code."""
    answer = sign_in_v2(browser, **form)
    body = answer.json()
    assert (answer.status_code, body["error"], body["error_codes"]) == (status, error, [code])


@pytest.mark.parametrize(
    ("segment", "issuer"),
    [("/v2.0", "{url}/{tenant}/v2.0"), ("", "https://sts.windows.net/{tenant}/")],
    ids=["v2", "v1"],
)
@pytest.mark.fidelity("documented", "OpenID Connect Discovery 1.0; msal reads it")
def test_openid_configuration_names_the_endpoints(browser, segment, issuer):
    """Each version's document leads to its own token endpoint and keys, in the request's URL style."""
    url, tenant = browser.emulator.url, browser.emulator.tenant_id
    document = browser.send("GET", f"/{tenant}{segment}/.well-known/openid-configuration").json()
    assert document["issuer"] == issuer.format(url=url, tenant=tenant)
    assert document["token_endpoint"] == f"{url}/{tenant}/oauth2{segment}/token"
    assert document["jwks_uri"] == f"{url}/{tenant}/discovery{segment}/keys"
    # OpenID Connect Discovery 1.0, section 3: what every provider says.
    assert {
        "authorization_endpoint",
        "response_types_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
    } <= set(document)


@pytest.mark.fidelity("documented", "Azure AD's list of AADSTS codes: AADSTS90002")
def test_documents_of_an_unknown_tenant_are_refused(browser):
    """An unknown tenant has no document; `common`, which stands for any tenant, has one."""
    path = "/v2.0/.well-known/openid-configuration"
    unknown = browser.send("GET", f"/nowhere.example{path}")
    assert (unknown.status_code, unknown.json()["error_codes"]) == (400, [90002])
    assert (
        browser.send("GET", f"/common{path}").json()["token_endpoint"].endswith("/common/oauth2/v2.0/token")
    )


@pytest.mark.parametrize("segment", ["", "/v2.0"])
@pytest.mark.fidelity("documented", "RFC 7517; docs, Access tokens")
def test_tokens_are_checked_by_the_published_keys(browser, segment):
    """Whoever fetches the keys can check a token's signature, issuer and audience."""
    emulator = browser.emulator
    url = f"{emulator.url}/{emulator.tenant_id}/discovery{segment}/keys"
    keys = jwt.PyJWKClient(url, ssl_context=ssl.create_default_context(cafile=emulator.ca_file))
    token = browser.sign_in(LAKE).json()["access_token"]
    claims = jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token).key,
        algorithms=["RS256"],
        audience=LAKE,
        issuer=f"https://sts.windows.net/{emulator.tenant_id}/",
    )
    assert claims["appid"] == emulator.client_id


@pytest.mark.fidelity("documented", "msal 1.39")
def test_msal_signs_in_and_keeps_its_token(emulator):
    """Msal's client application gets a token for a scope, once, and counts its seconds."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = emulator.ca_file
        application = msal.ConfidentialClientApplication(
            emulator.client_id,
            client_credential=emulator.client_secret,
            authority=f"{emulator.url}/{emulator.tenant_id}",
            instance_discovery=False,
            http_client=session,
        )
        first, second = (application.acquire_token_for_client([SCOPE]) for _ in range(2))
    assert (first["token_source"], second["token_source"]) == ("identity_provider", "cache")
    assert second["access_token"] == first["access_token"]
    assert first["expires_in"] == 3599


@pytest.mark.fidelity("documented", "msal 1.39 reads it so")
def test_instance_discovery_groups_the_hosts(browser):
    """Version 1.1 lists the hosts of each instance: the public cloud's two names are one."""
    params = {
        "authorization_endpoint": "https://login.microsoftonline.com/common/oauth2/authorize",
        "api-version": "1.1",
    }
    body = browser.send("GET", INSTANCE, params=params).json()
    assert {"login.microsoftonline.com", "login.windows.net"} in [
        set(group["aliases"]) for group in body["metadata"]
    ]


@pytest.mark.parametrize(
    ("endpoint", "discovered"),
    [
        ("https://127.0.0.1/t/oauth2/v2.0/authorize", "{url}/t/v2.0/.well-known/openid-configuration"),
        ("https://127.0.0.1:7/t/oauth2/authorize", "https://127.0.0.1:7/t/.well-known/openid-configuration"),
        ("https://[::1]:7/t/authorize", "https://[::1]:7/t/.well-known/openid-configuration"),
        (
            "https://login.microsoftonline.us/t/authorize",
            "https://login.microsoftonline.us/t/.well-known/openid-configuration",
        ),
    ],
)
@pytest.mark.fidelity("documented", "adal 1.2.7 and msal 1.39; the port is the emulator's own")
def test_instance_discovery_leads_on(browser, endpoint, discovered):
    """The document is at the requested authority; the emulator adds the port that clients drop."""
    body = browser.send("GET", INSTANCE, params={"authorization_endpoint": endpoint}).json()
    assert body["tenant_discovery_endpoint"] == discovered.format(url=browser.emulator.url)


@pytest.mark.parametrize(
    "endpoint",
    ["", "https://[", "https://127.0.0.1:99999/t", "https://127.0.0.1/", "https://user@evil.example/t"],
)
@pytest.mark.fidelity("assumed", "the error's name is msal's, its text is ours")
def test_instance_discovery_refuses_other_urls(browser, endpoint):
    """A malformed URL, or one of another host, is refused by name."""
    answer = browser.send("GET", INSTANCE, params={"authorization_endpoint": endpoint})
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [50049])


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"\xff\xfe=%ff", "application/x-www-form-urlencoded; charset=no-such"),
        (b"no parts", "multipart/form-data; boundary=x"),
        (b"no parts", "multipart/form-data"),
        (json.dumps({"grant_type": "client_credentials"}).encode(), "application/json"),
    ],
)
@pytest.mark.fidelity("documented", "Azure AD's list of AADSTS codes: AADSTS900144")
def test_form_that_is_none_is_refused(browser, content, content_type):
    """Content that is not a form lacks its parameters, whatever its type and charset."""
    path = f"/{browser.emulator.tenant_id}/oauth2/v2.0/token"
    answer = browser.send("POST", path, data=content, headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [900144])
