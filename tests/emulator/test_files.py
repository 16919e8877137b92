"""Private files."""

from __future__ import annotations

import os

import pytest

from airflow_provider_adls.emulator.files import open_private, pem, private_folder, write_private, write_whole


def test_content_is_the_owners_alone(tmp_path):
    """A file is replaced as a whole and readable by its owner only, whatever it was before."""
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_content_of_others_is_theirs_too(tmp_path):
    """A public file has the requested mode, and is written whole too."""
    write_whole(tmp_path / "ca", b"content", 0o644)
    assert (tmp_path / "ca").stat().st_mode & 0o777 == 0o644
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"content"]


def test_failed_write_leaves_nothing(tmp_path):
    """A path that cannot be written leaves no temporary file beside it."""
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_private(tmp_path / "taken", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_folder_that_was_open_is_closed(tmp_path):
    """A folder that others could enter is made private."""
    (tmp_path / "private").mkdir(mode=0o755)
    assert private_folder(tmp_path / "private").stat().st_mode & 0o777 == 0o700


def test_links_are_replaced_or_refused(tmp_path):
    """A whole write replaces a link; all other functions refuse one; its target stays."""
    target, folder = tmp_path / "target", tmp_path / "folder"
    target.write_text("mine")
    folder.mkdir(mode=0o755)
    link = tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(OSError, match="a link or a special file"):
        open_private(link, os.O_RDWR)
    with pytest.raises(OSError, match="a link or a special file"):
        pem(link, bytes)
    write_private(link, b"new")
    assert (link.is_symlink(), link.read_bytes(), target.read_text()) == (False, b"new", "mine")
    (tmp_path / "private").symlink_to(folder)
    with pytest.raises(OSError, match="a link or a special file"):
        private_folder(tmp_path / "private")
    assert folder.stat().st_mode & 0o777 == 0o755


def test_folders_that_are_missing_are_made_private(tmp_path):
    """Folders above are made for the owner alone too; a file in the way is named."""
    folder = private_folder(tmp_path / "a" / "b" / "private")
    assert {path.stat().st_mode & 0o777 for path in (folder, *folder.parents[:2])} == {0o700}
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        private_folder(tmp_path / "file" / "private")
