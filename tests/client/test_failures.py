"""What went wrong, as one of our errors."""

from __future__ import annotations

import json
import socket

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from airflow_provider_adls.client import WebHdfsClient, failures
from airflow_provider_adls.client.failures import Failure, Subject, of_transport
from airflow_provider_adls.client.retry import Effect
from airflow_provider_adls.client.webhdfs_dialect import WebHdfsDialect, remote_exception
from airflow_provider_adls.model.errors import (
    REMOTE_EXCEPTIONS,
    STATUSES,
    AccountNotFoundError,
    InvalidRequestError,
    ServiceError,
    ServiceUnreachableError,
)
from tests.client.conftest import FAST

SUBJECT = Subject("GETFILESTATUS", "/raw", "lake")
URL = "https://lake.azuredatalakestore.net"
KEY = ConnectionKey("h", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)


def of_answer(subject: Subject, status: int, headers: dict[str, str], body: bytes) -> Failure:
    refusal = WebHdfsDialect().refusal(status, headers, body)
    return failures.of_answer(subject, status, headers, refusal, url=URL)


@pytest.mark.parametrize("name", REMOTE_EXCEPTIONS)
def test_names_of_the_service(name):
    """Each exception of the service is an error of its class, with the service's words."""
    body = json.dumps({"RemoteException": {"exception": name, "message": "why"}}).encode()
    error = of_answer(SUBJECT, 400, {"x-ms-request-id": "id 1"}, body).error
    assert type(error) is REMOTE_EXCEPTIONS[name]
    said, _, advice = str(error).partition(". What to do: ")
    assert f"GETFILESTATUS /raw in account lake: why (HTTP 400, {name}, request id id 1)" == said
    assert bool(advice) == (name in ("SecurityException", "ThrottledException"))


@pytest.mark.parametrize("status", STATUSES)
def test_statuses(status):
    """Where no exception is named, the status decides."""
    assert type(of_answer(SUBJECT, status, {}, b"").error) is STATUSES[status]


@pytest.mark.parametrize(
    ("status", "effect"),
    [(400, Effect.FINAL), (401, Effect.NONE), (404, Effect.FINAL), (429, Effect.NONE), (503, Effect.UNKNOWN)],
)
def test_effects(status, effect):
    """A refusal did nothing, a failure of the service may have done it, and the rest is final."""
    assert effect is of_answer(SUBJECT, status, {}, b"").effect


def test_who_lacks_a_right():
    """An error about a missing right names the object id of who signed in, which the ACL must name."""
    subject = SUBJECT._replace(principal="93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39")
    error = of_answer(subject, 403, {}, b"").error
    assert error.principal == subject.principal
    assert "(HTTP 403, signed in as object id 93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39)" in str(error)
    assert "object id" not in str(of_answer(subject, 409, {}, b"").error)


def test_an_id_is_said_once():
    """The id of a request is not added to a message that holds it."""
    body = json.dumps({"RemoteException": {"exception": "IOException", "message": "failed [id-1]"}}).encode()
    assert str(of_answer(SUBJECT, 400, {"x-ms-request-id": "id-1"}, body).error).count("id-1") == 1


def test_a_token_that_is_sent_back():
    """A server that answers with the request's headers gets no token into an error."""
    body = (
        b'{"RemoteException": {"exception": "IOException", "message": "Authorization: Bearer opaque-token"}}'
    )
    assert "opaque" not in str(of_answer(SUBJECT._replace(secrets=["opaque-token"]), 400, {}, body).error)


def test_retry_after():
    """The wait that the service asks for goes with the failure."""
    assert of_answer(SUBJECT, 429, {"Retry-After": "3"}, b"").retry_after == 3.0


def test_no_such_account_at_this_host():
    """421 means that the server has no such account."""
    assert type(of_answer(SUBJECT, 421, {}, b"").error) is AccountNotFoundError


