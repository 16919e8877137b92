"""What passes and what lasts."""

import socket
import ssl

import certifi
import pytest

from airflow_provider_adls.auth.tokens import TOKENS
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model import errors
from airflow_provider_adls.waiting.transient import is_transient


def caused(error, cause):
    """An error as the client raises it, with what led to it."""
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        errors.ThrottledError("slow down"),
        errors.ServiceFailureError("503"),
        errors.ServiceUnreachableError("no route"),
        errors.AuthorityUnreachableError("no route"),
        caused(errors.AccountNotFoundError("no name"), socket.gaierror(socket.EAI_AGAIN, "try again")),
        caused(errors.ServiceUnreachableError("broke off"), ssl.SSLEOFError("in the handshake")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_passes(error):
    """It may go well later, though nobody mends anything."""
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        errors.AccessDeniedError("no right"),
        errors.TokenRejectedError("not a token"),
        errors.SecretRejectedError("wrong"),
        errors.SecretExpiredError("over"),
        errors.ConnectionFieldError("malformed"),
        errors.PathNotFoundError("nothing there"),
        errors.AccountNotFoundError("no such account"),
        caused(errors.AccountNotFoundError("no name"), socket.gaierror(socket.EAI_NONAME, "unknown")),
        caused(errors.ServiceUnreachableError("untrusted"), ssl.SSLCertVerificationError("self-signed")),
        caused(errors.AuthorityUnreachableError("untrusted"), ssl.SSLCertVerificationError("self-signed")),
        ValueError("anything"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_lasts(error):
    """It stays until somebody does something."""
    assert not is_transient(error)


def test_untrusted_certificates_last(connect):
    """A service or an authority with a certificate that is not trusted fails at once."""
    connect(ca_file=certifi.where())
    TOKENS.clear()
    with pytest.raises(errors.AuthorityUnreachableError) as caught:
        ADLSGen1Hook().find_paths("/a")
    assert not is_transient(caught.value)
    hook = ADLSGen1Hook()
    assert hook.settings.ca_file == certifi.where()
    connect()
    token = ADLSGen1Hook().filesystem_credentials
    with pytest.raises(errors.ServiceUnreachableError) as caught:
        hook.new_filesystem(hook.account_name, token).ls("/")
    assert not is_transient(caught.value)
