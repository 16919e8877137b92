"""Keys and shared access signatures of storage accounts: requests that they sign are accepted."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from urllib.parse import quote

import pytest

from airflow_provider_adls.auth.storage_key import StorageKey, StorageSignature
from airflow_provider_adls.client import DfsClient, RetryPolicy
from airflow_provider_adls.model.acl import parse_spec
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    ConnectionFieldError,
    TokenRejectedError,
)

FAST = RetryPolicy(attempts=2, first_wait=0.001)
NAMES = ["a b", "100%", "a+b&c=d", "naïve-文件-😀", "%2F", "x[1]", "'q\""]


@pytest.fixture
def account(adls_gen2_account):
    """A storage account with an empty container."""
    return adls_gen2_account


@pytest.fixture
async def client_of(emulator, account):
    """Makes clients that sign in with a credential."""
    clients = []

    def make(credential):
        client = DfsClient(
            account.name, "test", account.dfs_url, credential, ca_file=emulator.ca_file, retry=FAST
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()


def signature(account, permissions="rwdlacup"):
    """Return an account SAS ("Create an account SAS")."""
    end = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = {"sp": permissions, "ss": "b", "srt": "sco", "st": "", "se": end, "sip": "", "spr": "https"}
    text = "\n".join([account.name, *fields.values(), "2020-08-04", "", ""][:9]) + "\n"
    digest = hmac.new(base64.b64decode(account.key1), text.encode(), hashlib.sha256).digest()
    fields |= {"sv": "2020-08-04", "sig": base64.b64encode(digest).decode()}
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items() if value)


@pytest.fixture(params=["key1", "key2", "signature", "signature with its mark"])
def credential(request, account):
    """Each kind of credential that signs requests."""
    if request.param.startswith("key"):
        return StorageKey(account.name, getattr(account, request.param))
    mark = "?" if "mark" in request.param else ""
    return StorageSignature(mark + signature(account))


@pytest.mark.parametrize("name", NAMES)
async def test_names(client_of, credential, name):
    """Requests for files of any name are signed as the service sees them."""
    client = client_of(credential)
    await client.create(f"/{name}/{name}", b"123")
    await client.append(f"/{name}/{name}", b"45", offset=3)
    assert await client.read(f"/{name}/{name}", offset=1, length=3) == b"234"
    await client.rename(f"/{name}", f"/new {name}")
    assert [entry.name for entry in (await client.list_page(f"/new {name}")).entries] == [name]
    assert await client.delete(f"/new {name}", recursive=True)


async def test_all_faces(client_of, account):
    """A key opens what only the Blob face has, and changes rights too."""
    client = client_of(StorageKey(account.name, account.key1))
    await client.create("/d/f", b"1", permission="640", overwrite=False)
    await client.set_expiry("/d/f", "Absolute", 4_102_444_800_000)
    assert (await client.status("/d/f")).expiration_time == 4_102_444_800_000
    entries = parse_spec("user:11111111-2222-3333-4444-555555555555:r--")
    await client.modify_acl("/d/f", entries)
    assert (await client.change_acl_tree("/", entries, "remove")).files == 1
    assert await client.check_access("/d/f", "r--")
    assert (await client.content_summary("/")).files == 1


async def test_a_wrong_key(client_of, account):
    """A key that is not the account's is refused, and shown nowhere."""
    wrong = base64.b64encode(b"wrong" * 10).decode()
    with pytest.raises(TokenRejectedError) as caught:
        await client_of(StorageKey(account.name, wrong)).status("/")
    assert wrong not in str(caught.value)
    assert "enter a new one in the connection" in str(caught.value)


async def test_another_account(client_of, account):
    """A key is not sent to another account."""
    with pytest.raises(ConnectionFieldError, match="the key is that of account other") as caught:
        await client_of(StorageKey("other", account.key1)).status("/")
    assert caught.value.field == "account_key"


async def test_a_signature_without_the_right(client_of, account):
    """A signature gives what it names, and no more; it is shown in no error."""
    token = signature(account, "rl")
    client = client_of(StorageSignature(token))
    assert (await client.list_page("/")).entries == []
    with pytest.raises(AccessDeniedError) as caught:
        await client.create("/f", b"1")
    assert token.rpartition("sig=")[2] not in str(caught.value)


def test_text_that_cannot_be_a_key():
    """A key that is not base64 is refused at once, and not shown."""
    with pytest.raises(ConnectionFieldError, match="is not base64") as caught:
        StorageKey("account", "no key!")
    assert "no key!" not in str(caught.value)


def test_no_secret_in_repr():
    """Neither credential shows its secret."""
    assert "c2VjcmV0" not in repr(StorageKey("account", "c2VjcmV0"))
    assert "c2VjcmV0" not in repr(StorageSignature("sv=1&sig=c2VjcmV0"))