@pytest.mark.parametrize("body", [b"", b"<html>Not Found</html>", b'{"error": "no route"}'])
def test_whoever_does_not_know_the_service_cannot_say_that_a_path_is_missing(body):
    """A 404 without the service's words says nothing of the lake, and advises to check the URL."""
    error = of_answer(SUBJECT, 404, {}, body).error
    assert type(error) is ServiceError
    assert "the reply did not come from the service" in str(error)


async def test_a_url_that_the_service_does_not_take(client):
    """A control character, which the service's front refuses without a message, is named first."""
    with pytest.raises(InvalidRequestError, match=r"control character in the path.*if it has none"):
        await client.status("/a\nb")


def test_a_gateway_in_trouble():
    """What failed without a word is to be tried later."""
    assert "try again later" in str(of_answer(SUBJECT, 502, {}, b"<html>Bad gateway</html>").error)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"RemoteException": {"exception": "E", "message": "m"}}', ("E", "m")),
        (b'{"RemoteException": {"exception": 1, "message": []}}', (None, None)),
        (b'{"RemoteException": null}', (None, None)),
        (b"null", (None, None)),
        (b"", (None, None)),
    ],
)
def test_bodies(body, expected):
    """A body says what it says, and whatever else it is does no harm."""
    assert expected == remote_exception(body)


@pytest.mark.parametrize(
    ("errno", "effect"), [(socket.EAI_NONAME, Effect.FINAL), (socket.EAI_AGAIN, Effect.NONE)]
)
def test_host_that_does_not_resolve(errno, effect):
    """No host means no account; only a resolver's passing failure is tried again."""
    error = aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(errno, "no"))
    failure = of_transport(SUBJECT, error, endpoint="https://lake.azuredatalakestore.net")
    assert (AccountNotFoundError, effect) == (type(failure.error), failure.effect)
    assert "29 February 2024" in str(failure.error)
    assert "emulator" in str(failure.error)


async def test_host_that_does_not_resolve_for_real(credential):
    """A name that no resolver knows is an account that does not exist."""
    client = WebHdfsClient("lake", "https://lake.invalid", credential, retry=FAST)
    with pytest.raises(AccountNotFoundError, match=r"https://lake\.invalid") as caught:
        await client.status("/")
    assert isinstance(caught.value, ConnectionError)
    assert not isinstance(caught.value, FileNotFoundError)
    await client.close()


@pytest.mark.parametrize("status", [403, 407])
def test_proxy_that_refuses(status):
    """A proxy that lets nobody through is reported as the proxy, and not asked again."""
    request = aiohttp.RequestInfo(None, "CONNECT", {}, None)
    error = aiohttp.ClientHttpProxyError(request, (), status=status, message="no")
    failure = of_transport(SUBJECT, error, endpoint="https://lake.example.com")
    assert (ServiceUnreachableError, Effect.FINAL) == (type(failure.error), failure.effect)
    said = str(failure.error)
    assert f"the proxy does not connect to https://lake.example.com (it answered {status} no)" in said
    assert "check the proxy of the connection" in said


def test_connection_that_takes_too_long():
    """A connection that was never made did nothing."""
    failure = of_transport(SUBJECT, aiohttp.ConnectionTimeoutError(), endpoint="https://lake.example.com")
    assert (ServiceUnreachableError, Effect.NONE) == (type(failure.error), failure.effect)
    assert "check the cloud and endpoint of the connection, the route" in str(failure.error)


@pytest.mark.parametrize(("operation", "is_gen1"), [("GETFILESTATUS", True), ("GetPathStatus", False)])
def test_retirement(operation, is_gen1):
    """That Gen1 was retired is said of Gen1's accounts alone."""
    error = aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(socket.EAI_NONAME, "no"))
    found = str(of_transport(Subject(operation, "/raw", "lake"), error, endpoint=URL).error)
    assert "no such account?" in found
    assert ("retired" in found) == is_gen1
