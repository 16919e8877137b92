"""What is read of a seed, and what is refused before anything is sent."""

from __future__ import annotations

import datetime as dt
import json
import os

import pytest

from airflow_provider_adls.emulator.seeds import Item, SeedError, read


def description(folder, text, name="seed.json"):
    path = folder / name
    path.write_text(text if isinstance(text, str) else json.dumps(text))
    return path


def test_a_folder_is_read_in_order(tmp_path):
    """Directories come before what is in them, and links to files are the files."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "f").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "a" / "f")
    items = read(tmp_path, "/raw/../raw//")
    assert [item.path for item in items] == ["/raw", "/raw/a", "/raw/link", "/raw/a/b", "/raw/a/f"]
    assert items[4] == Item(path="/raw/a/f", content=tmp_path / "a" / "f")


def test_yaml_may_say_dates_as_it_does(tmp_path):
    """A date that YAML reads as one is taken, in whatever zone."""
    (item,) = read(
        description(tmp_path, "/f: {content: x, expires: 2099-01-31 14:00:00+02:00}", "s.yaml"), "/"
    )
    moment = dt.datetime(2099, 1, 31, 12, tzinfo=dt.UTC)
    assert item.expires == moment.timestamp() * 1000


@pytest.mark.parametrize("name", ["a:b", "line\nend", os.fsdecode(b"\xff")])
def test_names_that_no_account_has_are_told(tmp_path, name):
    """A file whose name the service refuses is told before anything is sent."""
    (tmp_path / name).write_text("x")
    with pytest.raises(SeedError, match="name"):
        read(tmp_path, "/")


def test_what_is_no_file_is_told(tmp_path):
    """A link to a directory, a broken link and a pipe are named, and not left out in silence."""
    for name, make in (
        ("directory", lambda path: path.symlink_to("/")),
        ("broken", lambda path: path.symlink_to(tmp_path / "nowhere")),
        ("pipe", os.mkfifo),
    ):
        folder = tmp_path / f"with-{name}"
        folder.mkdir()
        make(folder / name)
        with pytest.raises(SeedError, match=f"with-{name}/{name}"):
            read(folder, "/")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "must be an object of paths, not list"),
        ({"raw": {}}, "raw: a path begins with /"),
        ({"/a:b": {}}, "/a:b"),
        ({"/d": []}, "/d: it must be an object of fields, or nothing"),
        ({"/d": {"contents": "x"}}, "/d: there is no field contents, only content, source, permission, acl"),
        ({"/f": {"content": "x", "source": "y"}}, "/f: content and source exclude each other"),
        ({"/f": {"content": 1}}, "/f: content must be text, not 1"),
        ({"/f": {"source": 1}}, "/f: source must be a path of this machine"),
        ({"/f": {"source": "nowhere"}}, "there is no file"),
        ({"/f": {"content": "", "permission": 416}}, "/f: permission: it must be octal digits in quotes"),
        ({"/f": {"content": "", "permission": "888"}}, "/f: permission: "),
        ({"/f": {"content": "", "acl": "user:x"}}, "/f: acl: "),
        ({"/f": {"content": "", "owner": " "}}, "/f: owner: it must be text"),
        ({"/f": {"content": "", "expires": "tomorrow"}}, "/f: expires: 'tomorrow' is no date"),
        ({"/f": {"content": "", "expires": 5}}, "/f: expires: 5 is no date"),
        ({"/f": {"content": "", "expires": "2099-01-31"}}, "/f: expires: 2099-01-31 has no time zone"),
        ({"/f": {"content": "", "expires_in": 0}}, "/f: expires_in: it must be a number of seconds"),
        ({"/f": {"content": "", "expires_in": True}}, "/f: expires_in: "),
        ({"/f": {"content": "", "expires_in": 1, "expires": "2099-01-31T00:00Z"}}, "exclude each other"),
        ({"/d": {"expires_in": 1}}, "/d: a directory does not expire"),
    ],
)
def test_a_description_that_is_wrong_is_told(tmp_path, text, said):
    """Path and field are named."""
    with pytest.raises(SeedError) as caught:
        read(description(tmp_path, text), "/")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_yaml_that_is_none_is_told(tmp_path):
    """In one line, with where; and no YAML makes objects of this program."""
    for text in ("/a: [", "/a: !!python/object/apply:os.getcwd []"):
        with pytest.raises(SeedError, match="is not YAML") as caught:
            read(description(tmp_path, text, "s.yml"), "/")
        assert "\n" not in str(caught.value)


def test_a_description_that_cannot_be_read_is_told(tmp_path):
    """A folder by its name, or bytes that are no text."""
    (tmp_path / "seed.json").write_bytes(b"\xff")
    with pytest.raises(SeedError, match="is not UTF-8"):
        read(tmp_path / "seed.json", "/")
