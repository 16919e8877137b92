"""The verbs, one by one, against the emulator."""

from __future__ import annotations

import inspect
import re

import pytest

from airflow_provider_adls.client import DataLakeClient, WebHdfsClient
from airflow_provider_adls.model.acl import parse_spec
from airflow_provider_adls.model.errors import (
    PathNotFoundError,
    ServiceError,
)
from airflow_provider_adls.model.operations import OPERATIONS
from tests.client.canned import answer, canned

#: Operations that other clients send, and ours does not: it has others to the same end, or no need.
UNSENT = {
    "CONCAT",
    "CONCURRENTAPPEND",
    "GETACLSTATUS",
    "GETFILEINFO",
    "MSGETFILESTATUS",
    "MSLISTSTATUS",
}
SOMEONE = "11111111-2222-3333-4444-555555555555"


def test_it_is_the_interface():
    """The client has each verb of the interface, with the same parameters, whose types mypy compares."""

    def parameters(cls, verb):
        found = inspect.signature(getattr(cls, verb)).parameters
        return {name: one.replace(annotation=inspect.Parameter.empty) for name, one in found.items()}

    verbs = [
        name for name, member in vars(DataLakeClient).items() if inspect.isfunction(member) and name[0] != "_"
    ]
    assert len(verbs) > 20
    for verb in verbs:
        wanted, own = parameters(DataLakeClient, verb), parameters(WebHdfsClient, verb)
        assert {name: own.get(name) for name in wanted} == wanted
        # What it takes beside may be left out.
        assert all(own[name].default is not inspect.Parameter.empty for name in own.keys() - wanted.keys())


async def test_missing_path(client, account):
    """What is missing is a FileNotFoundError that says operation, path, account, status and request id."""
    with pytest.raises(PathNotFoundError) as caught:
        await client.status("/nothing")
    error = caught.value
    assert isinstance(error, FileNotFoundError)
    assert ("GETFILESTATUS", "/nothing", account, 404) == (
        error.operation,
        error.path,
        error.account,
        error.status,
    )
    assert error.request_id in str(error)


async def test_a_range_that_comes_in_parts(client_of):
    """What an answer leaves out of a range is asked for, and no more."""
    async with canned(*(answer(200, part) for part in (b"ab", b"c", b"de"))) as (url, heads):
        assert await client_of(url).read("/f", offset=7, length=5) == b"abcde"
    asked = [re.search(r"offset=(\d+)&length=(\d+)", head).groups() for head in heads]
    assert asked == [("7", "5"), ("9", "3"), ("10", "2")]


async def test_refusals_without_a_reason(client, fault):
    """A `false` that nothing explains is reported as such."""
    await client.create("/one")
    for operation in ("RENAME", "MKDIRS"):
        fault(operation=operation, status=200, body='{"boolean":false}')
    with pytest.raises(ServiceError, match="did not rename it to /two"):
        await client.rename("/one", "/two")
    with pytest.raises(ServiceError, match="the directory was not made"):
        await client.make_directories("/d")


async def test_check_access(client, fault):
    """Access is granted or not; only what is missing is an error."""
    await client.create("/f")
    assert await client.check_access("/f", "rw-") is True
    with fault(operation="CHECKACCESS", status=403):
        assert await client.check_access("/f", "rw-") is False
    with pytest.raises(PathNotFoundError):
        await client.check_access("/missing", "r--")


async def test_every_operation_is_sent(client, asked):
    """All operations of the table have a verb; only CONCAT, which MSCONCAT replaced, is never sent."""
    entries = parse_spec("user::rwx,group::r-x,other::---")
    await client.make_directories("/d")
    await client.create("/d/f", b"1")
    await client.create("/d/g", b"2")
    await client.append("/d/f", b"1", offset=1)
    await client.concatenate("/d/h", ["/d/f", "/d/g"])
    await client.read("/d/h")
    await client.rename("/d/h", "/d/i")
    await client.list_page("/d")
    await client.content_summary("/d")
    await client.check_access("/d", "r-x")
    await client.set_permission("/d/i", "770")
    await client.set_owner("/d/i", owner=SOMEONE)
    await client.set_acl("/d", entries)
    await client.modify_acl("/d", entries)
    await client.remove_acl_entries("/d", parse_spec(f"user:{SOMEONE}", rights=False))
    await client.remove_default_acl("/d")
    await client.remove_acl("/d")
    await client.acl("/d")
    await client.set_expiry("/d/i", "NeverExpire")
    await client.set_times("/d/i", modified=0)
    await client.delete("/d", recursive=True)
    (deleted,) = (await client.deleted_page("/d")).items
    await client.restore(deleted.token, "/d", directory=True)
    assert set(OPERATIONS) - UNSENT == set(asked())


def test_no_secret_in_repr(client):
    """A client names its account and endpoint, and nothing of its credential."""
    assert f"WebHdfsClient({client.account!r}, {client.endpoint!r})" == repr(client)


def test_no_token_in_the_clear(credential):
    """An endpoint without TLS on another machine is refused."""
    with pytest.raises(ValueError, match="unencrypted"):
        WebHdfsClient("lake", "http://lake.example.com", credential)


async def test_a_listing_goes_on_after_a_name(client):
    """The token of a page is its last name, so that a listing can begin after any."""
    names = [f"f{number}" for number in range(6)]
    for name in names:
        await client.create(f"/d/{name}")
    first = await client.list_page("/d", limit=4)
    assert (names[:4], "f3") == ([entry.name for entry in first.entries], first.continuation)
    rest = await client.list_page("/d", limit=4, begin="f3")
    assert (names[4:], "") == ([entry.name for entry in rest.entries], rest.continuation)
