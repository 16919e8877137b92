import pytest

from airflow_provider_adls.auth.refusals import doubt, refusal
from airflow_provider_adls.model import errors

WHO = {
    "authority": "https://login.example",
    "tenant": "my-tenant",
    "client": "my-client",
    "audience": "https://datalake.azure.net/",
}


def answer(code: int, text: str) -> dict[str, object]:
    """A refusal in Azure AD's form."""
    return {
        "error": "invalid_client",
        "error_description": f"AADSTS{code}: {text}\r\nTrace ID: 11-22\r\nCorrelation ID: 33-44",
        "error_codes": [code],
        "trace_id": "11-22",
    }


@pytest.mark.parametrize(
    ("code", "cls", "advice"),
    [
        (90002, errors.TenantNotFoundError, "tenant 'my-tenant' does not exist"),
        (900023, errors.TenantNotFoundError, "tenant 'my-tenant' does not exist"),
        (700016, errors.ClientNotFoundError, "no application with client id 'my-client'"),
        (7000215, errors.SecretRejectedError, "enter the secret's Value"),
        (7000222, errors.SecretExpiredError, "make a new one"),
        (700027, errors.CertificateRejectedError, "upload it in the portal"),
        (700024, errors.ClockSkewError, "set this machine's clock"),
        (500011, errors.SignInError, "knows no resource 'https://datalake.azure.net/'"),
    ],
)
def test_a_known_code_has_its_class_and_advice(code, cls, advice):
    """A code that users meet is an error of its own, with advice and the authority's words."""
    error = refusal(answer(code, "In Microsoft's words."), **WHO)
    assert type(error) is cls
    assert advice in str(error)
    assert f"AADSTS{code}: In Microsoft's words. (trace id 11-22)" in str(error)
    assert (error.code, error.authority) == (f"AADSTS{code}", "https://login.example")


def test_an_unknown_code_says_what_the_authority_said():
    """Any other code is a sign-in error with the authority's own words and the code."""
    error = refusal(answer(53003, "Blocked by policy."), **WHO)
    assert (type(error), error.code) == (errors.SignInError, "AADSTS53003")
    assert "Blocked by policy." in str(error)


@pytest.mark.parametrize("body", ["", "<html>Bad gateway</html>", {"error": "odd"}, {}, [1]])
def test_an_answer_of_another_form(body):
    """A body that is not Azure AD's is an error all the same, and holds what came."""
    error = refusal(body, **WHO)
    assert type(error) is errors.SignInError
    assert "https://login.example" in str(error)
    assert error.code is None


def test_a_secret_id_in_place_of_the_secret():
    """Where the secret has the form of an id, the advice says so."""
    plain = refusal(answer(7000215, "x"), **WHO)
    hinted = refusal(answer(7000215, "x"), **WHO, doubt=doubt("99999999-9999-4999-8999-999999999999"))
    assert "form of a Secret ID" not in str(plain)
    assert "form of a Secret ID" in str(hinted)
    assert "odd" not in str(refusal(answer(7000222, "x"), **WHO, doubt="is odd"))


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("a~secret.Of-Azure_0123456789", ""),
        ("99999999-9999-4999-8999-999999999999 ", "has the form of a Secret ID"),
        ("a~secret.Of-Azure\n", "begins or ends with white space"),
        ("'a~secret.Of-Azure'", "stands in quotation marks"),
        ("'a~secret.Of-Azure", ""),
        ("", ""),
    ],
)
def test_what_is_odd_about_a_secret(secret, said):
    """A slip of pasting is reported, without the value."""
    assert said == doubt(secret)
