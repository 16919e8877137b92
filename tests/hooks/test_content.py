"""What is in files, through the hook."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from airflow_provider_adls.hooks.content import MAX_BYTES
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError
from airflow_provider_adls.model.operations import MAX_BODY
from tests.hooks.test_transfers import ODD
from tests.services import GEN2


@pytest.mark.parametrize(
    ("data", "content"),
    [
        ("text, ä", "text, ä".encode()),
        ("", b""),
        (b"\x00\xff", b"\x00\xff"),
        ({"a": [1, "ä", None]}, '{"a": [1, "ä", null]}'.encode()),
        ([], b"[]"),
        (5, b"5"),
    ],
)
def test_write(hook, data, content):
    """Text, bytes and values become the bytes of a file, again and again."""
    for _ in range(2):
        assert hook.write_file("/d/f", data) == {"path": "/d/f", "bytes": len(content), "written": True}
    assert hook.filesystem.cat("/d/f") == content


@pytest.mark.parametrize("size", [0, 1, MAX_BODY, MAX_BODY + 1])
def test_write_with_permission_and_expiry(hook, size):
    """A file has its permission and expiry, whatever its size and what was there; nothing is left over."""
    hook.write_file("/d/f", "before")
    when = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    hook.write_file("/d/f", b"x" * size, permission="640", expires=when)
    info = hook.filesystem.info("/d/f")
    assert (info["size"], info["permission"], info["expires"]) == (size, "640", when)
    assert hook.filesystem.ls("/d", detail=False) == ["/d/f"]


def test_requests_of_a_permission(hook, service, asked):
    """A permission costs no more than the hidden file that it needs; without one a file is one request."""
    hook.write_file("/f", "one")
    assert asked() == ["CREATE"]
    hook.write_file("/f", "one", permission="600")
    expected = ["CREATE", "APPEND", "RENAME"] if service == GEN2 else ["SETPERMISSION"]
    found = asked()[1:]
    assert [name for name in found if name in expected] == expected
    assert service != GEN2 or found == expected
    assert hook.filesystem.info("/f")["permission"] == "600"
    with pytest.raises(ValueError, match="permission"):
        hook.write_file("/f", "two", permission="rwx")
    assert hook.filesystem.cat("/f") == b"one"


def test_write_without_overwriting(hook):
    """A file that holds the same is right, for a second try; another one is an error, and stays."""
    assert hook.write_file("/f", "one", overwrite=False)["written"] is True
    assert hook.write_file("/f", "one", overwrite=False)["written"] is False
    for data in ("two", "other"):
        with pytest.raises(PathExistsError, match="/f"):
            hook.write_file("/f", data, overwrite=False)
    hook.make_directory("/d")
    with pytest.raises(PathExistsError):
        hook.write_file("/d", "", overwrite=False)
    assert hook.filesystem.cat("/f") == b"one"


def test_preview_of_writing(hook):
    """A preview says what would be written, and whether it would overwrite a file; nothing is done."""
    expected = {"preview": True, "path": "/f", "bytes": 3, "written": True, "overwritten": False}
    assert hook.write_file("/f", "one", preview=True) == expected
    assert not hook.exists("/f")
    hook.write_file("/f", "two")
    assert hook.write_file("/f", "one", preview=True) == {**expected, "overwritten": True}
    assert hook.write_file("/f", "two", overwrite=False, preview=True)["written"] is False
    with pytest.raises(PathExistsError):
        hook.write_file("/f", "one", overwrite=False, preview=True)
    hook.make_directory("/d")
    with pytest.raises(IsADirectoryError):
        hook.write_file("/d", "one", preview=True)
    assert hook.filesystem.cat("/f") == b"two"


@pytest.mark.parametrize("name", [*ODD, "x" * 1000])
def test_names(hook, name):
    """A file of any name is written, added to, read and looked at under just that name."""
    hook.write_file(f"/d/{name}", "one")
    hook.append_to_file(f"/d/{name}", "two", once="task")
    assert hook.read_file(f"/d/{name}") == "onetwo"
    assert hook.get_status(f"/d/{name}")["path"] == f"/d/{name}"
    assert hook.filesystem.ls("/d", detail=False) == [f"/d/{name}"]


def test_write_what_cannot_be_written(hook):
    """A value that JSON does not have, and text that the encoding does not have, are refused."""
    with pytest.raises(ValueError, match="what JSON can hold"):
        hook.write_file("/f", {"mean": float("nan")})
    with pytest.raises(ValueError, match="what JSON can hold"):
        hook.write_file("/f", {"when": datetime.now(UTC)})
    with pytest.raises(ValueError, match="ascii"):
        hook.write_file("/f", "ä", encoding="ascii")
    assert not hook.exists("/f")


def test_append(hook):
    """Data goes to the end of a file, which is made if it is not there."""
    assert hook.append_to_file("/d/f", "one") == {"path": "/d/f", "bytes": 3, "appended": True}
    assert hook.append_to_file("/d/f", b"two")["appended"] is True
    assert hook.filesystem.cat("/d/f") == b"onetwo"


def test_read(hook, account):
    """Text, a JSON value, and bytes as base64."""
    hook.write_file("/f.json", {"a": "ä"})
    hook.write_file("/f.bin", b"\xff\x00")
    assert hook.read_file("/f.json") == '{"a": "ä"}'
    assert hook.read_file(f"adl://{account}/f.json", content_format="json") == {"a": "ä"}
    assert base64.b64decode(hook.read_file("/f.bin", content_format="base64")) == b"\xff\x00"
    assert hook.read_file("/f.bin", encoding="latin-1") == "ÿ\x00"


def test_read_is_bounded(hook):
    """A file that is too big for a result is refused before it is read, with what to do."""
    hook.write_file("/f", "x" * (MAX_BYTES + 1))
    with pytest.raises(ValueError, match=f"/f has {MAX_BYTES + 1} bytes, and max_bytes is {MAX_BYTES}"):
        hook.read_file("/f")
    assert len(hook.read_file("/f", max_bytes=MAX_BYTES + 1)) == MAX_BYTES + 1


def test_read_what_is_not_of_the_format(hook):
    """A file of another format is named."""
    hook.write_file("/f", b"\xff")
    with pytest.raises(ValueError, match=r"/f is not utf-8 text: .*base64 takes any bytes"):
        hook.read_file("/f")
    hook.write_file("/f", "{")
    with pytest.raises(ValueError, match="/f is not JSON"):
        hook.read_file("/f", content_format="json")
    with pytest.raises(PathNotFoundError):
        hook.read_file("/nowhere")
    with pytest.raises(IsADirectoryError):
        hook.read_file("/")


@pytest.fixture
def parts(hook):
    """Three files."""
    for name, content in (("1", "one"), ("2", "two"), ("10", "ten")):
        hook.write_file(f"/in/{name}", content)
    return hook


@pytest.mark.parametrize(
    ("sources", "content"), [("/in/*", b"onetentwo"), (["/in/2", "/in/10"], b"twoten"), ("/in/1", b"one")]
)
def test_join(parts, sources, content):
    """The matches of a glob go by their names, a list in its order; a second try finds it done."""
    count = len(content) // 3
    assert parts.join_files(sources, "/whole") == {"path": "/whole", "files": count, "bytes": len(content)}
    assert parts.join_files(sources, "/whole") == {"path": "/whole", "files": 0, "bytes": len(content)}
    assert parts.filesystem.cat("/whole") == content


def test_join_across_accounts(parts, account, other_account):
    """Sources are taken by URL too, from another account as copies."""
    parts.filesystem_of(other_account).pipe("/a", b"other")
    done = parts.join_files(
        [f"adl://{account}/in/1", f"adl://{other_account}/a", "/in/2"], "/whole", keep_sources=True
    )
    assert (done["files"], parts.filesystem.cat("/whole")) == (3, b"oneothertwo")
    parts.join_files(["/in/1", "/in/2"], f"adl://{other_account}/whole", keep_sources=True)
    assert parts.filesystem_of(other_account).cat("/whole") == b"onetwo"
    with pytest.raises(ValueError, match="keep_sources"):
        parts.join_files(["/in/1"], f"adl://{other_account}/more")


def test_preview_of_joining(parts):
    """A preview says what would be joined, and refuses what the join would refuse."""
    parts.write_file("/whole", "before")
    assert parts.join_files("/in/*", "/whole", if_exists="append", preview=True) == {
        "preview": True,
        "path": "/whole",
        "files": 3,
        "bytes": 15,
        "paths": ["/in/1", "/in/10", "/in/2"],
    }
    assert parts.join_files("/in/*", "/whole", if_exists="overwrite", preview=True)["bytes"] == 9
    with pytest.raises(PathExistsError):
        parts.join_files("/in/*", "/whole", preview=True)
    with pytest.raises(PathNotFoundError):
        parts.join_files(["/in/1", "/in/3"], "/new", preview=True)
    assert parts.list_paths("/in") == ["/in/1", "/in/10", "/in/2"]


def test_join_nothing(parts):
    """A glob that matches nothing is an error where the destination is not there either."""
    with pytest.raises(PathNotFoundError, match="/none"):
        parts.join_files("/none/*", "/whole")
