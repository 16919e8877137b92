"""Folders that are read for an account, and files that are refused before anything is sent."""

from __future__ import annotations

import os

import pytest

from airflow_provider_adls.emulator.seeds import Item, SeedError, read


def test_a_folder_is_read_in_order(tmp_path):
    """Directories come before their entries, and links to files are read as files."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "f").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "a" / "f")
    items = read(tmp_path, "/raw/../raw//")
    assert [item.path for item in items] == ["/raw", "/raw/a", "/raw/link", "/raw/a/b", "/raw/a/f"]
    assert items[4] == Item("/raw/a/f", tmp_path / "a" / "f")


@pytest.mark.parametrize("name", ["a:b", "line\nend", os.fsdecode(b"\xff")])
def test_names_that_no_account_has_are_refused(tmp_path, name):
    """A file whose name the service refuses is named before anything is sent."""
    (tmp_path / name).write_text("x")
    with pytest.raises(SeedError, match="name"):
        read(tmp_path, "/")


def test_links_and_pipes_are_refused(tmp_path):
    """A link to a directory, a broken link and a pipe are named in the error, and not left out."""
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
