import pytest

from airflow_provider_adls.model.redaction import redact, shown

SECRET = 'q3F8Q~a+b/c=d&"e" f0123456789'
KEY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2RhdGFsYWtlIn0.c2lnbmF0dXJl-_"


@pytest.mark.parametrize(
    "text",
    [
        f"client_secret={SECRET}&grant",
        "client_secret=q3F8Q~a%2Bb%2Fc%3Dd%26%22e%22+f0123456789&grant",
        "client_secret=q3F8Q~a%2bb%2fc%3dd%26%22e%22%20f0123456789&grant",
        '{"client_secret": "q3F8Q~a+b/c=d&\\"e\\" f0123456789"}',
        "<p>q3F8Q~a+b/c=d&amp;&quot;e&quot; f0123456789</p>",
    ],
)
def test_a_known_secret_in_any_spelling(text):
    """A secret that is known is replaced as it stands, and as HTTP, JSON and HTML spell it."""
    assert "0123456789" not in redact(text, [SECRET])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "proxy http://bob:pass%40word@proxy.example:3128 failed",
            "proxy http://bob:***@proxy.example:3128 failed",
        ),
        (f"Authorization: Bearer {TOKEN}", "Authorization: Bearer ***"),
        (f"a -----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY----- z", "a *** z"),
        (f"a -----BEGIN RSA PRIVATE KEY----- \\n{KEY}", "a ***"),
        (
            "PEM begins with -----BEGIN PRIVATE KEY-----, whole",
            "PEM begins with -----BEGIN PRIVATE KEY-----, whole",
        ),
        ("client_id=c&client_secret=abc~d&resource=r", "client_id=c&client_secret=***&resource=r"),
        (
            "https://a.dfs.core.windows.net/raw?sv=1&sig=a%2Fb%3D&se=2030 of ?comp=1%26sig%3Dabc%26sv%3D1",
            "https://a.dfs.core.windows.net/raw?sv=1&sig=***&se=2030 of ?comp=1%26sig%3D***%26sv%3D1",
        ),
        (f"AccountKey={'Ab1+' * 21}xy==;x", "AccountKey=***;x"),
        (f"/raw/{'ab' * 60}.csv", f"/raw/{'ab' * 60}.csv"),
        ("adl://adls_gen1_default@lake/raw/a:b@c", "adl://adls_gen1_default@lake/raw/a:b@c"),
        ("/raw/eyJhbG.csv in account lake", "/raw/eyJhbG.csv in account lake"),
    ],
)
def test_secrets_that_show_by_their_look(text, expected):
    """Passwords in URLs, tokens, keys and forms are replaced though nobody knows them, and paths are left."""
    assert redact(text) == expected


def test_a_short_value_is_left():
    """The longest secret is replaced first, and a value of four characters is part of too many words."""
    assert redact("the text of a long-secret", ["text", "secret", "long-secret", ""]) == "the text of a ***"


@pytest.mark.parametrize(
    "value",
    [
        "contoso",
        "0f3e1f8a-1111-4222-8333-444444444444",
        "A5F1D2C0B7E94A3388C1F0D6E2B49A7715CC03DE",
        "/etc/airflow/etl.pem",
    ],
)
def test_a_plain_value_is_shown(value):
    """A name, an id, a thumbprint or a path is repeated."""
    assert shown(value) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        "-----BEGIN CERTIFICATE-----MIIB",
        "abc8Q~0123456789abcdefghijklmnopqrstuvwx",
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        "line one\nline two",
        "x" * 201,
        "http://bob:password@lake",
        TOKEN,
    ],
)
def test_what_may_be_a_secret_is_not_shown(value):
    """A key, a secret, a token or a text of many lines in the wrong field is not repeated."""
    assert value not in shown(value)
    assert shown(value) == f"the value ({len(value)} characters, not shown)"
