"""Resource Managers that link or redirect elsewhere, answer without end, or list without advancing."""

import json
import logging
import pickle
from pathlib import Path

import pytest

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential, exchange
from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model import errors
from tests.standin import endless, own_tls, reply, stand_in

GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg"
ACCOUNT = {
    "id": f"{GROUP}/providers/Microsoft.DataLakeStore/accounts/mylake",
    "name": "mylake",
    "location": "eastus2",
    "properties": {"provisioningState": "Creating"},
}
LIST = "/providers/Microsoft.DataLakeStore/accounts"


def body(value):
    return json.dumps(value).encode()


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A certificate for this machine, which clients trust by its file."""
    return own_tls(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def manager_of(tls):
    """Serves a script as a Resource Manager, by TLS, which one of the SDKs wants."""
    return lambda script: stand_in(script, tls)


@pytest.fixture
def hook_of(connect, emulator, monkeypatch, tls, tmp_path):
    """Makes hooks that sign in at the emulator and manage accounts elsewhere."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    both = tmp_path / "both.pem"
    both.write_text(Path(emulator.ca_file).read_text() + Path(tls.ca_file).read_text())

    def make(url, **fields):
        connect(
            cloud="custom",
            resource_manager=url,
            resource_manager_audience="https://management.core.windows.net/",
            authority=emulator.url,
            login=emulator.client_id,
            password=emulator.client_secret,
            tenant_id=emulator.tenant_id,
            subscription_id=emulator.subscription_id,
            ca_file=str(both),
            endpoint=f"{emulator.url}/adls/{{account}}",
            retries=0,
            **fields,
        )
        return ADLSGen1Hook()

    return make


@pytest.fixture
def other(tls):
    """Another server, which would take a token."""
    with stand_in(lambda _: reply(body(ACCOUNT)), tls) as server:
        yield server


def refused(call, manager, other):
    """A call is refused, both servers are named, and the other one was sent nothing."""
    with pytest.raises(errors.ServiceFailureError, match="no token is sent") as caught:
        call()
    assert manager.url in str(caught.value)
    assert other.url in str(caught.value)
    assert other.requests == []


@pytest.mark.parametrize("header", ["Azure_AsyncOperation", "Location"])
def test_an_operation_elsewhere(hook_of, other, header, manager_of):
    """The state of a long-running operation is not asked for at another server."""

    def script(request):
        if request.startswith(b"GET"):
            return reply(body(ACCOUNT), Content_Type="application/json")
        links = {header: f"{other.url}/operations/1?token=none", "Retry_After": "0"}
        return reply(body(ACCOUNT), 202, Content_Type="application/json", **links)

    with manager_of(script) as manager:
        hook = hook_of(manager.url)
        refused(lambda: hook.delete_account("mylake", "rg"), manager, other)


def test_a_next_page_elsewhere(hook_of, other, manager_of):
    """Nor is the next page of a list asked for at another server."""
    page = body({"value": [ACCOUNT], "nextLink": f"{other.url}{LIST}?page=2"})
    with manager_of(lambda _: reply(page, Content_Type="application/json")) as manager:
        refused(hook_of(manager.url).list_accounts, manager, other)


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_elsewhere(hook_of, other, status, manager_of):
    """Nor is a redirect to another server followed, with a token or without."""
    with manager_of(lambda _: reply(b"", status, Location=f"{other.url}/x")) as manager:
        hook = hook_of(manager.url)
        with pytest.raises(errors.ServiceFailureError, match="redirects to") as caught:
            hook.get_account("mylake", "rg")
        with pytest.raises(errors.ServiceFailureError, match="redirects to"):
            hook.ensure_resource_group("eastus2", "rg")
    assert other.url in str(caught.value)
    assert other.requests == []


def test_a_list_of_resource_groups_elsewhere(hook_of, other, manager_of):
    """The client of resource groups, which users take for calls of their own, is bound in the same way."""
    page = body({"value": [], "nextLink": f"{other.url}/subscriptions?page=2"})
    with manager_of(lambda _: reply(page, Content_Type="application/json")) as manager:
        client = hook_of(manager.url).get_resource_client()
        with client, pytest.raises(Exception, match="no token is sent"):
            list(client.resource_groups.list())
    assert other.requests == []


def test_a_redirect_within_the_resource_manager(hook_of, manager_of):
    """A redirect to another path of the Resource Manager is followed, as before."""

    def script(request):
        if b" /there" in request:
            return reply(body(ACCOUNT), Content_Type="application/json")
        return reply(b"", 307, Location="/there")

    with manager_of(script) as manager:
        assert hook_of(manager.url).get_account("mylake", "rg").location == "eastus2"


def test_a_list_that_does_not_advance(hook_of, manager_of):
    """A list whose pages name each other is ended by an error, and not asked for without end."""
    links = {}

    def script(request):
        following = 2 if b"page=1" in request else 1
        link = f"{links['url']}{LIST}?page={following}"
        return reply(body({"value": [ACCOUNT], "nextLink": link}), Content_Type="application/json")

    with manager_of(script) as manager:
        links["url"] = manager.url
        hook = hook_of(manager.url)
        with pytest.raises(errors.ServiceFailureError, match="does not advance"):
            hook.list_accounts()
        assert len(manager.requests) < 5


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_without_end(hook_of, monkeypatch, status, manager_of):
    """Of an answer without end no more than the bound is read."""
    monkeypatch.setattr(exchange, "MAX_ANSWER", 1024 * 1024)
    with manager_of(lambda _: endless(b" ", status)) as manager:
        hook = hook_of(manager.url)
        with pytest.raises(errors.RequestError):
            hook.get_account("mylake", "rg")
        assert manager.sent < 16 * 1024 * 1024


def test_an_answer_that_is_nested_without_end(hook_of, manager_of):
    """300,000 brackets are an answer that is not the Resource Manager's."""
    with manager_of(lambda _: reply(b"[" * 300_000, Content_Type="application/json")) as manager:
        hook = hook_of(manager.url)
        with pytest.raises(errors.ServiceError):
            hook.get_account("mylake", "rg")
        with pytest.raises(errors.ServiceError):
            hook.ensure_resource_group("eastus2", "rg")


def test_the_password_of_a_proxy(hook_of, emulator, caplog):
    """No library logs the password of a proxy, and the doctor does not print it."""
    for name in (None, *logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    proxy = emulator.proxy_url.replace("://", "://bob:Hush-hush-hush@")
    hook = hook_of(emulator.url, proxy=proxy)
    assert hook.list_accounts() is not None
    assert "Hush" not in caplog.text + hook.test_connection()[1]


@pytest.mark.parametrize("which", ["filesystem_credentials", "arm_credentials"])
def test_a_pickled_credential(hook, emulator, which):
    """A hook's credential pickles as the id of its connection, without secret and token, and works on."""
    credential = getattr(hook, which)
    token = credential.get_token().token
    pickled = pickle.dumps(credential)
    assert emulator.client_secret.encode() not in pickled
    assert token.encode() not in pickled
    assert not credential.carries_secret
    assert pickle.loads(pickled).get_token().token == token


def test_a_pickled_file_system(hook, cloud):
    """A file system with a hook's credential is pickled, and one with a secret in its credential is not."""
    pickled = pickle.dumps(hook.filesystem)
    assert pickle.loads(pickled).ls("/") == []
    source = ClientSecret("tenant", "client", "hush~hush~hush", cloud)
    carrying = ADLSGen1FileSystem("lake", credential=DataLakeCredential(source), skip_instance_cache=True)
    with pytest.raises(TypeError, match="a credential that holds a secret is not pickled"):
        pickle.dumps(carrying)
