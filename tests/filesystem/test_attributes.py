"""What the service has beyond fsspec's words, blocking and on an event loop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from airflow_provider_adls.client import ContentSummary
from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.model.acl import AclEntry
from airflow_provider_adls.model.errors import BadOffsetError
from airflow_provider_adls.model.operations import MAX_BODY
from tests.filesystem.test_content import content

SOMEBODY = "11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize("permission", ["640", 0o640])
def test_permission(fs, permission):
    """A permission is given in octal digits or by its value, and `info` has it."""
    fs.pipe("/f", b"")
    fs.set_permission("/f", permission)
    assert (fs.info("/f")["permission"], fs.info("/f")["mode"]) == ("640", 0o100640)
    with pytest.raises(ValueError, match="octal"):
        fs.set_permission("/f", "rw-r-----")


def test_owner(fs):
    """Owner and group are set together or one by one, and something has to be."""
    fs.pipe("/f", b"")
    before = fs.info("/f")["group"]
    fs.set_owner("/f", owner=SOMEBODY)
    assert (fs.info("/f")["owner"], fs.info("/f")["group"]) == (SOMEBODY, before)
    fs.set_owner("/f", group=SOMEBODY)
    assert fs.info("/f")["group"] == SOMEBODY
    with pytest.raises(ValueError, match="owner"):
        fs.set_owner("/f")


def test_acl(fs):
    """An access control list is set as text or values, read, changed, and taken away."""
    fs.mkdir("/d")
    fs.set_acl("/d", f"user::rwx,group::r-x,other::---,user:{SOMEBODY}:rw-")
    assert AclEntry("user", SOMEBODY, "rw-") in fs.get_acl("/d").entries
    fs.modify_acl("/d", [AclEntry("user", SOMEBODY, "r--"), f"default:user:{SOMEBODY}:r-x"])
    entries = fs.get_acl("/d").entries
    assert AclEntry("user", SOMEBODY, "r--") in entries
    assert AclEntry("user", SOMEBODY, "r-x", default=True) in entries
    fs.remove_default_acl("/d")
    assert not any(entry.default for entry in fs.get_acl("/d").entries)
    fs.remove_acl_entries("/d", f"user:{SOMEBODY}")
    assert SOMEBODY not in {entry.qualifier for entry in fs.get_acl("/d").entries}
    fs.modify_acl("/d", f"user:{SOMEBODY}:r--")
    assert fs.info("/d")["has_acl"]
    fs.remove_acl("/d")
    assert not fs.info("/d")["has_acl"]
    with pytest.raises(ValueError, match="'user:rwx'"):
        fs.set_acl("/d", ["user:rwx"])


def test_expiry(fs):
    """A file expires at a time of any zone, after a span, or never."""
    fs.pipe("/f", b"")
    when = datetime(2090, 5, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    fs.set_expiry("/f", when)
    assert fs.info("/f")["expires"] == when
    fs.set_expiry("/f", timedelta(days=7), since_creation=True)
    in_a_week = fs.info("/f")["expires"]
    assert in_a_week - timedelta(days=7) <= datetime.now(UTC)
    fs.set_expiry("/f", timedelta(days=8))
    assert fs.info("/f")["expires"] > in_a_week
    fs.set_expiry("/f", None)
    assert fs.info("/f")["expires"] is None


@pytest.mark.parametrize("when", [datetime(2090, 5, 1), timedelta(0), timedelta(days=-1)])  # noqa: DTZ001 - the point
def test_expiry_that_means_nothing(fs, when):
    """A time without a zone, or a span that has passed, is refused before it is sent."""
    fs.pipe("/f", b"")
    with pytest.raises(ValueError, match=r"zone|positive"):
        fs.set_expiry("/f", when)


def test_concat(fs, other_account):
    """Files are joined in order and are gone, and with them their directory, if that is asked."""
    for name in "abc":
        fs.pipe(f"/parts/{name}", name.encode())
    fs.concat("/all", ["/parts/b", "/parts/a"])
    assert (fs.cat("/all"), fs.find("/parts")) == (b"ba", ["/parts/c"])
    fs.concat("/all", ["/parts/c"], delete_source_directory=True)
    assert (fs.cat("/all"), fs.exists("/parts")) == (b"bac", False)
    with pytest.raises(ValueError, match="another account"):
        fs.concat("/all", [f"{other_account}/x"])
    with pytest.raises(ValueError, match="sources"):
        fs.concat("/all", [])


def test_content_summary(fs):
    """The service counts what is below a path."""
    fs.pipe({"/d/a": b"1", "/d/e/b": b"22"})
    assert fs.content_summary("/d") == ContentSummary(directories=2, files=2, length=3)


def test_check_access(fs, account, emulator, options):
    """Rights are granted or not; for a missing path it is an error."""
    client_id = f"reader-of-{account}"
    reader = emulator.add_principal(client_id=client_id, client_secret="s3cret")
    fs.pipe("/f", b"1")
    fs.modify_acl("/", f"user:{reader.object_id}:--x")
    fs.modify_acl("/f", f"user:{reader.object_id}:r--")
    theirs = ADLSGen1FileSystem(**options | {"client_id": client_id, "client_secret": "s3cret"})
    assert [theirs.check_access("/f", rights) for rights in ("r--", "-w-")] == [True, False]
    with pytest.raises(FileNotFoundError):
        theirs.check_access("/nothing", "r--")


@pytest.mark.parametrize("size", [0, 1, 2 * MAX_BODY + 1])
def test_append_at_an_offset(fs, size):
    """Bytes are added where the file is as long as was said, and nothing is written where it is not."""
    data = content(size)
    fs.pipe("/f", b"12")
    fs.append("/f", data, offset=2)
    assert fs.cat("/f") == b"12" + data
    with pytest.raises(BadOffsetError):
        fs.append("/f", data, offset=1 if size != 1 else 9)
    assert fs.size("/f") == 2 + size
    fs.append("/new", b"3")
    fs.append("/new", b"4")
    assert fs.cat("/new") == b"34"


async def test_on_an_event_loop(options):
    """Each method has a coroutine of its name."""
    fs = ADLSGen1FileSystem(**options, asynchronous=True)
    await fs._append("/d/f", b"1")
    await fs._append("/d/f", b"2", offset=1)
    await fs._set_permission("/d/f", "600")
    await fs._set_owner("/d/f", group=SOMEBODY)
    await fs._set_acl("/d", "user::rwx,group::r-x,other::---")
    await fs._modify_acl("/d", f"default:user:{SOMEBODY}:r-x")
    await fs._remove_acl_entries("/d", f"default:user:{SOMEBODY}")
    await fs._remove_default_acl("/d")
    await fs._remove_acl("/d")
    await fs._set_expiry("/d/f", timedelta(days=1))
    assert await fs._check_access("/d/f", "rw-")
    assert (await fs._get_acl("/d/f")).permission == "600"
    assert (await fs._content_summary("/d")).length == 2
    await fs._concat("/g", ["/d/f"])
    assert await fs._cat_file("/g") == b"12"
    await fs._close()
